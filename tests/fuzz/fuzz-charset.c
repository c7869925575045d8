/* fuzz-charset.c -- octets of any kind are judged, and are valid texts in whatever charset wins */
#include "media-db/charsets.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET("charset")
{
    static Charsets *charsets;
    g_autoptr(GString) letters = g_string_new(NULL);
    CharsetVotes votes = { { 0 } };

    if (charsets == NULL)
        charsets = charsets_new();
    for (size_t i = 0; i < size; i++)
        if (data[i] != 0)
            g_string_append_unichar(letters, data[i]);
    charsets_vote(charsets, letters->str, &votes);
    for (Charset charset = 0; charset < CHARSET_N; charset++) {
        g_autofree char *text = charset_decode(charset_name(charset), letters->str);
        g_assert_true(g_utf8_validate(text, -1, NULL));
    }
}
