/* ssdp.c -- see ssdp.h; UDA 1.1, clause 1
 *
 * Not GSSDP: its resource group spreads answers over all of MX (a third of a second for MX 1),
 * knows no clock but its own and answers whoever asks; what we need of it is this file over
 * net/datagram. */
#include "upnp/ssdp.h"

#include "net/datagram.h"
#include "wire/ssdp.h"

#define TTL 2                  /* 1.1 */
#define ANSWER_SPREAD_MS 20    /* so that not every device speaks at once */
#define ANSWERS_MAX 64         /* searches that wait for their answer */
#define WATCH_MS (30 * 1000)   /* how often we look whether the machine has slept */
#define SLEPT_MS (10 * 1000)

/* A datagram may be lost: announcements come three times (1.1.1), then before half their life is
 * over. */
static const int64_t again_ms[] = { 0, 200, 1000 };

/* Where we speak (UDA 1.1, 1.1 and annex A.3): each scope is told an address of ours that it
 * reaches. */
typedef enum { WAY_IPV4, WAY_LINK, WAY_SITE, WAY_N } Way;

static const struct {
    const char *group, *host;
    GSocketFamily family;
    bool is_link_local; /* of IPv6: which of our addresses */
} ways[WAY_N] = {
    [WAY_IPV4] = { SSDP_GROUP, NULL, G_SOCKET_FAMILY_IPV4, false },
    [WAY_LINK] = { SSDP_GROUP_LINK, "[FF02::C]:1900", G_SOCKET_FAMILY_IPV6, true },
    [WAY_SITE] = { SSDP_GROUP_SITE, "[FF05::C]:1900", G_SOCKET_FAMILY_IPV6, false },
};

typedef struct {
    UpnpSsdp *ssdp; /* borrowed */
    GSocketAddress *to;
    GInetAddress *asker;
    unsigned interface_index;
    char *target;
    guint timer;
} Answer;

struct UpnpSsdp {
    Clock *clock;              /* borrowed */
    NetInterfaces *interfaces; /* borrowed */
    guint observer;
    Datagram *sockets[WAY_N]; /* those of IPv6 are one; NULL: that family is not there */
    GSocketAddress *groups[WAY_N];
    char *udn;
    GPtrArray *targets; /* char *: what an announcement is about, one each */
    char *path, *server;
    uint16_t http_port;
    uint32_t boot_id;
    guint announce_timer, watch_timer;
    guint round;      /* of again_ms */
    int64_t watch_ms; /* the last look */
    GPtrArray *answers; /* Answer */
    char *places[WAY_N];   /* the addresses that are announced */
    bool has_moved[WAY_N]; /* one is gone, and nobody could be told so far */
};

/* -- Where we are ------------------------------------------------------------------------------ */

static Way
way_of_peer(GInetAddress *peer)
{
    if (g_inet_address_get_family(peer) == G_SOCKET_FAMILY_IPV4)
        return WAY_IPV4;
    return g_inet_address_get_is_link_local(peer) ? WAY_LINK : WAY_SITE;
}

/* Our address on the interface that a peer there reaches: of its own network where there is one.
 * peer NULL: the first. NULL: none. */
static GInetAddress *
address_for(const NetInterface *interface, Way way, GInetAddress *peer)
{
    GInetAddress *first = NULL;

    for (guint i = 0; i < interface->addresses->len; i++) {
        GInetAddressMask *mask = interface->addresses->pdata[i];
        GInetAddress *address = g_inet_address_mask_get_address(mask);
        if (g_inet_address_get_family(address) != ways[way].family ||
            (way != WAY_IPV4 &&
             g_inet_address_get_is_link_local(address) != ways[way].is_link_local))
            continue;
        if (peer == NULL || g_inet_address_mask_matches(mask, peer))
            return address;
        first = first != NULL ? first : address;
    }
    return first;
}

