/* content-directory-update.c -- UpdateObject (ContentDirectory:1, 2.7.11): where somebody left an
 * item, and how often it was seen
 *
 * Everything else of an item is read of its file, which nobody changes from here. Players tell what
 * the tags were before: that is checked for its form alone, since the newest place is the one that
 * people want, and Kodi tells 0 of what it never asked. */
#include "av/content-directory-room.h"
#include "base/text.h"
#include "wire/xml.h"

#include <string.h>

#define TAGS_LENGTH_MAX (16 * 1024)
#define PLAY_COUNT_MAX 1000000

/* 2.7.11.3 */
enum {
    BAD_CURRENT_TAGS = 702,
    BAD_NEW_TAGS = 703,
    READ_ONLY_TAG = 705,
    PARAMETER_MISMATCH = 706,
};

typedef struct {
    int64_t position_ms, play_count; /* -1: not told */
} Update;

static bool
read_position(const char *text, Update *update)
{
    return text_to_duration_ms(text, &update->position_ms);
}

static bool
read_play_count(const char *text, Update *update)
{
    return text_to_i64(text, 0, PLAY_COUNT_MAX, &update->play_count);
}

/* Kodi's own, which go along with a place and are not kept. */
static bool
read_nothing(const char *text G_GNUC_UNUSED, Update *update G_GNUC_UNUSED)
{
    return true;
}

static const struct {
    const char *element; /* local name */
    bool (*read)(const char *text, Update *update);
} tags[] = {
    { "lastPlaybackPosition", read_position },
    { "playbackCount", read_play_count },
    { "lastPlaybackTime", read_nothing },
    { "lastPlayerState", read_nothing },
};

/* The value of each tag at a comma, of which one within is "\,"; each a document of its own, of no
 * element where it is to be added or to go. NULL: not such a list. */
static GPtrArray *
read_tags(const char *text)
{
    g_autoptr(GPtrArray) documents =
        g_ptr_array_new_with_free_func((GDestroyNotify)xml_document_free);
    g_autoptr(GString) one = g_string_new(NULL);

    for (const char *at = text; strlen(text) <= TAGS_LENGTH_MAX; at++) {
        if (*at == '\\' && (at[1] == ',' || at[1] == '\\')) {
            g_string_append_c(one, *++at);
        } else if (*at != ',' && *at != '\0') {
            g_string_append_c(one, *at);
        } else {
            g_string_prepend(one, "<tags xmlns:upnp=\"urn:schemas-upnp-org:metadata-1-0/upnp/\" "
                                  "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                                  "xmlns:xbmc=\"urn:schemas-xbmc-org:metadata-1-0/\">");
            g_string_append(one, "</tags>");
            XmlDocument *document = xml_parse(one->str, one->len, NULL);
            if (document == NULL)
                return NULL;
            g_ptr_array_add(documents, document);
            if (*at == '\0')
                return g_steal_pointer(&documents);
            g_string_truncate(one, 0);
        }
    }
    return NULL;
}

/* Every element of a value; text: in the place of theirs. 0, or the error that it is. */
static int
take_value(const XmlDocument *value, const char *text, Update *update)
{
    for (const XmlNode *node = xml_first(xml_root(value), NULL); node != NULL;
         node = xml_next(node, NULL)) {
        guint i = 0;
        while (i < G_N_ELEMENTS(tags) && strcmp(tags[i].element, xml_name(node)) != 0)
            i++;
        if (i == G_N_ELEMENTS(tags))
            return READ_ONLY_TAG;
        if (!tags[i].read(text != NULL ? text : xml_text(node), update))
            return BAD_NEW_TAGS;
    }
    return 0;
}

/* 0, or the error that the two lists are. */
static int
read_update(const char *current_text, const char *new_text, Update *update)
{
    g_autoptr(GPtrArray) current = read_tags(current_text);
    g_autoptr(GPtrArray) new = read_tags(new_text);
    int code = current == NULL ? BAD_CURRENT_TAGS : new == NULL ? BAD_NEW_TAGS
               : current->len != new->len ? PARAMETER_MISMATCH : 0;

    for (guint i = 0; code == 0 && i < new->len; i++) {
        bool goes = xml_first(xml_root(new->pdata[i]), NULL) == NULL;
        code = take_value(goes ? current->pdata[i] : new->pdata[i], goes ? "0" : NULL, update);
    }
    return code;
}

void
content_directory_update_object(Service *service, ServiceCall *call)
{
    ContentDirectory *directory = (ContentDirectory *)service;
    const char *id = service_call_text(call, "ObjectID");
    g_autoptr(Audience) audience = NULL;
    Catalog catalog = content_directory_seen(directory, call, &audience);
    g_autoptr(MediaObject) object = catalog_find(&catalog, id, NULL);
    Update update = { -1, -1 };

    if (object == NULL) {
        service_call_fail(call, NO_SUCH_OBJECT, "nothing has the id %.100s", id);
        return;
    }
    if (object->kind == MEDIA_CONTAINER || directory->use == NULL) {
        service_call_fail(call, RESTRICTED_OBJECT, "nothing of “%s” can be changed",
                          object->title);
        return;
    }
    int code = read_update(service_call_text(call, "CurrentTagValue"),
                           service_call_text(call, "NewTagValue"), &update);
    if (code != 0) {
        service_call_fail(call, code,
                          "lists of upnp:lastPlaybackPosition and upnp:playbackCount are "
                          "needed: the rest is read of the file");
        return;
    }
    if (update.position_ms >= 0 || update.play_count >= 0)
        directory->use(id, update.position_ms, update.play_count, directory->use_data);
    service_call_return(call);
}
