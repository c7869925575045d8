/* test-explorer.c -- libigrs through its public header: a lamp and who switches it, on loopback */
#include "wait.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <igrs.h>
#include <stdlib.h>
#include <string.h>

enum { LIGHT = 16 };

typedef struct {
    IgrsDevice *lamp, *remote;
    IgrsExplorer *explorer;
    IgrsCall *waiting; /* lent by the lamp */
    GString *events;   /* of devices: o(nline), c(hanged), f (offline) */
    GString *values;   /* name=value, a line each */
    char *last;        /* code, reason and what was answered */
    char *keys;        /* a folder with one key for any; NULL: none */
} House;

/* The lamp has a key and wants it of others. */
typedef struct {
    bool remote_has_key;
    bool has_tls; /* and both have a certificate */
} Pairing;

static const char certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdDCCARugAwIBAgIUY71hvq+ciP6wBtjb1Xn1znhm0iwwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwETGFtcDAgFw0yNjExMjMwOTE5NDZaGA8yMTI2MTAzMDA5MTk0\n"
    "NlowDzENMAsGA1UEAwwETGFtcDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJ7h\n"
    "OFTQyWaIpTliSzQVCgtW9o7sNgAywzzMP98UTBhQrFzb6pZjecWv2VgPptvPdHP+\n"
    "DfnKeR8Lh7OESfP8/QCjUzBRMB0GA1UdDgQWBBRb7NfYlW6daUvw/osdcIhPMG/l\n"
    "SDAfBgNVHSMEGDAWgBRb7NfYlW6daUvw/osdcIhPMG/lSDAPBgNVHRMBAf8EBTAD\n"
    "AQH/MAoGCCqGSM49BAMCA0cAMEQCIE4X3nEq/1fb8JL2OxU9CpIE9oKCDOm4XdPD\n"
    "N7KOqsKmAiA3jZR8h08LDxQzWP+DSPmgH4NE6/XN3NUeZNKUzwKn7w==\n"
    "-----END CERTIFICATE-----\n";
static const char certificate_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdUAqFGae7nHm1U1x\n"
    "ihhU1SYqjvObaU+nss/TjXSzcWyhRANCAASe4ThU0MlmiKU5Yks0FQoLVvaO7DYA\n"
    "MsM8zD/fFEwYUKxc2+qWY3nFr9lYD6bbz3Rz/g35ynkfC4ezhEnz/P0A\n"
    "-----END PRIVATE KEY-----\n";

static const IgrsVariable variables[] = {
    { .name = "Power", .type = IGRS_BOOLEAN, .is_notifiable = true },
    { .name = "Brightness", .type = IGRS_UI2, .initial = "50", .is_notifiable = true, .max = 100 },
    { .name = "Scene", .allowed = (const char *const[]){ "day", "night", NULL }, .initial = "day" },
    { .name = NULL },
};

static void
fail_with_701(IgrsCall *call, void *user_data G_GNUC_UNUSED)
{
    igrs_call_fail(call, 701, "not \a now");
}

static void
twice(IgrsCall *call, void *user_data G_GNUC_UNUSED)
{
    g_assert_cmpstr(igrs_call_text(call, "In"), ==, "21");
    igrs_call_put_number(call, "Out", igrs_call_number(call, "In") * 2);
    igrs_call_put(call, "Words", "<&>");
    igrs_call_done(call);
}

static void
keep_waiting(IgrsCall *call, void *user_data)
{
    ((House *)user_data)->waiting = call;
}

static const IgrsAction actions[] = {
    { "SetPower", NULL, { IGRS_IN("NewPower", "Power") } },
    { "SetBrightness", NULL, { IGRS_IN("NewBrightness", "Brightness") } },
    { "SetScene", NULL, { IGRS_IN("NewScene", "Scene"), IGRS_OUT("Brightness", "Brightness") } },
    { "GetAll", NULL, { IGRS_OUT("Power", "Power"), IGRS_OUT("Brightness", "Brightness") } },
    { "Fail", fail_with_701, { { NULL, NULL, false } } },
    { "Twice", twice,
      { IGRS_IN("In", "Brightness"), IGRS_OUT("Out", "Brightness"), IGRS_OUT("Words", "Scene"),
        IGRS_OUT("Power", "Power") } },
    { "Wait", keep_waiting, { { NULL, NULL, false } } },
    { .name = NULL },
};

