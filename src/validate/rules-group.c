/* rules-group.c -- section 6, clauses 9.5 and 9.8: groups
 *
 * What a device answers of groups that it is not in is asked of every device; what it does as the
 * master of one, or as a member of a peer group, only where a search finds it in one. */
#include "validate/rules.h"

#include "wire/isdp.h"

#include <string.h>

#define LOOK_MS 1500 /* MX and a little */
#define TOLD_MS 3000

/* No group is named: that is a bad request, or a group that nobody knows. */
static void
join_nameless(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Edit edits[] = { { EDIT_DROP, "01-DeviceGroupId", NULL }, { EDIT_NONE, NULL, NULL } };

    open_pipe(t);
    const Heard *reply =
        ask_edited(t, say(t, IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST), edits);
    if (reply->status == 200)
        expect(t, head_of(reply, "01-ReturnCode")[0] == '4', "ReturnCode \"%s\"",
               head_of(reply, "01-ReturnCode"));
    else
        expect_http(t, reply, 400);
}

/* -- Groups that live -------------------------------------------------------------------------- */

/* The device's answer to a search for that group; NULL: none. */
static const XmlNode *
group_list(Tester *t, const char *id)
{
    uint32_t number = search(t, IGRS_SEARCH_DEVICE_GROUP_REQUEST, id, 1, NULL);
    const Heard *answer = await_answer(t, number, ANSWER_MS);

    return answer != NULL ? payload(answer) : NULL;
}

static bool
has_member(const XmlNode *group, const char *device_id)
{
    const XmlNode *member = xml_first(group, "Member");

    while (member != NULL && g_ascii_strcasecmp(xml_text(member), device_id) != 0)
        member = xml_next(member, "Member");
    return member != NULL;
}

static void
note_group(Tester *t, const XmlNode *group)
{
    const char *id = xml_child_text(group, "DeviceGroupId");
    const char *master = xml_child_text(group, "MasterDeviceId");

    if (id != NULL && master == NULL && t->peers == NULL && has_member(group, t->id))
        t->peers = g_strdup(id);
    else if (id != NULL && t->led == NULL && g_strcmp0(master, t->id) == 0)
        t->led = g_strdup(id);
}

static void
note_answer(Tester *t, const Heard *heard)
{
    const XmlNode *list = payload(heard), *group;

    if (list == NULL || strcmp(head_of(heard, "01-SourceDeviceId"), t->id) != 0 ||
        strcmp(head_of(heard, "01-IGRSMessageType"), "SearchDeviceGroupResponse") != 0)
        return;
    for (group = xml_first(list, "DeviceGroup"); group != NULL;
         group = xml_next(group, "DeviceGroup"))
        note_group(t, group);
}

/* When the first rule wants to know. An answer may tell of one group alone, and be lost. */
void
groups_look(Tester *t)
{
    for (; t->looks < 2 && (t->led == NULL || t->peers == NULL); t->looks++) {
        search(t, IGRS_SEARCH_DEVICE_GROUP_REQUEST, ISDP_ALL, 1, NULL);
        wire_pause(t, LOOK_MS);
        for (guint i = 0; i < t->datagrams->len; i++)
            note_answer(t, g_ptr_array_index(t->datagrams, i));
    }
    t->has |= (t->led != NULL ? NEED_LED : 0) | (t->peers != NULL ? NEED_PEERS : 0);
}

static const char *
group_of(const Tester *t, const Rule *rule)
{
    return (rule->needs & NEED_LED) != 0 ? t->led : t->peers;
}

static const XmlNode *
find_group(const XmlNode *list, const char *id)
{
    const XmlNode *group = list != NULL ? xml_first(list, "DeviceGroup") : NULL;

    while (group != NULL && g_strcmp0(xml_child_text(group, "DeviceGroupId"), id) != 0)
        group = xml_next(group, "DeviceGroup");
    return group;
}

/* The group as the device tells it now; NULL, and the rule failed: it does not. */
static const XmlNode *
group_now(Tester *t, const char *id)
{
    const XmlNode *group = find_group(group_list(t, id), id);

    expect(t, group != NULL, "a search for %s is not answered with it", id);
    return group;
}

static void
searched(Tester *t, const Rule *rule)
{
    group_now(t, group_of(t, rule));
}

/* text: the children in their order, each but the last once. */
static void
formed(Tester *t, const Rule *rule)
{
    const XmlNode *group = group_now(t, group_of(t, rule));
    const XmlNode *child = group != NULL ? xml_first(group, NULL) : NULL;
    g_auto(GStrv) names = g_strsplit(rule->text, " ", -1);

    if (group == NULL)
        return;
    for (guint i = 0; names[i] != NULL; i++, child = child != NULL ? xml_next(child, NULL) : NULL)
        expect(t, child != NULL && strcmp(xml_name(child), names[i]) == 0, "%s is not in its place",
               names[i]);
    expect(t, has_member(group, t->id), "the device is not a Member of it");
    expect(t, (rule->needs & NEED_PEERS) == 0 || xml_first(group, "MasterDeviceId") == NULL,
           "a peer group has a MasterDeviceId");
}

/* -- Joining ----------------------------------------------------------------------------------- */

static const Heard *
ask_of_group(Tester *t, IgrsMessageType type)
{
    IgrsMessage *message = say(t, type);

    g_free(message->group_id);
    message->group_id = g_strdup(t->led);
    return ask_message(t, message);
}

static void
quit(Tester *t)
{
    expect_http(t, ask_of_group(t, IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY), 200);
}

static bool
join(Tester *t)
{
    return open_pipe(t) &&
           expect_code(t, ask_of_group(t, IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST), 200);
}

