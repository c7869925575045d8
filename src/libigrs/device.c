/* device.c -- a device of igrs.h: an IgrsNode with its clock, interfaces and services */
#include "libigrs/inside.h"

#include "base/error.h"
#include "base/text.h"
#include "config.h"
#include "wire/igrs-names.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>

#define SOFTWARE "libigrs/" PACKAGE_VERSION

const char *
igrs_version(void)
{
    return PACKAGE_VERSION;
}

/* -- Before start ------------------------------------------------------------------------------ */

IgrsDevice *
igrs_device_new(const char *type, const char *name)
{
    IgrsDevice *device = g_new0(IgrsDevice, 1);

    device->type = g_strdup(type);
    device->name = text_clean(name);
    device->with_token = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    device->services = g_ptr_array_new_with_free_func((GDestroyNotify)hosted_service_free);
    return device;
}

void
igrs_device_free(IgrsDevice *device)
{
    if (device == NULL)
        return;
    igrs_node_free(device->node);
    g_ptr_array_unref(device->services);
    g_array_unref(device->with_token);
    net_interfaces_free(device->interfaces);
    clock_free(device->clock);
    for (guint i = 0; i < G_N_ELEMENTS(device->properties); i++)
        g_free(device->properties[i]);
    g_free(device->id);
    g_free(device->name);
    g_free(device->type);
    g_free(device);
}

static uint16_t
port_of(const IgrsDevice *device, IgrsProperty property, uint16_t otherwise)
{
    uint32_t port = otherwise;

    if (device->properties[property] != NULL)
        text_to_u32(device->properties[property], 0, UINT16_MAX, &port);
    return (uint16_t)port;
}

static bool
is_good(IgrsProperty property, const char *value)
{
    uint32_t number;

    switch (property) {
    case IGRS_PROPERTY_UUID:
        return g_uuid_string_is_valid(value);
    case IGRS_PROPERTY_PORT:
    case IGRS_PROPERTY_DISCOVERY_PORT:
        return text_to_u32(value, 0, UINT16_MAX, &number);
    case IGRS_PROPERTY_PAIRED_ONLY:
        return text_to_u32(value, 0, 1, &number);
    default:
        return true;
    }
}

bool
igrs_device_set_property(IgrsDevice *device, IgrsProperty property, const char *value)
{
    g_return_val_if_fail(device->node == NULL, false);
    if ((guint)property >= G_N_ELEMENTS(device->properties) || value == NULL ||
        !is_good(property, value))
        return false;
    g_free(device->properties[property]);
    device->properties[property] = text_clean(value);
    if (property == IGRS_PROPERTY_UUID)
        g_clear_pointer(&device->id, g_free);
    return true;
}

static HostedService *
find_service(const IgrsDevice *device, uint32_t id)
{
    for (guint i = 0; i < device->services->len; i++) {
        HostedService *hosted = g_ptr_array_index(device->services, i);
        if (hosted_service_tables(hosted)->id == id)
            return hosted;
    }
    return NULL;
}

bool
igrs_device_add_service(IgrsDevice *device, const IgrsService *service, void *user_data)
{
    g_return_val_if_fail(device->node == NULL, false);
    g_return_val_if_fail(device->services->len < IGRS_SERVICES_MAX, false);
    g_return_val_if_fail(service->id != 0 && find_service(device, service->id) == NULL, false);
    HostedService *hosted = hosted_service_new(device, service, user_data);
    if (hosted == NULL)
        return false;
    g_ptr_array_add(device->services, hosted);
    return true;
}

/* A uuid of version 5 (RFC 4122, 4.3) over what stays: machine, type, name. Without a machine's id
 * (a bare container) a random one. */
