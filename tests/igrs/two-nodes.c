/* two-nodes.c -- see two-nodes.h */
#include "tests/igrs/two-nodes.h"

#include <glib/gstdio.h>
#include <string.h>

void
two_nodes_wait(const bool *what)
{
    WAIT_UNTIL(*what);
}

void
two_nodes_wait_events(TwoNodes *two, const char *events)
{
    WAIT_UNTIL(strcmp(two->events->str, events) == 0);
}

static void
on_time(gpointer data)
{
    *(bool *)data = true;
}

void
two_nodes_run(TwoNodes *two, int64_t time_ms)
{
    bool is_over = false;

    clock_after(two->clock, time_ms, on_time, &is_over);
    two_nodes_wait(&is_over);
}

static IgrsNode *
make_node(TwoNodes *two, const char *uuid, const char *name, const char *type, const char *keys,
          const Certificate *certificate, const char *groups_file)
{
    const char *types[] = { type, NULL };
    IgrsNodeOptions options = { .uuid = uuid,
                                .name = name,
                                .types = types,
                                .manufacturer = "duoping",
                                .model_name = "Test",
                                .software = "test/1",
                                .clock = two->clock,
                                .interfaces = two->interfaces,
                                .groups_file = groups_file,
                                .keys_folder = keys,
                                .certificate =
                                    certificate != NULL ? certificate->certificate : NULL,
                                .certificate_key = certificate != NULL ? certificate->key : NULL,
                                .kept_services = two->kept_services,
                                .discovery_port = two->discovery_port };

    return igrs_node_new(&options);
}

static void
on_event(gconstpointer data, gpointer user_data)
{
    const IgrsDeviceEvent *event = data;

    if (strcmp(event->device->id, LAMP_ID) == 0)
        g_string_append_c(((TwoNodes *)user_data)->events, "ocf"[event->change]);
}

void
two_nodes_start_lamp(TwoNodes *two)
{
    g_autoptr(GError) error = NULL;

    two->lamp = make_node(two, LAMP_UUID, "Lamp in the hall", "Lamp", two->lamp_keys,
                          two->lamp_certificate, two->groups_file);
    if (two->host != NULL)
        two->host(two, two->lamp);
    else
        igrs_node_add_service(two->lamp, LAMP_SERVICE_ID, two->service, "Light");
    igrs_node_start(two->lamp, &error);
    g_assert_no_error(error);
}

void
two_nodes_start_remote(TwoNodes *two)
{
    g_autoptr(GError) error = NULL;

    two->remote =
        make_node(two, REMOTE_UUID, "Remote", "MediaController", two->remote_keys,
                  two->remote_certificate, NULL);
    observers_add(igrs_node_observers(two->remote), on_event, two);
    igrs_node_start(two->remote, &error);
    g_assert_no_error(error);
    two->client = igrs_client_new(two->remote);
}

void
two_nodes_set_up(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const loopback[] = { "lo", NULL };
    g_autoptr(GError) error = NULL;

    two->clock = clock_new();
    two->interfaces = net_interfaces_new(loopback, &error);
    g_assert_no_error(error);
    two->discovery_port = (uint16_t)g_random_int_range(20000, 60000);
    two->service = lamp_new();
    two->events = g_string_new(NULL);
    two_nodes_start_remote(two);
    two_nodes_start_lamp(two);
}

