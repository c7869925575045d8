/* media.c -- see media.h */
#include "model/media.h"

#include "model/media-details.h"

#include <string.h>

#define ARTISTS_MAX 16 /* of one song */

#define TEXT(name) { #name, MEDIA_FIELD_TEXT, offsetof(MediaFacts, name) }
#define NUMBER(name) { #name, MEDIA_FIELD_NUMBER, offsetof(MediaFacts, name) }

const MediaField media_fields[] = {
    TEXT(mime),        TEXT(format),      TEXT(title),      TEXT(artist),
    TEXT(album_artist), TEXT(album),      TEXT(genre),      TEXT(composer),
    TEXT(date),        TEXT(camera),      TEXT(place),      TEXT(charset),
    TEXT(video_codec), TEXT(audio_codec), TEXT(dlna_profile),
    NUMBER(duration_ms), NUMBER(width),   NUMBER(height),   NUMBER(rotation),
    NUMBER(track),     NUMBER(disc),      NUMBER(bitrate),  NUMBER(sample_rate),
    NUMBER(channels),  NUMBER(bits),      NUMBER(has_art),  NUMBER(rating),
    NUMBER(gain_track), NUMBER(gain_album), NUMBER(peak_track), NUMBER(peak_album),
    NUMBER(start_ms),  NUMBER(end_ms),
    { NULL, MEDIA_FIELD_TEXT, 0 },
};
G_STATIC_ASSERT(G_N_ELEMENTS(media_fields) == MEDIA_FIELD_COUNT + 1);

static const char *const kind_names[] = { "container", "audio", "video", "image" };
G_STATIC_ASSERT(G_N_ELEMENTS(kind_names) == MEDIA_KIND_N);

const char *
media_field_text(const void *record, const MediaField *field)
{
    return G_STRUCT_MEMBER(const char *, record, field->offset);
}

int64_t
media_field_number(const void *record, const MediaField *field)
{
    return G_STRUCT_MEMBER(int64_t, record, field->offset);
}

void
media_field_set_text(void *record, const MediaField *field, const char *text)
{
    G_STRUCT_MEMBER(const char *, record, field->offset) = text;
}

void
media_field_set_number(void *record, const MediaField *field, int64_t number)
{
    G_STRUCT_MEMBER(int64_t, record, field->offset) = number;
}

/* The texts of an object beside its facts. */
static const size_t object_texts[] = {
    offsetof(MediaObject, id),         offsetof(MediaObject, parent_id),
    offsetof(MediaObject, title),      offsetof(MediaObject, upnp_class),
    offsetof(MediaObject, path),       offsetof(MediaObject, art_uri),
    offsetof(MediaObject, content_digest), offsetof(MediaObject, unreadable),
};

static MediaResource *
copy_resources(const MediaResource *resources)
{
    size_t count = 0;

    if (resources == NULL)
        return NULL;
    while (resources[count].uri != NULL)
        count++;
    MediaResource *copy = g_new0(MediaResource, count + 1);
    for (size_t i = 0; i < count; i++)
        copy[i] = (MediaResource){ g_strdup(resources[i].uri),
                                   g_strdup(resources[i].protocol_info) };
    return copy;
}

static void
free_resources(const MediaResource *resources)
{
    for (const MediaResource *at = resources; at != NULL && at->uri != NULL; at++) {
        g_free((char *)at->uri);
        g_free((char *)at->protocol_info);
    }
    g_free((MediaResource *)resources);
}

MediaObject *
media_object_copy(const MediaObject *object)
{
    MediaObject *copy = g_memdup2(object, sizeof *object);

    for (guint i = 0; i < G_N_ELEMENTS(object_texts); i++)
        G_STRUCT_MEMBER(char *, copy, object_texts[i]) =
            g_strdup(G_STRUCT_MEMBER(char *, object, object_texts[i]));
    for (const MediaField *field = media_fields; field->name != NULL; field++)
        if (field->type == MEDIA_FIELD_TEXT)
            media_field_set_text(&copy->facts, field,
                                 g_strdup(media_field_text(&object->facts, field)));
    media_details_ref(copy->details);
    copy->resources = copy_resources(object->resources);
    return copy;
}

void
media_object_free(MediaObject *object)
{
    if (object == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(object_texts); i++)
        g_free(G_STRUCT_MEMBER(char *, object, object_texts[i]));
    for (const MediaField *field = media_fields; field->name != NULL; field++)
        if (field->type == MEDIA_FIELD_TEXT)
            g_free((char *)media_field_text(&object->facts, field));
    media_details_unref(object->details);
    free_resources(object->resources);
    g_free(object);
}

/* The length of what parts two names at text, or 0. */
static gsize
separator_length(const char *begin, const char *text)
{
    static const char *const separators[] = { ";", " / ", "；", "、", "／" };

    for (guint i = 0; i < G_N_ELEMENTS(separators); i++)
        if (g_str_has_prefix(text, separators[i]))
            return strlen(separators[i]);
    /* no name of other scripts holds a stroke */
    bool is_between = text[0] == '/' && text > begin && ((uint8_t)text[-1] & 0x80) != 0 &&
                      ((uint8_t)text[1] & 0x80) != 0;
    return is_between ? 1 : 0;
}

static void
add_name(GPtrArray *names, const char *begin, const char *end)
{
    char *name = g_strstrip(g_strndup(begin, (gsize)(end - begin)));

    if (name[0] != '\0')
        g_ptr_array_add(names, name);
    else
        g_free(name);
}

char **
media_artists(const char *artist)
{
    GPtrArray *names = g_ptr_array_new();
    const char *begin = artist;

    for (const char *at = artist; at != NULL && *at != '\0' && names->len < ARTISTS_MAX - 1;) {
        gsize length = separator_length(artist, at);
        if (length == 0) {
            at++;
            continue;
        }
        add_name(names, begin, at);
        begin = at += length;
    }
    if (artist != NULL)
        add_name(names, begin, begin + strlen(begin));
    if (artist != NULL && names->len == 0) /* separators alone */
        g_ptr_array_add(names, g_strdup(artist));
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, artist == NULL);
}

const char *
media_kind_name(MediaKind kind)
{
    g_assert(kind < MEDIA_KIND_N);
    return kind_names[kind];
}

bool
media_kind_from_name(const char *name, MediaKind *kind)
{
    for (guint i = 0; i < MEDIA_KIND_N; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *kind = (MediaKind)i;
            return true;
        }
    }
    *kind = MEDIA_ANY;
    return false;
}

void
media_facts_encode(const MediaFacts *facts, GByteArray *out)
{
    bytes_put_u8(out, (uint8_t)facts->kind);
    for (const MediaField *field = media_fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT)
            bytes_put_text(out, media_field_text(facts, field));
        else
            bytes_put_u64(out, (uint64_t)media_field_number(facts, field));
    }
}

bool
media_facts_decode(Bytes *bytes, MediaFacts *facts)
{
    uint8_t kind;
    uint64_t number;
    const char *text;

    if (!bytes_u8(bytes, &kind) || kind == MEDIA_CONTAINER || kind >= MEDIA_KIND_N)
        return false;
    *facts = (MediaFacts){ .kind = kind };
    for (const MediaField *field = media_fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT) {
            if (!bytes_text(bytes, &text))
                return false;
            media_field_set_text(facts, field, text);
        } else {
            if (!bytes_u64(bytes, &number))
                return false;
            media_field_set_number(facts, field, (int64_t)number);
        }
    }
    return true;
}
