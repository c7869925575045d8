/* subtitle-file.c -- see subtitle-file.h
 *
 * What a file is written in is told by its mark, or by itself, or is found out by its letters, as
 * that of old tags is (media-db/charsets.h). */
#include "appliance/library/subtitle-file.h"

#include "base/error.h"
#include "media-db/charsets.h"
#include "wire/protocol-info.h"
#include "wire/subtitles.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define JUDGED_SIZE (32 * 1024) /* so much is enough to know the letters */

static bool
read_all(int file, GByteArray *out)
{
    ssize_t got = 1;

    while (got > 0 && out->len <= SUBTITLES_SIZE_MAX) {
        uint8_t block[16 * 1024];
        got = pread(file, block, sizeof block, out->len);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            g_byte_array_append(out, block, (guint)got);
    }
    return got == 0;
}

/* Each octet a letter, as charsets.h wants it; the caller's. */
static char *
octets_of(const uint8_t *data, gsize size)
{
    GString *octets = g_string_sized_new(size + size / 2);

    for (gsize i = 0; i < size; i++)
        if (data[i] != 0)
            g_string_append_unichar(octets, data[i]);
    return g_string_free(octets, FALSE);
}

static char *
guess_letters(const uint8_t *data, gsize size)
{
    g_autoptr(Charsets) charsets = charsets_new();
    g_autofree char *sample = octets_of(data, MIN(size, JUDGED_SIZE));
    g_autofree char *octets = octets_of(data, size);
    CharsetVotes votes = { 0 };

    if (charsets == NULL)
        return NULL;
    charsets_vote(charsets, sample, &votes);
    return charset_decode(charset_name(charset_elect(&votes)), octets);
}

/* The text in UTF-8, the caller's; *is_same: it was that. NULL: nobody knows what it is. */
static char *
read_letters(const GByteArray *data, bool *is_same)
{
    const char *text = (const char *)data->data;
    bool has_mark = data->len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    bool is_wide = data->len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 ||
                                      memcmp(text, "\xfe\xff", 2) == 0);

    *is_same = data->len > 0 && g_utf8_validate(text, data->len, NULL);
    if (*is_same)
        return g_strndup(text + 3 * has_mark, data->len - 3 * has_mark);
    return is_wide ? g_convert(text, data->len, "UTF-8", "UTF-16", NULL, NULL, NULL)
                   : guess_letters(data->data, data->len);
}

static Stream *
stream_of_text(GBytes *text, const char *format)
{
    const char *mime = mime_of_subtitle(format);

    return stream_new_bytes(text, mime != NULL ? mime : "text/plain");
}

Stream *
subtitle_text_open(const char *text, gsize size, const char *format, const char *as,
                   GError **error)
{
    g_autoptr(Subtitles) subtitles =
        as != NULL ? subtitles_decode(text, size, format, error) : NULL;

    if (as != NULL && subtitles == NULL)
        return NULL;
    g_autoptr(GBytes) bytes = as != NULL
                                  ? g_string_free_to_bytes(subtitles_encode(subtitles, as))
                                  : g_bytes_new(text, size);
    return stream_of_text(bytes, as != NULL ? as : format);
}

const MediaSidecar *
subtitle_find(const MediaObject *object, const char *name, const char **as)
{
    const MediaSidecar *found = NULL;

    for (guint i = 0; i < media_details_count(object->details, MEDIA_SIDECARS); i++) {
        const MediaSidecar *sidecar = media_details_get(object->details, MEDIA_SIDECARS, i);
        const char *rest = name + strlen(sidecar->name);
        if (!g_str_has_prefix(name, sidecar->name))
            continue;
        bool is_converted = *rest == '.' && subtitles_can_encode(rest + 1) &&
                            mime_of_subtitle(sidecar->format) != NULL;
        if (*rest != '\0' && (!is_converted || found != NULL))
            continue;
        found = sidecar;
        *as = is_converted ? rest + 1 : NULL;
    }
    return found;
}

Stream *
subtitle_file_open(int file, const char *name, const char *format, const char *as, GError **error)
{
    const char *mime = mime_of_subtitle(format);
    bool is_text = mime != NULL || strcmp(format, "lrc") == 0, is_same = false;
    g_autoptr(GByteArray) data = g_byte_array_new();
    g_autofree char *text =
        is_text && read_all(file, data) ? read_letters(data, &is_same) : NULL;

    if (as == NULL && (text == NULL || is_same)) {
        return stream_new_fd(file, name, mime != NULL ? mime : "text/plain", error);
    }
    close(file);
    if (text != NULL)
        return subtitle_text_open(text, strlen(text), format, as, error);
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s is no text that could be read", name);
    return NULL;
}
