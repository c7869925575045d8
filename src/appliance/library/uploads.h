/* uploads.h -- what devices bring into the library: the Intake over one of its folders
 *
 * The owner names the folder (duoping.conf, [library] uploads); the library indexes it like any
 * other, so that what is brought shows up when it is whole. Knows what was announced since the
 * start, and the transfers. */
#pragma once

#include "appliance/files/file-tickets.h"
#include "model/catalog.h"
#include "model/intake.h"
#include "net/interfaces.h"

typedef struct Uploads Uploads;

/* All are borrowed; catalog is where what was brought shows up. */
Uploads *uploads_new(const char *folder, FileTickets *tickets, Catalog *catalog,
                     const NetInterfaces *interfaces);
void     uploads_free(Uploads *uploads); /* stops the transfers */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Uploads, uploads_free)

Intake  *uploads_intake(Uploads *uploads); /* borrowed */
