/* courier.h -- takes a message to a peer's LOCATION and brings back what it answers
 *
 * An M-POST over a connection that persists (PROFILE sections 1 and 2); the answer is matched by
 * its type and AcknowledgeId. Numbers and signs our messages, and wants the answer to a signed one
 * signed (section 4). Owned by IgrsNode; main loop only. */
#pragma once

#include "igrs/pins.h"

#include <gio/gio.h>

#define IGRS_TIMEOUT_MS 10000
#define IGRS_FETCH_MS 4000 /* of a description: there may be another place to ask */
#define IGRS_DESCRIPTION_MAX (256 * 1024) /* octets of a description we fetch */

typedef struct IgrsCourier IgrsCourier;

/* device_id: our own, the source of all. software: the User-Agent. Both copied. */
IgrsCourier *igrs_courier_new(const char *device_id, const char *software);
void         igrs_courier_free(IgrsCourier *courier); /* what is under way is answered: cancelled */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsCourier, igrs_courier_free)

/* Says what a message to its target is signed with; NULL: nothing. Borrowed. */
typedef IgrsSeal *(*IgrsSealFor)(const IgrsMessage *message, gpointer user_data);
void         igrs_courier_set_seals(IgrsCourier *courier, IgrsSealFor seal_for,
                                    gpointer user_data);

/* Says where inside TLS a message to its target goes, whatever location is named; NULL: to the
 * location. Borrowed. */
typedef const IgrsPlace *(*IgrsPlaceFor)(const IgrsMessage *message, gpointer user_data);
void         igrs_courier_set_places(IgrsCourier *courier, IgrsPlaceFor place_for,
                                     gpointer user_data);

/* The next SequenceId, never 0. */
uint32_t     igrs_courier_sequence(IgrsCourier *courier);

/* Called once, later. A request: reply is the response, whatever its ReturnCode; of a refusal that
 * is not signed where we signed it is 482: the peer knows our seal no more. A notify: reply is
 * NULL. Errors: those of http_client_send(); DUO_ERROR_INVALID: not an answer to this message;
 * DUO_ERROR_DENIED: the signature is missing or wrong. */
typedef void (*IgrsReplied)(const IgrsMessage *reply, const GError *error, gpointer user_data);

/* message is borrowed for the call, its source_id and sequence_id are filled in. timeout_ms 0:
 * IGRS_TIMEOUT_MS; cancellable may be NULL. */
void         igrs_courier_send(IgrsCourier *courier, const char *location, IgrsMessage *message,
                               unsigned timeout_ms, GCancellable *cancellable, IgrsReplied replied,
                               gpointer user_data);

/* GET of a description document. */
typedef void (*IgrsFetched)(GBytes *document, const GError *error, gpointer user_data);
void         igrs_courier_fetch(IgrsCourier *courier, const char *location, IgrsFetched fetched,
                                gpointer user_data);
