/* two-nodes.c -- see two-nodes.h */
#include "tests/igrs/two-nodes.h"

#include <string.h>

#define PATIENCE_S 10

static gboolean
on_out_of_patience(gpointer data)
{
    *(bool *)data = true;
    return G_SOURCE_REMOVE;
}

void
two_nodes_wait(const bool *what)
{
    bool is_over = false;
    guint timer = g_timeout_add_seconds(PATIENCE_S, on_out_of_patience, &is_over);

    while (!*what && !is_over)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(*what);
    g_source_remove(timer);
}

void
two_nodes_wait_events(TwoNodes *two, const char *events)
{
    bool is_over = false;
    guint timer = g_timeout_add_seconds(PATIENCE_S, on_out_of_patience, &is_over);

    while (strcmp(two->events->str, events) != 0 && !is_over)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(two->events->str, ==, events);
    g_source_remove(timer);
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
}

char *
two_nodes_lamp_location(TwoNodes *two)
{
    return g_strdup_printf("http://127.0.0.1:%u" IGRS_PATH, igrs_node_port(two->lamp));
}

void
two_nodes_meet(TwoNodes *two)
{
    bool is_over = false;
    guint timer = g_timeout_add_seconds(PATIENCE_S, on_out_of_patience, &is_over);

    while ((igrs_node_find_device(two->remote, LAMP_ID) == NULL ||
            igrs_node_find_device(two->lamp, REMOTE_ID) == NULL) && !is_over)
        g_main_context_iteration(NULL, TRUE);
    g_assert_false(is_over);
    g_source_remove(timer);
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
