/* test-seal.c -- signatures and the window of numbers; keys as they lie in their folder; forgers */
#include "igrs/forgers.h"
#include "igrs/keys.h"
#include "igrs/seal.h"

#include <glib/gstdio.h>
#include <string.h>

#define UUID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define PEER IGRS_URN_DEVICE_ID UUID
#define STRANGER IGRS_URN_DEVICE_ID "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"

static const IgrsSecret pipe_key = { "a key of thirty-two octets, just" };

/* RFC 4231, case 2 with the key filled up, as openssl prints it. */
static void
test_hmac(void)
{
    const IgrsSecret key = { "Jefe" };
    const IgrsPart parts[] = { { "what do ya want ", 16 }, { "", 0 }, { "for nothing?", 12 },
                               { NULL, 0 } };
    IgrsSecret result;

    igrs_secret_hmac(&result, &key, parts); /* zeros after a short key change nothing */
    g_autoptr(GString) digits = g_string_new(NULL);
    for (guint i = 0; i < IGRS_SECRET_SIZE; i++)
        g_string_append_printf(digits, "%02x", result.octets[i]);
    g_assert_cmpstr(digits->str, ==,
                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void
test_base64(void)
{
    IgrsSecret secret, back;

    igrs_secret_random(&secret);
    g_autofree char *text = igrs_secret_to_base64(&secret);
    g_assert_true(igrs_secret_from_base64(text, &back));
    g_assert_true(igrs_secret_equal(&secret, &back));
    static const char *const bad[] = {
        "",
        "A",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",   /* no padding */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",  /* bits behind the end */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",  /* 33 octets */
        "AAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",  /* a blank */
        "-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",  /* another alphabet */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
    };
    g_assert_false(igrs_secret_from_base64(NULL, &back));
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(igrs_secret_from_base64(bad[i], &back));
}

/* Whatever of a signed message changes, the signature is wrong. */
static void
test_signature(void)
{
    g_autoptr(IgrsSeal) a = igrs_seal_new(&pipe_key, true), b = igrs_seal_new(&pipe_key, false);
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_CREATE_SESSION_REQUEST);
    g_autoptr(GBytes) body = g_bytes_new_static("<a/>", 4), other = g_bytes_new_static("<b/>", 4);

    message->sequence_id = 41;
    message->acknowledge_id = 99; /* of no account in a request */
    g_assert_false(igrs_seal_is_signed(b, message, body));
    igrs_seal_sign(a, message, body);
    g_assert_true(igrs_seal_is_signed(b, message, body));
    g_assert_false(igrs_seal_is_signed(b, message, other));
    g_assert_false(igrs_seal_is_signed(b, message, NULL));
    g_assert_false(igrs_seal_is_signed(a, message, body));
    message->sequence_id = 42;
    g_assert_false(igrs_seal_is_signed(b, message, body));
    message->sequence_id = 41;
    message->type = IGRS_INVOKE_SERVICE_REQUEST;
    g_assert_false(igrs_seal_is_signed(b, message, body));

    message->type = IGRS_INVOKE_SERVICE_RESPONSE; /* a reply is signed over what it acknowledges */
    igrs_seal_sign(b, message, NULL);
    g_assert_true(igrs_seal_is_signed(a, message, NULL));
    message->sequence_id = 1;
    g_assert_true(igrs_seal_is_signed(a, message, NULL));
    message->acknowledge_id = 98;
    g_assert_false(igrs_seal_is_signed(a, message, NULL));
}

static void
test_window(void)
{
    static const struct {
        uint32_t number;
        bool is_taken;
    } numbers[] = {
        { 100, true },  { 100, false }, { 99, true },  { 99, false },   { 36, true },
        { 35, false },  { 1, false },   { 101, true }, { 100, false },  { 98, true },
        { 37, true },   { 36, false },  { 165, true }, { 101, false },  { 102, true },
        { 102, false }, { 100, false }, { 230, true }, { 165, false },  { 166, true },
        { 10000, true }, { 230, false }, { 9936, true }, { 9935, false },
        { UINT32_MAX, true }, { UINT32_MAX, false }, { UINT32_MAX - 64, true }, { 1, false },
    };
    g_autoptr(IgrsSeal) seal = igrs_seal_new(&pipe_key, true);

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_test_message("%u", numbers[i].number);
        g_assert_cmpint(igrs_seal_take_number(seal, numbers[i].number), ==, numbers[i].is_taken);
    }
}

/* -- Keys -------------------------------------------------------------------------------------- */

#define OTHER_DIGITS "0102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F"
#define DIGITS "00" OTHER_DIGITS

static void
put(const char *folder, const char *name, const char *text, int mode)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void
take_away(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    g_assert_cmpint(g_unlink(path), ==, 0);
}

static GString *warnings; /* since the last look */

static GLogWriterOutput
on_log(GLogLevelFlags level, const GLogField *fields, gsize count,
       gpointer user_data G_GNUC_UNUSED)
{
    for (gsize i = 0; i < count; i++)
        if (level == G_LOG_LEVEL_WARNING && strcmp(fields[i].key, "MESSAGE") == 0)
            g_string_append(warnings, fields[i].value);
    return G_LOG_WRITER_HANDLED;
}

/* Reads the keys again; words stand in the warning, or there is none. */
static void
read_again(IgrsKeys *keys, const char *words)
{
    g_string_truncate(warnings, 0);
    igrs_keys_read(keys);
    if (words == NULL)
        g_assert_cmpstr(warnings->str, ==, "");
    else
        g_assert_nonnull(strstr(warnings->str, words));
}

