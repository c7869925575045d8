/* doors.h -- people at every way into the house: HTTP, TLS, UPnP, IGRS, and this computer itself
 *
 * Owns who lives here (appliance/people/people), tells the services what an asker may see, and ends
 * what is being sent to whoever may not have it any more, at once. While there is no owner the code
 * that makes one stands in the log, and is shown by screens on this computer
 * (appliance/people/owner-notice). Owned by App; main loop only but where said. */
#pragma once

#include "appliance/library/library.h"
#include "appliance/people/people.h"
#include "daemon/https.h"
#include "igrs/client.h"

typedef struct Doors Doors;

/* path: of the people; library and clock are borrowed. Errors: those of people_new(). */
Doors *doors_new(const char *path, Library *library, Clock *clock, GError **error);
/* After everything that asks. */
void   doors_free(Doors *doors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Doors, doors_free)

People *doors_people(Doors *doors); /* borrowed */

/* Of a set that is on the network, for content_directory_set_audience(): any thread. */
Audience *doors_audience(const char *device, const char *address, gpointer doors);
/* For casts_set_pass(): a screen that may not see what somebody plays on it needs one. */
char     *doors_pass(const char *item_id, const char *address, gpointer doors);

/* Everything is borrowed until doors_close(). */
typedef struct {
    const char *folder; /* of the state */
    const char *name;   /* of the server, for people */
    HttpServer *http;
    Https *https;       /* NULL: none */
    IgrsClient *client;
    NetInterfaces *interfaces;
} DoorsParts;

/* Once everybody is served. */
void doors_open(Doors *doors, const DoorsParts *parts);
void doors_close(Doors *doors); /* NULL and closed ones, too */
