/* tester.c -- the test device meets the device under test and runs rules on it; see tester.h */
#include "validate/tester.h"

#include "base/error.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char *
random_id(void)
{
    g_autofree char *uuid = g_uuid_string_random();

    return g_strconcat(IGRS_URN_DEVICE_ID, uuid, NULL);
}

static void
heard_drop(gpointer data)
{
    heard_free(data);
}

void
tester_init(Tester *t, const char *interface)
{
    *t = (Tester){ .self = random_id(), .other = random_id(), .idle = random_id(),
                   .paired = random_id(), .sequence = g_random_int_range(1, 1 << 30), .listener = -1, .mouth = -1,
                   .ear = -1, .slow_head = -1, .slow_body = -1,
                   .interface_index = interface != NULL ? if_nametoindex(interface) : 0 };
    t->speaker = t->self;
    t->requests = g_ptr_array_new_with_free_func(heard_drop);
    t->datagrams = g_ptr_array_new_with_free_func(heard_drop);
    t->kept = g_ptr_array_new_with_free_func(heard_drop);
}

static void
close_socket(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void
tester_clear(Tester *t)
{
    int *const sockets[] = { &t->listener, &t->mouth, &t->ear, &t->slow_head, &t->slow_body };
    char **const texts[] = { &t->id, &t->name, &t->location, &t->host, &t->service.type,
                             &t->evented.type, &t->self, &t->other, &t->idle, &t->address,
                             &t->own_location, &t->failure, &t->paired, &t->led, &t->peers };

    for (guint i = 0; i < G_N_ELEMENTS(sockets); i++)
        close_socket(sockets[i]);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_clear_pointer(&t->description, xml_document_free);
    g_clear_pointer(&t->requests, g_ptr_array_unref);
    g_clear_pointer(&t->datagrams, g_ptr_array_unref);
    g_clear_pointer(&t->kept, g_ptr_array_unref);
}

/* -- Meeting ----------------------------------------------------------------------------------- */

static bool
read_location(Tester *t, const char *location, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(location, G_URI_FLAGS_NONE, error);
    struct in_addr address;

    if (uri == NULL)
        return false;
    if (inet_pton(AF_INET, g_uri_get_host(uri), &address) != 1 || g_uri_get_port(uri) <= 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "%s: the address of a device is http://IPv4-address:port/IGRS", location);
        return false;
    }
    t->location = g_strdup(location);
    t->host = g_strdup(g_uri_get_host(uri));
    t->port = (uint16_t)g_uri_get_port(uri);
    return true;
}

static unsigned
interface_of(const char *address)
{
    struct ifaddrs *all = NULL;
    unsigned index = 0;

    if (getifaddrs(&all) != 0)
        return 0;
    for (const struct ifaddrs *one = all; one != NULL && index == 0; one = one->ifa_next) {
        char text[INET_ADDRSTRLEN] = "";
        if (one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET)
            inet_ntop(AF_INET, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, text, sizeof text);
        if (strcmp(text, address) == 0)
            index = if_nametoindex(one->ifa_name);
    }
    freeifaddrs(all);
    return index;
}

/* Our address as the device sees it, and a LOCATION there. */
static bool
settle_opposite(Tester *t, GError **error)
{
    int fd = wire_connect(t);
    struct sockaddr_in own = { 0 };
    socklen_t size = sizeof own;
    char text[INET_ADDRSTRLEN] = "";

    if (fd < 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "nobody answers at %s", t->location);
        return false;
    }
    getsockname(fd, (struct sockaddr *)&own, &size);
    close(fd);
    inet_ntop(AF_INET, &own.sin_addr, text, sizeof text);
    t->address = g_strdup(text);
    if (t->interface_index == 0)
        t->interface_index = interface_of(text);
    own.sin_port = 0;
    t->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(t->listener, (struct sockaddr *)&own, sizeof own);
    listen(t->listener, 64);
    getsockname(t->listener, (struct sockaddr *)&own, &size);
    t->own_location = g_strdup_printf("http://%s:%u" IGRS_PATH, text, ntohs(own.sin_port));
    return ether_open_mouth(t, error) && ether_open_ear(t, error);
}

