/* test-session-keys.c -- keys that hand sessions on, and tokens of people */
#include "base/error.h"
#include "igrs/session-keys.h"
#include "igrs/user-tokens.h"

#include <string.h>

#define PHONE "urn:IGRS:Device:DeviceId:0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define SHOUTED "urn:IGRS:Device:DeviceId:0F9B7C1E-3A44-4D0C-8F65-B1F0C2D3E4F5"

static void
test_life(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    g_autoptr(IgrsSessionKeys) keys = igrs_session_keys_new(clock);
    const IgrsSession session = { PHONE, 17, 3 }, same = { SHOUTED, 17, 3 };
    g_autofree char *first = g_strdup(igrs_session_keys_apply(keys, &session));

    g_assert_cmpuint(strlen(first), >=, 128 / 6); /* base64: 6 bits a character */
    g_assert_true(igrs_session_equal(igrs_session_keys_find(keys, first), &session));
    g_assert_null(igrs_session_keys_find(keys, NULL));
    g_assert_null(igrs_session_keys_find(keys, ""));
    g_assert_null(igrs_session_keys_find(keys, "forged"));
    g_autofree char *second = g_strdup(igrs_session_keys_apply(keys, &same));
    g_assert_cmpstr(first, !=, second);
    g_assert_null(igrs_session_keys_find(keys, first)); /* one a session */
    clock_advance(clock, IGRS_SESSION_KEY_LIFE_S * 1000 - 1);
    g_assert_nonnull(igrs_session_keys_find(keys, second));
    clock_advance(clock, 1);
    g_assert_null(igrs_session_keys_find(keys, second));
    g_autofree char *third = g_strdup(igrs_session_keys_apply(keys, &session));
    igrs_session_keys_drop(keys, &session);
    igrs_session_keys_drop(keys, &session);
    g_assert_null(igrs_session_keys_find(keys, third));
}

static void
test_bounds(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    g_autoptr(IgrsSessionKeys) keys = igrs_session_keys_new(clock);
    IgrsSession session = { PHONE, 1, 3 };

    for (; session.client_id <= 2 * IGRS_SESSION_KEYS_MAX; session.client_id++)
        g_assert_cmpint(igrs_session_keys_apply(keys, &session) != NULL, ==,
                        session.client_id <= IGRS_SESSION_KEYS_MAX);
}

static const struct {
    uint32_t services[3];
    bool opens_all;
    uint32_t asked;
    bool is_open;
} rights[] = {
    { { 1, 5 }, false, 1, true },  { { 1, 5 }, false, 5, true }, { { 1, 5 }, false, 3, false },
    { { 0 }, false, 1, false },    { { 0 }, true, 1, true },
};

static void
test_tokens(void)
{
    g_autoptr(IgrsTokens) tokens = igrs_tokens_new();

    g_assert_cmpuint(igrs_tokens_find(tokens, "forged"), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(rights); i++) {
        g_autofree char *token = igrs_tokens_issue(
            tokens, "小明", rights[i].opens_all ? NULL : rights[i].services, NULL);
        uint32_t number = igrs_tokens_find(tokens, token);
        g_assert_cmpuint(number, !=, 0);
        g_assert_cmpstr(igrs_tokens_user(tokens, number), ==, "小明");
        g_assert_cmpint(igrs_tokens_opens(tokens, number, rights[i].asked), ==,
                        rights[i].is_open);
        g_assert_cmpuint(igrs_tokens_revoke(tokens, token), ==, number);
        g_assert_cmpuint(igrs_tokens_revoke(tokens, token), ==, 0);
        g_assert_cmpuint(igrs_tokens_find(tokens, token), ==, 0);
        g_assert_false(igrs_tokens_opens(tokens, number, rights[i].asked));
    }
    for (guint i = 0; i < IGRS_TOKENS_MAX; i++) {
        g_autofree char *token = igrs_tokens_issue(tokens, "小明", NULL, NULL);
        g_assert_nonnull(token);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(igrs_tokens_issue(tokens, "小明", NULL, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_BUSY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/igrs/session-keys/life", test_life);
    g_test_add_func("/igrs/session-keys/bounds", test_bounds);
    g_test_add_func("/igrs/session-keys/tokens", test_tokens);
    return g_test_run();
}
