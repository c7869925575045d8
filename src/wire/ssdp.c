/* ssdp.c -- see ssdp.h */
#include "wire/ssdp.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define HOST SSDP_GROUP ":1900"
#define MAN_DISCOVER "\"ssdp:discover\""
#define NTS_ALIVE "ssdp:alive"
#define NTS_BYEBYE "ssdp:byebye"
#define MAX_AGE_MAX_S (7 * 24 * 60 * 60)
#define TEXT_MAX 1024 /* octets of an address or a name */

/* -- Encoding --------------------------------------------------------------------------------- */

static void
add(HttpHeads *heads, const char *name, const char *value)
{
    if (value != NULL)
        http_heads_add(heads, name, value);
}

static void
add_number(HttpHeads *heads, const char *name, const char *before, uint32_t number)
{
    g_autofree char *value = g_strdup_printf("%s%" G_GUINT32_FORMAT, before, number);

    http_heads_add(heads, name, value);
}

static void
add_place(HttpHeads *heads, const Ssdp *ssdp)
{
    add_number(heads, "CACHE-CONTROL", "max-age=", ssdp->max_age_s);
    add(heads, "LOCATION", ssdp->location);
    add(heads, "SERVER", ssdp->server);
}

static void
add_boot(HttpHeads *heads, const Ssdp *ssdp)
{
    if (ssdp->boot_id == 0)
        return;
    add_number(heads, "BOOTID.UPNP.ORG", "", ssdp->boot_id);
    add_number(heads, "CONFIGID.UPNP.ORG", "", 1);
}

static HttpMessage *
encode_notify(const Ssdp *ssdp)
{
    HttpMessage *message = http_message_new_request("NOTIFY", "*");

    add(message->heads, "HOST", ssdp->host != NULL ? ssdp->host : HOST);
    if (ssdp->kind == SSDP_ALIVE)
        add_place(message->heads, ssdp);
    add(message->heads, "NT", ssdp->target);
    add(message->heads, "NTS", ssdp->kind == SSDP_ALIVE ? NTS_ALIVE : NTS_BYEBYE);
    add(message->heads, "USN", ssdp->usn);
    add_boot(message->heads, ssdp);
    return message;
}

static HttpMessage *
encode_search(const Ssdp *ssdp)
{
    HttpMessage *message = http_message_new_request("M-SEARCH", "*");

    add(message->heads, "HOST", ssdp->host != NULL ? ssdp->host : HOST);
    add(message->heads, "MAN", MAN_DISCOVER);
    add_number(message->heads, "MX", "", ssdp->mx);
    add(message->heads, "ST", ssdp->target);
    add(message->heads, "USER-AGENT", ssdp->server);
    return message;
}

static HttpMessage *
encode_response(const Ssdp *ssdp)
{
    HttpMessage *message = http_message_new_response(200);

    add_place(message->heads, ssdp);
    http_heads_add(message->heads, "EXT", "");
    add(message->heads, "ST", ssdp->target);
    add(message->heads, "USN", ssdp->usn);
    add_boot(message->heads, ssdp);
    return message;
}

GBytes *
ssdp_encode(const Ssdp *ssdp)
{
    g_autoptr(HttpMessage) message = ssdp->kind == SSDP_SEARCH     ? encode_search(ssdp)
                                     : ssdp->kind == SSDP_RESPONSE ? encode_response(ssdp)
                                                                   : encode_notify(ssdp);

    return http_message_encode(message);
}

/* -- Decoding --------------------------------------------------------------------------------- */

/* NULL as well when it is empty or long. */
static const char *
head(const HttpMessage *message, const char *name)
{
    const char *value = http_heads_get(message->heads, name);

    return value != NULL && *value != '\0' && strlen(value) <= TEXT_MAX ? value : NULL;
}

static uint32_t
head_number(const HttpMessage *message, const char *name, uint32_t max)
{
    const char *text = head(message, name);
    uint32_t value = 0;

    if (text != NULL)
        text_to_u32(text, 0, max, &value);
    return value;
}

