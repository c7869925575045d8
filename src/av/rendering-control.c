/* rendering-control.c -- RenderingControl:1 over the Screen port: volume, mute, presets
 *
 * The Screen port knows no picture controls, so brightness, contrast and their like, which are
 * optional (RenderingControl:1, 2.4), are not offered. */
#include "av/av.h"
#include "av/moderator.h"
#include "base/error.h"
#include "wire/last-change.h"

#include <string.h>

#define LAST_CHANGE_INTERVAL_MS 200 /* 2.2.25 */

/* RenderingControl:1, 2.4.33 */
enum { INVALID_NAME = 701, INVALID_INSTANCE = 702, INVALID_CHANNEL = 703 };

typedef struct {
    Service base;
    Screen *screen;     /* borrowed */
    int default_volume; /* of the preset FactoryDefaults: what the screen began with */
    Moderator moderator;
    char *told;
    guint observer;
} RenderingControl;

static void
on_done(Screen *screen, const GError *error, gpointer call)
{
    if (error == NULL)
        service_call_return(call);
    else
        service_call_fail_error(call, error);
}

static void
set_volume_to(RenderingControl *control, int volume, ServiceCall *call)
{
    ScreenCommand command = { .verb = SCREEN_VOLUME, .volume = volume };

    screen_command(control->screen, &command, NULL, on_done, call);
}

static void
set_mute_to(RenderingControl *control, bool is_muted, ScreenDone done, ServiceCall *call)
{
    ScreenCommand command = { .verb = SCREEN_MUTE, .is_muted = is_muted };

    screen_command(control->screen, &command, NULL, done, call);
}

static void
get_volume(RenderingControl *control, ServiceCall *call)
{
    service_call_put_number(call, "CurrentVolume", control->screen->status.volume);
    service_call_return(call);
}

static void
set_volume(RenderingControl *control, ServiceCall *call)
{
    set_volume_to(control, (int)service_call_number(call, "DesiredVolume"), call);
}

static void
get_mute(RenderingControl *control, ServiceCall *call)
{
    service_call_put_number(call, "CurrentMute", control->screen->status.is_muted);
    service_call_return(call);
}

static void
set_mute(RenderingControl *control, ServiceCall *call)
{
    set_mute_to(control, service_call_flag(call, "DesiredMute"), on_done, call);
}

static void
list_presets(RenderingControl *control, ServiceCall *call)
{
    service_call_put_text(call, "CurrentPresetNameList", "FactoryDefaults");
    service_call_return(call);
}

static void
ignore_done(Screen *screen, const GError *error, gpointer data)
{
    if (error != NULL)
        g_warning("%s: cannot unmute: %s", screen->name, error->message);
}

static void
select_preset(RenderingControl *control, ServiceCall *call)
{
    set_mute_to(control, false, ignore_done, NULL);
    set_volume_to(control, control->default_volume, call);
}

/* -- The table (RenderingControl:1, 2.2 and 2.4) ----------------------------------------------- */

static const struct {
    const char *action;
    void (*act)(RenderingControl *control, ServiceCall *call);
} acts[] = {
    { "ListPresets", list_presets }, { "SelectPreset", select_preset },
    { "GetVolume", get_volume },     { "SetVolume", set_volume },
    { "GetMute", get_mute },         { "SetMute", set_mute },
};

/* Every action of the service comes here first. */
static void
invoke(Service *service, ServiceCall *call)
{
    guint i = 0;

    if (service_call_number(call, "InstanceID") != 0) {
        service_call_fail(call, INVALID_INSTANCE, "there is no instance but 0");
        return;
    }
    while (strcmp(acts[i].action, service_call_action(call)->name) != 0)
        i++;
    acts[i].act((RenderingControl *)service, call);
}

static const char *const channels[] = { "Master", NULL };
static const char *const presets[] = { "FactoryDefaults", NULL };

static const ServiceVariable variables[] = {
    { .name = "LastChange", .type = SERVICE_STRING, .is_evented = true },
    { .name = "PresetNameList", .type = SERVICE_STRING },
    { .name = "Mute", .type = SERVICE_BOOLEAN },
    { .name = "Volume", .type = SERVICE_UI2, .min = 0, .max = 100, .step = 1 },
    { .name = "A_ARG_TYPE_Channel", .type = SERVICE_STRING, .allowed = channels,
      .refusal = INVALID_CHANNEL },
    { .name = "A_ARG_TYPE_InstanceID", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_PresetName", .type = SERVICE_STRING, .allowed = presets,
      .refusal = INVALID_NAME },
    { .name = NULL },
};

#define INSTANCE SERVICE_IN("InstanceID", "A_ARG_TYPE_InstanceID")
#define CHANNEL SERVICE_IN("Channel", "A_ARG_TYPE_Channel")

static const ServiceAction actions[] = {
    { "ListPresets", false, invoke,
      { INSTANCE, SERVICE_OUT("CurrentPresetNameList", "PresetNameList") } },
    { "SelectPreset", false, invoke,
      { INSTANCE, SERVICE_IN("PresetName", "A_ARG_TYPE_PresetName") } },
    { "GetMute", false, invoke, { INSTANCE, CHANNEL, SERVICE_OUT("CurrentMute", "Mute") } },
    { "SetMute", false, invoke, { INSTANCE, CHANNEL, SERVICE_IN("DesiredMute", "Mute") } },
    { "GetVolume", false, invoke, { INSTANCE, CHANNEL, SERVICE_OUT("CurrentVolume", "Volume") } },
    { "SetVolume", false, invoke, { INSTANCE, CHANNEL, SERVICE_IN("DesiredVolume", "Volume") } },
    { .name = NULL },
};

/* -- Changes ----------------------------------------------------------------------------------- */

static char *
last_change(const RenderingControl *control)
{
    char volume[16];

    g_snprintf(volume, sizeof volume, "%d", control->screen->status.volume);
    const LastChangeValue values[] = {
        { "PresetNameList", NULL, "FactoryDefaults" },
        { "Mute", "Master", control->screen->status.is_muted ? "1" : "0" },
        { "Volume", "Master", volume },
    };
    return last_change_encode(LAST_CHANGE_RENDERING, values, G_N_ELEMENTS(values));
}

static void
tell_change(gpointer data)
{
    RenderingControl *control = data;
    g_autofree char *now = last_change(control);

    if (g_strcmp0(now, control->told) == 0)
        return;
    g_free(control->told);
    control->told = g_steal_pointer(&now);
    observers_notify(control->base.observers, "LastChange");
}

static void
on_screen(gconstpointer event, gpointer data)
{
    moderator_poke(&((RenderingControl *)data)->moderator);
}

static char *
value(Service *service, const char *variable)
{
    return last_change((RenderingControl *)service);
}

static void
rendering_control_free(Service *service)
{
    RenderingControl *control = (RenderingControl *)service;

    observers_remove(control->screen->observers, control->observer);
    moderator_clear(&control->moderator);
    service_clear(service);
    g_free(control->told);
    g_free(control);
}

static const ServiceTable table = {
    .name = "AVRenderingControl",
    .version = 1,
    .variables = variables,
    .actions = actions,
    .value = value,
    .free = rendering_control_free,
};

Service *
rendering_control_new(Screen *screen, Clock *clock)
{
    RenderingControl *control = g_new0(RenderingControl, 1);

    service_init(&control->base, &table);
    control->screen = screen;
    control->default_volume = screen->status.volume;
    moderator_init(&control->moderator, clock, LAST_CHANGE_INTERVAL_MS, tell_change, control);
    control->observer = observers_add(screen->observers, on_screen, control);
    control->told = last_change(control);
    return &control->base;
}
