/* rules-group.c -- section 6, clause 9.5: groups, as a device that is in none answers of them */
#include "validate/rules.h"

const Rule group_rules[] = {
    { "group-join-unknown", "2, 6", "joining a group that the device does not lead: 404", run_row,
      .send = IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST, .code = 404 },
    { "group-join-unreadable", "2, 6", "joining without a DeviceGroupId: 400", run_row_refused,
      .send = IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST,
      .edit = { { EDIT_DROP, "01-DeviceGroupId", NULL } } },
    { "group-quit-unknown", "2, 6", "leaving an unknown group: 200, nothing more", run_row,
      .send = IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY, .http = 200 },
    { "group-quit-peer-unknown", "2, 6", "leaving an unknown peer group: 200, nothing more", run_row,
      .send = IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY, .http = 200 },
    { "group-advertised-by-pipe", "2, 6", "a group's advertisement by TCP: 400", run_row,
      .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST,
      .edit = { { EDIT_SET, "01-IGRSMessageType", "PeerDeviceGroupAdvertisement" } }, .http = 400 },
    { NULL },
};
