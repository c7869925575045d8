/* explorer.c -- an explorer of igrs.h: an IgrsClient that tells of devices in public words */
#include "libigrs/inside.h"

#include "wire/igrs-names.h"

struct IgrsExplorer {
    IgrsDevice *device; /* borrowed */
    IgrsClient *client;
    IgrsPeerFunc found; /* NULL: nobody listens */
    void *user_data;
    guint observer;
    guint first;        /* timer: tells of those that are known already; 0: told */
    GPtrArray *listeners; /* IgrsListener */
};

struct IgrsListener {
    IgrsExplorer *explorer; /* borrowed */
    IgrsSubscription *subscription;
    IgrsValueFunc heard;
    void *user_data;
};

/* -- Peers ------------------------------------------------------------------------------------- */

static const Device *
device_of(const IgrsPeer *peer)
{
    return (const Device *)peer;
}

const char *
igrs_peer_id(const IgrsPeer *peer)
{
    return device_of(peer)->id;
}

const char *
igrs_peer_type(const IgrsPeer *peer)
{
    return device_of(peer)->type;
}

const char *
igrs_peer_name(const IgrsPeer *peer)
{
    return device_of(peer)->name;
}

const char *
igrs_peer_location(const IgrsPeer *peer)
{
    return device_of(peer)->location;
}

const char *
igrs_peer_service(const IgrsPeer *peer, unsigned index)
{
    const GPtrArray *services = device_of(peer)->services;

    return index < services->len ? ((const DeviceService *)services->pdata[index])->type : NULL;
}

bool
igrs_peer_offers(const IgrsPeer *peer, const char *service)
{
    g_autofree char *wanted = igrs_service_type_new(service, 1);

    for (unsigned i = 0; igrs_peer_service(peer, i) != NULL; i++)
        if (igrs_type_matches(wanted, igrs_peer_service(peer, i)))
            return true;
    return false;
}

static void
on_device_event(gconstpointer data, gpointer user_data)
{
    static const IgrsPeerChange changes[] = {
        [IGRS_DEVICE_ONLINE] = IGRS_PEER_ONLINE,
        [IGRS_DEVICE_CHANGED] = IGRS_PEER_CHANGED,
        [IGRS_DEVICE_OFFLINE] = IGRS_PEER_OFFLINE,
    };
    const IgrsDeviceEvent *event = data;
    IgrsExplorer *explorer = user_data;

    if (explorer->first == 0) /* before that, the first round tells of it */
        explorer->found((const IgrsPeer *)event->device, changes[event->change],
                        explorer->user_data);
}

/* found may not free the explorer while the round goes on; it may from any later event. */
static void
tell_first(gpointer user_data)
{
    IgrsExplorer *explorer = user_data;
    g_autoptr(GPtrArray) devices = igrs_node_devices(explorer->device->node);

    explorer->first = 0;
    for (guint i = 0; i < devices->len; i++)
        explorer->found(g_ptr_array_index(devices, i), IGRS_PEER_ONLINE, explorer->user_data);
}

IgrsExplorer *
igrs_explorer_new(IgrsDevice *device, IgrsPeerFunc found, void *user_data)
{
    g_return_val_if_fail(device->node != NULL, NULL);
    IgrsExplorer *explorer = g_new0(IgrsExplorer, 1);
    explorer->device = device;
    explorer->client = igrs_client_new(device->node);
    explorer->found = found;
    explorer->user_data = user_data;
    explorer->listeners = g_ptr_array_new();
    if (found != NULL) {
        explorer->observer =
            observers_add(igrs_node_observers(device->node), on_device_event, explorer);
        explorer->first = clock_after(device->clock, 0, tell_first, explorer);
    }
    return explorer;
}

void
igrs_explorer_free(IgrsExplorer *explorer)
{
    if (explorer == NULL)
        return;
    observers_remove(igrs_node_observers(explorer->device->node), explorer->observer);
    clock_cancel(explorer->device->clock, &explorer->first);
    while (explorer->listeners->len > 0)
        igrs_listener_free(g_ptr_array_index(explorer->listeners, 0));
    igrs_client_free(explorer->client);
    g_ptr_array_unref(explorer->listeners);
    g_free(explorer);
}

IgrsClient *
explorer_client(const IgrsExplorer *explorer)
{
    return explorer->client;
}

void
igrs_explorer_search(IgrsExplorer *explorer)
{
    igrs_node_search(explorer->device->node);
}

/* -- Invocations ------------------------------------------------------------------------------- */

struct IgrsReply {
    const SoapCall *answer; /* NULL: it failed */
    int code;
    const char *reason;
};

typedef struct {
    IgrsReplyFunc replied;
    void *user_data;
} Question;

static void
on_answered(const SoapCall *answer, const GError *error, gpointer user_data)
{
    g_autofree Question *question = user_data;
    IgrsReply reply = { answer, IGRS_OK, "" };

    if (error != NULL)
        reply = (IgrsReply){ NULL, code_of(error), error->message };
    if (question->replied != NULL)
        question->replied(&reply, question->user_data);
}

void
igrs_explorer_invoke(IgrsExplorer *explorer, const char *device_id, const char *service,
                     const char *action, const char *const *arguments, unsigned timeout_ms,
                     IgrsReplyFunc replied, void *user_data)
{
    SoapCall *call = soap_call_new(NULL, action);
    Question *question = g_new(Question, 1);

    for (guint i = 0; arguments != NULL && arguments[i] != NULL && arguments[i + 1] != NULL; i += 2)
        soap_call_add(call, arguments[i], arguments[i + 1]);
    *question = (Question){ replied, user_data };
    igrs_client_invoke(explorer->client, device_id, service, call, timeout_ms, NULL, on_answered,
                       question);
}

int
igrs_reply_code(const IgrsReply *reply)
{
    return reply->code;
}

const char *
igrs_reply_reason(const IgrsReply *reply)
{
    return reply->reason;
}

const char *
igrs_reply_get(const IgrsReply *reply, const char *name)
{
    return reply->answer != NULL ? soap_call_value(reply->answer, name) : NULL;
}

/* -- Listeners --------------------------------------------------------------------------------- */

static void
on_notified(const char *name, const char *value, gpointer user_data)
{
    IgrsListener *listener = user_data;

    listener->heard(name, value, listener->user_data);
}

IgrsListener *
igrs_explorer_listen(IgrsExplorer *explorer, const char *device_id, const char *service,
                    IgrsValueFunc heard, void *user_data)
{
    IgrsListener *listener = g_new0(IgrsListener, 1);

    *listener = (IgrsListener){ .explorer = explorer, .heard = heard, .user_data = user_data };
    g_ptr_array_add(explorer->listeners, listener);
    listener->subscription =
        igrs_client_subscribe(explorer->client, device_id, service, on_notified, listener);
    return listener;
}

void
igrs_listener_free(IgrsListener *listener)
{
    if (listener == NULL)
        return;
    g_ptr_array_remove(listener->explorer->listeners, listener);
    igrs_subscription_free(listener->subscription);
    g_free(listener);
}
