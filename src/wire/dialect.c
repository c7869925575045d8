/* dialect.c -- see dialect.h */
#include "wire/dialect-room.h"

#include "wire/protocol-info.h"

#include <string.h>

const Dialect dialect_plain = { .name = NULL };

const char *const dialect_heads[DIALECT_SIGN_N] = {
    [DIALECT_USER_AGENT] = "User-Agent",
    [DIALECT_CLIENT_INFO] = "X-AV-Client-Info",
    [DIALECT_FRIENDLY_NAME] = "FriendlyName.dlna.org",
};

/* -- Asking ------------------------------------------------------------------------------------ */

/* NULL: no pair has it. */
static const char *
find_pair(const DialectPair *pairs, const char *from)
{
    for (guint i = 0; i < DIALECT_PAIRS_MAX && pairs[i].from != NULL; i++)
        if (strcmp(pairs[i].from, from) == 0)
            return pairs[i].to;
    return NULL;
}

static const char *
translate(const DialectPair *pairs, const char *text)
{
    const char *other = text != NULL ? find_pair(pairs, text) : NULL;

    return other != NULL ? other : text;
}

const char *
dialect_mime(const Dialect *dialect, const char *mime)
{
    return translate(dialect->mimes, mime);
}

const char *
dialect_class(const Dialect *dialect, const char *upnp_class)
{
    return translate(dialect->classes, upnp_class);
}

const char *
dialect_container(const Dialect *dialect, const char *id)
{
    return translate(dialect->containers, id);
}

const char *
dialect_profile(const Dialect *dialect, const char *format, const char *video_codec,
                const char *audio_codec)
{
    char key[128];

    if (dialect->profiles[0].from == NULL)
        return NULL;
    g_snprintf(key, sizeof key, "%s/%s/%s", format != NULL ? format : "",
               video_codec != NULL ? video_codec : "", audio_codec != NULL ? audio_codec : "");
    return find_pair(dialect->profiles, key);
}

bool
dialect_lies(const Dialect *dialect, const char *mime)
{
    for (guint i = 0; i < DIALECT_SIGNS_MAX && dialect->unplayed[i] != NULL; i++)
        if (mime_equal(dialect->unplayed[i], mime))
            return true;
    return false;
}

bool
dialect_has_caption(const Dialect *dialect, unsigned way)
{
    return dialect->captions == 0 || (dialect->captions & way) != 0;
}

bool
dialect_has_picture(const Dialect *dialect, unsigned index)
{
    return dialect->pictures == 0 || (dialect->pictures & (1u << index)) != 0;
}

/* -- All of them ------------------------------------------------------------------------------- */

Dialects *
dialects_new(void)
{
    Dialects *dialects = g_new0(Dialects, 1);

    dialects->texts = g_string_chunk_new(1024);
    dialects->rows = g_ptr_array_new();
    dialects->owned = g_ptr_array_new_with_free_func(g_free);
    dialects->read = g_string_new(NULL);
    for (const Dialect *row = dialect_table; row->name != NULL; row++)
        g_ptr_array_add(dialects->rows, (gpointer)row);
    return dialects;
}

void
dialects_free(Dialects *dialects)
{
    if (dialects == NULL)
        return;
    g_ptr_array_unref(dialects->rows);
    g_ptr_array_unref(dialects->owned);
    g_string_chunk_free(dialects->texts);
    g_string_free(dialects->read, TRUE);
    g_free(dialects);
}

bool
dialects_equal(const Dialects *a, const Dialects *b)
{
    return g_string_equal(a->read, b->read);
}

const Dialect *
dialects_get(const Dialects *dialects, unsigned index)
{
    return index < dialects->rows->len ? dialects->rows->pdata[index] : NULL;
}

static bool
fits(const Dialect *dialect, const DialectSpeaker *speaker)
{
    for (guint sign = 0; sign < DIALECT_SIGN_N; sign++)
        for (guint i = 0; speaker->words[sign] != NULL && i < DIALECT_SIGNS_MAX &&
                          dialect->signs[sign][i] != NULL; i++)
            if (strstr(speaker->words[sign], dialect->signs[sign][i]) != NULL)
                return true;
    return false;
}

const Dialect *
dialects_find(const Dialects *dialects, const DialectSpeaker *speaker)
{
    for (guint i = 0; dialects != NULL && i < dialects->rows->len; i++)
        if (fits(dialects->rows->pdata[i], speaker))
            return dialects->rows->pdata[i];
    return &dialect_plain;
}

const Dialect *
dialects_named(const Dialects *dialects, const char *name)
{
    for (guint i = 0; dialects != NULL && i < dialects->rows->len; i++)
        if (strcmp(((const Dialect *)dialects->rows->pdata[i])->name, name) == 0)
            return dialects->rows->pdata[i];
    return &dialect_plain;
}