/* Every interface with its address, as text. */
static char *
list_places(const UpnpSsdp *ssdp, Way way)
{
    const GPtrArray *list = net_interfaces_list(ssdp->interfaces);
    GString *places = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = list->pdata[i];
        GInetAddress *address = address_for(interface, way, NULL);
        g_autofree char *text = address != NULL ? g_inet_address_to_string(address) : NULL;
        if (text != NULL)
            g_string_append_printf(places, "%u %s\n", interface->index, text);
    }
    return g_string_free(places, FALSE);
}

/* -- Saying ------------------------------------------------------------------------------------ */

/* to NULL: the group. */
static void
say(const UpnpSsdp *ssdp, SsdpKind kind, const char *target, const NetInterface *interface, Way way,
    GSocketAddress *to, GInetAddress *peer)
{
    GInetAddress *source = address_for(interface, way, peer);
    g_autofree char *usn = g_str_equal(target, ssdp->udn)
                               ? g_strdup(ssdp->udn)
                               : g_strconcat(ssdp->udn, "::", target, NULL);
    g_autoptr(GError) error = NULL;

    if (source == NULL || ssdp->sockets[way] == NULL)
        return;
    g_autofree char *address = g_inet_address_to_string(source);
    g_autofree char *location =
        g_strdup_printf(way == WAY_IPV4 ? "http://%s:%u%s" : "http://[%s]:%u%s", address,
                        ssdp->http_port, ssdp->path);
    g_autoptr(GBytes) bytes = ssdp_encode(&(Ssdp){
        .kind = kind, .target = target, .usn = usn, .location = location,
        .server = ssdp->server, .max_age_s = SSDP_MAX_AGE_S, .boot_id = ssdp->boot_id,
        .host = ways[way].host,
    });
    if (!datagram_send(ssdp->sockets[way], bytes, to != NULL ? to : ssdp->groups[way],
                       interface->index, source, TTL, &error))
        g_debug("%s: %s was not said: %s", interface->name, target, error->message);
}

static void
say_to_all(const UpnpSsdp *ssdp, SsdpKind kind, Way way)
{
    const GPtrArray *list = net_interfaces_list(ssdp->interfaces);

    for (guint i = 0; i < list->len; i++)
        for (guint t = 0; t < ssdp->targets->len; t++)
            say(ssdp, kind, ssdp->targets->pdata[t], list->pdata[i], way, NULL, NULL);
}

static void
say_everywhere(const UpnpSsdp *ssdp, SsdpKind kind)
{
    for (Way way = 0; way < WAY_N; way++)
        say_to_all(ssdp, kind, way);
}

static int64_t
next_delay_ms(UpnpSsdp *ssdp)
{
    gint32 half_life_ms = SSDP_MAX_AGE_S / 2 * 1000;

    if (ssdp->round + 1 < G_N_ELEMENTS(again_ms))
        return again_ms[++ssdp->round];
    return g_random_int_range(half_life_ms / 2, half_life_ms);
}

static void
on_announce_due(gpointer data)
{
    UpnpSsdp *ssdp = data;

    say_everywhere(ssdp, SSDP_ALIVE);
    ssdp->announce_timer =
        clock_after(ssdp->clock, next_delay_ms(ssdp), on_announce_due, ssdp);
}

static void
announce(UpnpSsdp *ssdp)
{
    clock_cancel(ssdp->clock, &ssdp->announce_timer);
    ssdp->round = 0;
    ssdp->announce_timer = clock_after(ssdp->clock, again_ms[0], on_announce_due, ssdp);
}

/* -- Being asked ------------------------------------------------------------------------------- */

static void
answer_free(gpointer data)
{
    Answer *answer = data;

    clock_cancel(answer->ssdp->clock, &answer->timer);
    g_object_unref(answer->to);
    g_object_unref(answer->asker);
    g_free(answer->target);
    g_free(answer);
}

