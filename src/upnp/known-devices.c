/* known-devices.c -- see known-devices.h; UDA 1.1, clauses 1.2 and 2.1 */
#include "upnp/known-devices.h"

#include "wire/upnp-description.h"

#include <string.h>

#define DEVICES_MAX 64
#define DEVICES_OF_HOST_MAX 16 /* so that one host does not take the room of all */
#define FETCHES_MAX 8
#define FETCH_MS 10000
#define SETTLE_MS 500 /* many announce themselves before they can answer; gmediarender dies of it */
#define LIFE_MIN_S 60
#define DOUBT_MS 60000 /* how often we look whether one has moved */

typedef struct {
    KnownDevices *all; /* borrowed; NULL: forgotten while its description was fetched */
    char *usn_uuid;          /* as its announcements say */
    char *location;
    char *rumour;            /* where it may have moved to; NULL: nowhere */
    uint32_t boot_id;        /* 0: not said */
    UpnpRemote *remote;      /* NULL: not described yet */
    bool is_fetching;
    bool is_doubted;         /* fetched to see whether it is still there */
    int64_t doubted_ms, until_ms;
    guint expiry, settling;  /* settling: until it is asked */
} Known;

struct KnownDevices {
    char *type;
    HttpClient *client; /* borrowed, as are the next two */
    Clock *clock;
    Observers *observers;
    GPtrArray *list; /* Known */
    guint fetches;
};

static void
known_free(gpointer data)
{
    Known *known = data;

    clock_cancel(known->all->clock, &known->expiry);
    clock_cancel(known->all->clock, &known->settling);
    g_clear_pointer(&known->remote, upnp_remote_free);
    g_free(known->usn_uuid);
    g_free(known->location);
    g_free(known->rumour);
    if (!known->is_fetching) {
        g_free(known);
        return;
    }
    known->all->fetches--;
    known->all = NULL; /* its answer frees it */
}

static void
tell(KnownDevices *all, const UpnpRemote *remote, bool is_online, bool said_goodbye)
{
    const UpnpRemoteEvent event = { said_goodbye, is_online, remote };

    observers_notify(all->observers, &event);
}

static void
forget(KnownDevices *all, Known *known, bool said_goodbye)
{
    if (known->remote != NULL)
        tell(all, known->remote, false, said_goodbye);
    g_ptr_array_remove_fast(all->list, known);
}

static void
on_expired(gpointer data)
{
    Known *known = data;

    known->expiry = 0;
    forget(known->all, known, false);
}

static void
live_until(Known *known, int64_t until_ms)
{
    Clock *clock = known->all->clock;

    known->until_ms = until_ms;
    clock_cancel(clock, &known->expiry);
    known->expiry = clock_after(clock, until_ms - clock_now_ms(clock), on_expired, known);
}

static void
extend_life(Known *known, unsigned max_age_s)
{
    int64_t life_s = MAX(max_age_s != 0 ? max_age_s : SSDP_MAX_AGE_S, LIFE_MIN_S);

    live_until(known, clock_now_ms(known->all->clock) + life_s * 1000);
}

/* -- Descriptions ------------------------------------------------------------------------------ */

static void fetch(KnownDevices *all, Known *known);

/* The device that is meant; NULL: it is none we can use, or another. */
static UpnpRemote *
read_description(const Known *known, const HttpReply *reply, GError **error)
{
    if (reply == NULL || http_reply_status(reply) != 200)
        return NULL;
    GBytes *body = http_reply_body(reply);
    g_autoptr(UpnpRemote) remote =
        upnp_remote_decode(g_bytes_get_data(body, NULL), g_bytes_get_size(body), known->location,
                           known->all->type, error);
    return remote != NULL && g_ascii_strcasecmp(remote->uuid, known->usn_uuid) == 0
               ? g_steal_pointer(&remote) : NULL;
}

