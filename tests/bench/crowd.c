/* crowd.c -- many IGRS devices in one program, and a newcomer that looks for them; by libigrs alone
 *
 *     tests/bench/crowd devices COUNT INTERFACE PREFIX    COUNT lamps, until it is ended
 *     tests/bench/crowd newcomer COUNT INTERFACE          how long until COUNT lamps are found
 *
 * PREFIX: 8 hexadecimal digits with which the DeviceIds of this program's lamps begin. The lamps
 * say "ready" when all are on the network; the newcomer prints the seconds, or how many it found
 * within a minute. */
#include <glib.h>
#include <igrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_S 60

static const IgrsVariable variables[] = {
    { .name = "Power", .type = IGRS_BOOLEAN, .is_notifiable = true },
    { .name = NULL },
};

static const IgrsAction actions[] = {
    { "SetPower", NULL, { IGRS_IN("NewPower", "Power") } },
    { "GetPower", NULL, { IGRS_OUT("CurrentPower", "Power") } },
    { .name = NULL },
};

static const IgrsService light = { 16, "Light", 1, "Light", variables, actions };

static G_GNUC_NORETURN void
give_up(const char *reason)
{
    fprintf(stderr, "crowd: %s\n", reason);
    exit(EXIT_FAILURE);
}

static IgrsDevice *
start(const char *type, const char *name, const char *interface, const char *uuid)
{
    IgrsDevice *device = igrs_device_new(type, name);
    char *error = NULL;

    igrs_device_set_property(device, IGRS_PROPERTY_UUID, uuid);
    igrs_device_set_property(device, IGRS_PROPERTY_INTERFACES, interface);
    igrs_device_set_property(device, IGRS_PROPERTY_PORT, "0");
    igrs_device_add_service(device, &light, NULL);
    if (!igrs_device_start(device, &error))
        give_up(error);
    return device;
}

static void
run_devices(guint count, const char *interface, const char *prefix)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);

    for (guint i = 0; i < count; i++) {
        g_autofree char *uuid = g_strdup_printf("%.8s-b43c-4000-8000-%012x", prefix, i);
        g_autofree char *name = g_strdup_printf("Lamp %s-%u", prefix, i);
        start("Lamp", name, interface, uuid);
    }
    puts("ready");
    fflush(stdout);
    g_main_loop_run(loop);
}

/* -- The newcomer ------------------------------------------------------------------------------ */

typedef struct {
    GMainLoop *loop;
    guint wanted, found;
} Search;

static void
on_peer(const IgrsPeer *peer, IgrsPeerChange change, void *user_data)
{
    Search *search = user_data;

    if (change != IGRS_PEER_ONLINE || strstr(igrs_peer_type(peer), ":Lamp:") == NULL)
        return;
    if (++search->found == search->wanted)
        g_main_loop_quit(search->loop);
}

static gboolean
on_too_late(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_REMOVE;
}

static void
run_newcomer(guint count, const char *interface)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autofree char *uuid = g_uuid_string_random();
    Search search = { loop, count, 0 };
    gint64 begun_us = g_get_monotonic_time();
    IgrsDevice *device = start("MediaController", "Newcomer", interface, uuid);
    IgrsExplorer *explorer = igrs_explorer_new(device, on_peer, &search);

    g_timeout_add_seconds(PATIENCE_S, on_too_late, loop);
    g_main_loop_run(loop);
    printf("{\"found\":%u,\"seconds\":%.2f}\n", search.found,
           (double)(g_get_monotonic_time() - begun_us) / G_USEC_PER_SEC);
    igrs_explorer_free(explorer);
    igrs_device_free(device);
}

int
main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "devices") == 0)
        run_devices((guint)atoi(argv[2]), argv[3], argv[4]);
    else if (argc == 4 && strcmp(argv[1], "newcomer") == 0)
        run_newcomer((guint)atoi(argv[2]), argv[3]);
    else
        give_up("devices COUNT INTERFACE PREFIX, or newcomer COUNT INTERFACE");
    return EXIT_SUCCESS;
}
