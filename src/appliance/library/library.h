/* library.h -- the household's own media: folders, index, and what a visitor may ask of them
 *
 * Owns the index (media-db) in a state directory and the thread that keeps it true to the disk. The
 * library is a Catalog: library_catalog() answers on any thread, from the asking thread's snapshot.
 * Observers and every function not marked "any thread" belong to the main loop.
 *
 * Ids that never change, whatever the folders hold; the web page translates titles by them:
 *   0  folders  music  artists  albums  genres  tracks  videos  pictures  photos
 *   music-recent  music-often  video-recent  unfinished  all-videos  album-artists  composers  years
 *   playlists  films  series  days  cameras  places  unreadable  music-folders  video-folders
 *   picture-folders
 * where "tracks" is all music and "photos" all pictures;
 * "unreadable" is shown in no other. "pictures" also holds a container for each
 * year ("2024"), which holds its months ("2024-05"). All other ids are decimal
 * numbers; a folder below one of the last three is the number and "-audio", "-video" or
 * "-image". */
#pragma once

#include "base/observers.h"
#include "model/audience.h"
#include "model/catalog.h"
#include "model/picture.h"
#include "model/probe.h"
#include "model/stream.h"

typedef struct Library Library;

/* Makes the probe of the indexer; called on the indexer's thread, again after an idle time in which
 * the former one was freed. NULL with an error: the index waits and asks again. */
typedef Probe *(*LibraryProbe)(gpointer data, GError **error);

typedef enum {
    LIBRARY_SCAN_IDLE,    /* the index is true to the disk, and watched */
    LIBRARY_SCAN_RUNNING, /* folders are walked or files are read */
    LIBRARY_SCAN_WAITING, /* something is in the way, see trouble; tried again by itself */
    LIBRARY_SCAN_N
} LibraryScanState;

typedef struct {
    LibraryScanState state;
    uint32_t done, total; /* files of this run; total grows while folders are walked */
    uint32_t folders;     /* still to be walked, as far as is known */
    double files_per_s;   /* over this run */
    const char *folder;   /* the one that was walked last; NULL: at rest */
    const char *trouble;  /* what is in the way and the way out, for people; else NULL */
} LibraryScan;

typedef struct {
    uint32_t items, audio, video, image; /* unreadable ones are counted by their kind, too */
    uint32_t containers;
    uint32_t unreadable;
} LibraryCounts;

typedef struct {
    const char *id;     /* its container's */
    const char *path;
    bool is_online;
    const char *reason; /* why it is offline, for people; else NULL */
} LibraryRoot;

typedef enum {
    LIBRARY_EVENT_CHANGED, /* containers' content */
    LIBRARY_EVENT_SCAN,    /* progress, at most four times a second, and each change of state */
    LIBRARY_EVENT_ROOT,    /* a root came or went */
} LibraryEventType;

/* What observers are shown; borrowed. */
typedef struct {
    LibraryEventType type;
    uint32_t update_id;            /* CHANGED: the SystemUpdateID now, also each container's */
    const char *const *containers; /* CHANGED: their ids, ends with NULL; NULL: too many to name */
    LibraryScan scan;              /* SCAN */
    LibraryRoot root;              /* ROOT */
} LibraryEvent;

/* Opens or makes state_dir/media.db. folders are absolute paths, NULL at the end; one that is away
 * is offline and keeps what was known of it. A damaged index is moved aside and made anew.
 * DUO_ERROR_UNSUPPORTED: written by a newer duoping; DUO_ERROR_BUSY: another process holds it;
 * DUO_ERROR_UNAVAILABLE: the directory cannot be written. The message names the way out. */
Library *library_new(const char *state_dir, const char *const *folders, LibraryProbe make_probe,
                     gpointer probe_data, GError **error);
void     library_free(Library *library); /* stops it first */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Library, library_free)

/* Tags that are no Unicode are read in this charset, which charset_is_known() to ICU; NULL: in the
 * one that looks best for each. What is in the index is read anew, no file is. Before it is
 * started. */