/* It does not answer where it was: is it where it is said to be? */
static bool
follow_rumour(KnownDevices *all, Known *known)
{
    if (known->rumour == NULL)
        return false;
    g_free(known->location);
    known->location = g_steal_pointer(&known->rumour);
    known->is_doubted = false;
    fetch(all, known);
    return true;
}

static void
on_described(const HttpReply *reply, const GError *failure, gpointer user_data)
{
    Known *known = user_data;
    KnownDevices *all = known->all;
    g_autoptr(GError) error = NULL;

    known->is_fetching = false;
    if (all == NULL) {
        g_free(known);
        return;
    }
    all->fetches--;
    g_autoptr(UpnpRemote) remote = read_description(known, reply, &error);
    if (remote == NULL) {
        g_info("%s is no device we can use: %s", known->location,
               failure != NULL ? failure->message
               : error != NULL ? error->message
                               : "it is another one");
        if (!follow_rumour(all, known))
            forget(all, known, false); /* its next announcement is another chance */
        return;
    }
    g_clear_pointer(&known->rumour, g_free);
    if (known->is_doubted)
        return; /* it is where it was */
    upnp_remote_free(known->remote);
    known->remote = g_steal_pointer(&remote);
    tell(all, known->remote, true, false);
}

static void
fetch(KnownDevices *all, Known *known)
{
    all->fetches++;
    known->is_fetching = true;
    http_client_send(all->client,
                     &(HttpRequest){ .method = "GET", .url = known->location,
                                     .timeout_ms = FETCH_MS, .body_max = UPNP_REMOTE_SIZE_MAX },
                     NULL, on_described, known);
}

static void fetch_soon(KnownDevices *all, Known *known);

static void
on_settled(gpointer data)
{
    Known *known = data;

    known->settling = 0;
    if (known->all->fetches < FETCHES_MAX)
        fetch(known->all, known);
    else
        fetch_soon(known->all, known);
}

static void
fetch_soon(KnownDevices *all, Known *known)
{
    known->settling = clock_after(all->clock, SETTLE_MS, on_settled, known);
}

/* -- What is heard ----------------------------------------------------------------------------- */

/* "uuid:X::..." without the rest; the caller's. */
static char *
uuid_of(const char *usn)
{
    static const char prefix[] = "uuid:";

    if (!g_str_has_prefix(usn, prefix))
        return NULL;
    usn += sizeof prefix - 1;
    const char *end = strstr(usn, "::");
    return g_strndup(usn, end != NULL ? (gsize)(end - usn) : strlen(usn));
}

static Known *
find(const KnownDevices *all, const char *uuid)
{
    for (guint i = 0; i < all->list->len; i++) {
        Known *known = all->list->pdata[i];
        if (g_ascii_strcasecmp(known->usn_uuid, uuid) == 0)
            return known;
    }
    return NULL;
}

