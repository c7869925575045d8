/* courier.c -- see courier.h */
#include "igrs/courier.h"

#include "base/error.h"
#include "net/http-client.h"

struct IgrsCourier {
    HttpClient *client;
    char *device_id;
    uint32_t sequence_id; /* the last one used */
    IgrsSealFor seal_for; /* NULL: nothing is signed */
    gpointer seal_data;
    IgrsPlaceFor place_for; /* NULL: every message goes to the location named */
    gpointer place_data;
};

typedef struct {
    IgrsMessageType type;
    uint32_t sequence_id;
    IgrsSeal *seal; /* that it was signed with; NULL: none */
    IgrsReplied replied;
    IgrsFetched fetched;
    gpointer user_data;
} Errand;

IgrsCourier *
igrs_courier_new(const char *device_id, const char *software)
{
    IgrsCourier *courier = g_new0(IgrsCourier, 1);

    courier->client = http_client_new(software);
    courier->device_id = g_strdup(device_id);
    /* Peers drop copies: two lives must not count alike. In the lower half, because the window of a
     * seal does not turn over. */
    courier->sequence_id = g_random_int() >> 1;
    return courier;
}

void
igrs_courier_free(IgrsCourier *courier)
{
    if (courier == NULL)
        return;
    http_client_free(courier->client);
    g_free(courier->device_id);
    g_free(courier);
}

void
igrs_courier_set_seals(IgrsCourier *courier, IgrsSealFor seal_for, gpointer user_data)
{
    courier->seal_for = seal_for;
    courier->seal_data = user_data;
}

void
igrs_courier_set_places(IgrsCourier *courier, IgrsPlaceFor place_for, gpointer user_data)
{
    courier->place_for = place_for;
    courier->place_data = user_data;
}

uint32_t
igrs_courier_sequence(IgrsCourier *courier)
{
    if (++courier->sequence_id == 0)
        ++courier->sequence_id;
    return courier->sequence_id;
}

/* Whoever lost the pipe, or doubts our signature, cannot sign that he does; anybody may say so, and
 * the pipe is then made anew. */
static bool
check_seal(const Errand *errand, IgrsMessage *reply, GBytes *body, GError **error)
{
    if (errand->seal == NULL || igrs_seal_is_signed(errand->seal, reply, body))
        return true;
    if (reply->signature == NULL &&
        (reply->return_code == IGRS_UNAUTHORISED || reply->return_code == IGRS_TOO_MANY ||
         reply->return_code == IGRS_NO_PIPE)) {
        reply->return_code = IGRS_NO_PIPE;
        return true;
    }
    g_set_error(error, DUO_ERROR, DUO_ERROR_DENIED, "%s is not signed as it has to be",
                igrs_message_name(reply->type));
    return false;
}

static IgrsMessage *
read_reply(const HttpReply *http, const Errand *errand, GError **error)
{
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(IgrsMessage) reply = NULL;
    GBytes *body = http_reply_body(http);

    http_reply_each_head(http, http_heads_collect, heads);
    reply = igrs_message_decode(heads, g_bytes_get_data(body, NULL), g_bytes_get_size(body),
                                IGRS_BY_REPLY, error);
    if (reply == NULL)
        return NULL;
    if (reply->flaw != NULL || reply->type != igrs_message_answer(errand->type) ||
        reply->acknowledge_id != errand->sequence_id) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s was answered by %s: %s",
                    igrs_message_name(errand->type), igrs_message_name(reply->type),
                    reply->flaw != NULL ? reply->flaw : "not the answer to this message");
        return NULL;
    }
    return check_seal(errand, reply, body, error) ? g_steal_pointer(&reply) : NULL;
}

static bool
check_status(const HttpReply *http, GError **error)
{
    if (http_reply_status(http) == 200)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "the device answered HTTP %u",
                http_reply_status(http));
    return false;
}

static void
on_replied(const HttpReply *http, const GError *http_error, gpointer user_data)
{
    g_autofree Errand *errand = user_data;
    g_autoptr(IgrsSeal) seal = errand->seal;
    g_autoptr(IgrsMessage) reply = NULL;
    g_autoptr(GError) error = NULL;

    if (http == NULL)
        error = g_error_copy(http_error);
    else if (check_status(http, &error) && igrs_message_role(errand->type) == IGRS_REQUEST)
        reply = read_reply(http, errand, &error);
    if (error != NULL && error->domain == IGRS_MESSAGE_ERROR) {
        error->domain = DUO_ERROR;
        error->code = DUO_ERROR_INVALID;
    }
    errand->replied(reply, error, errand->user_data);
}

void
igrs_courier_send(IgrsCourier *courier, const char *location, IgrsMessage *message,
                  unsigned timeout_ms, GCancellable *cancellable, IgrsReplied replied,
                  gpointer user_data)
{
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GBytes) body = NULL;
    Errand *errand = g_new0(Errand, 1);

    g_free(message->source_id);
    message->source_id = g_strdup(courier->device_id);
    message->sequence_id = igrs_courier_sequence(courier);
    *errand = (Errand){ .type = message->type, .sequence_id = message->sequence_id,
                        .replied = replied, .user_data = user_data };
    body = igrs_message_encode_body(message);
    if (courier->seal_for != NULL)
        errand->seal = courier->seal_for(message, courier->seal_data);
    if (errand->seal != NULL) {
        igrs_seal_ref(errand->seal);
        igrs_seal_sign(errand->seal, message, body);
    }
    igrs_message_encode_heads(message, heads);
    const IgrsPlace *place =
        courier->place_for != NULL ? courier->place_for(message, courier->place_data) : NULL;
    HttpRequest request = { .method = IGRS_METHOD,
                            .url = place != NULL ? place->location : location,
                            .fingerprint = place != NULL ? place->certificate.octets : NULL,
                            .heads = heads->items,
                            .mime = body != NULL ? IGRS_MIME : NULL, .body = body,
                            .timeout_ms = timeout_ms != 0 ? timeout_ms : IGRS_TIMEOUT_MS };
    http_client_send(courier->client, &request, cancellable, on_replied, errand);
}

static void
on_fetched(const HttpReply *http, const GError *http_error, gpointer user_data)
{
    g_autofree Errand *errand = user_data;
    g_autoptr(GError) error = http_error != NULL ? g_error_copy(http_error) : NULL;
    bool is_ok = http != NULL && check_status(http, &error);

    errand->fetched(is_ok ? http_reply_body(http) : NULL, error, errand->user_data);
}

void
igrs_courier_fetch(IgrsCourier *courier, const char *location, IgrsFetched fetched,
                   gpointer user_data)
{
    Errand *errand = g_new0(Errand, 1);
    HttpRequest request = { .method = "GET", .url = location, .timeout_ms = IGRS_FETCH_MS,
                            .body_max = IGRS_DESCRIPTION_MAX };

    *errand = (Errand){ .fetched = fetched, .user_data = user_data };
    http_client_send(courier->client, &request, NULL, on_fetched, errand);
}
