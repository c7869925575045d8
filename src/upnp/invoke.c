/* invoke.c -- see invoke.h */
#include "upnp/invoke.h"

#include "base/error.h"

#define TIMEOUT_MS (15 * 1000) /* sets that wake their tuner take ten */
#define ANSWER_SIZE_MAX (512 * 1024)

typedef struct {
    SoapAnswered answered;
    gpointer user_data;
} Question;

/* A device's own refusal, or that nothing could be read. */
static GError *
refusal_of(const SoapFault *fault, const GError *reason, unsigned status)
{
    if (fault->code != 0)
        return g_error_new(SERVICE_ERROR, fault->code, "it refused with %d%s%s", fault->code,
                           fault->description != NULL ? ", " : "",
                           fault->description != NULL ? fault->description : "");
    if (status / 100 != 2)
        return g_error_new(DUO_ERROR, DUO_ERROR_INVALID, "it answered with HTTP status %u", status);
    return g_error_new(DUO_ERROR, DUO_ERROR_INVALID, "its answer cannot be read: %s",
                       reason != NULL ? reason->message : "a fault without a number");
}

static void
on_replied(const HttpReply *reply, const GError *error, gpointer user_data)
{
    g_autofree Question *question = user_data;
    g_auto(SoapFault) fault = { 0 };
    g_autoptr(GError) reason = NULL;

    if (reply == NULL) {
        question->answered(NULL, error, question->user_data);
        return;
    }
    GBytes *body = http_reply_body(reply);
    g_autoptr(SoapCall) answer =
        soap_decode(g_bytes_get_data(body, NULL), g_bytes_get_size(body), &fault, &reason);
    if (answer != NULL && http_reply_status(reply) / 100 == 2) {
        question->answered(answer, NULL, question->user_data);
        return;
    }
    g_autoptr(GError) refusal = refusal_of(&fault, reason, http_reply_status(reply));
    question->answered(NULL, refusal, question->user_data);
}

void
upnp_invoke(HttpClient *client, const UpnpRemoteService *service, SoapCall *call,
            GCancellable *cancellable, SoapAnswered answered, gpointer user_data)
{
    g_autofree char *head = g_strdup_printf("\"%s#%s\"", service->type, call->name);
    const HttpHead heads[] = { { "SOAPACTION", head }, { NULL, NULL } };
    Question *question = g_new(Question, 1);

    call->namespace = g_strdup(service->type);
    g_autoptr(GBytes) body = g_string_free_to_bytes(soap_encode(call));
    soap_call_free(call);
    *question = (Question){ answered, user_data };
    http_client_send(client,
                     &(HttpRequest){ .method = "POST", .url = service->control_url, .heads = heads,
                                     .mime = "text/xml; charset=\"utf-8\"", .body = body,
                                     .timeout_ms = TIMEOUT_MS, .body_max = ANSWER_SIZE_MAX },
                     cancellable, on_replied, question);
}