/* The address that a location names in numbers; NULL: it names none. The caller's. */
static GInetAddress *
host_of(const char *location)
{
    g_autoptr(GUri) uri = g_uri_parse(location, G_URI_FLAGS_ENCODED, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;

    return host != NULL && g_str_equal(g_uri_get_scheme(uri), "http") &&
                   g_uri_get_userinfo(uri) == NULL
               ? g_inet_address_new_from_string(host)
               : NULL;
}

/* A description is where its device is. */
static bool
is_at(const char *location, GInetAddress *speaker)
{
    g_autoptr(GInetAddress) address = host_of(location);

    return address != NULL && g_inet_address_equal(address, speaker);
}

/* One on two networks that we are on as well is announced twice. */
static void
doubt(KnownDevices *all, Known *known, const char *location)
{
    int64_t now_ms = clock_now_ms(all->clock);

    if (known->is_fetching || known->settling != 0 || all->fetches >= FETCHES_MAX ||
        (known->doubted_ms != 0 && now_ms - known->doubted_ms < DOUBT_MS))
        return;
    known->doubted_ms = now_ms;
    known->is_doubted = true;
    known->rumour = g_strdup(location);
    fetch(all, known);
}

static void
on_known_here(KnownDevices *all, Known *known, const Ssdp *said)
{
    bool is_anew = said->boot_id != 0 && known->boot_id != 0 && said->boot_id != known->boot_id;

    if (!g_str_equal(known->location, said->location)) {
        doubt(all, known, said->location);
        return;
    }
    extend_life(known, said->max_age_s);
    if (said->boot_id == 0 || known->is_fetching || known->settling != 0)
        return;
    known->boot_id = said->boot_id;
    known->is_doubted = false;
    if (is_anew)
        fetch_soon(all, known);
}

static bool
has_room(const KnownDevices *all, const char *location)
{
    const char *host = location + strlen("http://");
    size_t length = strcspn(host, ":/");
    guint count = 0;

    for (guint i = 0; i < all->list->len; i++) {
        const char *other = ((Known *)all->list->pdata[i])->location + strlen("http://");
        count += strcspn(other, ":/") == length && strncmp(other, host, length) == 0;
    }
    return count < DEVICES_OF_HOST_MAX && all->list->len < DEVICES_MAX;
}

static void
on_here(KnownDevices *all, const Ssdp *said, const char *uuid, GInetAddress *speaker)
{
    Known *known = find(all, uuid);

    if (!is_at(said->location, speaker))
        return;
    if (known != NULL) {
        on_known_here(all, known, said);
        return;
    }
    if (!has_room(all, said->location))
        return;
    known = g_new0(Known, 1);
    known->all = all;
    known->usn_uuid = g_strdup(uuid);
    known->location = g_strdup(said->location);
    known->boot_id = said->boot_id;
    g_ptr_array_add(all->list, known);
    extend_life(known, said->max_age_s);
    fetch_soon(all, known);
}

static void
on_gone(KnownDevices *all, const char *uuid, GInetAddress *speaker)
{
    Known *known = find(all, uuid);

    if (known != NULL && is_at(known->location, speaker)) /* nobody says it for another */
        forget(all, known, true);
}

void
known_devices_heard(KnownDevices *all, const Ssdp *said, GInetAddress *speaker)
{
    if (said->kind == SSDP_SEARCH || !g_str_has_prefix(said->target, all->type))
        return;
    g_autofree char *uuid = uuid_of(said->usn);
    if (uuid == NULL)
        return;
    if (said->kind == SSDP_BYEBYE)
        on_gone(all, uuid, speaker);
    else
        on_here(all, said, uuid, speaker);
}

static bool
is_on_link(const NetInterfaces *interfaces, const char *location)
{
    const GPtrArray *list = net_interfaces_list(interfaces);
    g_autoptr(GInetAddress) host = host_of(location);

    for (guint i = 0; i < list->len; i++)
        if (net_interface_is_on_link(list->pdata[i], host))
            return true;
    return false;
}

void
known_devices_expect(KnownDevices *all, const NetInterfaces *interfaces, int64_t time_ms)
{
    int64_t until_ms = clock_now_ms(all->clock) + time_ms;

    for (guint i = 0; i < all->list->len; i++) {
        Known *known = all->list->pdata[i];
        live_until(known, is_on_link(interfaces, known->location) ? MAX(known->until_ms, until_ms)
                                                                  : MIN(known->until_ms, until_ms));
    }
}

KnownDevices *
known_devices_new(const char *type, HttpClient *client, Clock *clock, Observers *observers)
{
    KnownDevices *all = g_new0(KnownDevices, 1);

    all->type = g_strdup(type);
    all->client = client;
    all->clock = clock;
    all->observers = observers;
    all->list = g_ptr_array_new_with_free_func(known_free);
    return all;
}

void
known_devices_free(KnownDevices *all)
{
    if (all == NULL)
        return;
    g_ptr_array_unref(all->list);
    g_free(all->type);
    g_free(all);
}
