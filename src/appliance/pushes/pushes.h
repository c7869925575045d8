/* pushes.h -- what people push to us from a phone or a PC, to be seen on a screen
 *
 * Each is kept for a while in the state folder, within a quota, so that an upload goes on where its
 * connection broke off, also after the server was started again. "Keep it" moves one into the
 * library. Any thread, but where it says otherwise. */
#pragma once

#include "appliance/pushes/push.h"
#include "base/clock.h"
#include "base/observers.h"

#define PUSHES_MAX 256

typedef struct Pushes Pushes;

typedef struct {
    const char *folder;    /* made when it is missing */
    const char *library;   /* where what is kept goes; NULL: nothing can be kept */
    uint64_t quota_bytes;  /* of all that is not kept */
    int64_t life_s;        /* since it was written or read last */
    Clock *clock;          /* borrowed */
} PushesOptions;

Pushes *pushes_new(const PushesOptions *options); /* main loop */
void    pushes_free(Pushes *pushes);              /* main loop; what came stays for the next time */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pushes, pushes_free)

/* A new one, empty; name: as people say it; size: -1 when it is not known. A reference.
 * DUO_ERROR_INVALID (neither sound nor a film nor a picture by its name), DUO_ERROR_NO_ROOM (quota,
 * disk), DUO_ERROR_BUSY (too many). */
Push   *pushes_create(Pushes *pushes, const char *name, int64_t size, GError **error);
/* A reference. DUO_ERROR_NOT_FOUND. */
Push   *pushes_find(Pushes *pushes, const char *id, GError **error);
/* That count more may be written to push. DUO_ERROR_NO_ROOM. */
bool    pushes_allow(Pushes *pushes, uint64_t count, GError **error);
/* What is to outlive the server is written down: its end, where it is kept. */
void    pushes_changed(Pushes *pushes, Push *push);
void    pushes_remove(Pushes *pushes, Push *push);
/* Into the library: where it lies then, the caller's. A file system that is another one is copied
 * to: that may take long. DUO_ERROR_CONFLICT (not whole, kept already), DUO_ERROR_UNSUPPORTED (the
 * library takes nothing), DUO_ERROR_NO_ROOM. */
char   *pushes_keep(Pushes *pushes, Push *push, GError **error);

typedef void (*PushVisit)(Push *push, gpointer user_data);
void    pushes_each(Pushes *pushes, PushVisit visit, gpointer user_data); /* the oldest first */

/* "upload-ID", as in "/stream/upload-ID/NAME". */
bool    pushes_is_token(const char *token);
Push   *pushes_find_token(Pushes *pushes, const char *token, GError **error);
/* push_object() of it; the caller's. */
MediaObject *pushes_find_object(Pushes *pushes, const char *token, GError **error);
/* The id in an address that push_append_url() made, the caller's; NULL: it is none such. Pure. */
char   *push_id_of_url(const char *url);
void    push_append_url(GString *out, const char *base_url, const PushFacts *facts);
