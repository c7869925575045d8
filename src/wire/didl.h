/* didl.h -- DIDL-Lite: media as XML (ContentDirectory:1, 2.8)
 *
 * An encoder is a MediaVisit, so that a catalog prints a page while it reads it. A decoder takes
 * what other people send along with an address to play. Also here: which address of our server an
 * object has, since a res element and the JSON of the API must say the same. */
#pragma once

#include "model/catalog.h"
#include "model/media-details.h"
#include "model/playback.h"
#include "wire/dialect.h"
#include "wire/media-offer.h"
#include "wire/xml.h"

/* -- Addresses --------------------------------------------------------------------------------- */

/* base_url has no slash at its end ("" gives a path). Where the dialect is not the plain one it
 * stands in the address, so that whoever fetches the bytes hears of them what the asker of the
 * address heard, though many sets fetch under another name than they ask under. */

/* "BASE/media/ID/NAME" or "BASE/media/ID/as/DIALECT/NAME", NAME being the file's own,
 * percent-encoded; of another server's item its first resource. Of a part of a file it also says
 * which (wire/media-fragment.h). */
void didl_append_media_url(GString *out, const char *base_url, const Dialect *dialect,
                           const MediaObject *object);
/* "BASE/thumb/ID?w=WIDTH", "...&as=DIALECT" */
void didl_append_thumb_url(GString *out, const char *base_url, const Dialect *dialect,
                           const MediaObject *object, unsigned width);
/* "BASE/media/ID/beside/NAME", "BASE/media/ID/as/DIALECT/beside/NAME": a file that belongs to the
 * item (model/media-details.h). */
void didl_append_sidecar_url(GString *out, const char *base_url, const Dialect *dialect,
                             const MediaObject *object, const MediaSidecar *sidecar);
/* "BASE/stream/FORM.aTRACK.ID/NAME.EXTENSION",
 * "BASE/stream/FORM.aTRACKsSUBTITLE.ID/as/DIALECT/...": what delivery makes of the item while it
 * sends it (appliance/delivery/streams.h); NAME is the file's, without its own extension. */
typedef struct {
    const char *form;      /* a profile's name */
    const char *extension;
    int audio_track;       /* among the sounds of the file; -1: the usual one, and none is named */
    int subtitle;          /* number + 1 of those in the picture; 0: none */
} DidlStream;

void didl_append_stream_url(GString *out, const char *base_url, const Dialect *dialect,
                            const MediaObject *object, const DidlStream *stream);
/* The subtitles beside and within an item that players take, of those it is shown with: in their
 * order the first, at index 0, and so on; NULL: no more. */
const MediaSidecar *didl_subtitle(const MediaDetails *details, guint index);
/* The same words as SubRip, which every set reads: whoever serves them makes it of any other format
 * when ".srt" follows its name. The texts are subtitle's and name. */
#define DIDL_SIDECAR_NAME_MAX 160
MediaSidecar didl_subtitle_as_srt(const MediaSidecar *subtitle, char name[DIDL_SIDECAR_NAME_MAX]);

/* -- Encoding ---------------------------------------------------------------------------------- */

typedef struct {
    XmlWriter *writer;    /* borrowed */
    const char *base_url; /* borrowed */
    const Dialect *dialect;
    uint32_t fields;      /* of the filter: one bit an optional property */
    GString *scratch;
    MediaForms forms;     /* NULL, as it is at first: none are told of */
    bool shows_parts;     /* a track of a cue sheet has an address, too */
} DidlEncoder;

/* Begins a document. filter is that of Browse (2.5.7): a comma list of properties, "*" for all, ""
 * for the required ones alone; unknown names are ignored. */
void  didl_encoder_init(DidlEncoder *encoder, XmlWriter *writer, const char *filter,
                        const char *base_url, const Dialect *dialect);
/* A MediaVisit whose user_data is the encoder. */
bool  didl_encoder_visit(const MediaObject *object, gpointer encoder);
/* Ends the document; the encoder holds nothing any more. */
void  didl_encoder_finish(DidlEncoder *encoder);

/* One object as a document of its own, everything in it; the caller's. For pushing an item to a
 * screen. */
char *didl_encode(const MediaObject *object, const char *base_url, const Dialect *dialect);
/* Something that is not of our library: title, class by MIME, one res. The caller's. */
char *didl_encode_media(const PlaybackMedia *media);

/* -- Decoding ---------------------------------------------------------------------------------- */

typedef struct {
    char *uri;
    char *protocol_info; /* NULL: none */
    int64_t duration_ms; /* 0: not said */
    int64_t size_bytes;  /* 0: not said */
} DidlResource;

typedef struct {
    char *id;
    char *title;          /* NULL: none */
    char *upnp_class;     /* NULL: none */
    char *artist, *album; /* NULL: none */
    char *art_uri;        /* NULL: none */
    GPtrArray *resources; /* DidlResource; never NULL */
} DidlItem;

/* The first item or container; text that was escaped once too often is read too. DUO_ERROR_INVALID,
 * DUO_ERROR_TOO_LARGE. */
DidlItem *didl_decode(const char *text, GError **error);
void      didl_item_free(DidlItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DidlItem, didl_item_free)

/* Every item and container of a page, in its order: what another server has. Items that are neither
 * sound nor picture, or that cannot be fetched, are shown as unreadable; an object without an id is
 * left out. DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE. */
bool      didl_decode_page(const char *text, MediaVisit visit, gpointer user_data, GError **error);
/* MEDIA_AUDIO, MEDIA_VIDEO or MEDIA_IMAGE; MEDIA_ANY for anything else and NULL. */
MediaKind didl_kind_of_class(const char *upnp_class);

/* What is to be played when a controller names uri and metadata (NULL or "": none): title, MIME and
 * length as far as the metadata tells, or the name in uri. Metadata that cannot be read is kept as
 * it is and not believed. The caller's. */
PlaybackMedia *didl_to_playback(const char *uri, const char *metadata);