static const IgrsService light = { LIGHT, "Light", 1, "Light", variables, actions };

static void
on_peer(const IgrsPeer *peer, IgrsPeerChange change, void *user_data)
{
    House *house = user_data;

    if (strcmp(igrs_peer_name(peer), "Hall \"<lamp>\"") != 0)
        return;
    g_string_append_c(house->events, "ocf"[change]);
    g_assert_cmpstr(igrs_peer_id(peer), ==, igrs_device_id(house->lamp));
    g_assert_cmpstr(igrs_peer_type(peer), ==, "urn:IGRS:Device:DeviceType:Lamp:1");
    g_assert_cmpstr(igrs_peer_service(peer, 0), ==, "urn:IGRS:Service:ServiceType:Light:1");
    g_assert_null(igrs_peer_service(peer, 1));
    g_assert_true(igrs_peer_offers(peer, "Light"));
    g_assert_false(igrs_peer_offers(peer, "AVTransport"));
    g_assert_true(g_str_has_prefix(igrs_peer_location(peer), "http://127.0.0.1:"));
}

static IgrsDevice *
make_device(const char *type, const char *name, const char *port)
{
    IgrsDevice *device = igrs_device_new(type, name);

    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_INTERFACES, "lo"));
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_PORT, "0"));
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_DISCOVERY_PORT, port));
    return device;
}

static void
start(IgrsDevice *device)
{
    char *error = NULL;

    g_assert_cmpuint(igrs_device_port(device), ==, 0);
    bool is_well = igrs_device_start(device, &error);
    g_assert_cmpstr(error, ==, NULL);
    g_assert_true(is_well);
    g_assert_cmpuint(igrs_device_port(device), !=, 0);
}

