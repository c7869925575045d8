/* didl-decode.c -- DIDL-Lite to what is to be played; see didl.h */
#include "wire/didl.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/protocol-info.h"
#include "wire/xml-embedded.h"

#include <string.h>

static void
resource_free(gpointer data)
{
    DidlResource *resource = data;

    g_free(resource->uri);
    g_free(resource->protocol_info);
    g_free(resource);
}

static DidlResource *
resource_decode(const XmlNode *node)
{
    DidlResource *resource = g_new0(DidlResource, 1);
    const char *size = xml_attribute(node, "size");

    resource->uri = g_strstrip(g_strdup(xml_text(node)));
    resource->protocol_info = g_strdup(xml_attribute(node, "protocolInfo"));
    text_to_duration_ms(xml_attribute(node, "duration"), &resource->duration_ms);
    text_to_i64(size, 0, INT64_MAX, &resource->size_bytes);
    return resource;
}

DidlItem *
didl_decode(const char *text, GError **error)
{
    static const struct {
        const char *element;
        size_t offset;
    } texts[] = {
        { "title", offsetof(DidlItem, title) },   { "class", offsetof(DidlItem, upnp_class) },
        { "artist", offsetof(DidlItem, artist) }, { "album", offsetof(DidlItem, album) },
        { "albumArtURI", offsetof(DidlItem, art_uri) },
    };
    g_autoptr(XmlDocument) document = xml_parse_embedded(text, error);

    if (document == NULL)
        return NULL;
    const XmlNode *root = xml_root(document);
    const XmlNode *node = strcmp(xml_name(root), "item") == 0 ? root : xml_first(root, "item");
    if (node == NULL)
        node = xml_first(root, "container");
    if (node == NULL) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "DIDL-Lite without an item");
        return NULL;
    }
    DidlItem *item = g_new0(DidlItem, 1);
    item->id = g_strdup(xml_attribute(node, "id"));
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        G_STRUCT_MEMBER(char *, item, texts[i].offset) =
            text_clean(xml_child_text(node, texts[i].element));
    item->resources = g_ptr_array_new_with_free_func(resource_free);
    for (const XmlNode *res = xml_first(node, "res"); res != NULL; res = xml_next(res, "res"))
        g_ptr_array_add(item->resources, resource_decode(res));
    return item;
}

void
didl_item_free(DidlItem *item)
{
    if (item == NULL)
        return;
    g_free(item->id);
    g_free(item->title);
    g_free(item->upnp_class);
    g_free(item->artist);
    g_free(item->album);
    g_free(item->art_uri);
    g_ptr_array_unref(item->resources);
    g_free(item);
}

/* -- What is to be played ---------------------------------------------------------------------- */

/* The last part of uri's path, decoded; NULL: it has none. */
static char *
name_in_uri(const char *uri)
{
    g_autofree char *path = g_strndup(uri, strcspn(uri, "?#"));
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    if (*name == '\0')
        return NULL;
    char *decoded = text_percent_decode(name);
    return decoded != NULL ? decoded : g_strdup(name);
}

/* The resource that uri is; else the first, which says at least what kind of thing it is. */
static const DidlResource *
choose_resource(const DidlItem *item, const char *uri)
{
    for (guint i = 0; i < item->resources->len; i++) {
        const DidlResource *resource = g_ptr_array_index(item->resources, i);
        if (strcmp(resource->uri, uri) == 0)
            return resource;
    }
    return item->resources->len > 0 ? g_ptr_array_index(item->resources, 0) : NULL;
}

MediaKind
didl_kind_of_class(const char *upnp_class)
{
    static const struct {
        const char *class;
        MediaKind kind;
    } classes[] = {
        { "object.item.audioItem", MEDIA_AUDIO },
        { "object.item.videoItem", MEDIA_VIDEO },
        { "object.item.imageItem", MEDIA_IMAGE },
    };

    for (guint i = 0; upnp_class != NULL && i < G_N_ELEMENTS(classes); i++)
        if (g_str_has_prefix(upnp_class, classes[i].class))
            return classes[i].kind;
    return MEDIA_ANY;
}

static void
take_resource(PlaybackMedia *media, const DidlResource *resource)
{
    ProtocolInfo info = { 0 };

    media->duration_ms = resource->duration_ms;
    if (resource->protocol_info == NULL ||
        !protocol_info_decode(resource->protocol_info, &info, NULL))
        return;
    media->protocol_info = g_strdup(resource->protocol_info);
    if (strchr(info.mime, '*') == NULL)
        media->mime = g_strdup(info.mime);
    protocol_info_clear(&info);
}

PlaybackMedia *
didl_to_playback(const char *uri, const char *metadata)
{
    g_autofree char *name = name_in_uri(uri);
    g_autoptr(DidlItem) item =
        metadata != NULL && *metadata != '\0' ? didl_decode(metadata, NULL) : NULL;
    const DidlResource *resource = item != NULL ? choose_resource(item, uri) : NULL;
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);

    media->uri = g_strdup(uri);
    media->metadata = metadata != NULL && *metadata != '\0' ? g_strdup(metadata) : NULL;
    media->kind = MEDIA_ANY;
    if (item != NULL) {
        media->title = g_strdup(item->title);
        media->kind = didl_kind_of_class(item->upnp_class);
    }
    if (resource != NULL)
        take_resource(media, resource);
    if (media->mime == NULL && name != NULL)
        media->mime = g_strdup(mime_from_name(name));
    if (media->kind == MEDIA_ANY && media->mime != NULL)
        media->kind = mime_kind(media->mime);
    if (media->title == NULL || *media->title == '\0') {
        g_free(media->title);
        media->title = text_clean(name);
    }
    return media;
}
