/* igrs-names.c -- see igrs-names.h */
#include "wire/igrs-names.h"

#include "base/text.h"

#include <string.h>

const IgrsServiceName igrs_services[] = {
    { 1, "AVContentDirectory" }, { 2, "AVConnectionManager" }, { 3, "AVTransport" },
    { 4, "AVRenderingControl" }, { 5, "FileAccess" },          { 6, "ScheduledRecording" },
    { 7, "GroupPlayback" },      { 8, "Handover" },            { 9, "PowerManagement" },
    { 0, NULL },
};

uint32_t
igrs_service_id(const char *name)
{
    for (const IgrsServiceName *service = igrs_services; service->name != NULL; service++)
        if (strcmp(service->name, name) == 0)
            return service->id;
    return 0;
}

/* What follows prefix, which compares without case; NULL when text does not begin with it. */
static const char *
after_prefix(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);

    return g_ascii_strncasecmp(text, prefix, length) == 0 ? text + length : NULL;
}

const char *
igrs_device_id_uuid(const char *urn)
{
    const char *uuid = urn == NULL ? NULL : after_prefix(urn, IGRS_URN_DEVICE_ID);

    return uuid != NULL && g_uuid_string_is_valid(uuid) ? uuid : NULL;
}

char *
igrs_device_id_new(const char *uuid)
{
    return g_strconcat(IGRS_URN_DEVICE_ID, uuid, NULL);
}

bool
igrs_device_id_is_nil(const char *urn)
{
    return g_ascii_strcasecmp(urn, IGRS_DEVICE_ID_NIL) == 0;
}

gboolean
igrs_device_id_equal(gconstpointer a, gconstpointer b)
{
    return g_ascii_strcasecmp(a, b) == 0;
}

guint
igrs_device_id_hash(gconstpointer urn)
{
    guint hash = 5381; /* that of g_str_hash(), without case */

    for (const char *at = urn; *at != '\0'; at++)
        hash = hash * 33 + (guchar)g_ascii_tolower(*at);
    return hash;
}

bool
igrs_type_parse(const char *urn, IgrsType *type)
{
    const char *device = after_prefix(urn, IGRS_URN_DEVICE_TYPE);
    const char *name = device != NULL ? device : after_prefix(urn, IGRS_URN_SERVICE_TYPE);
    const char *colon = name == NULL ? NULL : strrchr(name, ':');
    uint32_t version;

    if (colon == NULL || colon == name || (size_t)(colon - name) >= sizeof type->name ||
        !text_to_u32(colon + 1, 1, UINT32_MAX, &version))
        return false;
    *type = (IgrsType){ .is_service = device == NULL, .version = version };
    memcpy(type->name, name, (size_t)(colon - name));
    return true;
}

char *
igrs_service_type_new(const char *name, unsigned version)
{
    return g_strdup_printf(IGRS_URN_SERVICE_TYPE "%s:%u", name, version);
}

bool
igrs_type_matches(const char *wanted, const char *offered)
{
    IgrsType a, b;

    if (!igrs_type_parse(wanted, &a) || !igrs_type_parse(offered, &b))
        return igrs_urn_equal(wanted, offered);
    return a.is_service == b.is_service && strcmp(a.name, b.name) == 0 && a.version <= b.version;
}

bool
igrs_urn_equal(const char *a, const char *b)
{
    const char *rest_a = after_prefix(a, IGRS_URN), *rest_b = after_prefix(b, IGRS_URN);

    if (rest_a == NULL || rest_b == NULL)
        return strcmp(a, b) == 0;
    if (after_prefix(a, IGRS_URN_DEVICE_ID) != NULL)
        return igrs_device_id_equal(a, b);
    return strcmp(rest_a, rest_b) == 0;
}