static void
make_keys(House *house)
{
    g_autofree char *file = NULL;

    house->keys = g_dir_make_tmp("libigrs-XXXXXX", NULL);
    file = g_build_filename(house->keys, "any", NULL);
    g_assert_true(g_file_set_contents_full(
        file, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", -1,
        G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
set_file(House *house, IgrsProperty property, const char *name, const char *text)
{
    g_autofree char *file = g_build_filename(house->keys, name, NULL);

    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    g_assert_true(igrs_device_set_property(house->lamp, property, file));
    g_assert_true(igrs_device_set_property(house->remote, property, file));
}

static void
drop_keys(House *house)
{
    if (house->keys == NULL)
        return;
    g_autoptr(GDir) folder = g_dir_open(house->keys, 0, NULL);
    for (const char *name = g_dir_read_name(folder); name != NULL; name = g_dir_read_name(folder)) {
        g_autofree char *file = g_build_filename(house->keys, name, NULL);
        g_remove(file);
    }
    g_rmdir(house->keys);
    g_free(house->keys);
}

static void
set_up(House *house, gconstpointer data)
{
    const Pairing *pairing = data;
    g_autofree char *port = g_strdup_printf("%d", g_random_int_range(20000, 60000));

    house->events = g_string_new(NULL);
    house->values = g_string_new(NULL);
    house->lamp = make_device("Lamp", "Hall \"<lamp>\"", port);
    g_assert_true(igrs_device_add_service(house->lamp, &light, house));
    house->remote = make_device("MediaController", "Remote", port);
    if (pairing != NULL) {
        make_keys(house);
        g_assert_true(igrs_device_set_property(house->lamp, IGRS_PROPERTY_PAIRED_ONLY, "1"));
        igrs_device_set_property(house->lamp, IGRS_PROPERTY_KEYS_FOLDER, house->keys);
        if (pairing->remote_has_key)
            igrs_device_set_property(house->remote, IGRS_PROPERTY_KEYS_FOLDER, house->keys);
        if (pairing->has_tls) {
            set_file(house, IGRS_PROPERTY_CERTIFICATE, "lamp.crt", certificate);
            set_file(house, IGRS_PROPERTY_CERTIFICATE_KEY, "lamp.key", certificate_key);
        }
    }
    start(house->lamp);
    start(house->remote);
    house->explorer = igrs_explorer_new(house->remote, on_peer, house);
    WAIT_FOR(house->events->len == 1);
    g_assert_cmpstr(house->events->str, ==, "o");
}

static void
tear_down(House *house, gconstpointer data G_GNUC_UNUSED)
{
    igrs_explorer_free(house->explorer);
    igrs_device_free(house->remote);
    igrs_device_free(house->lamp);
    g_string_free(house->events, TRUE);
    g_string_free(house->values, TRUE);
    g_free(house->last);
    drop_keys(house);
}

static void
on_reply(const IgrsReply *reply, void *user_data)
{
    static const char *const names[] = { "Power", "Brightness", "Out", "Words" };
    House *house = user_data;
    GString *said = g_string_new(NULL);

    g_string_append_printf(said, "%d %s", igrs_reply_code(reply), igrs_reply_reason(reply));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (igrs_reply_get(reply, names[i]) != NULL)
            g_string_append_printf(said, "[%s %s]", names[i], igrs_reply_get(reply, names[i]));
    g_assert_null(house->last);
    house->last = g_string_free(said, FALSE);
}

static void
check_invoke(House *house, const char *action, const char *const *arguments, const char *wanted)
{
    g_clear_pointer(&house->last, g_free);
    igrs_explorer_invoke(house->explorer, igrs_device_id(house->lamp), "Light", action, arguments,
                         0, on_reply, house);
    g_assert_null(house->last);
    WAIT_FOR(house->last != NULL);
    g_assert_cmpstr(house->last, ==, wanted);
}

#define ARGUMENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_invoke(House *house, gconstpointer data G_GNUC_UNUSED)
{
    check_invoke(house, "GetAll", NULL, "200 [Power 0][Brightness 50]");
    check_invoke(house, "SetPower", ARGUMENTS("NewPower", "true"), "200 ");
    check_invoke(house, "SetScene", ARGUMENTS("NewScene", "night"), "200 [Brightness 50]");
    g_assert_cmpint(igrs_device_get_number(house->lamp, LIGHT, "Power"), ==, 1);
    g_assert_cmpstr(igrs_device_get(house->lamp, LIGHT, "Scene"), ==, "night");
    check_invoke(house, "Twice", ARGUMENTS("In", "21"), "200 [Power 1][Out 42][Words <&>]");
    check_invoke(house, "Fail", NULL, "701 not  now");

    check_invoke(house, "SetBrightness", ARGUMENTS("NewBrightness", "101"),
                 "601 SetBrightness: NewBrightness must be from 0 to 100");
    check_invoke(house, "SetScene", ARGUMENTS("NewScene", "dusk"),
                 "601 SetScene: NewScene may not be dusk");
    g_clear_pointer(&house->last, g_free);
    igrs_explorer_invoke(house->explorer, igrs_device_id(house->lamp), "Light", "SetPower", NULL, 0,
                         on_reply, house);
    WAIT_FOR(house->last != NULL);
    g_assert_true(g_str_has_prefix(house->last, "402 "));
    g_clear_pointer(&house->last, g_free);
    igrs_explorer_invoke(house->explorer, igrs_device_id(house->lamp), "AVTransport", "Play", NULL,
                         0, on_reply, house);
    WAIT_FOR(house->last != NULL);
    g_assert_true(g_str_has_prefix(house->last, "404 "));
    g_clear_pointer(&house->last, g_free);
    igrs_explorer_invoke(house->explorer,
                         "urn:IGRS:Device:DeviceId:11111111-2222-3333-4444-555555555555", "Light",
                         "GetAll", NULL, 0, on_reply, house);
    WAIT_FOR(house->last != NULL);
    g_assert_true(g_str_has_prefix(house->last, "404 "));
}

static void
on_value(const char *variable, const char *value, void *user_data)
{
    if (variable != NULL)
        g_string_append_printf(((House *)user_data)->values, "%s=%s ", variable, value);
}

static void
test_listen(House *house, gconstpointer data G_GNUC_UNUSED)
{
    IgrsListener *listener = igrs_explorer_listen(house->explorer, igrs_device_id(house->lamp),
                                                  "Light", on_value, house);

    WAIT_FOR(strstr(house->values->str, "Brightness=50 ") != NULL &&
             strstr(house->values->str, "Power=0 ") != NULL);
    g_string_truncate(house->values, 0);
    igrs_device_set_number(house->lamp, LIGHT, "Brightness", 70);
    WAIT_FOR(strcmp(house->values->str, "Brightness=70 ") == 0);
    g_string_truncate(house->values, 0);
    igrs_device_set(house->lamp, LIGHT, "Brightness", "70"); /* nothing new: nothing said */
    igrs_device_set(house->lamp, LIGHT, "Scene", "night");   /* not notifiable */
    igrs_device_set(house->lamp, LIGHT, "Power", "1");
    WAIT_FOR(house->values->len > 0);
    g_assert_cmpstr(house->values->str, ==, "Power=1 ");
    igrs_listener_free(listener);
    igrs_explorer_listen(house->explorer, igrs_device_id(house->lamp), "Light", on_value, house);
    /* goes with the explorer */
}

static const Pairing paired = { true, false }, stranger = { false, false }, inside = { true, true };

static void
test_paired(House *house, gconstpointer data)
{
    igrs_explorer_invoke(house->explorer, igrs_device_id(house->lamp), "Light", "GetAll", NULL, 0,
                         on_reply, house);
    WAIT_FOR(house->last != NULL);
    if (data != &stranger)
        g_assert_cmpstr(house->last, ==, "200 [Power 0][Brightness 50]");
    else
        g_assert_true(g_str_has_prefix(house->last, "40"));
}

/* Who asked for the pipe remembers what the lamp showed. */
static void
test_inside_tls(House *house, gconstpointer data)
{
    g_autofree char *file = g_build_filename(house->keys, ".certificates", NULL);
    g_autofree char *text = NULL;

    test_paired(house, data);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    g_assert_nonnull(strstr(igrs_device_id(house->lamp), strtok(text, " ")));
}

static void
test_half_a_certificate(void)
{
    IgrsDevice *device = make_device("Lamp", "Lamp", "20000");
    char *error = NULL;

    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_CERTIFICATE_KEY, "/nowhere"));
    g_assert_false(igrs_device_start(device, &error));
    g_assert_nonnull(strstr(error, "certificate"));
    free(error);
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_CERTIFICATE, "/nowhere"));
    g_assert_false(igrs_device_start(device, &error));
    g_assert_nonnull(strstr(error, "/nowhere"));
    free(error);
    igrs_device_free(device);
}

