/* rules-life.c -- section 3: what a device says when it comes and when it goes
 *
 * With --life the test device listens before the device under test starts, and until it stopped. */
#include "validate/life.h"
#include "validate/rules.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COPY_MS 100
#define OPERATOR_MS 60000 /* to start or stop it */

/* The place-th datagram of the device of that type; NULL: none. */
static const Heard *
heard_of(const Tester *t, const char *type, guint place)
{
    for (guint i = 0; i < t->datagrams->len; i++) {
        const Heard *heard = g_ptr_array_index(t->datagrams, i);
        if (strcmp(head_of(heard, "01-IGRSMessageType"), type) == 0 &&
            g_ascii_strcasecmp(head_of(heard, "01-SourceDeviceId"), t->id) == 0 && place-- == 0)
            return heard;
    }
    return NULL;
}

static const Heard *
first_of(Tester *t, const char *type)
{
    const Heard *heard = heard_of(t, type, 0);

    expect(t, heard != NULL, "no %s", type);
    return heard;
}

/* text: the type, and then "head value" or "head" for one that must be there. */
static void
advert_head(Tester *t, const Rule *rule)
{
    const Heard *heard = first_of(t, rule->text);
    g_auto(GStrv) words = g_strsplit(rule->more, " ", 2);
    const char *value = heard != NULL ? head_of(heard, words[0]) : NULL;

    if (heard == NULL)
        return;
    if (words[1] != NULL)
        expect(t, strcmp(value, words[1]) == 0, "%s: %s", words[0], value);
    else
        expect(t, value[0] != '\0', "no %s", words[0]);
}

static void
advert_form(Tester *t, const Rule *rule)
{
    const Heard *heard = first_of(t, rule->text);

    if (heard == NULL)
        return;
    expect(t, strcmp(heard->start, "NOTIFY * HTTP/1.1") == 0, "\"%s\"", heard->start);
    expect(t, heard->flaw == NULL, "%s", heard->flaw);
    expect(t, strstr(heard->raw, "\"" IGRS_MAN "\";ns=01\r\n") != NULL, "no Man of IGRS");
    expect(t, strcmp(head_of(heard, "01-IGRSVersion"), IGRS_VERSION) == 0, "IGRSVersion \"%s\"",
           head_of(heard, "01-IGRSVersion"));
    expect(t, heard->head_size + heard->body_size <= 1400, "%zu octets",
           heard->head_size + heard->body_size);
}

static void
usn_of_type(Tester *t, const Rule *rule)
{
    const Heard *heard = first_of(t, rule->text);

    if (heard == NULL)
        return;
    g_autofree char *usn = g_strconcat(t->id, "::", head_of(heard, "NT"), NULL);
    expect(t, strcmp(head_of(heard, "USN"), usn) == 0, "USN: %s", head_of(heard, "USN"));
}

static void
location_is_own(Tester *t, const Rule *rule)
{
    const Heard *heard = first_of(t, rule->text);

    if (heard != NULL)
        expect(t, strcmp(head_of(heard, "LOCATION"), t->location) == 0, "LOCATION: %s",
               head_of(heard, "LOCATION"));
}

static void
location_absent(Tester *t, const Rule *rule)
{
    const Heard *heard = first_of(t, rule->text);

    if (heard != NULL)
        expect(t, http_heads_count(heard->heads, "LOCATION") == 0, "LOCATION in a byebye");
}

static void
time_to_live(Tester *t, const Rule *rule)
{
    const Heard *heard = first_of(t, rule->text);

    if (heard != NULL)
        expect(t, heard->ttl == IGRS_TTL, "TTL %d", heard->ttl);
}

static void
name_encoded(Tester *t, const Rule *rule)
{
    const Heard *heard = first_of(t, rule->text);

    if (heard == NULL)
        return;
    g_autofree char *name = g_uri_unescape_string(head_of(heard, "01-DeviceName"), NULL);
    expect(t, g_strcmp0(name, t->name) == 0, "DeviceName: %s", head_of(heard, "01-DeviceName"));
    for (const char *p = head_of(heard, "01-DeviceName"); *p != '\0'; p++)
        expect(t, (guchar)*p > 0x20 && (guchar)*p < 0x7f, "an octet that is not encoded");
}

/* Three datagrams of one SequenceId, 100 ms apart. The newest one counts: an announcement that a
 * change of addresses overtakes is not said to its end. */
static void
three_copies(Tester *t, const Rule *rule)
{
    const Heard *first = first_of(t, rule->text), *one;
    const char *sequence = NULL;
    int64_t last_ms = 0;
    unsigned copies = 0;

    if (first == NULL)
        return;
    for (guint i = 0; (one = heard_of(t, rule->text, i)) != NULL; i++) {
        if (strcmp(head_of(one, "NT"), head_of(first, "NT")) != 0)
            continue;
        if (g_strcmp0(head_of(one, "01-SequenceId"), sequence) != 0)
            copies = 0;
        expect(t, copies == 0 || one->at_ms - last_ms >= COPY_MS / 2, "copies %d ms apart",
               (int)(one->at_ms - last_ms));
        sequence = head_of(one, "01-SequenceId");
        last_ms = one->at_ms;
        copies++;
    }
    expect(t, copies == 3, "%u copies", copies);
}

