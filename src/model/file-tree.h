/* file-tree.h -- port: folders and files that visitors may read, and some of them change
 *
 * Implemented by appliance/files/files; used by av/file-access. A path is absolute in a tree whose
 * top lists the roots: "/Papers/2024/tax.pdf"; no path leads out of its root (docs/igrs/PROFILE.md
 * section 7). Every function answers on the calling thread, any thread, and may wait for a disk.
 * Errors, but where it says more: DUO_ERROR_INVALID (not such a path), DUO_ERROR_DENIED (it leads
 * out of its root, or this visitor may not), DUO_ERROR_NOT_FOUND, DUO_ERROR_CONFLICT (the name is
 * taken, the folder is not empty), DUO_ERROR_NO_ROOM, DUO_ERROR_UNAVAILABLE (the disk). */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct FileTree FileTree;

typedef struct {
    const char *name; /* "/": the top */
    bool is_folder;   /* else a regular file: there is nothing else in the tree */
    uint64_t size_bytes;
    int64_t modified_s; /* Unix time */
} FileEntry;

/* Returns false to end the visit early; entry is borrowed. */
typedef bool (*FileVisit)(const FileEntry *entry, gpointer user_data);

/* What an address is given out for. */
typedef enum {
    FILE_READ,   /* GET */
    FILE_WRITE,  /* GET and PUT: a whole file in its place, or a part of it */
    FILE_CREATE, /* PUT of a file that is not there yet, then as FILE_WRITE */
} FileUse;

typedef struct {
    /* Shows a folder's entries, folders first, by name, from offset on, limit of them (0: all);
     * total: without the range. DUO_ERROR_TOO_LARGE: more entries than we list. */
    bool (*list)(FileTree *tree, const char *path, uint32_t offset, uint32_t limit, FileVisit visit,
                 gpointer user_data, uint32_t *total, GError **error);
    bool (*info)(FileTree *tree, const char *path, FileVisit visit, gpointer user_data,
                 GError **error);
    bool (*space)(FileTree *tree, const char *path, uint64_t *free_bytes, uint64_t *total_bytes,
                  GError **error);
    bool (*make_folder)(FileTree *tree, const char *path, GError **error);
    /* A file or an empty folder. */
    bool (*remove)(FileTree *tree, const char *path, GError **error);
    /* Both are seen under the new path when they are whole; folders go with all that is in them.
     * May take long, and ends early with G_IO_ERROR_CANCELLED, leaving what was there before. */
    bool (*move)(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
                 GError **error);
    bool (*copy)(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
                 GError **error);
    /* The path part of an address on our HTTP server where the file's bytes are read or written by
     * the device at address peer (numbers) alone; nobody can guess it, and it expires when it is
     * not used. The caller's. DUO_ERROR_BUSY: too many. */
    char *(*open)(FileTree *tree, const char *path, FileUse use, const char *peer, GError **error);
} FileTreeClass;

struct FileTree {
    const FileTreeClass *class;
};