static void
on_stopped(void *user_data)
{
    *(bool *)user_data = true;
}

/* What waits when things end is ended, on both sides. */
static void
test_ends(House *house, gconstpointer data G_GNUC_UNUSED)
{
    bool is_stopped = false;

    igrs_explorer_invoke(house->explorer, igrs_device_id(house->lamp), "Light", "Wait", NULL, 0,
                         on_reply, house);
    WAIT_FOR(house->waiting != NULL);
    igrs_device_stop(house->lamp, on_stopped, &is_stopped);
    WAIT_FOR(strcmp(house->events->str, "of") == 0 && is_stopped);
    igrs_device_free(house->lamp);
    house->lamp = NULL;
    igrs_call_done(house->waiting); /* into the void */
    igrs_explorer_free(house->explorer);
    house->explorer = NULL;
    g_assert_nonnull(house->last);
}

/* What a program says wrong is told, and under test ends it. */
static const IgrsAction odd_actions[] = { { "Odd", NULL, { IGRS_IN("In", "NoSuchVariable") } },
                                          { .name = NULL } };
static const IgrsService no_id = { 0, "Light", 1, "Light", variables, actions };
static const IgrsService odd = { LIGHT, "Light", 1, "Light", variables, odd_actions };

static const struct {
    const IgrsService *service; /* added to a device that has the light */
    const char *variable;       /* set; NULL: none */
    const char *words;
} mistakes[] = {
    { &no_id, NULL, "*CRITICAL*" },
    { &odd, NULL, "*CRITICAL*" },
    { &light, NULL, "*CRITICAL*" }, /* the id is taken */
    { NULL, "Colour", "*Light has no Colour*" },
};

