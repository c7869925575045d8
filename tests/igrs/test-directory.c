/* test-directory.c -- what a device is asked of others, by another real device */
#include "tests/igrs/two-nodes.h"

#include "igrs/node.h"

#include <string.h>

#define ABSENT_ID IGRS_URN_DEVICE_ID "11111111-2222-4333-8444-555555555555"
#define FILES IGRS_URN_SERVICE_TYPE "FileAccess:1"

static IgrsMessage *
registration(IgrsMessageType type, const char *device_id)
{
    IgrsMessage *message = igrs_message_new(type);

    igrs_message_add_service(message, device_id, 5, FILES, "Files");
    return message;
}

static const struct {
    const char *type; /* asked for */
    guint devices;    /* the lamp, and the remote that it sees */
} device_searches[] = {
    { NULL, 2 },
    { IGRS_URN_DEVICE_TYPE "Lamp:1", 1 },
    { IGRS_URN_DEVICE_TYPE "MediaController:1", 1 },
    { IGRS_URN_DEVICE_TYPE "MediaController:2", 0 },
};

static void
test_devices(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    for (guint i = 0; i < G_N_ELEMENTS(device_searches); i++) {
        g_autoptr(IgrsMessage) answer = NULL;
        IgrsMessage *question = igrs_message_new(IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE);
        question->device_type = g_strdup(device_searches[i].type);
        g_assert_cmpuint(two_nodes_ask(two, question, &answer), ==, IGRS_OK);
        g_assert_cmpuint(answer->devices->len, ==, device_searches[i].devices);
    }
}

/* Registered services are listed after those of the device, until they or the pipe end. */
static const struct {
    IgrsMessageType type; /* of a registration; IGRS_NO_MESSAGE: the pipe ends */
    const char *device_id;
    guint all, files;
} registrations[] = {
    { IGRS_REGISTER_SERVICE_NOTIFY, ABSENT_ID, 1, 0 }, /* not the sender's: dropped */
    { IGRS_REGISTER_SERVICE_NOTIFY, REMOTE_ID, 2, 1 },
    { IGRS_REGISTER_SERVICE_NOTIFY, REMOTE_ID, 2, 1 },
    { IGRS_UNREGISTER_SERVICE_NOTIFY, ABSENT_ID, 2, 1 },
    { IGRS_UNREGISTER_SERVICE_NOTIFY, REMOTE_ID, 1, 0 },
    { IGRS_REGISTER_SERVICE_NOTIFY, REMOTE_ID, 2, 1 },
    { IGRS_NO_MESSAGE, NULL, 1, 0 },
};

static guint
count_services(TwoNodes *two, const char *type)
{
    g_autoptr(IgrsMessage) answer = NULL;
    IgrsMessage *question = igrs_message_new(IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE);

    question->service_type = g_strdup(type);
    g_assert_cmpuint(two_nodes_ask(two, question, &answer), ==, IGRS_OK);
    return answer->services->len;
}

static void
test_services(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    g_assert_cmpuint(count_services(two, NULL), ==, 1);
    for (guint i = 0; i < G_N_ELEMENTS(registrations); i++) {
        if (registrations[i].type == IGRS_NO_MESSAGE)
            igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_DETACH_NOTIFY);
        else
            two_nodes_ask(two, registration(registrations[i].type, registrations[i].device_id),
                          NULL);
        g_assert_cmpuint(count_services(two, NULL), ==, registrations[i].all);
        g_assert_cmpuint(count_services(two, FILES), ==, registrations[i].files);
    }
}

/* -- News -------------------------------------------------------------------------------------- */

static IgrsMessage *
subscription(IgrsMessageType type, const char *location, uint32_t id)
{
    IgrsMessage *message = igrs_message_new(type);

    message->location = g_strdup(location);
    message->subscription_id = id;
    return message;
}

static const struct {
    IgrsMessageType type;
    const char *location;
    uint32_t code;
} refused[] = {
    { IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST, NULL, IGRS_DENIED },
    { IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST, "http://10.66.66.66:80/IGRS", IGRS_DENIED },
    { IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST, "http://example.org/IGRS", IGRS_DENIED },
    { IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST, "http://127.0.0.1:9/IGRS", IGRS_OK },
    { IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST, "http://127.0.0.1:9/IGRS",
      IGRS_NO_SUBSCRIPTION },
    { IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST, "http://127.0.0.1:9/IGRS",
      IGRS_NO_SUBSCRIPTION },
    { IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST, "http://10.66.66.66:80/IGRS", IGRS_DENIED },
};