static void
on_answer_due(gpointer data)
{
    Answer *answer = data;
    UpnpSsdp *ssdp = answer->ssdp;
    const NetInterface *interface = net_interfaces_find(ssdp->interfaces, answer->interface_index);
    bool is_for_all = g_str_equal(answer->target, SSDP_ALL);

    answer->timer = 0;
    for (guint i = 0; interface != NULL && i < ssdp->targets->len; i++)
        if (is_for_all || g_str_equal(answer->target, ssdp->targets->pdata[i]))
            say(ssdp, SSDP_RESPONSE, ssdp->targets->pdata[i], interface, way_of_peer(answer->asker),
                answer->to, answer->asker);
    g_ptr_array_remove_fast(ssdp->answers, answer);
}

static bool
is_about_us(const UpnpSsdp *ssdp, const char *target)
{
    return g_str_equal(target, SSDP_ALL) ||
           g_ptr_array_find_with_equal_func(ssdp->targets, target, g_str_equal, NULL);
}

static void
on_received(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    UpnpSsdp *ssdp = user_data;
    const NetInterface *interface = net_interfaces_find(ssdp->interfaces, interface_index);
    GInetAddress *asker = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from));
    g_auto(Ssdp) question = { 0 };

    /* From elsewhere it is no question but somebody's victim (FIELD-NOTES, part 3). */
    if (interface == NULL || !net_interface_is_on_link(interface, asker))
        return;
    if (!ssdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &question, NULL) ||
        question.kind != SSDP_SEARCH || !is_about_us(ssdp, question.target) ||
        ssdp->answers->len >= ANSWERS_MAX)
        return;
    Answer *answer = g_new(Answer, 1);
    *answer = (Answer){ ssdp, g_object_ref(from), g_object_ref(asker), interface_index,
                        g_strdup(question.target), 0 };
    int64_t delay_ms = question.mx == 0 ? 0 : g_random_int_range(0, ANSWER_SPREAD_MS);
    answer->timer = clock_after(ssdp->clock, delay_ms, on_answer_due, answer);
    g_ptr_array_add(ssdp->answers, answer);
}

/* -- Networks that come and go, a machine that sleeps ------------------------------------------ */

static void
join(UpnpSsdp *ssdp)
{
    const GPtrArray *list = net_interfaces_list(ssdp->interfaces);

    for (guint i = 0; i < list->len; i++) {
        for (Way way = 0; way < WAY_N; way++) {
            const NetInterface *interface = list->pdata[i];
            GInetAddress *group =
                g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(ssdp->groups[way]));
            g_autoptr(GError) error = NULL;
            if (address_for(interface, way, NULL) != NULL && ssdp->sockets[way] != NULL &&
                !datagram_join(ssdp->sockets[way], group, interface->index, &error))
                g_warning("%s: UPnP devices there do not find us: %s", interface->name,
                          error->message);
        }
    }
}