static char *
make_uuid(const IgrsDevice *device)
{
    g_autofree char *machine = NULL, *text = NULL;
    uint8_t hash[20];
    gsize size = sizeof hash;

    if (!g_file_get_contents("/etc/machine-id", &machine, NULL, NULL) ||
        *g_strstrip(machine) == '\0')
        return g_uuid_string_random();
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    text = g_strconcat("libigrs|", machine, "|", device->type, "|", device->name, NULL);
    g_checksum_update(sum, (const guchar *)text, -1);
    g_checksum_get_digest(sum, hash, &size);
    hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x50);
    hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80);
    g_autoptr(GString) uuid = g_string_sized_new(36);
    for (guint i = 0; i < 16; i++)
        g_string_append_printf(uuid, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                               hash[i]);
    return g_string_free(g_steal_pointer(&uuid), FALSE);
}

const char *
igrs_device_id(IgrsDevice *device)
{
    if (device->id == NULL) {
        g_autofree char *made = NULL;
        const char *uuid = device->properties[IGRS_PROPERTY_UUID];
        if (uuid == NULL)
            uuid = made = make_uuid(device);
        device->id = igrs_device_id_new(uuid);
    }
    return device->id;
}

/* -- On the network ---------------------------------------------------------------------------- */

/* NULL with error: a file cannot be read, or one of the two is not named. */
static char *
read_property(const IgrsDevice *device, IgrsProperty property, GError **error)
{
    const char *path = device->properties[property];
    char *text = NULL;

    if (path == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "a certificate goes with its key");
    else
        g_file_get_contents(path, &text, NULL, error);
    return text;
}

/* Both of them, or neither. */
static bool
read_certificate(const IgrsDevice *device, char **certificate, char **key, GError **error)
{
    if (device->properties[IGRS_PROPERTY_CERTIFICATE] == NULL &&
        device->properties[IGRS_PROPERTY_CERTIFICATE_KEY] == NULL)
        return true;
    *certificate = read_property(device, IGRS_PROPERTY_CERTIFICATE, error);
    *key = *certificate != NULL ? read_property(device, IGRS_PROPERTY_CERTIFICATE_KEY, error) : NULL;
    return *key != NULL;
}

static IgrsNode *
make_node(IgrsDevice *device, const char *certificate, const char *key)
{
    char *const *properties = device->properties;
    const char *types[] = { device->type, NULL };
    const char *manufacturer = properties[IGRS_PROPERTY_MANUFACTURER];
    const char *model_name = properties[IGRS_PROPERTY_MODEL_NAME];
    IgrsNodeOptions options = {
        .uuid = igrs_device_id_uuid(igrs_device_id(device)),
        .name = device->name,
        .types = types,
        .manufacturer = manufacturer != NULL ? manufacturer : "",
        .model_name = model_name != NULL ? model_name : device->type,
        .model_number = properties[IGRS_PROPERTY_MODEL_NUMBER],
        .model_description = properties[IGRS_PROPERTY_MODEL_DESCRIPTION],
        .software = SOFTWARE,
        .port = port_of(device, IGRS_PROPERTY_PORT, IGRS_PORT),
        .discovery_port = port_of(device, IGRS_PROPERTY_DISCOVERY_PORT, 0),
        .refuses_open = g_strcmp0(properties[IGRS_PROPERTY_PAIRED_ONLY], "1") == 0,
        .keys_folder = properties[IGRS_PROPERTY_KEYS_FOLDER],
        .groups_file = properties[IGRS_PROPERTY_GROUPS_FILE],
        .certificate = certificate,
        .certificate_key = key,
        .clock = device->clock,
        .interfaces = device->interfaces,
    };
    IgrsNode *node = igrs_node_new(&options);

    for (guint i = 0; i < device->services->len; i++) {
        HostedService *hosted = g_ptr_array_index(device->services, i);
        const IgrsService *tables = hosted_service_tables(hosted);
        igrs_node_add_service(node, tables->id, hosted_service_port(hosted),
                              tables->name != NULL ? tables->name : tables->type);
    }
    for (guint i = 0; i < device->with_token->len; i++)
        igrs_node_require_token(node, g_array_index(device->with_token, uint32_t, i));
    return node;
}

static NetInterfaces *
find_interfaces(const IgrsDevice *device, GError **error)
{
    const char *names = device->properties[IGRS_PROPERTY_INTERFACES];
    g_auto(GStrv) wanted = names != NULL ? g_strsplit_set(names, " ", -1) : NULL;

    return net_interfaces_new((const char *const *)wanted, error);
}

