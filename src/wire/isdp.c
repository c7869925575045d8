/* isdp.c -- see isdp.h */
#include "wire/isdp.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define MAX_AGE_MAX_S (7 * 24 * 60 * 60)

static IsdpKind
kind_of(IgrsMessageType type)
{
    switch (igrs_message_role(type)) {
    case IGRS_REQUEST:
        return ISDP_SEARCH;
    case IGRS_RESPONSE:
        return ISDP_RESPONSE;
    case IGRS_NOTIFY:
    case IGRS_ADVERTISEMENT:
        break;
    }
    return ISDP_NOTIFY;
}

static bool
says_goodbye(IgrsMessageType type)
{
    switch (type) {
    case IGRS_DEVICE_OFFLINE_ADVERTISEMENT:
    case IGRS_SERVICE_OFFLINE_ADVERTISEMENT:
    case IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY:
    case IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT:
        return true;
    default:
        return false;
    }
}

/* What an advertisement is about. */
static const char *
subject_of(const IgrsMessage *message)
{
    if (message->device_type != NULL)
        return message->device_type;
    if (message->service_type != NULL)
        return message->service_type;
    if (message->groups->len > 0)
        return ((const IgrsGroupEntry *)g_ptr_array_index(message->groups, 0))->id;
    return message->group_id;
}

Isdp *
isdp_new(IgrsMessage *message)
{
    Isdp *isdp = g_new0(Isdp, 1);

    isdp->kind = kind_of(message->type);
    isdp->is_alive = !says_goodbye(message->type);
    isdp->location = g_strdup(message->location);
    isdp->max_age_s = ISDP_MAX_AGE_S;
    isdp->message = message;
    if (isdp->kind == ISDP_SEARCH) {
        isdp->mx = 1;
        isdp->target = g_strdup(ISDP_ALL);
    }
    if (isdp->kind == ISDP_NOTIFY && subject_of(message) != NULL) {
        isdp->target = g_strdup(subject_of(message));
        isdp->usn = g_strconcat(message->source_id, "::", isdp->target, NULL);
    }
    return isdp;
}

void
isdp_free(Isdp *isdp)
{
    if (isdp == NULL)
        return;
    g_free(isdp->location);
    g_free(isdp->target);
    g_free(isdp->usn);
    g_free(isdp->server);
    igrs_message_free(isdp->message);
    g_free(isdp);
}

/* -- Encoding --------------------------------------------------------------------------------- */

static void
add(HttpHeads *heads, const char *name, const char *value)
{
    if (value != NULL)
        http_heads_add(heads, name, value);
}

static void
add_number(HttpHeads *heads, const char *name, const char *before, size_t number)
{
    g_autofree char *value = g_strdup_printf("%s%zu", before, number);

    http_heads_add(heads, name, value);
}

static void
encode_notify(const Isdp *isdp, HttpHeads *heads, const char *host)
{
    add(heads, "HOST", host);
    if (isdp->is_alive) {
        add_number(heads, "CACHE-CONTROL", "max-age=", isdp->max_age_s);
        add(heads, "LOCATION", isdp->location);
    }
    add(heads, "NT", isdp->target);
    add(heads, "NTS", isdp->is_alive ? ISDP_ALIVE : ISDP_BYEBYE);
    add(heads, "SERVER", isdp->server);
    add(heads, "USN", isdp->usn);
}

static void
encode_search(const Isdp *isdp, HttpHeads *heads, const char *host)
{
    add(heads, "HOST", host);
    add(heads, "MAN", "\"" ISDP_DISCOVER "\"");
    add_number(heads, "MX", "", isdp->mx);
    add(heads, "ST", isdp->target);
}

static void
encode_response(const Isdp *isdp, HttpHeads *heads)
{
    add_number(heads, "CACHE-CONTROL", "max-age=", isdp->max_age_s);
    add(heads, "EXT", "");
    add(heads, "LOCATION", isdp->location);
    add(heads, "SERVER", isdp->server);
    add(heads, "ST", isdp->target);
    add(heads, "USN", isdp->usn);
}

GBytes *
isdp_encode(const Isdp *isdp, const char *host)
{
    g_autoptr(HttpMessage) datagram = NULL;

    switch (isdp->kind) {
    case ISDP_NOTIFY:
        datagram = http_message_new_request("NOTIFY", "*");
        encode_notify(isdp, datagram->heads, host);
        break;
    case ISDP_SEARCH:
        datagram = http_message_new_request("M-SEARCH", "*");
        encode_search(isdp, datagram->heads, host);
        break;
    case ISDP_RESPONSE:
    default:
        datagram = http_message_new_response(200);
        encode_response(isdp, datagram->heads);
        break;
    }
    igrs_message_encode_heads(isdp->message, datagram->heads);
    datagram->body = igrs_message_encode_body(isdp->message);
    if (datagram->body != NULL) {
        http_heads_add(datagram->heads, "Content-Type", IGRS_MIME);
        add_number(datagram->heads, "Content-Length", "", g_bytes_get_size(datagram->body));
    }
    return http_message_encode(datagram);
}

/* -- Decoding --------------------------------------------------------------------------------- */

static bool
refuse(GError **error, const char *reason, const char *what)
{
    g_set_error(error, IGRS_MESSAGE_ERROR, IGRS_ERROR_BAD_REQUEST, "%s: %s", reason, what);
    return false;
}

