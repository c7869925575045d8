/* writer-room.h -- what the files of the writer share, and nobody else sees
 *
 * writer.c holds the transaction and settles counts; writer-rows.c one object's row and words;
 * writer-places.c where it is shown; writer-groups.c its groups; writer-folders.c the tree on the
 * disk; writer-tracks.c songs that lie in one file; writer-care.c the second copy, and what was
 * removed; writer-use.c what people did. */
#pragma once

#include "media-db/charsets.h"
#include "media-db/place-names.h"
#include "media-db/text-keys.h"
#include "media-db/views.h"
#include "media-db/writer.h"

enum { TALLY_UNREADABLE = MEDIA_KIND_N, TALLY_UPDATE_ID, TALLY_N };

struct Writer {
    char *path;
    Database *database;
    TextSorter *sorter;
    GHashTable *touched; /* container id -> change of its child count */
    GHashTable *groups;  /* met in this transaction, see writer-groups.c */
    GHashTable *folded;  /* texts that many share -> as text_fold() has them, in this transaction */
    struct {
        int64_t folder, root; /* folder 0: none */
        char *path;
    } last_path; /* that was asked for: files come by the folder */
    GArray *changed;     /* int64_t */
    int64_t tally[TALLY_N];
    int64_t update_id;
    bool is_begun;
    GByteArray *key; /* scratch */
    Charsets *charsets;    /* NULL until there are octets to read */
    PlaceNames *places;    /* NULL while no picture asks */
    char *charset;         /* that somebody chose; NULL: the best */
    bool is_charset_new;   /* not all in the index is read in it yet */
    GHashTable *elections; /* folder id -> Election of writer-charsets.c */
    GHashTable *kinds;     /* folder id -> kinds that are known to be there, in this transaction */
    GHashTable *left;      /* folder ids that something left, in this transaction */
    DatabaseBackup *backup;   /* under way; NULL: none */
    int64_t backup_update_id; /* of the last copy; 0: not known */
};

/* A folder lies elsewhere, or nowhere, from now on. */
void writer_forget_path(Writer *writer);
/* The content of a container changed: by so many children, settled when the transaction ends. */
void writer_touch(Writer *writer, int64_t container, int change);
void writer_count(Writer *writer, MediaKind kind, bool is_unreadable, int change);

/* What a row held; texts owned. */
typedef struct {
    MediaObject *object; /* facts alone */
    char *label;
    bool is_unreadable, has_name, is_offline;
    int64_t file;    /* the object whose file it is a part of; 0: it has its own */
    DiskEntry entry; /* name is owned: its file's */
} Row;

