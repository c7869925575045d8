/* json.c -- our nouns as JSON: the schemas of openapi.json, one function each */
#include "api/room.h"
#include "model/media-details.h"
#include "wire/didl.h"

/* What is not known is left out. */
static void
json_field(JsonWriter *json, const MediaField *field, const void *record)
{
    if (field->type == MEDIA_FIELD_TEXT)
        json_text(json, field->name, media_field_text(record, field));
    else if (media_field_number(record, field) == 0)
        return;
    else if (field->type == MEDIA_FIELD_FLAG)
        json_bool(json, field->name, true);
    else
        json_number(json, field->name, media_field_number(record, field));
}

/* A member whose name differs from the fact's, or that is no member, is written by hand. */
static bool
is_plain_fact(const MediaField *field)
{
    return field->offset != offsetof(MediaFacts, title) &&
           field->offset != offsetof(MediaFacts, has_art);
}

static void
json_facts(JsonWriter *json, const MediaFacts *facts)
{
    for (const MediaField *field = media_fields; field->name != NULL; field++)
        if (is_plain_fact(field))
            json_field(json, field, facts);
}

void
json_use(JsonWriter *json, const char *name, const MediaUse *use)
{
    json_open(json, name, '{');
    json_number(json, "position_ms", use->position_ms);
    json_number(json, "play_count", use->play_count);
    json_number(json, "last_played_ms", use->last_played_s * 1000);
    json_close(json, '}');
}

static void
json_thumb_url(JsonWriter *json, const MediaObject *object)
{
    if (object->art_uri != NULL) {
        json_text(json, "thumb_url", object->art_uri);
        return;
    }
    if (!object->has_art || (object->kind != MEDIA_CONTAINER && object->path == NULL))
        return;
    didl_append_thumb_url(json_begin_plain(json, "thumb_url"), "", &dialect_plain, object, 0);
    json_end_plain(json);
}

/* With us, or where another server says; nowhere when nobody can fetch it. */
static void
json_media_url(JsonWriter *json, const MediaObject *object)
{
    if (object->path == NULL) {
        json_text(json, "url", object->resources != NULL ? object->resources[0].uri : NULL);
        return;
    }
    didl_append_media_url(json_begin_plain(json, "url"), "", &dialect_plain, object);
    json_end_plain(json);
}

/* Lists of records, each as the table of its fields says; a list that is empty is left out. */
static void
json_details(JsonWriter *json, const MediaDetails *details)
{
    for (MediaListKind kind = 0; kind < MEDIA_LIST_N; kind++) {
        const MediaListType *type = &media_list_types[kind];
        guint count = media_details_count(details, kind);
        if (count == 0)
            continue;
        json_open(json, type->name, '[');
        for (guint i = 0; i < count; i++) {
            json_open(json, NULL, '{');
            for (const MediaField *field = type->fields; field->name != NULL; field++)
                json_field(json, field, media_details_get(details, kind, i));
            json_close(json, '}');
        }
        json_close(json, ']');
    }
}

/* The names of several artists; of one the fact says it. */
static void
json_artists(JsonWriter *json, const char *artist)
{
    g_auto(GStrv) names = media_artists(artist);

    if (names == NULL || names[1] == NULL)
        return;
    json_open(json, "artists", '[');
    for (char **name = names; *name != NULL; name++)
        json_text(json, NULL, *name);
    json_close(json, ']');
}

static void
json_item(JsonWriter *json, const MediaObject *object)
{
    if (object->path != NULL) {
        g_autofree char *name = g_path_get_basename(object->path);
        json_text(json, "name", name);
    }
    json_number(json, "size", object->size_bytes);
    if (object->modified_s != 0)
        json_number(json, "modified_ms", object->modified_s * 1000);
    json_facts(json, &object->facts);
    json_artists(json, object->facts.artist);
    json_text(json, "unreadable", object->unreadable);
    if (object->use.last_played_s != 0 || object->use.play_count != 0)
        json_use(json, "use", &object->use);
    json_media_url(json, object);
    json_details(json, object->details);
}