/* The start line must fit the kind of message. An M-POST fits any. */
static bool
check_start(const HttpMessage *datagram, IsdpKind kind, GError **error)
{
    static const char *const methods[] = { [ISDP_NOTIFY] = "NOTIFY", [ISDP_SEARCH] = "M-SEARCH" };

    if (datagram->method == NULL)
        return (datagram->status == 200 && kind == ISDP_RESPONSE) ||
               refuse(error, "not a response", "200 OK");
    if (strcmp(datagram->method, IGRS_METHOD) == 0)
        return strcmp(datagram->target, "*") == 0 || strcmp(datagram->target, IGRS_PATH) == 0 ||
               refuse(error, "a target that is not ours", datagram->target);
    return (kind != ISDP_RESPONSE && strcmp(datagram->method, methods[kind]) == 0 &&
            strcmp(datagram->target, "*") == 0) ||
           refuse(error, "the wrong start line for this message", datagram->method);
}

static unsigned
read_max_age(const HttpHeads *heads)
{
    static const char name[] = "max-age";
    const char *at = http_heads_get(heads, "CACHE-CONTROL");

    while (at != NULL && *at != '\0' && g_ascii_strncasecmp(at, name, sizeof name - 1) != 0)
        at++;
    if (at == NULL || *at == '\0')
        return ISDP_MAX_AGE_S;
    at += sizeof name - 1;
    at += strspn(at, " \t=");
    return (unsigned)MIN(g_ascii_strtoull(at, NULL, 10), MAX_AGE_MAX_S);
}

/* MX missing, 0 or not a number: 0, and nobody answers (PROFILE.md section 3). */
static unsigned
read_mx(const HttpHeads *heads)
{
    const char *value = http_heads_get(heads, "MX");
    uint64_t mx;

    return value != NULL && text_to_u64(value, 0, UINT64_MAX, &mx) ? (unsigned)MIN(mx, ISDP_MX_MAX)
                                                                   : 0;
}

static bool
read_notify(Isdp *isdp, const HttpHeads *heads, GError **error)
{
    const char *nts = http_heads_get(heads, "NTS");
    IgrsMessage *message = isdp->message;
    char **type = NULL;

    if (nts != NULL && g_str_has_suffix(nts, ":alive") != isdp->is_alive)
        return refuse(error, "NTS and message type contradict each other", nts);
    switch (message->type) {
    case IGRS_DEVICE_ONLINE_ADVERTISEMENT:
    case IGRS_DEVICE_OFFLINE_ADVERTISEMENT:
        type = &message->device_type;
        break;
    case IGRS_SERVICE_ONLINE_ADVERTISEMENT:
    case IGRS_SERVICE_OFFLINE_ADVERTISEMENT:
        type = &message->service_type;
        break;
    default:
        break;
    }
    isdp->target = g_strdup(http_heads_get(heads, "NT"));
    if (type != NULL && *type == NULL) /* FACTS.md 6 (a): there NT alone says it */
        *type = g_strdup(isdp->target);
    return true;
}

static bool
read_search(Isdp *isdp, const HttpHeads *heads, bool is_m_post, GError **error)
{
    const char *target = http_heads_get(heads, "ST");

    if (target == NULL && !is_m_post)
        return refuse(error, "a search without", "ST");
    if (target != NULL && g_ascii_strcasecmp(target, "ssdp:all") == 0)
        target = ISDP_ALL;
    isdp->target = g_strdup(target == NULL ? ISDP_ALL : target);
    isdp->mx = is_m_post && http_heads_count(heads, "MX") == 0 ? 1 : read_mx(heads);
    return true;
}

Isdp *
isdp_decode(const void *data, size_t size, GError **error)
{
    g_autoptr(HttpMessage) datagram = http_message_decode(data, size, error);
    size_t body_size = 0;

    if (datagram == NULL)
        return NULL;
    const void *body = datagram->body == NULL ? NULL : g_bytes_get_data(datagram->body, &body_size);
    IgrsMessage *message =
        igrs_message_decode(datagram->heads, body, body_size, IGRS_BY_DATAGRAM, error);
    if (message == NULL)
        return NULL;
    g_autoptr(Isdp) isdp = g_new0(Isdp, 1);
    const char *location = http_heads_get(datagram->heads, "LOCATION");
    isdp->message = message;
    isdp->kind = kind_of(message->type);
    isdp->is_alive = !says_goodbye(message->type);
    isdp->location = g_strdup(location == NULL ? message->location : location);
    isdp->usn = g_strdup(http_heads_get(datagram->heads, "USN"));
    isdp->server = g_strdup(http_heads_get(datagram->heads, "SERVER"));
    isdp->max_age_s = read_max_age(datagram->heads);
    bool is_m_post = datagram->method != NULL && strcmp(datagram->method, IGRS_METHOD) == 0;
    if (!check_start(datagram, isdp->kind, error) ||
        (isdp->kind == ISDP_NOTIFY && !read_notify(isdp, datagram->heads, error)) ||
        (isdp->kind == ISDP_SEARCH && !read_search(isdp, datagram->heads, is_m_post, error)))
        return NULL;
    if (isdp->kind == ISDP_RESPONSE)
        isdp->target = g_strdup(http_heads_get(datagram->heads, "ST"));
    return g_steal_pointer(&isdp);
}