static const struct {
    const char *name;
    unsigned need;
} service_needs[] = {
    { "AVContentDirectory", NEED_CONTENT },
    { "AVConnectionManager", NEED_CONNECTION },
    { "AVTransport", NEED_TRANSPORT | NEED_HTTP_MEDIA },
    { "AVRenderingControl", NEED_RENDERING },
    { "FileAccess", NEED_FILES },
    { "Handover", NEED_HANDOVER },
};

static void
note_service(Tester *t, const XmlNode *service)
{
    const char *id = xml_child_text(service, "serviceId");
    const char *type = xml_child_text(service, "serviceType");

    if (id == NULL || type == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(service_needs); i++) {
        g_autofree char *urn = g_strconcat(IGRS_URN_SERVICE_TYPE, service_needs[i].name, ":", NULL);
        if (g_str_has_prefix(type, urn))
            t->has |= service_needs[i].need;
    }
    if (t->service.id == 0)
        t->service = (TestedService){ (uint32_t)strtoul(id, NULL, 10), g_strdup(type) };
    if (t->service.id != 0)
        t->has |= NEED_SERVICE;
}

/* The first service whose WSDL has a notifiable attribute. */
static void
find_evented(Tester *t, const XmlNode *list)
{
    const XmlNode *service = list != NULL ? xml_first(list, "service") : NULL;

    for (; service != NULL && t->evented.id == 0; service = xml_next(service, "service")) {
        const char *id = xml_child_text(service, "serviceId");
        IgrsMessage *message = say(t, IGRS_GET_SERVICE_DESCRIPTION_REQUEST);
        message->service_id = id != NULL ? (uint32_t)strtoul(id, NULL, 10) : 0;
        uint32_t number = message->service_id;
        const Heard *reply = ask_message(t, message);
        if (reply->body != NULL && strstr(reply->body, "notifiable=\"true\"") != NULL) {
            t->evented = (TestedService){ number,
                                          g_strdup(xml_child_text(service, "serviceType")) };
            t->has |= NEED_EVENTED;
        }
    }
}

static bool
read_description(Tester *t, GError **error)
{
    g_autofree char *get = g_strdup_printf("GET " IGRS_PATH " HTTP/1.1\r\nHost: %s:%u\r\n\r\n",
                                           t->host, t->port);
    Heard *reply = wire_exchange(t, get, strlen(get));
    const char *udn, *name;

    t->description = g_steal_pointer(&reply->document);
    t->device = t->description != NULL ? find_element(xml_root(t->description), "device") : NULL;
    udn = t->device != NULL ? xml_child_text(t->device, "UDN") : NULL;
    name = t->device != NULL ? xml_child_text(t->device, "deviceName") : NULL;
    if (udn == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "%s does not describe an IGRS device",
                    t->location);
        return false;
    }
    t->id = g_strdup(udn);
    t->name = g_strdup(name != NULL ? name : "");
    return true;
}

static void
note_security(Tester *t)
{
    const XmlNode *list = xml_first(t->device, "deviceSecurityIdList");
    const XmlNode *id = list != NULL ? xml_first(list, "deviceSecurityId") : NULL;

    for (; id != NULL; id = xml_next(id, "deviceSecurityId"))
        if (igrs_urn_equal(xml_text(id), IGRS_PIPE_SECURITY_TLS) ||
            igrs_urn_equal(xml_text(id), IGRS_PIPE_SECURITY_TLS_PSK))
            t->has |= NEED_TLS;
}

bool
tester_meet(Tester *t, const char *location, GError **error)
{
    if (!read_location(t, location, error) || !settle_opposite(t, error) ||
        !read_description(t, error))
        return false;
    const XmlNode *list = xml_first(t->device, "serviceList");
    const XmlNode *service = list != NULL ? xml_first(list, "service") : NULL;
    for (; service != NULL; service = xml_next(service, "service"))
        note_service(t, service);
    note_security(t);
    open_pipe(t);
    find_evented(t, list);
    detach(t);
    g_clear_pointer(&t->failure, g_free); /* what is wrong here the rules will tell */
    return true;
}

/* -- Rules ------------------------------------------------------------------------------------- */

char *
tester_run(Tester *t, const Rule *rule)
{
    t->speaker = t->self;
    t->inside_port = 0;
    rule->run(t, rule);
    g_ptr_array_set_size(t->kept, 0);
    return g_steal_pointer(&t->failure);
}
