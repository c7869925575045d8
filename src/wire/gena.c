/* gena.c -- see gena.h */
#include "wire/gena.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/xml.h"

#include <string.h>

#define NS_EVENT "urn:schemas-upnp-org:event-1-0"
#define PROPERTIES_MAX 256

char **
gena_callbacks_decode(const char *text)
{
    g_autoptr(GStrvBuilder) list = g_strv_builder_new();
    const char *at = text;
    guint count = 0;

    for (at += strspn(at, " \t,"); *at == '<' && count < GENA_CALLBACKS_MAX; count++) {
        const char *end = strchr(at, '>');
        if (end == NULL)
            return NULL;
        g_autofree char *url = g_strndup(at + 1, (gsize)(end - at) - 1);
        g_strv_builder_add(list, url);
        at = end + 1;
        at += strspn(at, " \t,");
    }
    if (count == 0 || (*at != '\0' && *at != '<'))
        return NULL;
    return g_strv_builder_end(list);
}

bool
gena_timeout_decode(const char *text, int *seconds)
{
    static const char prefix[] = "Second-";
    uint32_t number;

    if (g_ascii_strncasecmp(text, prefix, sizeof prefix - 1) != 0)
        return false;
    text += sizeof prefix - 1;
    if (g_ascii_strcasecmp(text, "infinite") == 0) {
        *seconds = INT32_MAX;
        return true;
    }
    if (!text_to_u32(text, 0, UINT32_MAX, &number))
        return false;
    *seconds = (int)MIN(number, (uint32_t)INT32_MAX);
    return true;
}

GString *
gena_encode(const GenaProperty *properties, guint count)
{
    XmlWriter writer;

    xml_writer_init(&writer, g_string_sized_new(512));
    xml_write_declaration(&writer);
    xml_write_start(&writer, "e:propertyset");
    xml_write_attribute(&writer, "xmlns:e", NS_EVENT);
    for (guint i = 0; i < count; i++) {
        xml_write_start(&writer, "e:property");
        xml_write_leaf(&writer, properties[i].name, properties[i].value);
        xml_write_end(&writer);
    }
    xml_write_end(&writer);
    return writer.out;
}

GHashTable *
gena_decode(const char *data, size_t size, GError **error)
{
    g_autoptr(XmlDocument) document = xml_parse(data, size, error);
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    if (document == NULL)
        return NULL;
    const XmlNode *set = xml_root(document);
    if (strcmp(xml_name(set), "propertyset") != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "an event is a propertyset, not a %s",
                    xml_name(set));
        return NULL;
    }
    for (const XmlNode *property = xml_first(set, "property"); property != NULL;
         property = xml_next(property, "property"))
        for (const XmlNode *value = xml_first(property, NULL);
             value != NULL && g_hash_table_size(values) < PROPERTIES_MAX;
             value = xml_next(value, NULL)) {
            /* Some sets forget to escape the XML inside. */
            char *text = xml_first(value, NULL) != NULL ? xml_inner(value)
                                                        : g_strdup(xml_text(value));
            g_hash_table_replace(values, g_strdup(xml_name(value)), text);
        }
    return g_steal_pointer(&values);
}
