/* push.h -- one thing that is pushed to us: written while it comes, read while it is still coming
 *
 * Its octets are a file. Who writes goes on where the file ends; a connection that broke off may be
 * followed by another one, and then the older may not write any more. Who reads beyond what is
 * there waits. Any thread. */
#pragma once

#include "model/media.h"
#include "model/stream.h"

typedef struct Push Push;

/* What never changes, and (a copy of) what does. */
typedef struct {
    char *id;   /* of 32 hexadecimal digits */
    char *name; /* as a file's: with its extension, no path */
    char *mime;
    int64_t size; /* -1: not known yet */
    uint64_t received;
    bool is_whole;
    char *kept; /* where it lies in the library; NULL: it is not kept */
    int64_t touched_s; /* monotonic: when it was written or read last */
} PushFacts;

void push_facts_clear(PushFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PushFacts, push_facts_clear)

/* What they say of it as an object that delivery knows how to convert: its streams are not known.
 * Its id is that of its address, as in pushes_is_token(). */
MediaObject *push_object(const PushFacts *facts);

/* Over the file at path, which is made when it is not there, or gone on with; facts is copied,
 * received is what the file has. */
Push *push_new(const char *path, const PushFacts *facts, GError **error);
Push *push_ref(Push *push);
void  push_unref(Push *push);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Push, push_unref)

void  push_read_facts(Push *push, PushFacts *facts); /* facts is cleared first */

/* Writing goes on at offset, which must be the end of what is there (DUO_ERROR_CONFLICT): the
 * number to write with; who wrote before may not any more. 0 with an error, also DUO_ERROR_CONFLICT
 * when it is whole. size: what is known now, -1: still not. */
guint push_begin(Push *push, uint64_t offset, int64_t size, GError **error);
/* DUO_ERROR_NO_ROOM, DUO_ERROR_UNAVAILABLE (the disk), DUO_ERROR_CONFLICT (somebody else goes on
 * with it), DUO_ERROR_INVALID (more than was said). */
bool  push_write(Push *push, guint writer, const void *octets, size_t count, GError **error);
/* is_last: nothing follows, ever. */
void  push_end(Push *push, guint writer, bool is_last);

/* Its octets, from any offset on. DUO_ERROR_NOT_FOUND: it is gone. */
Stream *push_open(Push *push, GError **error);

/* Its file, open for reading, the caller's, and in *more a descriptor that hangs up when nothing
 * follows, the caller's as well; -1: it is whole. -1 with DUO_ERROR_NOT_FOUND, DUO_ERROR_BUSY (no
 * descriptor is left). */
int push_open_file(Push *push, int *more, GError **error);

/* The file was moved to path, where it stays; or away with it: readers and writers fail from now
 * on. */
void  push_set_kept(Push *push, const char *path);
void  push_discard(Push *push);
