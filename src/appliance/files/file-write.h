/* file-write.h -- a file that is being written, seen under its name only when it is whole
 *
 * The octets go into a file without a name (O_TMPFILE), or where the file system has none such into
 * a hidden one in the same folder, and it takes its place at the end in one step. A program that
 * dies meanwhile leaves nothing, or the hidden file. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Begins the names of what is not whole yet: not seen by visitors. */
#define FILE_PART_PREFIX ".duoping-part-"

typedef struct FileWrite FileWrite;

/* folder: a descriptor (taken over) of where name is to be. DUO_ERROR_CONFLICT: it is there and may
 * not be replaced. */
FileWrite *file_write_new(int folder, const char *name, bool may_replace, GError **error);
/* Into a file as it is: takes the descriptor over. */
FileWrite *file_write_new_patch(int file, const char *name, uint64_t offset);
/* In order. DUO_ERROR_NO_ROOM, DUO_ERROR_UNAVAILABLE (the disk). */
bool       file_write_add(FileWrite *write, const void *octets, size_t count, GError **error);
/* Gives it its name. DUO_ERROR_CONFLICT: somebody else has taken it meanwhile. */
bool       file_write_finish(FileWrite *write, GError **error);
int        file_write_fd(const FileWrite *write);    /* borrowed: for copies */
bool       file_write_is_new(const FileWrite *write); /* there was no such file */
/* What is not finished is gone. */
void       file_write_free(FileWrite *write);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileWrite, file_write_free)
