/* rules-discovery.c -- section 3: which searches are answered, when and how often */
#include "validate/rules.h"

#include <string.h>

#define DEVICE .send = IGRS_SEARCH_DEVICE_REQUEST
#define SERVICE .send = IGRS_SEARCH_SERVICE_REQUEST, .needs = NEED_SERVICE
#define ALL .text = ISDP_ALL
#define SPARE_MS 700 /* beyond MX, for the way */

/* The ST of a row: as it stands, or what the words below mean for the device under test. */
static char *
target_of(const Tester *t, const Rule *rule)
{
    const char *type = xml_child_text(t->device, "deviceType");
    const char *what = rule->text;

    if (strcmp(what, "own-id") == 0)
        return g_strdup(t->id);
    if (strcmp(what, "own-id-capitals") == 0) {
        g_autofree char *uuid = g_ascii_strup(t->id + strlen(IGRS_URN_DEVICE_ID), -1);
        return g_strconcat("urn:igrs:Device:DeviceId:", uuid, NULL);
    }
    if (strcmp(what, "device-type") == 0)
        return g_strdup(type);
    if (strcmp(what, "service-type") == 0)
        return g_strdup(t->service.type);
    if (strcmp(what, "device-type-higher") == 0 || strcmp(what, "service-type-higher") == 0) {
        const char *base = what[0] == 'd' ? type : t->service.type;
        return g_strdup_printf("%.*s:99", (int)(strrchr(base, ':') - base), base);
    }
    return g_strdup(what);
}

static void
answered(Tester *t, const Rule *rule)
{
    g_autofree char *target = target_of(t, rule);
    uint32_t sequence = search(t, rule->send, target, 1, rule->edit);

    expect(t, await_answer(t, sequence, ANSWER_MS) != NULL, "no answer");
}

static void
not_answered(Tester *t, const Rule *rule)
{
    g_autofree char *target = target_of(t, rule);
    uint32_t sequence = search(t, rule->send, target, 1, rule->edit);

    expect(t, await_answer(t, sequence, 1000 + SPARE_MS) == NULL, "it is answered");
}

/* MX 30 is read as 5: the answer is there by then. */
static void
mx_beyond(Tester *t, const Rule *rule)
{
    uint32_t sequence = search(t, rule->send, ISDP_ALL, 30, NULL);

    expect(t, await_answer(t, sequence, 5000 + SPARE_MS) != NULL, "no answer in 5 s");
}

/* Answers to searches of MX 3 do not all come in the first second of it. */
static void
answers_spread(Tester *t, const Rule *rule)
{
    enum { COUNT = 8 };
    uint32_t sequences[COUNT];
    int64_t begin_ms = wire_now_ms();
    unsigned count = 0, late = 0;

    wire_pause(t, 1100);
    for (guint i = 0; i < COUNT; i++)
        sequences[i] = search(t, rule->send, ISDP_ALL, 3, NULL);
    begin_ms = wire_now_ms();
    for (guint i = 0; i < COUNT; i++) {
        int64_t left_ms = begin_ms + 3000 + SPARE_MS - wire_now_ms();
        const Heard *answer = await_answer(t, sequences[i], (unsigned)MAX(left_ms, 1));
        count += answer != NULL;
        late += answer != NULL && answer->at_ms - begin_ms > 600;
    }
    expect(t, count == COUNT, "%u of %d searches are answered within MX", count, COUNT);
    expect(t, late >= 1, "all answers come at once instead of over MX 3 s");
}

static void
rate_limited(Tester *t, const Rule *rule)
{
    enum { COUNT = 60 };
    uint32_t sequences[COUNT];
    unsigned answers = 0;

    wire_pause(t, 1100);
    for (guint i = 0; i < COUNT; i++)
        sequences[i] = search(t, rule->send, ISDP_ALL, 1, NULL);
    wire_pause(t, 1000 + SPARE_MS);
    for (guint i = 0; i < COUNT; i++)
        answers += count_answers(t, sequences[i]) > 0;
    expect(t, answers <= 20, "%u of %d searches in a moment are answered, 10 a second may", answers,
           COUNT);
    expect(t, answers >= 1, "none is answered");
    wire_pause(t, 1100); /* whoever comes next is served again */
}

