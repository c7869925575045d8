/* error.h -- what can go wrong, in words that every speaker can translate
 *
 * The rooms share one error domain with a few codes that say what a caller can do about it. Each
 * speaker (HTTP, IGRS, UPnP) turns a code into its own number through one table. Errors of GIO and
 * of a service's action (model/service.h) pass through beside it. */
#pragma once

#include <glib.h>

typedef enum {
    DUO_ERROR_INVALID,     /* the input is malformed or out of range */
    DUO_ERROR_TOO_LARGE,   /* the input is beyond a stated limit */
    DUO_ERROR_NOT_FOUND,   /* nothing has that name or id */
    DUO_ERROR_DENIED,      /* the asker may not */
    DUO_ERROR_CONFLICT,    /* not in this state, or the name is taken */
    DUO_ERROR_UNSUPPORTED, /* understood, and cannot be done: the message names what is missing */
    DUO_ERROR_BUSY,        /* a limit is reached; later it may work */
    DUO_ERROR_TIMEOUT,     /* no answer in time */
    DUO_ERROR_UNAVAILABLE, /* the other side, a disk or a network is away */
    DUO_ERROR_FAILED,      /* anything else */
    DUO_ERROR_NO_ROOM,     /* the disk, or what may be used of it, is full */
    DUO_ERROR_N
} DuoError;

#define DUO_ERROR (duo_error_quark())
GQuark duo_error_quark(void);