static void
test_keys(void)
{
    g_autofree char *folder = g_dir_make_tmp("keys-XXXXXX", NULL);
    g_autoptr(IgrsKeys) none = igrs_keys_new(NULL);
    g_autoptr(IgrsKeys) keys = igrs_keys_new(folder);

    g_assert_null(igrs_keys_find(none, PEER));
    g_assert_null(igrs_keys_find(keys, PEER));
    put(folder, UUID, DIGITS "\n", 0600);
    read_again(keys, NULL);
    const IgrsSecret *key = igrs_keys_find(keys, "urn:igrs:Device:DeviceId:"
                                                 "0F9B7C1E-3A44-4D0C-8F65-B1F0C2D3E4F5");
    g_assert_nonnull(key);
    for (guint i = 0; i < IGRS_SECRET_SIZE; i++)
        g_assert_cmpuint(key->octets[i], ==, i);
    g_assert_true(igrs_keys_is_paired(keys, PEER));
    g_assert_null(igrs_keys_find(keys, STRANGER));

    put(folder, UUID, DIGITS, 0644);
    read_again(keys, "chmod 600");
    g_assert_nonnull(igrs_keys_find(keys, PEER)); /* less than a key would be worse */

    static const char *const bad[] = { "", "0123", DIGITS "0", DIGITS " x", "g" DIGITS };
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        put(folder, UUID, bad[i], 0600);
        read_again(keys, "holds no key");
        g_assert_null(igrs_keys_find(keys, PEER));
        g_assert_true(igrs_keys_is_paired(keys, PEER)); /* a mistake must not open the door */
    }
    take_away(folder, UUID);
    put(folder, "somebody", DIGITS, 0600);
    read_again(keys, "left out: a key is called by the uuid");
    take_away(folder, "somebody");
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    read_again(keys, NULL); /* the folder is gone: no keys, no noise */
}

/* The key for any binds only who proved it, and only as long as it is the same. */
static void
test_key_for_any(void)
{
    g_autofree char *folder = g_dir_make_tmp("keys-XXXXXX", NULL);
    put(folder, "any", DIGITS, 0600);
    g_autoptr(IgrsKeys) keys = igrs_keys_new(folder);

    g_assert_nonnull(igrs_keys_find(keys, STRANGER));
    g_assert_false(igrs_keys_is_paired(keys, STRANGER));
    igrs_keys_proved(keys, STRANGER, igrs_keys_find(keys, STRANGER));
    g_assert_true(igrs_keys_is_paired(keys, STRANGER));
    igrs_keys_read(keys);
    g_assert_true(igrs_keys_is_paired(keys, STRANGER));
    g_autoptr(IgrsKeys) later = igrs_keys_new(folder); /* after a restart */
    g_assert_true(igrs_keys_is_paired(later, STRANGER));
    g_assert_false(igrs_keys_is_paired(later, PEER));
    put(folder, "any", "ff" OTHER_DIGITS, 0600);
    read_again(later, NULL);
    g_assert_false(igrs_keys_is_paired(later, STRANGER));
    put(folder, "any", DIGITS, 0600);
    read_again(later, NULL);
    g_assert_true(igrs_keys_is_paired(later, STRANGER));
    put(folder, "any", "ff" DIGITS, 0600);
    read_again(keys, "holds no key");
    g_assert_false(igrs_keys_is_paired(keys, STRANGER));
    take_away(folder, "any");
    take_away(folder, ".proved");
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

/* -- Forgers ----------------------------------------------------------------------------------- */

static void
test_forgers(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    g_autoptr(IgrsForgers) forgers = igrs_forgers_new(clock);

    for (guint i = 0; i < IGRS_FORGERIES_MAX - 1; i++)
        igrs_forgers_add(forgers, "10.0.0.2");
    clock_advance(clock, IGRS_FORGERIES_MS); /* they are too long ago */
    igrs_forgers_add(forgers, "10.0.0.2");
    g_assert_false(igrs_forgers_is_shut_out(forgers, "10.0.0.2"));
    for (guint i = 0; i < IGRS_FORGERIES_MAX - 1; i++) {
        g_assert_false(igrs_forgers_is_shut_out(forgers, "10.0.0.2"));
        igrs_forgers_add(forgers, "10.0.0.2");
    }
    g_assert_true(igrs_forgers_is_shut_out(forgers, "10.0.0.2"));
    g_assert_false(igrs_forgers_is_shut_out(forgers, "10.0.0.3"));
    clock_advance(clock, IGRS_FORGERIES_MS - 1);
    g_assert_true(igrs_forgers_is_shut_out(forgers, "10.0.0.2"));
    clock_advance(clock, 1);
    g_assert_false(igrs_forgers_is_shut_out(forgers, "10.0.0.2"));

    for (guint i = 0; i < 20 * IGRS_FORGERS_MAX; i++) { /* however many there are */
        g_autofree char *address = g_strdup_printf("fd00::%x", i);
        igrs_forgers_add(forgers, address);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    warnings = g_string_new(NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_log_set_writer_func(on_log, NULL, NULL);
    g_test_add_func("/igrs/seal/hmac", test_hmac);
    g_test_add_func("/igrs/seal/base64", test_base64);
    g_test_add_func("/igrs/seal/signature", test_signature);
    g_test_add_func("/igrs/seal/window", test_window);
    g_test_add_func("/igrs/keys/folder", test_keys);
    g_test_add_func("/igrs/keys/any", test_key_for_any);
    g_test_add_func("/igrs/forgers", test_forgers);
    int result = g_test_run();
    g_string_free(warnings, TRUE);
    return result;
}
