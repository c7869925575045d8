/* upnp-scpd.c -- see upnp-scpd.h */
#include "wire/upnp-scpd.h"

#include "base/text.h"

#include <string.h>

/* The child of list (actionList, serviceStateTable) with that name; NULL: none. */
static const XmlNode *
find_named(const XmlDocument *scpd, const char *list, const char *name)
{
    const XmlNode *all = xml_first(xml_root(scpd), list);

    for (const XmlNode *node = all != NULL ? xml_first(all, NULL) : NULL; node != NULL;
         node = xml_next(node, NULL)) {
        const char *text = xml_child_text(node, "name");
        g_autofree char *clean = text != NULL ? g_strstrip(g_strdup(text)) : NULL;
        if (g_strcmp0(clean, name) == 0)
            return node;
    }
    return NULL;
}

bool
upnp_scpd_has_action(const XmlDocument *scpd, const char *name)
{
    return find_named(scpd, "actionList", name) != NULL;
}

int64_t
upnp_scpd_maximum(const XmlDocument *scpd, const char *variable, int64_t otherwise)
{
    const XmlNode *node = find_named(scpd, "serviceStateTable", variable);
    const XmlNode *range = node != NULL ? xml_first(node, "allowedValueRange") : NULL;
    const char *text = range != NULL ? xml_child_text(range, "maximum") : NULL;
    g_autofree char *clean = text != NULL ? g_strstrip(g_strdup(text)) : NULL;
    uint32_t maximum;

    return clean != NULL && text_to_u32(clean, 1, UINT16_MAX, &maximum) ? maximum : otherwise;
}
