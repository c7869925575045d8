/* fuzz-didl.c -- another server's page: whatever it says, what is shown can be called, fetched and
 * printed again */
#include "tests/fuzz/fuzz.h"
#include "wire/didl.h"

static bool
check(const MediaObject *object, gpointer user_data G_GNUC_UNUSED)
{
    g_assert_nonnull(object->id);
    g_assert_cmpuint(strlen(object->id), >, 0);
    g_assert_true(g_utf8_validate(object->title, -1, NULL));
    g_assert_true(object->kind < MEDIA_KIND_N);
    g_assert_true(object->kind == MEDIA_CONTAINER || object->unreadable != NULL ||
                  object->resources[0].uri != NULL);
    g_autofree char *text = didl_encode(object, "http://h", &dialect_plain);
    g_autoptr(GError) error = NULL;
    g_autoptr(DidlItem) again = didl_decode(text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(again->id, ==, object->id);
    return true;
}

FUZZ_TARGET("didl")
{
    g_autofree char *text = g_strndup((const char *)data, size);

    didl_decode_page(text, check, NULL, NULL);
}
