/* options.h -- what duopingd can be told: the configuration file and the command line
 *
 * One table of keys (INTERFACE.md, "duopingd"); an option of the command line stands above its key
 * in the file. */
#pragma once

#include "base/settings.h"
#include "daemon/file-roots.h"
#include "pipelines/track-choice.h"
#include "wire/dialect.h"

typedef struct Options {
    Settings *settings;
    char *file;        /* the configuration that was read, or would be if it were there */
    char *state;       /* absolute */
    char *name;
    char **folders;    /* absolute */
    char *tag_charset; /* of tags that are no Unicode; NULL: what looks best for each */
    char **interfaces; /* empty: every one */
    char *uploads;        /* of the library; one of folders or in one; NULL: none are taken */
    unsigned conversions;      /* that run at once */
    TrackTaste taste;          /* of whoever has none of their own; borrowed from settings */
    uint64_t push_quota_bytes; /* of what is pushed to us and not kept */
    int64_t push_life_s;       /* of such a thing */
    Dialects *dialects;   /* of families of sets */
    FileRoot *file_roots; /* ends with a name of NULL */
    uint16_t http_port, igrs_port;
    uint16_t https_port; /* 0: no TLS, for the page as for pipes */
    char *certificate, *key; /* of the owner, for the page; NULL: the local authority's */
    char **kept_services; /* what open IGRS pipes may not use */
    bool repeats_iana, repeats_ssdp; /* discovery in other places as well: igrs/igrs.h */
    gboolean is_scan_only;
    char *log_level;
    char **argv; /* the command line, for reading again */
    int argc;
} Options;

/* False: main() ends with *exit_code, and the reason was told. */
bool options_read(Options *options, int argc, char **argv, int *exit_code);
/* Reads the file again under the same command line into fresh (zeroed); false: told in the log, and
 * fresh is zeroed. */
bool options_read_again(const Options *options, Options *fresh);
/* Whether a start would go well with choices (daemon/choices.h) in place of those that are kept;
 * the error is what would be told. */
bool options_try(const Options *options, const char *choices, GError **error);
bool options_equal(const Options *a, const Options *b);
void options_clear(Options *options);
