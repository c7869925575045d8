/* last-change.c -- see last-change.h */
#include "wire/last-change.h"

#include "base/error.h"
#include "wire/xml-embedded.h"

#include <string.h>

static const char *const namespaces[] = {
    [LAST_CHANGE_TRANSPORT] = "urn:schemas-upnp-org:metadata-1-0/AVT/",
    [LAST_CHANGE_RENDERING] = "urn:schemas-upnp-org:metadata-1-0/RCS/",
};

struct LastChange {
    GHashTable *values; /* name -> value */
};

char *
last_change_encode(LastChangeKind kind, const LastChangeValue *values, guint count)
{
    GString *out = g_string_new(NULL);
    XmlWriter writer;

    xml_writer_init(&writer, out);
    xml_write_start(&writer, "Event");
    xml_write_attribute(&writer, "xmlns", namespaces[kind]);
    xml_write_start(&writer, "InstanceID");
    xml_write_attribute(&writer, "val", "0");
    for (guint i = 0; i < count; i++) {
        xml_write_start(&writer, values[i].name);
        xml_write_attribute(&writer, "channel", values[i].channel);
        xml_write_attribute(&writer, "val", values[i].value);
        xml_write_end(&writer);
    }
    xml_write_end(&writer);
    xml_write_end(&writer);
    return g_string_free(out, FALSE);
}

/* Instance 0, or one that does not say which it is. */
static const XmlNode *
find_instance(const XmlNode *event)
{
    for (const XmlNode *node = xml_first(event, "InstanceID"); node != NULL;
         node = xml_next(node, "InstanceID")) {
        const char *id = xml_attribute(node, "val");
        if (id == NULL || strcmp(id, "0") == 0)
            return node;
    }
    return NULL;
}

LastChange *
last_change_decode(const char *text, GError **error)
{
    g_autoptr(XmlDocument) document = xml_parse_embedded(text, error);

    if (document == NULL)
        return NULL;
    if (strcmp(xml_name(xml_root(document)), "Event") != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "LastChange: <%s> is not an Event",
                    xml_name(xml_root(document)));
        return NULL;
    }
    LastChange *change = g_new0(LastChange, 1);
    change->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const XmlNode *instance = find_instance(xml_root(document));
    if (instance == NULL)
        return change; /* about another instance: nothing for us */
    for (const XmlNode *node = xml_first(instance, NULL); node != NULL;
         node = xml_next(node, NULL)) {
        const char *channel = xml_attribute(node, "channel");
        const char *value = xml_attribute(node, "val");
        bool is_master = channel == NULL || g_ascii_strcasecmp(channel, "Master") == 0;
        if (is_master || !g_hash_table_contains(change->values, xml_name(node)))
            g_hash_table_insert(change->values, g_strdup(xml_name(node)),
                                g_strdup(value != NULL ? value : xml_text(node)));
    }
    return change;
}

void
last_change_free(LastChange *change)
{
    if (change == NULL)
        return;
    g_hash_table_unref(change->values);
    g_free(change);
}

const char *
last_change_value(const LastChange *change, const char *name)
{
    return g_hash_table_lookup(change->values, name);
}
