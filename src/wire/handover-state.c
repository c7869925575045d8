/* handover-state.c -- see handover-state.h */
#include "wire/handover-state.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/xml-embedded.h"

#include <string.h>

#define ROOT "PlaybackState"
#define NAMESPACE "urn:IGRS:Service:ServiceType:Handover:1"
#define POSITION_MAX_MS ((int64_t)1000 * 60 * 60 * 1000)

/* The texts of an entry, and how long each may be: one entry fits into a document, however much of
 * it must be escaped. */
static const struct {
    const char *element;
    size_t offset, max;
    bool is_required;
} entry_texts[] = {
    { "URI", offsetof(HandoverEntry, uri), 4096, true },
    { "Metadata", offsetof(HandoverEntry, metadata), 32 * 1024, false },
    { "AudioTrack", offsetof(HandoverEntry, sound), 64, false },
    { "SubtitleTrack", offsetof(HandoverEntry, subtitle), 64, false },
};

#define ENTRY_TEXT(entry, i) G_STRUCT_MEMBER(char *, entry, entry_texts[i].offset)

/* -- Values ------------------------------------------------------------------------------------ */

static void
entry_clear(HandoverEntry *entry)
{
    for (guint i = 0; i < G_N_ELEMENTS(entry_texts); i++)
        g_clear_pointer(&ENTRY_TEXT(entry, i), g_free);
}

static void
entry_free(gpointer entry)
{
    entry_clear(entry);
    g_free(entry);
}

HandoverState *
handover_state_new(void)
{
    HandoverState *state = g_new0(HandoverState, 1);

    state->volume = -1;
    state->queue = g_ptr_array_new_with_free_func(entry_free);
    return state;
}

void
handover_state_free(HandoverState *state)
{
    if (state == NULL)
        return;
    entry_clear(&state->now);
    g_ptr_array_unref(state->queue);
    g_free(state);
}

void
handover_entry_set(HandoverEntry *entry, const char *uri, const char *metadata)
{
    g_free(entry->uri);
    g_free(entry->metadata);
    entry->uri = g_strdup(uri);
    entry->metadata = g_strdup(metadata);
}

bool
handover_state_add(HandoverState *state, const HandoverEntry *entry)
{
    if (state->queue->len >= HANDOVER_QUEUE_MAX)
        return false;
    HandoverEntry *copy = g_new0(HandoverEntry, 1);
    for (guint i = 0; i < G_N_ELEMENTS(entry_texts); i++)
        ENTRY_TEXT(copy, i) = g_strdup(ENTRY_TEXT(entry, i));
    g_ptr_array_add(state->queue, copy);
    return true;
}

/* -- Encoding ---------------------------------------------------------------------------------- */

static void
write_entry(XmlWriter *writer, const HandoverEntry *entry)
{
    for (guint i = 0; i < G_N_ELEMENTS(entry_texts); i++)
        if (ENTRY_TEXT(entry, i) != NULL && strlen(ENTRY_TEXT(entry, i)) <= entry_texts[i].max)
            xml_write_leaf(writer, entry_texts[i].element, ENTRY_TEXT(entry, i));
}

static char *
encode(const HandoverState *state, guint queue_length)
{
    g_autofree char *position = text_from_duration_ms(state->position_ms);
    GString *out = g_string_new(NULL);
    XmlWriter writer;

    xml_writer_init(&writer, out);
    xml_write_start(&writer, ROOT);
    xml_write_attribute(&writer, "xmlns", NAMESPACE);
    write_entry(&writer, &state->now);
    xml_write_leaf(&writer, "TransportState", state->is_paused ? "PAUSED_PLAYBACK" : "PLAYING");
    xml_write_leaf(&writer, "Position", position);
    if (state->volume >= 0)
        xml_write_leaf_number(&writer, "Volume", state->volume);
    xml_write_leaf_number(&writer, "Mute", state->is_muted);
    xml_write_start(&writer, "Queue");
    for (guint i = 0; i < queue_length; i++) {
        xml_write_start(&writer, "Entry");
        write_entry(&writer, state->queue->pdata[i]);
        xml_write_end(&writer);
    }
    xml_write_end(&writer);
    xml_write_end(&writer);
    return g_string_free(out, FALSE);
}

