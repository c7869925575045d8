/* program.h -- what our long-running programs do alike: options, identity, running until told to
 * stop
 *
 * For main() alone. What is said to people here goes to standard output and standard error. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Exit codes (INTERFACE.md). */
enum {
    PROGRAM_OK = 0,
    PROGRAM_FAILED = 1, /* at run time */
    PROGRAM_USAGE = 2,  /* a mistake in the command line or the configuration */
};

/* Reads the command line against entries, to which --version and --help are added; arguments that
 * are no options are refused. False: main() ends with *exit_code: PROGRAM_OK after --version,
 * PROGRAM_USAGE after a mistake. The reason and the way out were told. */
bool  program_options(int argc, char **argv, const GOptionEntry *entries, const char *summary,
                      int *exit_code);
/* "NAME: the error" on standard error; returns exit_code, for main() to return. */
int   program_complain(const GError *error, int exit_code);

/* Where the state of the program called name lives unless told: the folder systemd made for it,
 * else /var/lib/NAME for root, $XDG_STATE_HOME/NAME for others; the caller's. */
char *program_state_folder(const char *name);
/* The uuid kept in folder/identity, made (with the folder) when there is none; the caller's.
 * Errors: GIO's, DUO_ERROR_INVALID when the file holds something else. */
char *program_identity(const char *folder, GError **error);

/* Who we are to a peer: system, protocols, product (UDA 1.1, 1.2.2), for product "duoping/0.1"; the
 * caller's. */
char *program_server(const char *product);

/* -- Running ----------------------------------------------------------------------------------- */

/* The default main loop, and the signals it minds from the moment it is made: one that comes while
 * the program still starts is heard when it runs. */
typedef struct Program Program;

/* reload(user_data) is called on SIGHUP while it runs; NULL: the signal is ignored. */
Program *program_new(void (*reload)(gpointer user_data), gpointer user_data);
void     program_free(Program *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Program, program_free)

/* Until SIGTERM or SIGINT, or until somebody calls program_quit(); a second signal while the caller
 * tidies up ends the program at once. Tells systemd when it starts and stops, and serves its
 * watchdog (base/service-manager.h). */
void     program_run(Program *program);
void     program_quit(Program *program);
