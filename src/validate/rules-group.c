/* rules-group.c -- section 6, clause 9.5: groups, as a device that is in none answers of them */
#include "validate/rules.h"

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
    { NULL },
};