char *
handover_state_encode(const HandoverState *state)
{
    guint length = state->queue->len;
    char *text = encode(state, length);

    while (length > 0 && strlen(text) > HANDOVER_STATE_MAX) {
        g_free(text);
        length /= 2;
        text = encode(state, length);
    }
    return text;
}

/* -- Decoding ---------------------------------------------------------------------------------- */

static bool
refuse(DuoError code, const char *element, const char *why, GError **error)
{
    g_set_error(error, DUO_ERROR, code, "the state's %s %s", element, why);
    return false;
}

static bool
read_entry(const XmlNode *node, HandoverEntry *entry, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(entry_texts); i++) {
        const char *text = xml_child_text(node, entry_texts[i].element);
        if (text != NULL && strlen(text) > entry_texts[i].max)
            return refuse(DUO_ERROR_TOO_LARGE, entry_texts[i].element, "is too long", error);
        if (text != NULL && *text != '\0')
            ENTRY_TEXT(entry, i) = g_strdup(text);
        else if (entry_texts[i].is_required)
            return refuse(DUO_ERROR_INVALID, entry_texts[i].element, "is missing", error);
    }
    return true;
}

static bool
read_queue(const XmlNode *root, HandoverState *state, GError **error)
{
    const XmlNode *queue = xml_first(root, "Queue");
    const XmlNode *node = queue != NULL ? xml_first(queue, "Entry") : NULL;

    for (; node != NULL; node = xml_next(node, "Entry")) {
        HandoverEntry entry = { 0 };
        bool is_good = read_entry(node, &entry, error);
        bool fits = is_good && handover_state_add(state, &entry);
        entry_clear(&entry);
        if (!is_good)
            return false;
        if (!fits)
            return refuse(DUO_ERROR_TOO_LARGE, "Queue", "has too many entries", error);
    }
    return true;
}

/* What is not there stays as it is in a state of nothing. */
static bool
read_numbers(const XmlNode *root, HandoverState *state, GError **error)
{
    const char *transport = xml_child_text(root, "TransportState");
    const char *position = xml_child_text(root, "Position");
    const char *volume = xml_child_text(root, "Volume");
    const char *mute = xml_child_text(root, "Mute");
    int64_t number = -1;

    if (position != NULL && (!text_to_duration_ms(position, &state->position_ms) ||
                             state->position_ms > POSITION_MAX_MS))
        return refuse(DUO_ERROR_INVALID, "Position", "is no time", error);
    if (volume != NULL && !text_to_i64(volume, 0, 100, &number))
        return refuse(DUO_ERROR_INVALID, "Volume", "is not from 0 to 100", error);
    if (mute != NULL && strcmp(mute, "0") != 0 && strcmp(mute, "1") != 0)
        return refuse(DUO_ERROR_INVALID, "Mute", "is neither 0 nor 1", error);
    state->volume = (int)number;
    state->is_muted = g_strcmp0(mute, "1") == 0;
    state->is_paused = g_strcmp0(transport, "PAUSED_PLAYBACK") == 0;
    return true;
}

HandoverState *
handover_state_decode(const char *text, GError **error)
{
    g_autoptr(HandoverState) state = handover_state_new();

    if (strlen(text) > HANDOVER_STATE_MAX) {
        refuse(DUO_ERROR_TOO_LARGE, "document", "is too long", error);
        return NULL;
    }
    g_autoptr(XmlDocument) document = xml_parse_embedded(text, error);
    if (document == NULL)
        return NULL;
    const XmlNode *root = xml_root(document);
    if (strcmp(xml_name(root), ROOT) != 0) {
        refuse(DUO_ERROR_INVALID, "document", "is not a " ROOT, error);
        return NULL;
    }
    if (!read_entry(root, &state->now, error) || !read_numbers(root, state, error) ||
        !read_queue(root, state, error))
        return NULL;
    return g_steal_pointer(&state);
}