void
json_media(JsonWriter *json, const char *name, const MediaObject *object)
{
    json_open(json, name, '{');
    json_text(json, "id", object->id);
    json_text(json, "parent_id", object->parent_id);
    json_text(json, "title", object->title);
    json_text(json, "class", media_kind_name(object->kind));
    json_text(json, "upnp_class", object->upnp_class);
    if (object->is_offline)
        json_bool(json, "offline", true);
    if (object->kind == MEDIA_CONTAINER)
        json_number(json, "child_count", object->child_count);
    else
        json_item(json, object);
    json_thumb_url(json, object);
    json_close(json, '}');
}

/* -- What plays -------------------------------------------------------------------------------- */

bool
may_tell(const Api *api, const Audience *audience, const PlaybackMedia *media)
{
    if (media == NULL || !audience_is_limited(audience))
        return true;
    g_autofree char *own = casts_own_item(api->parts.casts, media);
    return own == NULL || catalog_sees(library_catalog(api->parts.library), audience, own, NULL);
}

bool
may_tell_entry(const Api *api, const Audience *audience, const QueueEntry *entry)
{
    return may_tell(api, audience, &(PlaybackMedia){ .item_id = entry->item_id, .uri = entry->url,
                                                     .server_id = entry->server_id });
}

/* It may name what the screen plays, or was to play. */
const char *
problem_of(const Api *api, const Audience *audience, const Screen *screen)
{
    const Cast *last = casts_last(api->parts.casts, screen->id);
    const char *problem = casts_problem(api->parts.casts, screen->id);

    if (!may_tell(api, audience, screen->status.media) ||
        (last != NULL && !may_tell(api, audience, last->media)))
        return NULL;
    return problem != NULL ? problem : screen->status.problem;
}

/* Which of its sounds and subtitles, as a wish names them; of what was not cast it is not known. */
static void
json_tracks(JsonWriter *json, const Cast *cast)
{
    char number[12];

    if (cast == NULL)
        return;
    g_snprintf(number, sizeof number, "%d", cast->heard - 1);
    json_text(json, "audio", cast->heard > 0 ? number : NULL);
    g_snprintf(number, sizeof number, "%d", cast->read - 1);
    if (cast->read > 0)
        json_text(json, "subtitle", number);
    else if (g_strcmp0(cast->subtitle, "none") == 0)
        json_text(json, "subtitle", "none");
}

/* What a screen was given, or has found out: the item is known by its address too. */
void
json_loaded(JsonWriter *json, const Api *api, const PlaybackMedia *media, bool is_for_screen)
{
    g_autofree char *own = casts_own_item(api->parts.casts, media);

    json_text(json, "title", media->title);
    json_text(json, "item_id", own != NULL ? own : media->item_id);
    json_text(json, "server", media->server_id);
    const char *uri = media->uri != NULL ? media->uri : "";
    g_autofree char *shown = is_for_screen ? g_strdup(uri) : people_hide_pass(uri);
    json_text(json, "url", shown);
    json_text(json, "mime", media->mime);
    if (media->subtitle != NULL) {
        g_autofree char *words =
            is_for_screen ? g_strdup(media->subtitle) : people_hide_pass(media->subtitle);
        json_text(json, "subtitle_url", words);
    }
    if (media->kind != MEDIA_ANY && media->kind != MEDIA_CONTAINER)
        json_text(json, "class", media_kind_name(media->kind));
    if (own != NULL) {
        didl_append_thumb_url(json_begin_plain(json, "thumb_url"), "",
                              &dialect_plain, &(MediaObject){ .id = own }, 0);
        json_end_plain(json);
    }
}

