/* intake.h -- port: media that others bring into the library
 *
 * Implemented by appliance/library/uploads; used by av/content-directory. What is brought is first
 * announced, then its bytes come: pushed to an address on our HTTP server, or fetched by us.
 * Everything is for the device at the address peer (numbers) alone. Main loop only, but get(). */
#pragma once

#include "base/observers.h"
#include "model/catalog.h"
#include "model/media.h"

typedef struct Intake Intake;

typedef struct {
    const char *title;
    const char *mime;    /* of sound, a film or a picture */
    uint64_t size_bytes; /* 0: not said */
} IntakeWish;

typedef enum {
    INTAKE_IN_PROGRESS,
    INTAKE_COMPLETED,
    INTAKE_STOPPED,
    INTAKE_ERROR,
    INTAKE_STATE_N
} IntakeState;

typedef struct {
    IntakeState state;
    uint64_t done_bytes, total_bytes; /* total 0: not known */
} IntakeProgress;

typedef struct {
    /* An id to ask for it by, and the path part of the address that takes its bytes by POST or PUT;
     * both the caller's. DUO_ERROR_INVALID: not such media; DUO_ERROR_NO_ROOM; DUO_ERROR_BUSY. */
    bool (*announce)(Intake *intake, const IntakeWish *wish, const char *peer, char **id,
                     char **address, GError **error);
    /* Shows what became of it: the library's item, or what is known before. DUO_ERROR_NOT_FOUND.
     * Any thread. */
    bool (*get)(Intake *intake, const char *id, MediaVisit visit, gpointer user_data,
                GError **error);
    /* Takes it away again. DUO_ERROR_NOT_FOUND; DUO_ERROR_DENIED: another device's. */
    bool (*withdraw)(Intake *intake, const char *id, const char *peer, GError **error);
    /* Fetches source to an address of announce(): the transfer's number, 0 with an error.
     * DUO_ERROR_NOT_FOUND: no such address; DUO_ERROR_DENIED: a source we do not fetch from;
     * DUO_ERROR_BUSY; DUO_ERROR_CONFLICT: it has come already. */
    uint32_t (*fetch)(Intake *intake, const char *source, const char *address, const char *peer,
                      GError **error);
    /* DUO_ERROR_NOT_FOUND: no such transfer. */
    bool (*progress)(Intake *intake, uint32_t transfer, IntakeProgress *progress, GError **error);
    bool (*stop)(Intake *intake, uint32_t transfer, const char *peer, GError **error);
    char *(*transfers)(Intake *intake); /* under way, "1,2"; the caller's */
} IntakeClass;

struct Intake {
    const IntakeClass *class;
    Observers *observers; /* told, with the Intake, when transfers() changes */
};