void    row_clear(Row *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

/* False without an error when there is none. */
bool    row_read(Writer *writer, int64_t id, Row *row, GError **error);
/* What is put down, known (entry->id) or new. */
typedef struct {
    const DiskEntry *entry;
    const MediaFacts *facts;
    const char *label, *reason;
    GBytes *key;       /* of its title */
    int64_t groups[2]; /* artist, album; 0: none */
    int64_t file;      /* as in Row */
    GArray *places;
} NewRow;

/* Writes the row and its words, and shows it in its places; of what is known the former words are
 * gone already. id: where it gets a certain one. Its id, or 0. */
int64_t row_put(Writer *writer, const NewRow *row, int64_t id, GError **error);
/* Forgets the one row; what it held is gone already. */
bool    row_forget(Writer *writer, int64_t id, GError **error);
/* Adds a container; with an entry a folder, else a group that artist may tell from its
 * namesakes. */
int64_t row_add_container(Writer *writer, int64_t parent, MediaClass class, const char *label,
                          const char *artist, const DiskEntry *entry, GError **error);
/* What to show for a name on the disk; the caller's. */
char   *row_label(const char *name, bool is_folder);
bool    row_set_words(Writer *writer, Query query, int64_t id, const char *const *texts,
                      guint count, GError **error);
/* writer-words.c. The words of an object of those facts. */
bool    row_put_words(Writer *writer, Query query, int64_t id, const MediaFacts *facts,
                      const char *label, GError **error);
bool    row_forget_words(Writer *writer, const Row *row, GError **error);

/* A file that is removed leaves its id behind, and one like it that comes soon gets that again:
 * *id, 0 when there was none. */
bool    tombstone_set(Writer *writer, const DiskEntry *entry, GError **error);
bool    tombstone_take(Writer *writer, const DiskEntry *entry, int64_t *id, GError **error);

/* The object's file was written or changed: what was done with its content is done with it. */
bool    use_follow(Writer *writer, int64_t id, int64_t size_bytes, GError **error);
bool    use_forget(Writer *writer, int64_t id, GError **error);
/* writer-kinds.c. Something of these kinds (a bit each, 1 << MediaKind) lies in the folder now. */
bool    kinds_add(Writer *writer, int64_t folder, guint kinds, GError **error);
/* Something left the folder: kinds_settle(), before the transaction ends, looks what is still
 * there. */
void    kinds_left(Writer *writer, int64_t folder);
bool    kinds_settle(Writer *writer, GError **error);
/* A folder goes from one to another. */
bool    kinds_move(Writer *writer, int64_t folder, int64_t from, int64_t to, GError **error);
void    kinds_forget(Writer *writer); /* a transaction begins or is rolled back */
GHashTable *kinds_new(void);
/* writer-tracks.c. The songs that a cue sheet tells of in the file become objects, or what they are
 * now, or go. */
bool    tracks_put(Writer *writer, int64_t file, GError **error);
bool    tracks_exist(Writer *writer, int64_t file);
bool    tracks_forget(Writer *writer, int64_t file, GError **error);
/* writer-charsets.c. Turns facts that are octets into texts, which owned then owns. */
void    octets_read(Writer *writer, const DiskEntry *entry, MediaFacts *facts, GPtrArray *owned);
/* Keeps what was octets, given being the facts as the file said them; forgets it when none were. */
bool    octets_keep(Writer *writer, int64_t id, int64_t folder, const MediaFacts *given,
                    GError **error);
GHashTable *elections_new(void);

/* The positions of views.h; the caller's. */
GBytes *position_new(Writer *writer, const char *prefix, gsize prefix_size, const char *text);
/* The same for a text whose key is at hand. */
GBytes *position_after(const char *prefix, gsize prefix_size, GBytes *key);
GBytes *position_in_folder(Writer *writer, bool is_folder, const char *label);

typedef struct {
    int64_t parent;
    GBytes *position;
} Place;

/* The places where an object is shown. */
GArray *places_new(void);
void    places_add(GArray *places, int64_t parent, GBytes *position); /* takes position over */
/* Add the groups that a song or a picture is shown in, making those that are new. key: of its
 * title, which all of these sort it by. */
bool    places_add_music(Writer *writer, const MediaFacts *facts, GBytes *key, GArray *places,
                         int64_t *artist_group, int64_t *album_group, GError **error);
bool    places_add_photo(Writer *writer, const DiskEntry *entry, const MediaFacts *facts,
                         GBytes *key, GArray *places, GError **error);
/* label: what the file's name says. */
bool    places_add_video(Writer *writer, const DiskEntry *entry, const char *label,
                         const MediaFacts *facts, GBytes *key, GArray *places, GError **error);
/* Forgets the playlists that lie in the folder. */
bool    playlists_forget(Writer *writer, int64_t folder, GError **error);
/* Adds the playlists that name the item. *is_of_sheet: a cue sheet tells of several songs in it. */
bool    places_add_playlists(Writer *writer, const DiskEntry *entry, GArray *places,
                             bool *is_of_sheet, GError **error);
/* Adds the one at that path, at that place within. */
bool    places_add_playlist(Writer *writer, const char *playlist, guint32 at, GArray *places,
                            GError **error);
/* A group is found by its parent and label, and by an artist that tells it from its namesakes. */
typedef struct {
    int64_t parent;
    const char *label, *artist;
    /* for when it is made: */
    MediaClass class;
    const char *prefix; /* its position begins so, */
    gsize prefix_size;
    bool is_by_prefix; /* and ends there; else its label follows */
} Group;

/* The one there is, or (is_new, which may be NULL) a new one. 0 with an error. */
int64_t group_get(Writer *writer, const Group *group, bool *is_new, GError **error);
/* Those that one transaction met. */
GHashTable *groups_new(void);
/* Shows an object in one more container. */
bool    writer_show(Writer *writer, int64_t id, int64_t parent, GBytes *position, GError **error);
/* The same, if it is not there already. */
bool    writer_show_once(Writer *writer, int64_t id, int64_t parent, GBytes *position,
                         GError **error);
/* Shows what was shown nowhere. */
bool    writer_show_new(Writer *writer, int64_t id, const GArray *places, GError **error);
/* Shows it where it was not and is now, and hides it where it was and is not. */
bool    writer_show_in(Writer *writer, int64_t id, const GArray *now, GError **error);
