/* fuzz-gena.c -- events, and the heads of a subscription */
#include "tests/fuzz/fuzz.h"
#include "wire/gena.h"

FUZZ_TARGET("gena")
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GHashTable) values = gena_decode((const char *)data, size, NULL);
    g_auto(GStrv) callbacks = gena_callbacks_decode(text);
    int seconds = 0;

    if (callbacks != NULL) {
        g_assert_cmpuint(g_strv_length(callbacks), >, 0);
        g_assert_cmpuint(g_strv_length(callbacks), <=, GENA_CALLBACKS_MAX);
    }
    if (gena_timeout_decode(text, &seconds))
        g_assert_cmpint(seconds, >=, 0);
    if (values == NULL)
        return;
    GHashTableIter iter;
    GenaProperty property;
    g_hash_table_iter_init(&iter, values);
    while (g_hash_table_iter_next(&iter, (gpointer *)&property.name, (gpointer *)&property.value)) {
        g_autoptr(GString) out = gena_encode(&property, 1);
        g_autoptr(GHashTable) again = gena_decode(out->str, out->len, NULL);
        if (again != NULL) /* escapes are longer than what they stand for: it may be too large */
            g_assert_cmpuint(g_hash_table_size(again), ==, 1);
    }
}
