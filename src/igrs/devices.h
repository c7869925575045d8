/* devices.h -- the table of the devices that others say they are (PROFILE section 3; clause 9.1)
 *
 * Bounded in every direction a peer can push it: so many devices, so many of one address, each with
 * one location. A device that was heard of is described (whoever owns the table fetches its
 * document) and only then online; it is forgotten when it says byebye or its life runs out. Owned
 * by IgrsNode; knows no wire. */
#pragma once

#include "igrs/igrs.h"

#define IGRS_DEVICES_MAX 256
#define IGRS_DEVICES_PER_ADDRESS_MAX 32
#define IGRS_DEVICE_SIZE_MAX (16 * 1024) /* octets of what one says of itself */
#define IGRS_AWAKE_MS 5000 /* after a sleep of ours, to be heard again */
#define IGRS_LIFE_MAX_S (24 * 3600) /* of what a max-age may promise */

typedef struct IgrsDevices IgrsDevices;

/* Fetch the description at location, then call igrs_devices_described() or _failed() once. */
typedef void (*IgrsDescribe)(const char *id, const char *location, gpointer user_data);

/* True for a device that must not give way to another, described or not: it has a pipe. */
typedef bool (*IgrsHeld)(const char *id, gpointer user_data);

IgrsDevices *igrs_devices_new(Clock *clock, IgrsDescribe describe, IgrsHeld held,
                              gpointer user_data);
void         igrs_devices_free(IgrsDevices *devices); /* tells nobody */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsDevices, igrs_devices_free)

Observers   *igrs_devices_observers(IgrsDevices *devices); /* of IgrsDeviceEvent */

typedef struct {
    const char *id;       /* DeviceId URN */
    const char *location; /* its host is the address that the datagram came from */
    const char *address;  /* that address */
    uint32_t life_s;
    bool is_news; /* an advertisement: it may have been started again, so it is described again */
} IgrsSighting;

/* False: the table is full, or that address has its share. */
bool          igrs_devices_heard(IgrsDevices *devices, const IgrsSighting *sighting);
/* We were asleep: lives that ran out meanwhile end only when nothing is heard now. */
void          igrs_devices_awoke(IgrsDevices *devices);
/* Takes device over; one of another id, or of a location that changed meanwhile, is dropped; one
 * beyond IGRS_DEVICE_SIZE_MAX has failed. */
void          igrs_devices_described(IgrsDevices *devices, const char *id, Device *device);
void          igrs_devices_failed(IgrsDevices *devices, const char *id);
/* byebye counts from the address that the device was heard at. */
void          igrs_devices_gone(IgrsDevices *devices, const char *id, const char *address);

/* Online ones; borrowed. */
const Device *igrs_devices_find(const IgrsDevices *devices, const char *id);
/* Where a device is, whether described or not; NULL: not heard of. Borrowed. */
const char   *igrs_devices_location(const IgrsDevices *devices, const char *id);
/* True when it was heard from that address. */
bool          igrs_devices_is_at(const IgrsDevices *devices, const char *id, const char *address);
GPtrArray    *igrs_devices_list(const IgrsDevices *devices);
guint         igrs_devices_count(const IgrsDevices *devices); /* described or not */
