/* client.c -- how soon an IGRS client of ours is in session, and how soon its invocations are
 * answered
 *
 *     tests/bench/client [TIMES] [INTERFACE]
 *
 * Finds a MediaServer on the interface (lo). TIMES times it opens a pipe, reads the description by
 * message, creates a session and detaches the pipe; then it invokes GetSystemUpdateID as many times
 * in one session, through an IgrsClient as programs do. Prints the percentiles as JSON. */
#include "igrs/node.h"

#include <stdio.h>
#include <stdlib.h>

#define UUID "6d0e8f3c-51f4-4c0e-9d53-0d7a3c1b2e4f"
#define DIRECTORY "AVContentDirectory"

typedef struct {
    GMainLoop *loop;
    IgrsNode *node;
    IgrsClient *client;
    char *device, *location; /* of the server */
    uint32_t service_id; /* of its AVContentDirectory */
    guint times;
    guint step; /* of entering: which message is under way */
    int64_t begun_us;
    GArray *entered, *invoked; /* double: milliseconds, each */
} Bench;

static G_GNUC_NORETURN void
give_up(const char *reason)
{
    fprintf(stderr, "client: %s\n", reason);
    exit(EXIT_FAILURE);
}

static void
note(GArray *array, int64_t begun_us)
{
    double ms = (double)(g_get_monotonic_time() - begun_us) / 1000;

    g_array_append_val(array, ms);
}

/* -- Entering: three messages and a farewell --------------------------------------------------- */

static const IgrsMessageType steps[] = {
    IGRS_CREATE_PIPE_REQUEST, IGRS_GET_DEVICE_DESCRIPTION_REQUEST, IGRS_CREATE_SESSION_REQUEST,
    IGRS_DETACH_PIPE_NOTIFY,
};

static void invoke(Bench *bench);
static void on_stepped(const IgrsMessage *reply, const GError *error, gpointer user_data);

static void
send_step(Bench *bench)
{
    g_autoptr(IgrsMessage) message = igrs_message_new(steps[bench->step]);

    if (bench->step == 0)
        bench->begun_us = g_get_monotonic_time();
    message->target_id = g_strdup(bench->device);
    message->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_NULL);
    message->client_id = 1;
    message->service_id = bench->service_id;
    igrs_courier_send(bench->node->courier, bench->location, message, 0, NULL, on_stepped, bench);
}

static void
on_stepped(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    Bench *bench = user_data;

    if (error != NULL)
        give_up(error->message);
    if (reply != NULL && reply->return_code != IGRS_OK)
        give_up("the server refuses a pipe or a session");
    if (steps[bench->step] == IGRS_CREATE_SESSION_REQUEST)
        note(bench->entered, bench->begun_us);
    bench->step = (bench->step + 1) % G_N_ELEMENTS(steps);
    if (bench->step == 0 && bench->entered->len == bench->times)
        invoke(bench);
    else
        send_step(bench);
}

/* -- Invoking ---------------------------------------------------------------------------------- */

static void
on_invoked(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Bench *bench = user_data;

    if (error != NULL)
        give_up(error->message);
    if (soap_call_value(answer, "Id") == NULL)
        give_up("GetSystemUpdateID answers nothing");
    note(bench->invoked, bench->begun_us);
    if (bench->invoked->len == bench->times)
        g_main_loop_quit(bench->loop);
    else
        invoke(bench);
}

static void
invoke(Bench *bench)
{
    bench->begun_us = g_get_monotonic_time();
    igrs_client_invoke(bench->client, bench->device, DIRECTORY,
                       soap_call_new(NULL, "GetSystemUpdateID"), 0, NULL, on_invoked, bench);
}

/* -- Finding, and what came of it -------------------------------------------------------------- */

static void
on_device(gconstpointer data, gpointer user_data)
{
    const IgrsDeviceEvent *event = data;
    Bench *bench = user_data;
    g_autofree char *type = igrs_service_type_new(DIRECTORY, 1);
    const DeviceService *service = device_find_service(event->device, type);

    if (bench->device != NULL || event->change == IGRS_DEVICE_OFFLINE || service == NULL)
        return;
    bench->service_id = service->id;
    bench->device = g_strdup(event->device->id);
    bench->location = g_strdup(event->device->location);
    send_step(bench);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
percentile(GArray *array, guint percent)
{
    g_array_sort(array, compare);
    return g_array_index(array, double, (array->len - 1) * percent / 100);
}

static gboolean
on_too_late(gpointer data G_GNUC_UNUSED)
{
    give_up("no MediaServer is found, or it stopped answering");
}

int
main(int argc, char **argv)
{
    static const char *const types[] = { "MediaController", NULL };
    const char *interfaces[] = { argc > 2 ? argv[2] : "lo", NULL };
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(Clock) clock = clock_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NetInterfaces) links = net_interfaces_new(interfaces, &error);
    Bench bench = { .loop = loop, .times = argc > 1 ? (guint)atoi(argv[1]) : 1000,
                    .entered = g_array_new(FALSE, FALSE, sizeof(double)),
                    .invoked = g_array_new(FALSE, FALSE, sizeof(double)) };
    IgrsNodeOptions options = { .uuid = UUID, .name = "Bench", .types = types, .clock = clock,
                                .manufacturer = "duoping", .model_name = "Bench",
                                .software = "bench/1", .interfaces = links };

    if (links == NULL)
        give_up(error->message);
    g_timeout_add_seconds(120, on_too_late, NULL);
    bench.node = igrs_node_new(&options);
    observers_add(igrs_node_observers(bench.node), on_device, &bench);
    if (!igrs_node_start(bench.node, &error))
        give_up(error->message);
    bench.client = igrs_client_new(bench.node);
    g_main_loop_run(loop);
    printf("{\"enter_p50_ms\":%.3f,\"enter_p99_ms\":%.3f,\"invoke_p50_ms\":%.3f,"
           "\"invoke_p99_ms\":%.3f}\n",
           percentile(bench.entered, 50), percentile(bench.entered, 99),
           percentile(bench.invoked, 50), percentile(bench.invoked, 99));
    igrs_client_free(bench.client);
    igrs_node_free(bench.node);
    g_free(bench.device);
    g_free(bench.location);
    g_array_unref(bench.entered);
    g_array_unref(bench.invoked);
    return EXIT_SUCCESS;
}