/* "max-age=1800", blanks and other directives around (RFC 9111, 5.2). */
static unsigned
read_max_age(const HttpMessage *message)
{
    const char *text = head(message, "CACHE-CONTROL");
    g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", ",", 8);

    for (char **part = parts; *part != NULL; part++) {
        char *equals = strchr(*part, '=');
        uint32_t seconds;
        if (equals == NULL)
            continue;
        *equals = '\0';
        if (g_ascii_strcasecmp(g_strstrip(*part), "max-age") == 0 &&
            text_to_u32(g_strstrip(equals + 1), 0, UINT32_MAX, &seconds))
            return MIN(seconds, MAX_AGE_MAX_S);
    }
    return 0;
}

static bool
complain(GError **error, const char *what)
{
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "SSDP: %s", what);
    return false;
}

static bool
read_notify(const HttpMessage *message, Ssdp *ssdp, GError **error)
{
    const char *nts = head(message, "NTS");

    if (nts != NULL && strcmp(nts, NTS_ALIVE) == 0)
        ssdp->kind = SSDP_ALIVE;
    else if (nts != NULL && strcmp(nts, NTS_BYEBYE) == 0)
        ssdp->kind = SSDP_BYEBYE;
    else
        return complain(error, "a NOTIFY of another kind");
    ssdp->target = head(message, "NT");
    return true;
}

/* Clause 1.3.2: a search without MX from a whole network is not answered. */
static bool
read_search(const HttpMessage *message, Ssdp *ssdp, GError **error)
{
    const char *man = head(message, "MAN"), *mx = head(message, "MX");
    uint32_t seconds;

    if (man == NULL || strstr(man, "ssdp:discover") == NULL)
        return complain(error, "a search of another protocol");
    if (mx == NULL || !text_to_u32(mx, 0, UINT32_MAX, &seconds))
        return complain(error, "a search that does not say how long it waits");
    ssdp->kind = SSDP_SEARCH;
    ssdp->mx = MIN(seconds, SSDP_MX_MAX);
    ssdp->target = head(message, "ST");
    ssdp->server = head(message, "USER-AGENT");
    return true;
}

static bool
read_kind(const HttpMessage *message, Ssdp *ssdp, GError **error)
{
    if (message->method == NULL) {
        ssdp->kind = SSDP_RESPONSE;
        ssdp->target = head(message, "ST");
        return message->status == 200 || complain(error, "a response other than 200");
    }
    if (strcmp(message->method, "NOTIFY") == 0)
        return read_notify(message, ssdp, error);
    if (strcmp(message->method, "M-SEARCH") == 0)
        return read_search(message, ssdp, error);
    return complain(error, "another method");
}

bool
ssdp_decode(const void *data, size_t size, Ssdp *ssdp, GError **error)
{
    g_autoptr(HttpMessage) message = http_message_decode(data, size, error);
    Ssdp read = { 0 };

    if (message == NULL || !read_kind(message, &read, error))
        return false;
    if (read.target == NULL)
        return complain(error, "a datagram that does not say what it is about");
    if (read.kind != SSDP_SEARCH) {
        read.usn = head(message, "USN");
        read.location = head(message, "LOCATION");
        read.server = head(message, "SERVER");
        read.max_age_s = read_max_age(message);
        read.boot_id = head_number(message, "BOOTID.UPNP.ORG", INT32_MAX);
        bool is_here = read.kind != SSDP_BYEBYE;
        if (read.usn == NULL || (is_here && read.location == NULL))
            return complain(error, "a datagram that does not say who, or where");
    }
    read.message = g_steal_pointer(&message);
    *ssdp = read;
    return true;
}

void
ssdp_clear(Ssdp *ssdp)
{
    http_message_free(ssdp->message);
    *ssdp = (Ssdp){ 0 };
}
