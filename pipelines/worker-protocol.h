/* worker-protocol.h -- what duopingd and duoping-worker say to each other
 *
 * A pure codec. The two share a SOCK_SEQPACKET pair: one message a datagram, at most
 * WORKER_MESSAGE_MAX bytes, so that the kernel keeps the boundaries. The server asks with a job and
 * passes the open files it concerns; the worker answers each job once, in the order asked. */
#pragma once

#include "pipelines/conversion-order.h"

#define WORKER_MESSAGE_MAX (64 * 1024)
#define WORKER_FILES_MAX 4

typedef enum {
    WORKER_PROBE,      /* files: the media */
    WORKER_PROBE_DEEP, /* the same, by GStreamer */
    WORKER_THUMBNAIL,  /* files: the media, where the JPEG goes, and perhaps a cover beside it */
    /* files: the media, a pipe that takes what is made of it; as the order says, words, and what
     * hangs up when the media is whole */
    WORKER_CONVERT,
    WORKER_SUBTITLES,  /* files: the media, where the words go as SubRip */
    WORKER_KEYS,       /* files: the media, where the times go (film-keys.h) */
    WORKER_TWIN,       /* files: the channel of another like it, which answers there with its pid */
    WORKER_JOB_N
} WorkerJobKind;

typedef struct {
    WorkerJobKind kind;
    uint32_t id;      /* the answer's */
    const char *name; /* of the file, without its folder; borrowed */
    MediaKind media;  /* thumbnails: what the library holds it for */
    uint32_t width;   /* thumbnails: of the box it must fit into */
    uint32_t moment_ms; /* thumbnails of films: what is shown then; 0: what tells it from others */
    uint32_t track;   /* subtitles: which of those in the file */
    ConversionOrder order; /* conversions; texts borrowed */
} WorkerJob;

typedef enum {
    WORKER_DONE,       /* facts are known, or what was wanted is written */
    WORKER_UNREADABLE, /* for the reason given */
    WORKER_DEEPER,     /* a probe: perhaps GStreamer knows; the reason if not */
    WORKER_NOTHING,    /* a thumbnail, subtitles: the file has nothing to show */
    WORKER_OUTCOME_N
} WorkerOutcome;

typedef struct {
    uint32_t id;
    WorkerOutcome outcome;
    bool has_facts;     /* a probe that is done */
    MediaFacts facts;   /* texts borrowed */
    const uint8_t *details; /* media-details.h, encoded; borrowed; NULL: none */
    gsize details_size;
    const char *reason; /* for people; borrowed; NULL when done */
} WorkerAnswer;

GByteArray *worker_job_encode(const WorkerJob *job);
/* Texts are borrowed from data. False when it is not a job. */
bool        worker_job_decode(const void *data, size_t size, WorkerJob *job);

/* Texts of facts beyond 1 KiB are cut, so that any answer fits a message. */
GByteArray *worker_answer_encode(const WorkerAnswer *answer);
bool        worker_answer_decode(const void *data, size_t size, WorkerAnswer *answer);
