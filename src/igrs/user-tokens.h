/* user-tokens.h -- who may enter a service that is kept for people (PROFILE section 5, UserToken)
 *
 * A token is 256 random bits in base64; only its SHA-256 is remembered. It opens the services that
 * it was made for. Owned by IgrsNode. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define IGRS_TOKENS_MAX 256
#define IGRS_TOKEN_SERVICES_MAX 16

typedef struct IgrsTokens IgrsTokens;

IgrsTokens *igrs_tokens_new(void);
void        igrs_tokens_free(IgrsTokens *tokens);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsTokens, igrs_tokens_free)

/* services: ServiceIds, ends with 0; NULL: all. The caller's. Errors: DUO_ERROR_BUSY. */
char       *igrs_tokens_issue(IgrsTokens *tokens, const char *user, const uint32_t *services,
                              GError **error);
/* Its number, which is of no use to others; 0: there is none. */
uint32_t    igrs_tokens_find(const IgrsTokens *tokens, const char *token);
const char *igrs_tokens_user(const IgrsTokens *tokens, uint32_t number); /* NULL: none; borrowed */
bool        igrs_tokens_opens(const IgrsTokens *tokens, uint32_t number, uint32_t service_id);
/* The number it had; 0: there was none. */
uint32_t    igrs_tokens_revoke(IgrsTokens *tokens, const char *token);
