/* files.h -- folders of this computer that devices may read and, some of them, change
 *
 * The operator names them (duoping.conf, [files]); each is a root of the tree that
 * model/file-tree.h describes. Every path is opened below its root by the kernel (beneath.h): "..",
 * symbolic links and races lead nowhere. Only regular files and folders are seen; what is being
 * written appears when it is whole. Roots never change after files_new(), so every function runs on
 * any thread. */
#pragma once

#include "appliance/files/file-tickets.h"
#include "appliance/files/file-write.h"
#include "model/file-tree.h"
#include "model/stream.h"

typedef struct Files Files;

typedef struct {
    const char *name;   /* in the tree: no '/', not "." or ".." */
    const char *folder; /* absolute; may be away for a while */
    bool is_writable;
} FileRoot;

/* roots are copied and end with a name of NULL; tickets (borrowed) are what FileTree.open gives out
 * addresses by. */
Files    *files_new(const FileRoot *roots, FileTickets *tickets);
void      files_free(Files *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Files, files_free)

FileTree *files_tree(Files *files); /* borrowed */

/* The file's bytes. Errors: those of FileTree. */
Stream    *files_read(Files *files, const char *path, GError **error);
/* A new content for the file, or a new file; DUO_ERROR_CONFLICT when it is there and may not be
 * replaced. size: what is known to come, -1: unknown; DUO_ERROR_NO_ROOM when there is no room for
 * it. */
FileWrite *files_write(Files *files, const char *path, bool may_replace, int64_t size,
                       GError **error);
/* Writes into the file as it is, from offset on, which may be its end but not beyond. */
FileWrite *files_patch(Files *files, const char *path, uint64_t offset, int64_t size,
                       GError **error);
/* As FileTree.remove. */
bool       files_remove(Files *files, const char *path, GError **error);