/* The same datagram three times, as all discovery is sent: one search. */
static void
copies_are_one(Tester *t, const Rule *rule)
{
    g_autoptr(GString) text = search_letter(t, rule->send, ISDP_ALL, 1, NULL);
    uint32_t sequence = t->sequence;

    for (guint i = 0; i < 3; i++) {
        ether_say(t, IGRS_GROUP, IGRS_PORT, text->str, text->len);
        wire_pause(t, 50);
    }
    wire_pause(t, 1000 + SPARE_MS);
    expect(t, count_answers(t, sequence) == 1, "%u answers to three copies of a search",
           count_answers(t, sequence));
}

static void
sent_elsewhere(Tester *t, const Rule *rule)
{
    g_autoptr(GString) text = search_letter(t, IGRS_SEARCH_DEVICE_REQUEST, ISDP_ALL, 1, NULL);
    const char *group = strcmp(rule->text, "device") == 0 ? t->host : rule->text;

    ether_say(t, group, (uint16_t)atoi(rule->more), text->str, text->len);
    expect(t, await_answer(t, t->sequence, ANSWER_MS) != NULL, "no answer");
}

/* Noise on the port: nothing comes of it, and searches are answered on. */
static void
noise(Tester *t, const Rule *rule)
{
    g_autofree char *large = g_strnfill(4096, 'x');
    g_autofree char *name = g_strconcat("X-", large, NULL);
    g_autoptr(GString) text = search_letter(t, rule->send, ISDP_ALL, 1, NULL);
    uint32_t sequence = t->sequence;

    g_string_truncate(text, text->len - 2);
    g_string_append_printf(text, "%s: x\r\n\r\n", name);
    ether_say(t, IGRS_GROUP, IGRS_PORT, text->str, text->len);
    for (size_t size = 0; size < 64; size++)
        ether_say(t, IGRS_GROUP, IGRS_PORT, text->str, size);
    expect(t, await_answer(t, sequence, 1000 + SPARE_MS) == NULL,
           "a datagram above 4096 octets is answered");
    sequence = search(t, rule->send, ISDP_ALL, 1, NULL);
    expect(t, await_answer(t, sequence, ANSWER_MS) != NULL, "no answer after noise");
}

#define M_POST { EDIT_LINE, NULL, "M-POST * HTTP/1.1" }