static void
test_mistake(gconstpointer data)
{
    guint i = GPOINTER_TO_UINT(data);

    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr(mistakes[i].words);
        return;
    }
    IgrsDevice *device = igrs_device_new("Lamp", "Lamp");
    igrs_device_add_service(device, &light, NULL);
    if (mistakes[i].service != NULL)
        igrs_device_add_service(device, mistakes[i].service, NULL);
    else
        igrs_device_set(device, LIGHT, mistakes[i].variable, "red");
}

static void
test_device(void)
{
    IgrsDevice *device = igrs_device_new("Lamp", "Lamp");

    g_assert_false(igrs_device_set_property(device, IGRS_PROPERTY_UUID, "not a uuid"));
    g_assert_false(igrs_device_set_property(device, IGRS_PROPERTY_PORT, "65536"));
    g_assert_false(igrs_device_set_property(device, IGRS_PROPERTY_PAIRED_ONLY, "yes"));
    g_assert_false(igrs_device_set_property(device, (IgrsProperty)99, "x"));
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_UUID,
                                           "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"));
    g_assert_cmpstr(igrs_device_id(device), ==,
                    "urn:IGRS:Device:DeviceId:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1");
    g_assert_true(igrs_device_add_service(device, &light, NULL));
    g_assert_null(igrs_device_get(device, LIGHT, "Colour"));
    g_assert_null(igrs_device_get(device, LIGHT + 1, "Power"));
    g_assert_cmpint(igrs_device_get_number(device, LIGHT, "Brightness"), ==, 50);
    igrs_device_free(device);

    /* the same device on the same machine is the same for ever */
    IgrsDevice *one = igrs_device_new("Lamp", "Lamp"), *two = igrs_device_new("Lamp", "Lamp");
    if (g_file_test("/etc/machine-id", G_FILE_TEST_EXISTS))
        g_assert_cmpstr(igrs_device_id(one), ==, igrs_device_id(two));
    igrs_device_free(one);
    igrs_device_free(two);
    igrs_device_free(NULL);
    igrs_explorer_free(NULL);
    igrs_listener_free(NULL);
    g_assert_true(g_ascii_isdigit(*igrs_version()));
}

/* A loop of its own, ended from within. */
static gboolean
quit(gpointer device)
{
    igrs_device_quit(device);
    return G_SOURCE_REMOVE;
}

static void
test_run(void)
{
    IgrsDevice *device = make_device("Lamp", "Lamp", "39999");
    char *error = NULL;

    g_timeout_add(10, quit, device);
    g_assert_true(igrs_device_run(device, &error));
    g_assert_null(error);
    igrs_device_free(device);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/libigrs/invoke", House, NULL, set_up, test_invoke, tear_down);
    g_test_add("/libigrs/listen", House, NULL, set_up, test_listen, tear_down);
    g_test_add("/libigrs/ends", House, NULL, set_up, test_ends, tear_down);
    g_test_add("/libigrs/paired", House, &paired, set_up, test_paired, tear_down);
    g_test_add("/libigrs/inside-tls", House, &inside, set_up, test_inside_tls, tear_down);
    g_test_add_func("/libigrs/half-a-certificate", test_half_a_certificate);
    g_test_add("/libigrs/stranger", House, &stranger, set_up, test_paired, tear_down);
    g_test_add_func("/libigrs/device", test_device);
    g_test_add_func("/libigrs/run", test_run);
    for (guint i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *path = g_strdup_printf("/libigrs/mistake/%u", i);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_mistake);
    }
    return g_test_run();
}
