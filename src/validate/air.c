/* air.c -- discovery as the test device does it: searches out, answers and advertisements in
 *
 * PROFILE section 3. The ear shares UDP 3880 with whoever else listens here; the mouth has a port
 * of its own, to which answers come. */
#include "validate/tester.h"

#include "base/error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int
open_mouth(struct in_addr address)
{
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr = address };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ttl = IGRS_TTL;

    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &address, sizeof address);
    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) == 0)
        return fd;
    close(fd);
    return -1;
}

static int
open_ear(unsigned interface_index, GError **error)
{
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(IGRS_PORT) };
    struct ip_mreqn group = { .imr_ifindex = (int)interface_index };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;

    inet_pton(AF_INET, IGRS_GROUP, &group.imr_multiaddr);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) == 0 &&
        setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0)
        return fd;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "cannot listen on UDP %d: %s", IGRS_PORT,
                g_strerror(errno));
    close(fd);
    return -1;
}

bool
ether_open_ear(Tester *t, GError **error)
{
    if (t->ear < 0)
        t->ear = open_ear(t->interface_index, error);
    return t->ear >= 0;
}

bool
ether_open_mouth(Tester *t, GError **error)
{
    struct in_addr address = { 0 };

    inet_pton(AF_INET, t->address, &address);
    t->mouth = open_mouth(address);
    if (t->mouth < 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "no socket at %s", t->address);
    return t->mouth >= 0;
}

static void
send_to(int fd, const char *group, uint16_t port, const char *data, size_t size)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };

    inet_pton(AF_INET, group, &to.sin_addr);
    sendto(fd, data, size, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
}

void
ether_say(Tester *t, const char *group, uint16_t port, const char *data, size_t size)
{
    send_to(t->mouth, group, port, data, size);
}

/* -- Searches ---------------------------------------------------------------------------------- */

static const Edit *
find_edit(const Edit *edits, const char *name)
{
    for (; edits != NULL && edits->kind != EDIT_NONE; edits++)
        if (g_strcmp0(edits->name, name) == 0)
            return edits;
    return NULL;
}

static void
add_line(GString *out, const Edit *edits, const char *name, const char *value)
{
    const Edit *edit = find_edit(edits, name);

    if (edit != NULL && edit->kind == EDIT_DROP)
        return;
    if (edit != NULL && edit->kind == EDIT_SET)
        value = edit->value;
    g_string_append_printf(out, "%s: %s\r\n", name, value);
    if (edit != NULL && edit->kind == EDIT_TWICE)
        g_string_append_printf(out, "%s: %s\r\n", name, value);
}

GString *
search_letter(Tester *t, IgrsMessageType type, const char *target, unsigned mx, const Edit *edits)
{
    g_autofree char *life = g_strdup_printf("%u", mx);
    g_autofree char *number = g_strdup_printf("%u", ++t->sequence);
    const Edit *line = find_edit(edits, NULL);
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "%s\r\n",
                           line != NULL && line->kind == EDIT_LINE ? line->value
                                                                   : "M-SEARCH * HTTP/1.1");
    add_line(out, edits, "HOST", "239.255.255.250:3880");
    add_line(out, edits, "MAN", "\"isdp:discover\"");
    add_line(out, edits, "MX", life);
    add_line(out, edits, "ST", target);
    add_line(out, edits, "Man", "\"" IGRS_MAN "\";ns=01");
    add_line(out, edits, "01-IGRSVersion", IGRS_VERSION);
    add_line(out, edits, "01-IGRSMessageType", igrs_message_name(type));
    add_line(out, edits, "01-SourceDeviceId", t->speaker);
    add_line(out, edits, "01-SequenceId", number);
    g_string_append(out, "\r\n");
    return out;
}

uint32_t
search(Tester *t, IgrsMessageType type, const char *target, unsigned mx, const Edit *edits)
{
    g_autoptr(GString) out = search_letter(t, type, target, mx, edits);

    ether_say(t, IGRS_GROUP, IGRS_PORT, out->str, out->len);
    return t->sequence;
}

