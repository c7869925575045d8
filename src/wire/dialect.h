/* dialect.h -- what families of sets need said differently; pure
 *
 * Real sets read the specifications each in its own way (FIELD-NOTES, part 1). A Dialect is one row
 * of what a family must hear otherwise; its zero is the plain speech that everybody else hears. The
 * rows are in dialect-table.c, and key files add to them or change them (duoping-dialects(5)).
 * Whoever speaks to a set finds its dialect by the set's own words and hands it to whoever
 * prints. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Where a set says who it is. */
typedef enum {
    DIALECT_USER_AGENT,    /* of its requests */
    DIALECT_CLIENT_INFO,   /* X-AV-Client-Info */
    DIALECT_FRIENDLY_NAME, /* FriendlyName.dlna.org */
    DIALECT_MODEL,         /* maker, name and number in its own description */
    DIALECT_SIGN_N
} DialectSign;

extern const char *const dialect_heads[DIALECT_SIGN_N]; /* of a request; NULL: none says it */

typedef struct {
    const char *words[DIALECT_SIGN_N]; /* NULL: not said */
} DialectSpeaker;

/* What we say, and what is said to the family in its place. */
typedef struct {
    const char *from, *to;
} DialectPair;

#define DIALECT_SIGNS_MAX 8
#define DIALECT_PAIRS_MAX 16

/* The fourth field of protocolInfo, and contentFeatures.dlna.org. */
typedef enum {
    DIALECT_FEATURES_FULL,
    DIALECT_FEATURES_NO_PROFILE, /* without DLNA.ORG_PN */
    DIALECT_FEATURES_NONE,       /* "*" */
} DialectFeatures;

/* How the family seeks in what is converted: both ways at once confuse some. */
typedef enum { DIALECT_SEEK_BOTH, DIALECT_SEEK_TIME, DIALECT_SEEK_BYTES } DialectSeek;

/* Where the family looks for subtitles; a set of these, 0 meaning all of them. */
enum {
    DIALECT_CAPTION_RES = 1 << 0,       /* a res of their own */
    DIALECT_CAPTION_SAMSUNG = 1 << 1,   /* sec:CaptionInfo and sec:CaptionInfoEx */
    DIALECT_CAPTION_PANASONIC = 1 << 2, /* pv:subtitleFileUri in the res of the film */
    DIALECT_CAPTION_HEAD = 1 << 3,      /* CaptionInfo.sec when the film is fetched */
    DIALECT_CAPTION_NONE = 1 << 4,
};

/* Which smaller forms of a photo are offered; a set of these, 0 meaning all of them. */
enum {
    DIALECT_PICTURE_TN = 1 << 0, /* in the order of dlna_pictures (protocol-info.h) */
    DIALECT_PICTURE_SM = 1 << 1,
    DIALECT_PICTURE_MED = 1 << 2,
    DIALECT_PICTURE_LRG = 1 << 3,
    DIALECT_PICTURE_NONE = 1 << 4,
};

/* X_SetBookmark and sec:dcmInfo. */
typedef enum {
    DIALECT_BOOKMARK_SECONDS,
    DIALECT_BOOKMARK_MILLISECONDS,
    DIALECT_BOOKMARK_NONE, /* and nothing else of sec: in our description */
} DialectBookmark;

typedef enum { DIALECT_DATE_FULL, DIALECT_DATE_DAY, DIALECT_DATE_NONE } DialectDate;

/* What goes with an address that is pushed, for the first try (upnp/ladder.h). */
typedef enum {
    DIALECT_METADATA_FULL,
    DIALECT_METADATA_MINIMAL,
    DIALECT_METADATA_NONE,
} DialectMetadata;

/* A text of NULL and a number of 0 stand for what is plain. */
typedef struct Dialect {
    /* small letters, digits and '-': it stands in addresses; NULL: the plain one */
    const char *name;
    /* Recognised where one of these stands in what the set says. */
    const char *signs[DIALECT_SIGN_N][DIALECT_SIGNS_MAX];
    DialectPair mimes[DIALECT_PAIRS_MAX];
    DialectPair profiles[DIALECT_PAIRS_MAX];   /* "mpegts/h264/ac3" -> a name for DLNA.ORG_PN */
    DialectPair classes[DIALECT_PAIRS_MAX];    /* upnp:class */
    DialectPair containers[DIALECT_PAIRS_MAX]; /* an id the family asks for -> ours */
    unsigned features; /* DialectFeatures */
    unsigned seek;     /* DialectSeek */
    unsigned captions, pictures;
    /* 0: JPEG_TN; else the row of dlna_pictures that a cover is offered in, plus 1 */
    unsigned art;
    /* What is made of files for it, by the names of pipelines/profiles; none: the usual ones */
    const char *forms[DIALECT_SIGNS_MAX];
    /* MIME types that it says it plays, and does not */
    const char *unplayed[DIALECT_SIGNS_MAX];
    bool art_is_res;   /* a cover is offered as a res, too */
    unsigned bookmarks; /* DialectBookmark */
    unsigned dates;     /* DialectDate */
    unsigned metadata;  /* DialectMetadata */
    bool has_media_class;      /* av:mediaClass */
    bool has_numbered_titles;  /* "03 Title": the set sorts for itself */
    bool has_ascii_titles;     /* other letters are shown as boxes */
    bool keeps_order;          /* it asks for an order that nobody wants */
    bool takes_any_transfer;   /* transferMode.dlna.org means nothing there */
    const char *manufacturer, *model_name; /* of our description */
    const char *name_suffix;               /* of its friendlyName */
} Dialect;

extern const Dialect dialect_plain;
extern const Dialect dialect_table[]; /* ends with a name of NULL; the first that fits is it */

/* -- Asking ------------------------------------------------------------------------------------ */

/* The same text where the family says nothing else. */
const char *dialect_mime(const Dialect *dialect, const char *mime);
const char *dialect_class(const Dialect *dialect, const char *upnp_class);
const char *dialect_container(const Dialect *dialect, const char *id);
/* The name that DLNA.ORG_PN has there for such a file; NULL: none of its own. */
const char *dialect_profile(const Dialect *dialect, const char *format, const char *video_codec,
                            const char *audio_codec);
/* Whether the family says in vain that it plays that type. */
bool        dialect_lies(const Dialect *dialect, const char *mime);
bool        dialect_has_caption(const Dialect *dialect, unsigned way);
bool        dialect_has_picture(const Dialect *dialect, unsigned index);

/* -- All of them ------------------------------------------------------------------------------- */

/* The table and what was read on top of it. Not changed once it is in use: any thread. */
typedef struct Dialects Dialects;

Dialects      *dialects_new(void);
void           dialects_free(Dialects *dialects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dialects, dialects_free)
/* Reads text as the key file called name: a group a family. On error nothing has changed.
 * DUO_ERROR_INVALID and DUO_ERROR_TOO_LARGE; the message names file, line and key. */
bool           dialects_read(Dialects *dialects, const char *text, size_t size, const char *name,
                             GError **error);
/* True when the same texts were read. */
bool           dialects_equal(const Dialects *a, const Dialects *b);

/* Never NULL: who is not recognised is spoken to plainly. dialects may be NULL: nobody is. */
const Dialect *dialects_find(const Dialects *dialects, const DialectSpeaker *speaker);
const Dialect *dialects_named(const Dialects *dialects, const char *name);
/* Each in its order, NULL at the end. */
const Dialect *dialects_get(const Dialects *dialects, unsigned index);