void     library_set_tag_charset(Library *library, const char *name);
bool     library_knows_charset(const char *name);
/* Starts and stops the indexer; stop returns when its thread has ended, within a second. */
void     library_start(Library *library);
void     library_stop(Library *library);
/* Walks all folders again soon. */
void     library_rescan(Library *library);

/* A copy of the index as it is now, to the file name; any thread. DUO_ERROR_UNAVAILABLE. */
bool     library_copy(Library *library, const char *name, GError **error);
/* Such a copy, the file name, is taken over, to be the index of state_dir from the next
 * library_new() on; any thread. DUO_ERROR_INVALID: it is none. */
bool     library_bring_back(const char *state_dir, const char *name, GError **error);
/* Whether one waits for that. */
bool     library_is_brought(const char *state_dir);

/* Everything. Borrowed; any thread, until library_free(). */
Catalog *library_catalog(Library *library);
/* Any thread. All 0 when the index cannot be read. */
LibraryCounts library_counts(Library *library);
/* Those of what an audience (NULL: who sees all) may see. They are counted anew after each change:
 * not for the loop. */
LibraryCounts library_counts_seen(Library *library, const Audience *audience);
/* A copy of one item's file name, the caller's; any thread. Whether who asks may see it is asked
 * before, by catalog_sees() or the catalog. DUO_ERROR_NOT_FOUND; DUO_ERROR_INVALID:
 * a container; DUO_ERROR_UNAVAILABLE: its folder is offline. */
char    *library_item_path(Library *library, const char *id, GError **error);
/* The item's bytes with their type; any thread. As above, and the errors of stream_new_file(). */
Stream  *library_open_stream(Library *library, const char *id, GError **error);
/* The same of an object that the catalog has shown just now. */
Stream  *library_open_object(Library *library, const MediaObject *object, GError **error);
/* The same of a file that belongs to the item, by the name its details give it
 * (model/media-details.h); also DUO_ERROR_NOT_FOUND when they do not. Texts are in UTF-8, and those
 * of films come as another format when its name follows theirs: "film.ass.srt", "film.srt.vtt".
 * What is within the item itself (MediaSidecar's track) is not found here: subtitle-tracks.h. */
Stream  *library_open_sidecar(Library *library, const char *id, const char *name, GError **error);

/* Of what files a picture of an item or a container is made, of those that the audience sees; any
 * thread. DUO_ERROR_NOT_FOUND. */
bool     library_picture(Library *library, const Audience *audience, const char *id,
                         PictureSource *source, GError **error);
/* What somebody does with an item; a number of -1 leaves it as it was. */
typedef struct {
    const char *person;     /* NULL: whoever */
    int64_t position_ms;    /* 0: at the beginning */
    int64_t play_count;
    int64_t last_played_s;  /* Unix time */
    bool is_played_once_more;
    bool is_passing;        /* while it plays: no view changes its order for that */
} LibraryUse;
#define LIBRARY_USE_NOTHING { .position_ms = -1, .play_count = -1, .last_played_s = -1 }

/* Told on the main loop when it is written; else why not: DUO_ERROR_NOT_FOUND, DUO_ERROR_NO_ROOM,
 * DUO_ERROR_UNAVAILABLE. */
typedef void (*LibraryUsed)(const GError *error, gpointer data);

/* Remembers it, by what is in the file: one that is moved, renamed or restored keeps it. func may
 * be NULL. */
void     library_note_use(Library *library, const char *id, const LibraryUse *use,
                          LibraryUsed func, gpointer data);
/* What one did, or (person NULL) everybody; zeros when nothing. Any thread. */
bool     library_use(Library *library, const char *id, const char *person, MediaUse *use,
                     GError **error);

/* The latest, borrowed until the loop turns. */
const LibraryScan *library_scan(Library *library);
/* Every folder, as given to library_new(); ends with a path of NULL. */
const LibraryRoot *library_roots(Library *library);
/* "idle", "running", "waiting". */
const char *library_scan_state_name(LibraryScanState state);

/* func is told LibraryEvents. */
guint    library_observe(Library *library, ObserverFunc func, gpointer user_data);
void     library_unobserve(Library *library, guint id);
