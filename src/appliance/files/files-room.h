/* files-room.h -- what the files of the file room share, and nobody else sees */
#pragma once

#include "appliance/files/files.h"

#include <dirent.h>
#include <sys/stat.h>

struct Files {
    FileTree tree; /* first: the tree is the room */
    FileRoot *roots; /* ends with a name of NULL */
    FileTickets *tickets; /* borrowed */
};

/* Where a path leads. */
typedef struct {
    const FileRoot *root; /* NULL: the top */
    char *below;          /* in its folder, "" for itself; "a/b", clean */
    char *path;           /* as people see it */
} FilePlace;

bool file_place_read(const Files *files, const char *path, FilePlace *place, GError **error);
void file_place_clear(FilePlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FilePlace, file_place_clear)

/* A descriptor of what is there. */
int  file_place_open(const FilePlace *place, int flags, GError **error);
/* The same of a regular file, which is looked at before it is opened: a device may act on that. */
int  file_place_open_file(const FilePlace *place, int flags, GError **error);
/* The folder it lies in, and the name there (borrowed from place): "." for the root itself. */
int  file_place_open_folder_of(const FilePlace *place, const char **name, GError **error);
/* The same to make something there or take it away: only below a root that may be changed. */
int  file_place_open_parent(const FilePlace *place, const char **name, GError **error);
/* Regular file or folder; else DUO_ERROR_DENIED. */
bool file_place_check_kind(const FilePlace *place, mode_t mode, GError **error);

/* An errno as one of our errors, about what; always false. */
bool file_fail(GError **error, int number, const char *what);

/* A folder's entries, without "." and ".." and what is not whole yet. */
DIR                 *file_folder_open(int at, const char *name);
const struct dirent *file_folder_next(DIR *folder);

/* file-bytes.c: FileTree.open */
char *file_open(FileTree *tree, const char *path, FileUse use, const char *peer, GError **error);

/* file-copy.c */
bool file_move(const FilePlace *from, const FilePlace *to, GCancellable *cancellable,
               GError **error);
bool file_copy(const FilePlace *from, const FilePlace *to, GCancellable *cancellable,
               GError **error);
