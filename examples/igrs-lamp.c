/* igrs-lamp.c -- a whole IGRS device: a lamp with a switch and a brightness
 *
 *     cc igrs-lamp.c $(pkg-config --cflags --libs igrs) -o igrs-lamp && ./igrs-lamp "Desk lamp"
 *
 * The others find it, read what it can do, switch it, and hear when it changes. A second argument
 * names a folder of pairing keys. What each line is for: docs/igrs/vendors.md. */
#include <igrs.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIGHT = 16 }; /* its ServiceId: 1 to 9 are taken by the profile */

/* What the lamp is, as others see it. The library keeps the values and tells who subscribed. */
static const IgrsVariable variables[] = {
    { .name = "Power", .type = IGRS_BOOLEAN, .is_notifiable = true },
    { .name = "Brightness", .type = IGRS_UI2, .initial = "50", .is_notifiable = true, .max = 100 },
    { .name = NULL },
};

/* The library refuses what is missing (402) or out of range (601); this is left for us to say. */
static void
set_brightness(IgrsCall *call, void *user_data)
{
    IgrsDevice *lamp = igrs_call_device(call);

    (void)user_data;
    if (!igrs_device_get_number(lamp, LIGHT, "Power")) {
        igrs_call_fail(call, 701, "the lamp is off");
        return;
    }
    igrs_device_set_number(lamp, LIGHT, "Brightness", igrs_call_number(call, "NewBrightness"));
    printf("brightness %s\n", igrs_device_get(lamp, LIGHT, "Brightness"));
    igrs_call_done(call);
}

static void
set_power(IgrsCall *call, void *user_data)
{
    (void)user_data;
    igrs_device_set(igrs_call_device(call), LIGHT, "Power", igrs_call_text(call, "NewPower"));
    printf("power %s\n", igrs_device_get(igrs_call_device(call), LIGHT, "Power"));
    igrs_call_done(call);
}

/* What the lamp does. Without a function of its own an action sets and answers its variables. */
static const IgrsAction actions[] = {
    { "SetPower", set_power, { IGRS_IN("NewPower", "Power") } },
    { "GetPower", NULL, { IGRS_OUT("CurrentPower", "Power") } },
    { "SetBrightness", set_brightness, { IGRS_IN("NewBrightness", "Brightness") } },
    { "GetBrightness", NULL, { IGRS_OUT("CurrentBrightness", "Brightness") } },
    { .name = NULL },
};

static const IgrsService light = { LIGHT, "Light", 1, "Light", variables, actions };

int
main(int argc, char **argv)
{
    IgrsDevice *lamp = igrs_device_new("Lamp", argc > 1 ? argv[1] : "Lamp");
    char *error = NULL;

    setvbuf(stdout, NULL, _IOLBF, 0);
    igrs_device_set_property(lamp, IGRS_PROPERTY_MANUFACTURER, "Example");
    if (argc > 2)
        igrs_device_set_property(lamp, IGRS_PROPERTY_KEYS_FOLDER, argv[2]);
    igrs_device_add_service(lamp, &light, NULL);
    printf("%s\n", igrs_device_id(lamp));
    bool is_well = igrs_device_run(lamp, &error);
    if (!is_well)
        fprintf(stderr, "igrs-lamp: %s\n", error);
    free(error);
    igrs_device_free(lamp);
    return is_well ? EXIT_SUCCESS : EXIT_FAILURE;
}