/* -- Waiting for the operator ------------------------------------------------------------------ */

static bool
is_start_of(const Heard *heard, const char *wanted)
{
    g_autofree char *name = g_uri_unescape_string(head_of(heard, "01-DeviceName"), NULL);

    return strcmp(head_of(heard, "01-IGRSMessageType"), "DeviceOnlineAdvertisement") == 0 &&
           (wanted == NULL || g_strcmp0(name, wanted) == 0 ||
            strcmp(head_of(heard, "LOCATION"), wanted) == 0 ||
            g_str_has_suffix(head_of(heard, "01-SourceDeviceId"), wanted));
}

char *
life_await_start(Tester *t, const char *wanted)
{
    int64_t until_ms = wire_now_ms() + OPERATOR_MS;

    fprintf(stderr, "igrs-validate: start the device now\n");
    while (wire_now_ms() < until_ms) {
        wire_pause(t, 100);
        for (guint i = 0; i < t->datagrams->len; i++) {
            const Heard *heard = g_ptr_array_index(t->datagrams, i);
            if (is_start_of(heard, wanted)) {
                wire_pause(t, 5 * COPY_MS);
                return g_strdup(head_of(heard, "LOCATION"));
            }
        }
    }
    fprintf(stderr, "igrs-validate: no device started\n");
    return NULL;
}

static bool
is_there(Tester *t)
{
    int fd = wire_connect(t);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

void
life_await_stop(Tester *t)
{
    int64_t until_ms = wire_now_ms() + OPERATOR_MS;

    fprintf(stderr, "igrs-validate: stop the device now\n");
    while (wire_now_ms() < until_ms && is_there(t))
        wire_pause(t, 200);
    wire_pause(t, 5 * COPY_MS);
}

#define LIFE .needs = NEED_LIFE
#define ONLINE .text = "DeviceOnlineAdvertisement"
#define OFFLINE .text = "DeviceOfflineAdvertisement"
#define SERVICE_ONLINE .needs = NEED_LIFE | NEED_SERVICE, .text = "ServiceOnlineAdvertisement"
#define SERVICE_OFFLINE .needs = NEED_LIFE | NEED_SERVICE, .text = "ServiceOfflineAdvertisement"

const Rule life_rules[] = {
    { "alive-form", "3, C9.1", "NOTIFY * with the heads of IGRS, at most 1400 octets", advert_form,
      LIFE, ONLINE },
    { "alive-nts", "3", "NTS: isdp:alive", advert_head, LIFE, ONLINE, .more = "NTS isdp:alive" },
    { "alive-host", "3", "HOST: 239.255.255.250:3880", advert_head, LIFE, ONLINE,
      .more = "HOST 239.255.255.250:3880" },
    { "alive-usn", "3", "USN is DeviceId::device type", usn_of_type, LIFE, ONLINE },
    { "alive-max-age", "3", "CACHE-CONTROL: max-age=1800", advert_head, LIFE, ONLINE,
      .more = "CACHE-CONTROL max-age=1800" },
    { "alive-location", "1, 3", "LOCATION is where the device serves", location_is_own, LIFE,
      ONLINE },
    { "alive-type", "3", "01-DeviceType", advert_head, LIFE, ONLINE, .more = "01-DeviceType" },
    { "alive-name", "3", "01-DeviceName, percent-encoded UTF-8", name_encoded, LIFE, ONLINE },
    { "alive-security", "3", "01-DeviceSecurityId", advert_head, LIFE, ONLINE,
      .more = "01-DeviceSecurityId" },
    { "alive-sequence", "1, 3", "01-SequenceId, by which copies are known", advert_head, LIFE,
      ONLINE,
      .more = "01-SequenceId" },
    { "alive-copies", "3", "three copies, 100 ms apart", three_copies, LIFE, ONLINE },
    { "alive-ttl", "1", "TTL 4", time_to_live, LIFE, ONLINE },
    { "service-alive", "3, C10.1", "services are announced", advert_form, SERVICE_ONLINE },
    { "service-alive-usn", "3", "USN is DeviceId::service type", usn_of_type, SERVICE_ONLINE },
    { "service-alive-id", "3", "01-ServiceId", advert_head, SERVICE_ONLINE,
      .more = "01-ServiceId" },
    { "service-alive-name", "3", "01-ServiceName", advert_head, SERVICE_ONLINE,
      .more = "01-ServiceName" },
    { "service-alive-type", "3", "01-ServiceType", advert_head, SERVICE_ONLINE,
      .more = "01-ServiceType" },
    { "byebye-form", "3, C9.1", "a clean stop says byebye", advert_form, LIFE, OFFLINE },
    { "byebye-nts", "3", "NTS: isdp:byebye", advert_head, LIFE, OFFLINE,
      .more = "NTS isdp:byebye" },
    { "byebye-usn", "3", "USN as in alive", usn_of_type, LIFE, OFFLINE },
    { "byebye-location", "3", "no LOCATION in a byebye", location_absent, LIFE, OFFLINE },
    { "byebye-copies", "3", "three copies of it", three_copies, LIFE, OFFLINE },
    { "service-byebye", "3, C10.1", "services say byebye", advert_form, SERVICE_OFFLINE },
    { "service-byebye-location", "3", "without LOCATION", location_absent, SERVICE_OFFLINE },
    { NULL },
};
