/* content-directory-samsung.c -- what Samsung sets ask of a ContentDirectory (FIELD-NOTES, part
 * 1) */
#include "av/content-directory-room.h"
#include "wire/xml.h"

/* Where a set begins in each kind, of the library's lasting ids (appliance/library/library.h). */
static const struct {
    const char *id, *upnp_class;
} basic_views[] = {
    { "music", "object.item.audioItem" },
    { "videos", "object.item.videoItem" },
    { "pictures", "object.item.imageItem" },
};

static bool
do_not_look(const MediaObject *object, gpointer user_data)
{
    return false;
}

/* Ids that Browse does not know would show an empty server (FIELD-NOTES B1), so only those there
 * are. */
void
content_directory_get_feature_list(Service *service, ServiceCall *call)
{
    Catalog *catalog = ((ContentDirectory *)service)->catalog;
    XmlWriter writer;
    GString *text = g_string_new(NULL);

    xml_writer_init(&writer, text);
    xml_write_declaration(&writer);
    xml_write_start(&writer, "Features");
    xml_write_attribute(&writer, "xmlns", "urn:schemas-upnp-org:av:avs");
    xml_write_start(&writer, "Feature");
    xml_write_attribute(&writer, "name", "samsung.com_BASICVIEW");
    xml_write_attribute(&writer, "version", "1");
    for (guint i = 0; i < G_N_ELEMENTS(basic_views); i++) {
        if (!catalog_get(catalog, basic_views[i].id, do_not_look, NULL, NULL))
            continue;
        xml_write_start(&writer, "container");
        xml_write_attribute(&writer, "id", basic_views[i].id);
        xml_write_attribute(&writer, "type", basic_views[i].upnp_class);
        xml_write_end(&writer);
    }
    xml_write_end(&writer);
    xml_write_end(&writer);
    service_call_take_text(call, "FeatureList", g_string_free(text, FALSE));
    service_call_return(call);
}

void
content_directory_keep_bookmark(Service *service, ServiceCall *call)
{
    ContentDirectory *directory = (ContentDirectory *)service;
    const char *id = service_call_text(call, "ObjectID");
    g_autoptr(Audience) audience = NULL;
    Catalog catalog = content_directory_seen(directory, call, &audience);
    g_autoptr(GError) error = NULL;
    g_autoptr(MediaObject) object = catalog_find(&catalog, id, &error);

    if (object == NULL || object->kind == MEDIA_CONTAINER) {
        service_call_fail(call, NO_SUCH_OBJECT, "%s is no item", id);
        return;
    }
    if (directory->use == NULL) {
        service_call_fail(call, CANNOT_PROCESS, "bookmarks are not kept here");
        return;
    }
    bool is_ms = content_directory_dialect(call)->bookmarks == DIALECT_BOOKMARK_MILLISECONDS;
    directory->use(id, service_call_number(call, "PosSecond") * (is_ms ? 1 : 1000), -1,
                   directory->use_data);
    service_call_return(call);
}
