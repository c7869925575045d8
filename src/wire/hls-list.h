/* hls-list.h -- a list of HLS of somebody else's (RFC 8216) taken apart
 *
 * Either a master list, which names lists of the same at other rates, or a media list, which names
 * its parts in order. What is not known is passed over, as the RFC wants it (6.3.1). Pure. Limits:
 * HLS_LIST_SIZE_MAX octets, addresses of 4 KiB, HLS_LIST_PARTS_MAX parts, 64 variants. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define HLS_LIST_SIZE_MAX (4 << 20)
#define HLS_LIST_PARTS_MAX 30000

typedef struct {
    char *uri;       /* as it is written */
    uint64_t offset; /* there from on, */
    int64_t length;  /* so many octets; -1: all there is */
} HlsPlace;

typedef struct {
    HlsPlace place;
    int header; /* which of the headers goes before it; -1: none */
    int64_t duration_ms;
} HlsPart;

typedef struct {
    char *uri;
    int64_t rate;  /* bits a second */
    int64_t height; /* 0: not told */
    bool is_mute;  /* its sound is in another list */
} HlsVariant;

typedef struct {
    GPtrArray *variants; /* HlsVariant; empty of a media list */
    GPtrArray *parts;    /* HlsPart, the first is number first */
    GPtrArray *headers;  /* HlsPlace, the initialisation sections */
    uint64_t first;
    int64_t target_ms, duration_ms; /* of the longest part; of all */
    bool is_over;      /* nothing will be added */
    bool is_encrypted;
} HlsList;

/* The caller's. DUO_ERROR_INVALID: it is no list of HLS, DUO_ERROR_TOO_LARGE. */
HlsList *hls_list_decode(const char *text, gsize size, GError **error);
void     hls_list_free(HlsList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HlsList, hls_list_free)

/* The best one that is no higher than 1080 lines and has its sound with it, if there is one;
 * borrowed. NULL: all are mute, or there is none. */
const HlsVariant *hls_list_choose(const HlsList *list);
