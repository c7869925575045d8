/* sandbox.h -- the walls around a process that reads files nobody vouches for
 *
 * Entered once, before the first byte of media, and never left: no new privileges, resource limits,
 * no file system beyond what the role needs to load code (Landlock), and only the system calls of
 * reading, computing and answering (seccomp). Files come in as open descriptors. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    SANDBOX_CLOSED,  /* opens nothing at all */
    SANDBOX_LIBRARY, /* reads the system's libraries: GStreamer loads its plugins when needed */
} SandboxKind;

bool sandbox_enter(SandboxKind kind, GError **error);
/* The same in two steps, for one that makes processes in between: the file system, privileges and
 * limits, then the system calls. */
bool sandbox_enter_files(SandboxKind kind, GError **error);
bool sandbox_enter_calls(SandboxKind kind, GError **error);

/* Gives the process a fresh allowance of processor time; it is ended when that is used up. */
void sandbox_allow_cpu(guint seconds);