static bool
is_answer(const Tester *t, const Heard *heard, uint32_t sequence)
{
    g_autofree char *number = g_strdup_printf("%u", sequence);

    return heard->status == 200 && strcmp(head_of(heard, "01-AcknowledgeId"), number) == 0 &&
           g_ascii_strcasecmp(head_of(heard, "01-SourceDeviceId"), t->id) == 0;
}

unsigned
count_answers(const Tester *t, uint32_t sequence)
{
    unsigned count = 0;

    for (guint i = 0; i < t->datagrams->len; i++)
        count += is_answer(t, g_ptr_array_index(t->datagrams, i), sequence);
    return count;
}

Heard *
await_answer(Tester *t, uint32_t sequence, unsigned timeout_ms)
{
    int64_t until_ms = wire_now_ms() + timeout_ms;

    for (;;) {
        for (guint i = 0; i < t->datagrams->len; i++)
            if (is_answer(t, g_ptr_array_index(t->datagrams, i), sequence))
                return g_ptr_array_index(t->datagrams, i);
        if (wire_now_ms() >= until_ms)
            return NULL;
        wire_pause(t, 20);
    }
}

/* -- Who is there ------------------------------------------------------------------------------ */

static bool
is_wanted(const struct ifaddrs *one, const char *interface)
{
    if (one->ifa_addr == NULL || one->ifa_addr->sa_family != AF_INET ||
        (one->ifa_flags & IFF_UP) == 0)
        return false;
    return interface != NULL ? strcmp(one->ifa_name, interface) == 0
                             : (one->ifa_flags & IFF_MULTICAST) != 0;
}

static void
ask_who_is_there(int fd)
{
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *id = g_strconcat(IGRS_URN_DEVICE_ID, uuid, NULL);
    Tester searcher = { .speaker = id, .sequence = 1 };
    g_autoptr(GString) out = search_letter(&searcher, IGRS_SEARCH_DEVICE_REQUEST, ISDP_ALL, 1,
                                           NULL);

    send_to(fd, IGRS_GROUP, IGRS_PORT, out->str, out->len);
}

static void
note_device(GPtrArray *found, const char *data, size_t size)
{
    Heard *heard = heard_new(data, size);
    const char *location = head_of(heard, "LOCATION"), *id = head_of(heard, "01-SourceDeviceId");
    const char *name = payload_text(heard, "DeviceName");
    g_autofree char *line =
        g_strdup_printf("%s\t%s\t%s", location, id, name != NULL ? name : "");

    if (heard->status == 200 && location[0] != '\0' && is_device_id(id) &&
        !g_ptr_array_find_with_equal_func(found, line, g_str_equal, NULL))
        g_ptr_array_add(found, g_steal_pointer(&line));
    heard_free(heard);
}

GPtrArray *
ether_look(const char *interface, unsigned ms)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) waits = g_array_new(FALSE, TRUE, sizeof(struct pollfd));
    struct ifaddrs *all = NULL;
    int64_t until_ms = wire_now_ms() + ms;

    if (getifaddrs(&all) != 0)
        return found;
    for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
        if (!is_wanted(one, interface))
            continue;
        struct pollfd wait = { open_mouth(((struct sockaddr_in *)one->ifa_addr)->sin_addr), POLLIN,
                               0 };
        ask_who_is_there(wait.fd);
        g_array_append_val(waits, wait);
    }
    freeifaddrs(all);
    while (wire_now_ms() < until_ms) {
        struct pollfd *fds = (struct pollfd *)(void *)waits->data;
        poll(fds, waits->len, (int)MAX(until_ms - wire_now_ms(), 0));
        for (guint i = 0; i < waits->len; i++) {
            char buffer[65536];
            ssize_t size = fds[i].revents != 0 ? recv(fds[i].fd, buffer, sizeof buffer, 0) : 0;
            if (size > 0)
                note_device(found, buffer, (size_t)size);
        }
    }
    for (guint i = 0; i < waits->len; i++)
        close(g_array_index(waits, struct pollfd, i).fd);
    return found;
}
