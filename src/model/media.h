/* media.h -- what the library holds: folders and things to see and hear
 *
 * MediaObject is a plain value whose texts are borrowed from whoever shows it (a row of the
 * database, a message of a worker); media_object_copy() keeps one. What is known of a file's
 * content are its MediaFacts; media_fields[] names each of them once, and whoever stores, sends or
 * prints facts walks that table.
 *
 * The vocabulary is that of UPnP ContentDirectory:1 and DIDL-Lite. */
#pragma once

#include "base/bytes.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    MEDIA_CONTAINER,
    MEDIA_AUDIO,
    MEDIA_VIDEO,
    MEDIA_IMAGE,
    MEDIA_KIND_N,
    MEDIA_ANY = MEDIA_KIND_N, /* in questions: whichever */
} MediaKind;

/* Texts whose letters are octets, U+0000 to U+00FF: a charset for MediaFacts until it is known. */
#define MEDIA_OCTETS "octets"

/* A number of 0 and a text of NULL stand for "not known". */
typedef struct {
    MediaKind kind;     /* AUDIO, VIDEO or IMAGE */
    const char *mime;   /* of the file as it is, e.g. "video/x-matroska" */
    const char *format; /* the container's short name, e.g. "matroska", "mp4", "mp3", "jpeg" */
    const char *title;
    const char *artist;
    const char *album_artist;
    const char *album;
    const char *genre;
    const char *composer;
    const char *date; /* ISO 8601, as much as is known: "1999", "2024-05-01T10:20:30" */
    const char *camera;
    const char *place;   /* where it was taken, degrees north and east: "48.858300,-2.294500" */
    const char *charset; /* the texts were octets of this charset; NULL: they were Unicode;
                            MEDIA_OCTETS: they are, of a charset that nobody has found out yet */
    const char *video_codec; /* "h264", "hevc", "vp9", ... as libavcodec names them */
    const char *audio_codec;
    const char *dlna_profile; /* of the file's streams, where it is certain: "AAC_ISO" */
    int64_t duration_ms;
    int64_t width, height; /* as shown, after rotation */
    int64_t rotation;      /* degrees clockwise that a viewer must turn the stored picture */
    int64_t track, disc;
    int64_t bitrate; /* bits a second */
    int64_t sample_rate, channels, bits;
    int64_t has_art; /* 1: the file holds a cover or an EXIF thumbnail */
    int64_t rating;  /* 1 to 100 */
    int64_t gain_track, gain_album; /* ReplayGain 2.0, in hundredths of a dB */
    int64_t peak_track, peak_album; /* likewise, in millionths of full scale */
    int64_t start_ms, end_ms; /* where it lies in its file, a track of a cue sheet; an end of 0: it
                                 is the whole file */
} MediaFacts;

typedef enum {
    MEDIA_FIELD_TEXT,
    MEDIA_FIELD_NUMBER,
    MEDIA_FIELD_FLAG /* a number, 0 or 1 */
} MediaFieldType;

/* One row a fact but kind, in the order of the struct; ends with a name of NULL. */
typedef struct {
    const char *name; /* the column of the database and the member of the API's JSON */
    MediaFieldType type;
    size_t offset; /* in MediaFacts */
} MediaField;

extern const MediaField media_fields[];
#define MEDIA_FIELD_COUNT 33

/* Is it a part of a file, and not all of it? */
static inline bool
media_is_part(const MediaFacts *facts)
{
    return facts->end_ms != 0;
}

/* record is the struct that the field is of: MediaFacts, or one of media-details.h. */
const char *media_field_text(const void *record, const MediaField *field);
int64_t     media_field_number(const void *record, const MediaField *field);
void        media_field_set_text(void *record, const MediaField *field, const char *text);
void        media_field_set_number(void *record, const MediaField *field, int64_t number);

/* What people did with an item: all of them together, or one. */
typedef struct {
    int64_t position_ms;   /* where to go on; 0: at the beginning */
    int64_t play_count;
    int64_t last_played_s; /* Unix time; 0: never */
} MediaUse;

/* Where the bytes of an item are that another server has, in one of its forms. */
typedef struct {
    const char *uri;           /* http or https */
    const char *protocol_info; /* "http-get:*:video/mp4:..." */
} MediaResource;

typedef struct {
    const char *id;        /* opaque, stable; "0" is the root */
    const char *parent_id; /* "-1" for the root */
    MediaKind kind;
    const char *title;
    uint32_t child_count;   /* containers */
    const char *upnp_class; /* e.g. "object.item.audioItem.musicTrack" */
    const char *path;       /* items: the file, absolute; NULL for another server's */
    const MediaResource *resources; /* items of another server; ends with a uri of NULL, or NULL */
    const char *art_uri;    /* objects of another server: where its picture is */
    int64_t size_bytes;
    int64_t modified_s;         /* Unix time */
    const char *content_digest; /* items: changes when the content does; an entity tag */
    const char *unreadable;     /* why the file could not be read; NULL when it could */
    bool is_offline;            /* its disk or share is away */
    bool has_art;               /* a picture can be had of it */
    MediaFacts facts;           /* items */
    struct MediaDetails *details; /* media-details.h; of an item that is looked at alone, in lists a
                                     film's subtitles; or NULL */
    MediaUse use;               /* items: everybody's */
} MediaObject;

/* A copy that owns its texts. */
MediaObject *media_object_copy(const MediaObject *object);
void         media_object_free(MediaObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MediaObject, media_object_free)

/* The names in a text of several artists ("Ann; Bob", "周杰伦/费玉清", "A、B"), at least one, the
 * caller's (g_strfreev); NULL of NULL. What may stand within a name ("AC/DC", "Simon & Garfunkel")
 * parts none. */
char       **media_artists(const char *artist);

/* "container", "audio", "video", "image"; of anything else MEDIA_ANY and false. */
const char  *media_kind_name(MediaKind kind);
bool         media_kind_from_name(const char *name, MediaKind *kind);

/* Facts as bytes, for a worker's answer: decode(encode(x)) equals x. Decoded texts are borrowed
 * from bytes. False when the bytes are not such facts. */
void media_facts_encode(const MediaFacts *facts, GByteArray *out);
bool media_facts_decode(Bytes *bytes, MediaFacts *facts);
