/* pipe.h -- the logical channel between two devices (ISO/IEC 14543-5-1 clause 9.2)
 *
 * A pipe outlives its TCP connections: it dies by DetachPipe, silence or byebye. This is its state
 * machine and the table of those that are open, one for each peer device whoever began it. What it
 * has to say is said by its owner through the hooks, whose answers come back as events; so it knows
 * no wire. Owned by IgrsNode. PROFILE section 4. */
#pragma once

#include "base/clock.h"

#include <glib.h>
#include <stdbool.h>

#define IGRS_PIPES_MAX 256
#define IGRS_PIPES_PER_ADDRESS_MAX 32
#define IGRS_PIPE_IDLE_MS 30000     /* silence before a DeviceOnlineDetectionRequest */
#define IGRS_PIPE_RETRY_MS 5000     /* between one that was missed and the next */
#define IGRS_PIPE_MISSES_MAX 3      /* that detach */
#define IGRS_PIPE_MUTE_MS 1800000   /* life of a pipe to a peer without a LOCATION to ask at */

typedef enum {
    IGRS_PIPE_CLOSED,
    IGRS_PIPE_ASKED, /* our CreatePipeRequest is under way */
    IGRS_PIPE_OPEN,
    IGRS_PIPE_STATE_N
} IgrsPipeState;

typedef enum {
    /* what the peer says */
    IGRS_PIPE_CREATE_REQUEST,
    IGRS_PIPE_INTRODUCTION, /* GetDeviceDescription, CreateSession: opens a pipe by itself */
    IGRS_PIPE_MESSAGE,      /* any other message that needs a pipe */
    IGRS_PIPE_DETECTION_REQUEST,
    IGRS_PIPE_DETACH_NOTIFY,
    /* what it answers */
    IGRS_PIPE_ACCEPTED, /* CreatePipeResponse 200 */
    IGRS_PIPE_REFUSED,  /* another code, or no answer */
    IGRS_PIPE_ALIVE,    /* any answer of its */
    IGRS_PIPE_MISSED,   /* no DeviceOnlineDetectionResponse */
    IGRS_PIPE_UNKNOWN,  /* ReturnCode 482: it was started again and forgot us */
    IGRS_PIPE_BYEBYE,
    /* what we want */
    IGRS_PIPE_WANTED,
    IGRS_PIPE_PROBE, /* it may have been started again: ask */
    IGRS_PIPE_LEAVE,
    /* what time tells */
    IGRS_PIPE_IDLE,
    IGRS_PIPE_SILENT,
    IGRS_PIPE_EVENT_N
} IgrsPipeEvent;

typedef enum { IGRS_PIPE_SAY_CREATE, IGRS_PIPE_SAY_DETECT, IGRS_PIPE_SAY_DETACH } IgrsPipeWord;

typedef struct {
    /* Send it to location (where the peer said it serves; NULL: it did not say); the answer to
     * CREATE comes back as ACCEPTED or REFUSED, to DETECT as ALIVE, MISSED or UNKNOWN. False: the
     * peer cannot be spoken to. May not answer before it returns. */
    bool (*say)(const char *peer, const char *location, IgrsPipeWord word, gpointer user_data);
    void (*opened)(const char *peer, gpointer user_data);
    /* What stood on the pipe (sessions, subscriptions) ends. Also told of a pipe that was asked for
     * and refused, and of one that the peer opens anew. */
    void (*ended)(const char *peer, gpointer user_data);
} IgrsPipeHooks;

typedef struct IgrsPipes IgrsPipes;

/* hooks are borrowed. */
IgrsPipes    *igrs_pipes_new(Clock *clock, const IgrsPipeHooks *hooks, gpointer user_data);
void          igrs_pipes_free(IgrsPipes *pipes); /* says nothing to anybody */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsPipes, igrs_pipes_free)

/* Runs one event of the pipe to peer (a DeviceId) that came from address (NULL: it is our own).
 * Returns an IGRS return code: 200; 482 when the state knows no such event, which then changes
 * nothing; 429 when that address has its share of pipes; 503 when all are taken. */
unsigned      igrs_pipes_event(IgrsPipes *pipes, const char *peer, const char *address,
                               IgrsPipeEvent event);
IgrsPipeState igrs_pipes_state(const IgrsPipes *pipes, const char *peer);

/* Where the peer said it serves (01-Location of its CreatePipeRequest); NULL: nowhere. For a pipe
 * that is not closed. */
void          igrs_pipes_set_location(IgrsPipes *pipes, const char *peer, const char *location);
const char   *igrs_pipes_location(const IgrsPipes *pipes, const char *peer);

/* LEAVE on every pipe whose peer is wanted to; wants NULL: on all. */
typedef bool (*IgrsPipeWants)(const char *peer, gpointer user_data);
void          igrs_pipes_leave(IgrsPipes *pipes, IgrsPipeWants wants, gpointer user_data);
/* PROBE on every pipe: we were asleep, or our addresses changed. */
void          igrs_pipes_probe(IgrsPipes *pipes);
guint         igrs_pipes_count(const IgrsPipes *pipes);
