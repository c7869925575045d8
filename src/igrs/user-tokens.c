/* user-tokens.c -- see user-tokens.h */
#include "igrs/user-tokens.h"

#include "base/error.h"
#include "igrs/seal.h"

typedef struct {
    uint32_t number;
    char *user;
    bool opens_all;
    uint32_t services[IGRS_TOKEN_SERVICES_MAX]; /* the rest is 0 */
} Token;

struct IgrsTokens {
    GHashTable *table; /* SHA-256 in hexadecimal -> Token, owned */
    uint32_t last_number;
};

static void
token_free(gpointer data)
{
    Token *token = data;

    g_free(token->user);
    g_free(token);
}

IgrsTokens *
igrs_tokens_new(void)
{
    IgrsTokens *tokens = g_new0(IgrsTokens, 1);

    tokens->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, token_free);
    return tokens;
}

void
igrs_tokens_free(IgrsTokens *tokens)
{
    if (tokens == NULL)
        return;
    g_hash_table_unref(tokens->table);
    g_free(tokens);
}

static char *
digest(const char *token)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, token, -1);
}

char *
igrs_tokens_issue(IgrsTokens *tokens, const char *user, const uint32_t *services, GError **error)
{
    g_autofree char *text = NULL;
    IgrsSecret secret;
    Token *token;

    if (g_hash_table_size(tokens->table) >= IGRS_TOKENS_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "at most %d tokens are out at a time",
                    IGRS_TOKENS_MAX);
        return NULL;
    }
    igrs_secret_random(&secret);
    text = igrs_secret_to_base64(&secret);
    token = g_new0(Token, 1);
    token->number = ++tokens->last_number;
    token->user = g_strdup(user);
    token->opens_all = services == NULL;
    for (guint i = 0; services != NULL && services[i] != 0 && i < IGRS_TOKEN_SERVICES_MAX; i++)
        token->services[i] = services[i];
    g_hash_table_insert(tokens->table, digest(text), token);
    return g_steal_pointer(&text);
}

uint32_t
igrs_tokens_find(const IgrsTokens *tokens, const char *text)
{
    g_autofree char *key = digest(text);
    const Token *token = g_hash_table_lookup(tokens->table, key);

    return token != NULL ? token->number : 0;
}

static const Token *
by_number(const IgrsTokens *tokens, uint32_t number)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, tokens->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (((const Token *)value)->number == number)
            return value;
    return NULL;
}

const char *
igrs_tokens_user(const IgrsTokens *tokens, uint32_t number)
{
    const Token *token = by_number(tokens, number);

    return token != NULL ? token->user : NULL;
}

bool
igrs_tokens_opens(const IgrsTokens *tokens, uint32_t number, uint32_t service_id)
{
    const Token *token = by_number(tokens, number);

    for (guint i = 0; token != NULL && i < IGRS_TOKEN_SERVICES_MAX; i++)
        if (token->opens_all || token->services[i] == service_id)
            return true;
    return false;
}

uint32_t
igrs_tokens_revoke(IgrsTokens *tokens, const char *text)
{
    g_autofree char *key = digest(text);
    uint32_t number = igrs_tokens_find(tokens, text);

    g_hash_table_remove(tokens->table, key);
    return number;
}