static void
expect_member(Tester *t, bool is_member)
{
    const XmlNode *group = group_now(t, t->led);

    if (group != NULL)
        expect(t, has_member(group, t->self) == is_member,
               is_member ? "who joined is no Member" : "who left is a Member still");
}

static void
joined(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!join(t))
        return;
    expect_member(t, true);
    quit(t);
}

static void
joined_twice(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!join(t))
        return;
    expect_code(t, ask_of_group(t, IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST), 409);
    quit(t);
}

static bool
tells_of(const Tester *t, const Heard *heard)
{
    const XmlNode *group = find_group(payload(heard), t->led);

    return strcmp(head_of(heard, "01-IGRSMessageType"), "CentralisedDeviceGroupAdvertisement") == 0
           && group != NULL && has_member(group, t->self);
}

static void
joining_told(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    guint at = t->datagrams->len;
    int64_t until_ms = wire_now_ms() + TOLD_MS;
    bool is_told = false;

    if (!join(t))
        return;
    while (!is_told && wire_now_ms() < until_ms) {
        wire_pause(t, 50);
        for (; !is_told && at < t->datagrams->len; at++)
            is_told = tells_of(t, g_ptr_array_index(t->datagrams, at));
    }
    expect(t, is_told, "no CentralisedDeviceGroupAdvertisement with the new member in 3 s");
    quit(t);
}

static void
left(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!join(t))
        return;
    quit(t);
    expect_member(t, false);
}

static void
left_by_another(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!join(t))
        return;
    t->speaker = t->other;
    open_pipe(t);
    quit(t);
    detach(t);
    t->speaker = t->self;
    expect_member(t, true);
    quit(t);
}

/* -- Forged ------------------------------------------------------------------------------------ */

/* In the name of source; with an entry where it is an advertisement that the group lives. */
static void
say_of_group(Tester *t, IgrsMessageType type, const char *source, const char *id)
{
    IgrsMessage *message = say(t, type);

    g_clear_pointer(&message->target_id, g_free);
    g_free(message->source_id);
    message->source_id = g_strdup(source);
    g_free(message->group_id);
    message->group_id = g_strdup(id);
    if (type == IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT) {
        IgrsGroupEntry *entry = igrs_message_add_group(message, id, "validation", "Plain");
        entry->master_id = g_strdup(source);
        g_ptr_array_add(entry->members, g_strdup(source));
    }
    g_autoptr(Isdp) isdp = isdp_new(message);
    g_autoptr(GBytes) bytes = isdp_encode(isdp, "239.255.255.250:3880");
    ether_say(t, IGRS_GROUP, IGRS_PORT, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    wire_pause(t, 200);
}

/* Neither a stranger who calls itself the master nor one who speaks in its name from elsewhere. */
static void
forged(Tester *t, const Rule *rule)
{
    const char *id = group_of(t, rule);
    const char *source = rule->send == IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT ? t->other
                                                                                   : t->id;

    say_of_group(t, rule->send, source, id);
    const XmlNode *group = group_now(t, id);
    if (group == NULL)
        return;
    expect(t, (rule->needs & NEED_LED) == 0 ||
                  g_strcmp0(xml_child_text(group, "MasterDeviceId"), t->id) == 0,
           "a stranger is its master");
    expect(t, has_member(group, t->id), "the device is no Member any more");
}

const Rule group_rules[] = {
    { "group-join-unknown", "2, 6", "joining a group that the device does not lead: 404", run_row,
      .send = IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST, .code = 404 },
    { "group-join-nameless", "2, 6", "joining without a DeviceGroupId: refused", join_nameless },
    { "group-quit-unknown", "2, 6", "leaving an unknown group: 200, nothing more", run_row,
      .send = IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY, .http = 200 },
    { "group-quit-peer-unknown", "2, 6", "leaving an unknown peer group: 200, nothing more",
      run_row,
      .send = IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY, .http = 200 },
    { "group-advertised-by-pipe", "2, 6", "a group's advertisement by TCP: 400", run_row,
      .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST,
      .edit = { { EDIT_SET, "01-IGRSMessageType", "PeerDeviceGroupAdvertisement" } }, .http = 400 },
    { "group-led-search", "3, 6, C9.8", "a search for the id of a group is answered by its master",
      searched, NEED_LED },
    { "group-led-form", "5, 6", "DeviceGroup{Id, Name, GroupType, MasterDeviceId, Member}", formed,
      NEED_LED, .text = "DeviceGroupId DeviceGroupName GroupType MasterDeviceId Member" },
    { "group-led-join", "6, C9.5", "who joins becomes a member", joined, NEED_LED },
    { "group-led-join-twice", "6, C9.5", "who is in already: 409", joined_twice, NEED_LED },
    { "group-led-join-told", "6, C9.5", "the master tells all of the new member", joining_told,
      NEED_LED },
    { "group-led-quit", "6, C9.5", "who leaves is none any more", left, NEED_LED },
    { "group-led-quit-own", "6", "nobody leaves for another", left_by_another, NEED_LED },
    { "group-led-rival", "6", "a stranger does not become its master by saying so", forged, NEED_LED,
      .send = IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT },
    { "group-led-dissolve-forged", "6", "nor ends it in the master's name", forged, NEED_LED,
      .send = IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT },
    { "group-peers-search", "3, 6, C9.8", "a search for a peer group is answered by its members",
      searched, NEED_PEERS },
    { "group-peers-form", "5, 6", "DeviceGroup{Id, Name, GroupType, Member}", formed, NEED_PEERS,
      .text = "DeviceGroupId DeviceGroupName GroupType Member" },
    { "group-peers-quit-forged", "6", "nobody leaves it in another's name", forged, NEED_PEERS,
      .send = IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY },
    { NULL },
};