static void
test_refused(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
        g_assert_cmpuint(
            two_nodes_ask(two, subscription(refused[i].type, refused[i].location, 1), NULL), ==,
            refused[i].code);
    g_assert_cmpuint(igrs_events_count(two->lamp->events), ==, 1);
}

typedef struct {
    IgrsWatch *watch;
    GString *news; /* e.g. "+5 " */
    bool is_active, has_news;
} Watcher;

static void
on_news(const IgrsWatchNews *news, gpointer user_data)
{
    Watcher *watcher = user_data;

    if (news == NULL) {
        watcher->is_active = igrs_watch_is_active(watcher->watch);
        return;
    }
    g_assert_nonnull(news->type);
    g_string_append_printf(watcher->news, "%s%s:%u ", news->is_online ? "+" : "-",
                           news->device_id + strlen(news->device_id) - 4, news->service_id);
    watcher->has_news = true;
}

static void
watch(TwoNodes *two, Watcher *watcher, bool is_of_services)
{
    *watcher = (Watcher){ .news = g_string_new(NULL) };
    watcher->watch =
        igrs_client_watch(two->client, LAMP_ID, is_of_services, NULL, on_news, watcher);
}

static void
assert_news(Watcher *watcher, const char *news)
{
    two_nodes_wait(&watcher->has_news);
    g_assert_cmpstr(watcher->news->str, ==, news);
    watcher->has_news = false;
}

/* A third device, which the lamp alone hears of. */
static Device *
third_device(const char *name)
{
    Device *device = device_new(ABSENT_ID);

    device->type = g_strdup(IGRS_URN_DEVICE_TYPE "TV:1");
    device->name = g_strdup(name);
    device->location = g_strdup("http://127.0.0.1:9/IGRS");
    if (strcmp(name, "TV") == 0)
        device_add_service(device, 3, IGRS_URN_SERVICE_TYPE "AVTransport:1", "Player");
    return device;
}

static void
third_is(TwoNodes *two, IgrsDeviceChange change, const char *name, const char *before)
{
    g_autoptr(Device) device = third_device(name);
    g_autoptr(Device) old = before != NULL ? third_device(before) : NULL;
    IgrsDeviceEvent event = { .change = change, .device = device, .before = old };

    observers_notify(igrs_node_observers(two->lamp), &event);
}

static void
test_watch(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Watcher devices, services;

    watch(two, &devices, false); /* before the device is known */
    watch(two, &services, true);
    two_nodes_wait(&devices.is_active);
    two_nodes_wait(&services.is_active);
    g_assert_cmpuint(igrs_events_count(two->lamp->events), ==, 2);
    third_is(two, IGRS_DEVICE_ONLINE, "TV", NULL);
    assert_news(&devices, "+5555:0 ");
    assert_news(&services, "+5555:3 ");
    third_is(two, IGRS_DEVICE_CHANGED, "TV that lost its player", "TV");
    assert_news(&services, "+5555:3 -5555:3 ");
    third_is(two, IGRS_DEVICE_CHANGED, "TV", "TV that lost its player");
    assert_news(&services, "+5555:3 -5555:3 +5555:3 ");
    third_is(two, IGRS_DEVICE_OFFLINE, "TV", NULL);
    assert_news(&devices, "+5555:0 -5555:0 ");
    assert_news(&services, "+5555:3 -5555:3 +5555:3 -5555:3 ");

    /* Lost on the other side: made anew. */
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_SILENT);
    g_assert_cmpuint(igrs_events_count(two->lamp->events), ==, 0);
    devices.is_active = services.is_active = false;
    two_nodes_wait(&devices.is_active);
    two_nodes_wait(&services.is_active);
    igrs_watch_free(devices.watch);
    igrs_watch_free(services.watch);
    WAIT_UNTIL(igrs_events_count(two->lamp->events) == 0);
    g_string_free(devices.news, TRUE);
    g_string_free(services.news, TRUE);
}

#define ADD(path, function) \
    g_test_add(path, TwoNodes, NULL, two_nodes_set_up, function, two_nodes_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/directory/devices", test_devices);
    ADD("/igrs/directory/services", test_services);
    ADD("/igrs/directory/refused", test_refused);
    ADD("/igrs/directory/watch", test_watch);
    return g_test_run();
}
