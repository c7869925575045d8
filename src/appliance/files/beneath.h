/* beneath.h -- opens what lies below a folder, and nothing else
 *
 * Between our look at a path and its opening anybody who may write in a folder can put a symbolic
 * link in its place. So no link below a root is followed: the kernel is asked to refuse it while it
 * resolves the name, not before. */
#pragma once

/* below: relative to the folder root, "" or "." for the folder itself. flags as for open(), without
 * O_CREAT; O_CLOEXEC is added. -1 with errno: EXDEV for "..", ELOOP for a link in the way. */
int beneath_open(int root, const char *below, int flags);