const Rule discovery_rules[] = {
    { "search-all", "3, C9.6", "isdp:all is answered", answered, DEVICE, ALL },
    { "search-own-id", "3", "a search for the DeviceId is answered", answered, DEVICE,
      .text = "own-id" },
    { "search-id-case", "2, 3", "urn:IGRS: and uuid of an ST compare without case", answered,
      DEVICE,
      .text = "own-id-capitals" },
    { "search-other-id", "3", "a search for another DeviceId is not", not_answered, DEVICE,
      .text = IGRS_URN_DEVICE_ID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5" },
    { "search-device-type", "3", "a search for the device type is answered", answered, DEVICE,
      .text = "device-type" },
    { "search-device-type-higher", "3", "a higher version of the type is not", not_answered, DEVICE,
      .text = "device-type-higher" },
    { "search-device-type-other", "3", "another device type is not", not_answered, DEVICE,
      .text = IGRS_URN_DEVICE_TYPE "SteamEngine:1" },
    { "search-device-by-service", "3", "SearchDevice by a service type is answered as such",
      answered,
      NEED_SERVICE, DEVICE, .text = "service-type" },
    { "search-service-all", "3, C10.2", "SearchService of isdp:all is answered", answered, SERVICE,
      ALL },
    { "search-service-type", "3", "SearchService by type is answered", answered, SERVICE,
      .text = "service-type" },
    { "search-service-type-higher", "3", "a higher version of the service is not", not_answered,
      SERVICE, .text = "service-type-higher" },
    { "search-service-other", "3", "another service type is not", not_answered, SERVICE,
      .text = IGRS_URN_SERVICE_TYPE "Whistle:1" },
    { "search-service-by-device", "3", "SearchService by DeviceId is answered", answered, SERVICE,
      .text = "own-id" },
    { "search-service-by-device-type", "3", "SearchService by device type is answered", answered,
      SERVICE, .text = "device-type" },
    { "search-group-unknown", "3, C9.8", "a search for an unknown group is not answered",
      not_answered, .send = IGRS_SEARCH_DEVICE_GROUP_REQUEST,
      .text = IGRS_URN_GROUP_ID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5" },
    { "search-mx-zero", "3", "MX 0 is ignored", not_answered, DEVICE, ALL,
      .edit = { { EDIT_SET, "MX", "0" } } },
    { "search-mx-missing", "3", "no MX: ignored", not_answered, DEVICE, ALL,
      .edit = { { EDIT_DROP, "MX", NULL } } },
    { "search-mx-beyond", "3", "MX 30 is read as 5", mx_beyond, DEVICE },
    { "search-spread", "3", "answers are spread over MX", answers_spread, DEVICE },
    { "search-rate", "3", "at most 10 searches a second of one address are served", rate_limited,
      DEVICE },
    { "search-copies", "1", "copies of a search are one", copies_are_one, DEVICE },
    { "search-ssdp-man", "2", "MAN \"ssdp:discover\" with the heads of IGRS is taken", answered,
      DEVICE, ALL, .edit = { { EDIT_SET, "MAN", "\"ssdp:discover\"" } } },
    { "search-m-post", "3", "an M-POST-shaped search is answered", answered, DEVICE, ALL,
      .edit = { M_POST, { EDIT_DROP, "MAN", NULL } } },
    { "search-m-post-bare", "3", "M-POST without ST and MX means isdp:all, 1 s", answered, DEVICE,
      ALL, .edit = { M_POST, { EDIT_DROP, "ST", NULL }, { EDIT_DROP, "MX", NULL } } },
    { "search-man-missing", "2", "a search without Man of IGRS is not ours", not_answered, DEVICE,
      ALL, .edit = { { EDIT_SET, "Man", "\"http://example.org\";ns=01" } } },
    { "search-version", "2", "a search of IGRS/2.0 is not answered", not_answered, DEVICE, ALL,
      .edit = { { EDIT_SET, "01-IGRSVersion", "IGRS/2.0" } } },
    { "search-source-missing", "2", "a search of nobody is not answered", not_answered, DEVICE, ALL,
      .edit = { { EDIT_DROP, "01-SourceDeviceId", NULL } } },
    { "search-source-doubled", "2", "nor one with two SourceDeviceId", not_answered, DEVICE, ALL,
      .edit = { { EDIT_TWICE, "01-SourceDeviceId", NULL } } },
    { "search-sequence-zero", "2", "nor one with SequenceId 0", not_answered, DEVICE, ALL,
      .edit = { { EDIT_SET, "01-SequenceId", "0" } } },
    { "search-type-unknown", "2", "nor one of an unknown type", not_answered, DEVICE, ALL,
      .edit = { { EDIT_SET, "01-IGRSMessageType", "SearchToasterRequest" } } },
    { "search-port-1900", "1", "a search to 239.255.255.250:1900 is answered", sent_elsewhere,
      .text = IGRS_GROUP, .more = "1900" },
    { "search-group-iana", "1", "a search to 224.0.0.110:3880 is answered", sent_elsewhere,
      .text = IGRS_GROUP_IANA, .more = "3880" },
    { "search-unicast", "1", "a search to the device's own UDP 3880 is answered", sent_elsewhere,
      .text = "device", .more = "3880" },
    { "search-noise", "1", "noise and datagrams above 4096 octets are dropped", noise, DEVICE },
    { NULL },
};