void
json_screen(JsonWriter *json, const char *name, const Api *api, const Screen *screen,
            const Audience *audience, bool is_removed)
{
    const PlaybackStatus *status = &screen->status;
    bool is_told = may_tell(api, audience, status->media);

    json_open(json, name, '{');
    json_text(json, "id", screen->id);
    json_text(json, "name", screen->name);
    json_text(json, "kind", screen->kind);
    json_text(json, "code", web_screens_code(screen));
    json_text(json, "address", screen->address);
    json_text(json, "state", playback_state_name(status->state));
    if (!is_told)
        json_bool(json, "hidden", true);
    else if (status->media != NULL) {
        json_loaded(json, api, status->media, false);
        json_tracks(json, casts_on(api->parts.casts, screen->id, status->media));
    }
    json_number(json, "position_ms", is_told ? status->position_ms : 0);
    json_number(json, "duration_ms", is_told ? status->duration_ms : 0);
    json_bool(json, "seekable", is_told && status->is_seekable);
    json_number(json, "volume", status->volume);
    json_bool(json, "muted", status->is_muted);
    const Screen *beside = screens_beside(api->parts.screens, screen);
    json_text(json, "music", beside != NULL ? beside->id : NULL);
    if (status->next != NULL && may_tell(api, audience, status->next)) {
        json_open(json, "next", '{');
        json_loaded(json, api, status->next, false);
        json_close(json, '}');
    }
    json_text(json, "problem", problem_of(api, audience, screen));
    if (is_removed)
        json_bool(json, "removed", true);
    json_close(json, '}');
}

void
json_cast(JsonWriter *json, const char *name, const Cast *cast)
{
    json_open(json, name, '{');
    json_text(json, "id", cast->id);
    json_text(json, "screen", cast->screen_id);
    json_text(json, "item", cast->media->item_id);
    json_text(json, "server", cast->media->server_id);
    g_autofree char *url = people_hide_pass(cast->media->uri);
    json_text(json, "url", url);
    json_text(json, "title", cast->media->title);
    json_text(json, "mime", cast->media->mime);
    json_text(json, "how", cast->how);
    json_text(json, "reason", cast->reason);
    json_text(json, "state", cast_state_name(cast->state));
    json_number(json, "position_ms", cast->position_ms);
    json_text(json, "person", cast->person);
    json_text(json, "problem", cast->problem);
    json_close(json, '}');
}

void
json_queue_head(JsonWriter *json, const char *screen_id, const Queue *queue, bool is_playing)
{
    const QueueEntry *current = queue_current(queue);

    json_text(json, "screen", screen_id);
    json_number(json, "length", queue_length(queue));
    json_bool(json, "playing", is_playing);
    if (current != NULL) {
        g_autofree char *id = g_strdup_printf("%u", current->id);
        json_text(json, "current", id);
    }
    json_text(json, "repeat", queue_repeat_name(queue_repeat(queue)));
    json_bool(json, "shuffle", queue_is_shuffled(queue));
    json_number(json, "picture_ms", queue_picture_ms(queue));
}

static void
json_entry_facts(JsonWriter *json, const QueueEntry *entry)
{
    json_text(json, "item", entry->item_id);
    json_text(json, "server", entry->server_id);
    json_text(json, "url", entry->url);
    json_text(json, "upload", entry->upload_id);
    json_text(json, "title", entry->title);
    json_text(json, "audio", entry->sound);
    json_text(json, "subtitle", entry->subtitle);
    if (entry->kind != MEDIA_ANY)
        json_text(json, "class", media_kind_name(entry->kind));
    if (entry->duration_ms != 0)
        json_number(json, "duration_ms", entry->duration_ms);
    if (entry->item_id != NULL && entry->server_id == NULL) {
        didl_append_thumb_url(json_begin_plain(json, "thumb_url"), "", &dialect_plain,
                              &(MediaObject){ .id = entry->item_id }, 0);
        json_end_plain(json);
    }
}

static void
json_queue_entry(JsonWriter *json, const QueueEntry *entry, bool is_told)
{
    g_autofree char *id = g_strdup_printf("%u", entry->id);

    json_open(json, NULL, '{');
    json_text(json, "id", id);
    if (is_told)
        json_entry_facts(json, entry);
    else
        json_bool(json, "hidden", true);
    json_close(json, '}');
}

void
json_queue(JsonWriter *json, const Api *api, const char *screen_id, const Audience *audience)
{
    const Queue *queue = queues_get(api->parts.queues, screen_id);

    json_open(json, NULL, '{');
    json_queue_head(json, screen_id, queue, queues_is_playing(api->parts.queues, screen_id));
    json_open(json, "entries", '[');
    for (guint i = 0; i < queue_length(queue); i++) {
        const QueueEntry *entry = queue_entry(queue, i);
        json_queue_entry(json, entry, may_tell_entry(api, audience, entry));
    }
    json_close(json, ']');
    json_close(json, '}');
}
