/* client-keys.c -- sessions handed from one client to another by a key (clause 10.5); see
 * client.h */
#include "base/error.h"
#include "igrs/node.h"

typedef struct {
    IgrsClient *client; /* borrowed: it answers before it goes */
    char *device;
    uint32_t service_id;
    IgrsKeyApplied applied; /* NULL: a session is taken over */
    IgrsSessionTaken taken;
    gpointer user_data;
} Handing;

static void
handing_free(Handing *handing)
{
    g_free(handing->device);
    g_free(handing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Handing, handing_free)

static IgrsSession
session_of(const Handing *handing)
{
    return (IgrsSession){ handing->device, handing->client->id, handing->service_id };
}

static void
finish(Handing *handing, const IgrsMessage *reply, const GError *error)
{
    if (handing->applied != NULL)
        handing->applied(reply != NULL ? reply->session_key_id : NULL, error, handing->user_data);
    else
        handing->taken(error, handing->user_data);
}

static void
on_answered(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    g_autoptr(Handing) handing = user_data;
    IgrsSession session = session_of(handing);
    g_autoptr(GError) problem = NULL;

    if (error == NULL && handing->applied != NULL && reply->session_key_id == NULL)
        problem = g_error_new(DUO_ERROR, DUO_ERROR_INVALID, "the device gave no key");
    else if (error == NULL && handing->applied == NULL)
        igrs_sessions_create(handing->client->sessions, &session, &problem);
    finish(handing, problem == NULL ? reply : NULL, error != NULL ? error : problem);
}

/* Takes handing over; token NULL: a key is asked for. */
static void
begin(Handing *handing, const char *device, const char *service, const char *token)
{
    IgrsClient *client = handing->client;
    IgrsMessage *message = igrs_message_new(token != NULL ? IGRS_TRANSFER_SESSION_KEY_REQUEST
                                                          : IGRS_APPLY_SESSION_KEY_REQUEST);

    handing->device = g_strdup(device);
    handing->service_id = igrs_client_service_id(client, device, service);
    message->client_id = client->id;
    message->service_id = handing->service_id;
    message->token = g_strdup(token);
    igrs_client_send(client, device, message, NULL, on_answered, handing);
}

void
igrs_client_apply_key(IgrsClient *client, const char *device, const char *service,
                      IgrsKeyApplied applied, gpointer user_data)
{
    Handing *handing = g_new(Handing, 1);

    *handing = (Handing){ .client = client, .applied = applied, .user_data = user_data };
    begin(handing, device, service, NULL);
}

void
igrs_client_take_session(IgrsClient *client, const char *device, const char *service,
                         const char *key, IgrsSessionTaken taken, gpointer user_data)
{
    Handing *handing = g_new(Handing, 1);

    *handing = (Handing){ .client = client, .taken = taken, .user_data = user_data };
    begin(handing, device, service, key);
}
