/* content-question.h -- a question to another server, as an action of ContentDirectory:1 and back
 *
 * Whoever asks over a wire of his own (igrs/igrs-catalog) sends the arguments and hands in what came
 * out. Pure. */
#pragma once

#include "model/remote-server.h"

#define CONTENT_ARGUMENTS_MAX 6

typedef struct {
    const char *name;
    char *value;
} ContentArgument;

typedef struct {
    const char *action;
    ContentArgument arguments[CONTENT_ARGUMENTS_MAX + 1]; /* in the action's order; ends with NULL */
} ContentAction;

/* capabilities: what GetSearchCapabilities said, for CATALOG_SEARCH; else NULL. action is filled on
 * success, then the caller's to clear. DUO_ERROR_UNSUPPORTED: it cannot search for this. */
bool content_action_encode(ContentAction *action, const CatalogQuestion *question,
                           const char *capabilities, GError **error);
void content_action_clear(ContentAction *action);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ContentAction, content_action_clear)

/* What came out of the action; NULL for what did not. */
typedef struct {
    const char *result, *number_returned, *total_matches, *update_id;
} ContentOutcome;

/* The page, the caller's. Pictures are kept only at host, the server's own: a page that shows them
 * asks nobody else on its word. DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE; DUO_ERROR_NOT_FOUND: nothing
 * came of CATALOG_GET. */
CatalogPage *content_page_decode(const CatalogQuestion *question, const ContentOutcome *outcome,
                                 const char *host, GError **error);

/* A service's own refusal (ContentDirectory:1, 2.7.16) in our words; the caller's. */
GError      *content_error_decode(int code, const char *description);