/* True when every place of before is among those of now. */
static bool
all_places_stay(const char *before, const char *now)
{
    g_auto(GStrv) lines = g_strsplit(before, "\n", -1);
    g_auto(GStrv) others = g_strsplit(now, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        if (!g_strv_contains((const char *const *)others, *line))
            return false;
    return true;
}

/* Who knows us at an address that is gone must forget it, or will not look at the new one. True
 * when something differs. */
static bool
look_at_places(UpnpSsdp *ssdp, Way way)
{
    g_autofree char *before = g_steal_pointer(&ssdp->places[way]);

    ssdp->places[way] = list_places(ssdp, way);
    if (g_str_equal(before, ssdp->places[way]))
        return false;
    ssdp->has_moved[way] = ssdp->has_moved[way] || !all_places_stay(before, ssdp->places[way]);
    if (ssdp->has_moved[way] && *ssdp->places[way] != '\0') {
        say_to_all(ssdp, SSDP_BYEBYE, way);
        ssdp->boot_id++;
        ssdp->has_moved[way] = false;
    }
    return true;
}

/* Addresses of the site change by themselves, day by day, and who lives in it knows others of ours:
 * only those that last are watched. */
static void
on_interfaces(gconstpointer event, gpointer user_data)
{
    UpnpSsdp *ssdp = user_data;
    bool has_changed = false;

    join(ssdp);
    for (Way way = WAY_IPV4; way <= WAY_LINK; way++)
        has_changed = look_at_places(ssdp, way) || has_changed;
    if (has_changed)
        announce(ssdp);
}

static void
on_watch(gpointer data)
{
    UpnpSsdp *ssdp = data;
    int64_t now_ms = clock_now_ms(ssdp->clock);

    if (now_ms - ssdp->watch_ms > WATCH_MS + SLEPT_MS) {
        join(ssdp);
        announce(ssdp);
    }
    ssdp->watch_ms = now_ms;
    ssdp->watch_timer = clock_after(ssdp->clock, WATCH_MS, on_watch, ssdp);
}

/* -- Beginning and end ------------------------------------------------------------------------- */

UpnpSsdp *
upnp_ssdp_new(const UpnpSsdpOptions *options, GError **error)
{
    uint16_t port = options->port != 0 ? options->port : SSDP_PORT;
    UpnpSsdp *ssdp = g_new0(UpnpSsdp, 1);

    ssdp->clock = options->clock;
    ssdp->interfaces = options->interfaces;
    for (Way way = 0; way < WAY_N; way++)
        ssdp->groups[way] = g_inet_socket_address_new_from_string(ways[way].group, port);
    ssdp->udn = g_strconcat("uuid:", options->uuid, NULL);
    ssdp->targets = g_ptr_array_new_with_free_func(g_free);
    ssdp->path = g_strdup(options->path);
    ssdp->server = g_strdup(options->server);
    ssdp->http_port = options->http_port;
    ssdp->boot_id = (uint32_t)(g_get_real_time() / G_USEC_PER_SEC) & INT32_MAX;
    ssdp->answers = g_ptr_array_new_with_free_func(answer_free);
    g_ptr_array_add(ssdp->targets, g_strdup(SSDP_ROOT));
    g_ptr_array_add(ssdp->targets, g_strdup(ssdp->udn));
    for (const char *const *type = options->types; *type != NULL; type++)
        g_ptr_array_add(ssdp->targets, g_strdup(*type));
    ssdp->sockets[WAY_IPV4] = datagram_new(G_SOCKET_FAMILY_IPV4, port, on_received, ssdp, error);
    if (ssdp->sockets[WAY_IPV4] == NULL) {
        upnp_ssdp_free(ssdp);
        return NULL;
    }
    ssdp->sockets[WAY_LINK] = ssdp->sockets[WAY_SITE] =
        datagram_new(G_SOCKET_FAMILY_IPV6, port, on_received, ssdp, NULL); /* may not be there */
    for (Way way = 0; way < WAY_N; way++)
        ssdp->places[way] = list_places(ssdp, way);
    ssdp->observer =
        observers_add(net_interfaces_observers(ssdp->interfaces), on_interfaces, ssdp);
    join(ssdp);
    announce(ssdp);
    ssdp->watch_ms = clock_now_ms(ssdp->clock);
    ssdp->watch_timer = clock_after(ssdp->clock, WATCH_MS, on_watch, ssdp);
    return ssdp;
}

void
upnp_ssdp_free(UpnpSsdp *ssdp)
{
    if (ssdp == NULL)
        return;
    if (ssdp->sockets[WAY_IPV4] != NULL)
        say_everywhere(ssdp, SSDP_BYEBYE);
    observers_remove(net_interfaces_observers(ssdp->interfaces), ssdp->observer);
    clock_cancel(ssdp->clock, &ssdp->announce_timer);
    clock_cancel(ssdp->clock, &ssdp->watch_timer);
    g_ptr_array_unref(ssdp->answers);
    datagram_free(ssdp->sockets[WAY_IPV4]);
    datagram_free(ssdp->sockets[WAY_LINK]); /* and that of the site */
    for (Way way = 0; way < WAY_N; way++) {
        g_object_unref(ssdp->groups[way]);
        g_free(ssdp->places[way]);
    }
    g_ptr_array_unref(ssdp->targets);
    g_free(ssdp->udn);
    g_free(ssdp->path);
    g_free(ssdp->server);
    g_free(ssdp);
}