bool
igrs_device_start(IgrsDevice *device, char **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *certificate = NULL, *key = NULL;

    g_return_val_if_fail(device->node == NULL, false);
    if (!read_certificate(device, &certificate, &key, &problem))
        return tell(problem, error);
    device->interfaces = find_interfaces(device, &problem);
    if (device->interfaces == NULL)
        return tell(problem, error);
    device->clock = clock_new();
    device->node = make_node(device, certificate, key);
    if (igrs_node_start(device->node, &problem))
        return true;
    g_clear_pointer(&device->node, igrs_node_free);
    g_clear_pointer(&device->clock, clock_free);
    g_clear_pointer(&device->interfaces, net_interfaces_free);
    return tell(problem, error);
}

static void
on_stopped(gpointer user_data)
{
    IgrsDevice *device = user_data;

    if (device->stopped != NULL)
        device->stopped(device->stopped_data);
}

void
igrs_device_stop(IgrsDevice *device, void (*stopped)(void *user_data), void *user_data)
{
    g_return_if_fail(device->node != NULL);
    device->stopped = stopped;
    device->stopped_data = user_data;
    igrs_node_stop(device->node, on_stopped, device);
}

uint16_t
igrs_device_port(const IgrsDevice *device)
{
    return device->node != NULL ? igrs_node_port(device->node) : 0;
}

/* -- A loop of its own ------------------------------------------------------------------------- */

static gboolean
on_signal(gpointer user_data)
{
    igrs_device_quit(user_data);
    return G_SOURCE_CONTINUE;
}

static GSource *
watch_signal(IgrsDevice *device, int number)
{
    GSource *source = g_unix_signal_source_new(number);

    g_source_set_callback(source, on_signal, device, NULL);
    g_source_attach(source, g_main_context_get_thread_default());
    return source;
}

static void
unwatch(GSource *source)
{
    g_source_destroy(source);
    g_source_unref(source);
}

static void
leave_loop(void *user_data)
{
    g_main_loop_quit(((IgrsDevice *)user_data)->loop);
}

bool
igrs_device_run(IgrsDevice *device, char **error)
{
    if (!igrs_device_start(device, error))
        return false;
    GSource *interrupt = watch_signal(device, SIGINT), *terminate = watch_signal(device, SIGTERM);
    device->loop = g_main_loop_new(g_main_context_get_thread_default(), FALSE);
    g_main_loop_run(device->loop);
    g_clear_pointer(&device->loop, g_main_loop_unref);
    unwatch(interrupt);
    unwatch(terminate);
    return true;
}

void
igrs_device_quit(IgrsDevice *device)
{
    g_return_if_fail(device->loop != NULL);
    igrs_device_stop(device, leave_loop, device);
}

/* -- Values ------------------------------------------------------------------------------------ */

void
igrs_device_set(IgrsDevice *device, uint32_t service_id, const char *variable, const char *value)
{
    HostedService *hosted = find_service(device, service_id);

    g_return_if_fail(hosted != NULL && value != NULL);
    if (!hosted_service_set(hosted, variable, value))
        g_critical("%s has no %s", hosted_service_tables(hosted)->type, variable);
}

void
igrs_device_set_number(IgrsDevice *device, uint32_t service_id, const char *variable, int64_t value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    igrs_device_set(device, service_id, variable, text);
}

const char *
igrs_device_get(const IgrsDevice *device, uint32_t service_id, const char *variable)
{
    const HostedService *hosted = find_service(device, service_id);

    return hosted != NULL ? hosted_service_get(hosted, variable) : NULL;
}

int64_t
igrs_device_get_number(const IgrsDevice *device, uint32_t service_id, const char *variable)
{
    const char *text = igrs_device_get(device, service_id, variable);
    int64_t number = 0;

    if (text != NULL)
        text_to_i64(text, INT64_MIN, INT64_MAX, &number);
    return number;
}