static void
remove_folder(char *folder)
{
    if (folder == NULL)
        return;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

void
two_nodes_tear_down(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    igrs_client_free(two->client);
    igrs_node_free(two->remote);
    igrs_node_free(two->lamp);
    service_free(two->service);
    net_interfaces_free(two->interfaces);
    clock_free(two->clock);
    g_string_free(two->events, TRUE);
    remove_folder(two->lamp_keys);
    remove_folder(two->remote_keys);
}

void
two_nodes_make_keys(TwoNodes *two)
{
    two->lamp_keys = g_dir_make_tmp("lamp-keys-XXXXXX", NULL);
    two->remote_keys = g_dir_make_tmp("remote-keys-XXXXXX", NULL);
}

static void
put_key(const char *folder, const char *uuid, const char *digits)
{
    g_autofree char *path = g_build_filename(folder, uuid, NULL);

    g_assert_true(g_file_set_contents_full(path, digits, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

void
two_nodes_put_keys(TwoNodes *two, const char *of_lamp, const char *of_remote)
{
    put_key(two->lamp_keys, REMOTE_UUID, of_lamp);
    put_key(two->remote_keys, LAMP_UUID, of_remote);
}

bool
two_nodes_is_sealed(IgrsNode *node, const char *peer)
{
    const IgrsMessage message = { .type = IGRS_DETACH_PIPE_NOTIFY, .target_id = (char *)peer };

    return igrs_security_seal_for(node->security, &message) != NULL;
}

char *
two_nodes_lamp_location(TwoNodes *two)
{
    return g_strdup_printf("http://127.0.0.1:%u" IGRS_PATH, igrs_node_port(two->lamp));
}

void
two_nodes_meet(TwoNodes *two)
{
    WAIT_UNTIL(igrs_node_find_device(two->remote, LAMP_ID) != NULL &&
               igrs_node_find_device(two->lamp, REMOTE_ID) != NULL);
}

typedef struct {
    bool is_there;
    uint32_t code;
    IgrsMessage *answer;
} Asked;

static void
on_asked(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    Asked *asked = user_data;

    g_assert_no_error(error);
    asked->is_there = true;
    asked->code = reply != NULL ? reply->return_code : IGRS_OK;
    if (reply == NULL)
        return;
    /* A reply is borrowed: it is sent once more through the codec. */
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GBytes) body = igrs_message_encode_body(reply);
    igrs_message_encode_heads(reply, heads);
    asked->answer = igrs_message_decode(heads, body != NULL ? g_bytes_get_data(body, NULL) : NULL,
                                        body != NULL ? g_bytes_get_size(body) : 0, IGRS_BY_REPLY,
                                        NULL);
}

static void
open_pipe(TwoNodes *two)
{
    bool is_open = false;

    while (!is_open) {
        igrs_pipes_event(two->remote->pipes, LAMP_ID, NULL, IGRS_PIPE_WANTED);
        g_main_context_iteration(NULL, TRUE);
        is_open = igrs_pipes_state(two->remote->pipes, LAMP_ID) == IGRS_PIPE_OPEN &&
                  igrs_pipes_state(two->lamp->pipes, REMOTE_ID) == IGRS_PIPE_OPEN;
        if (igrs_pipes_state(two->lamp->pipes, REMOTE_ID) == IGRS_PIPE_CLOSED &&
            igrs_pipes_state(two->remote->pipes, LAMP_ID) == IGRS_PIPE_OPEN)
            igrs_pipes_event(two->remote->pipes, LAMP_ID, NULL, IGRS_PIPE_UNKNOWN);
    }
}

uint32_t
two_nodes_ask(TwoNodes *two, IgrsMessage *message, IgrsMessage **answer)
{
    g_autofree char *location = two_nodes_lamp_location(two);
    g_autoptr(IgrsMessage) owned = message;
    Asked asked = { 0 };

    open_pipe(two);
    g_free(message->target_id);
    message->target_id = g_strdup(LAMP_ID);
    igrs_courier_send(two->remote->courier, location, message, 0, NULL, on_asked, &asked);
    two_nodes_wait(&asked.is_there);
    if (answer != NULL)
        *answer = g_steal_pointer(&asked.answer);
    igrs_message_free(asked.answer);
    return asked.code;
}

typedef struct {
    bool is_there;
    GError *error;
} Result;

static void
on_answered(const SoapCall *answer G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Result *result = user_data;

    result->is_there = true;
    result->error = error != NULL ? g_error_copy(error) : NULL;
}

bool
two_nodes_invoke(TwoNodes *two, SoapCall *call, GError **error)
{
    Result result = { 0 };

    igrs_client_invoke(two->client, LAMP_ID, "Lamp", call, 0, NULL, on_answered, &result);
    two_nodes_wait(&result.is_there);
    if (result.error != NULL)
        g_propagate_error(error, result.error);
    return result.error == NULL;
}

static bool
turn_on(TwoNodes *two, GError **error)
{
    SoapCall *call = soap_call_new(NULL, "SetPower");

    soap_call_add(call, "NewPower", "1");
    return two_nodes_invoke(two, call, error);
}

void
two_nodes_turn_on(TwoNodes *two)
{
    g_autoptr(GError) error = NULL;

    turn_on(two, &error);
    g_assert_no_error(error);
}

void
two_nodes_turn_on_fails(TwoNodes *two, DuoError code)
{
    g_autoptr(GError) error = NULL;

    turn_on(two, &error);
    g_assert_error(error, DUO_ERROR, (int)code);
}

static void
on_notified(const char *name, const char *value G_GNUC_UNUSED, gpointer user_data)
{
    if (name != NULL)
        *(bool *)user_data = true;
}

void
two_nodes_hear_events(TwoNodes *two)
{
    bool is_told = false;
    IgrsSubscription *subscription =
        igrs_client_subscribe(two->client, LAMP_ID, "Lamp", on_notified, &is_told);

    two_nodes_wait(&is_told);
    two_nodes_run(two, 200); /* all the first values are in */
    is_told = false;
    lamp_turn(two->service, 80);
    two_nodes_wait(&is_told);
    igrs_subscription_free(subscription);
}
