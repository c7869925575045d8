/* protocol-info.h -- "http-get:*:video/mp4:DLNA.ORG_OP=01", and the MIME types inside
 *
 * The protocolInfo of UPnP ConnectionManager:1, 2.5.2: protocol, network, content format and, for
 * http-get, DLNA's parameters (DLNA guidelines part 1, 7.4.1; FIELD-NOTES C1). */
#pragma once

#include "model/media.h"

/* -- MIME types -------------------------------------------------------------------------------- */

/* By the extension of a file name or path, e.g. "video/x-matroska"; NULL: not known. */
const char *mime_from_name(const char *name);
/* The extension people give such files, without the dot; NULL: not known. Parameters of mime do not
 * matter. */
const char *mime_extension(const char *mime);
/* MEDIA_AUDIO, MEDIA_VIDEO, MEDIA_IMAGE or MEDIA_ANY. */
MediaKind   mime_kind(const char *mime);
/* True when a and b mean the same: other case, other name ("audio/mp3", "audio/mpeg"). */
bool        mime_equal(const char *a, const char *b);
/* "object.item.videoItem" and its like for what mime is; "object.item" for anything else. */
const char *mime_upnp_class(const char *mime);

/* -- protocolInfo ------------------------------------------------------------------------------ */

typedef struct {
    char *protocol; /* "http-get" */
    char *network;  /* "*" */
    char *mime;     /* "video/mp4", "video/" and "*", "*" */
    char *extra;    /* "*", or DLNA parameters */
} ProtocolInfo;

/* Four fields; info is set on success only, then cleared by protocol_info_clear().
 * DUO_ERROR_INVALID. */
bool  protocol_info_decode(const char *text, ProtocolInfo *info, GError **error);
char *protocol_info_encode(const ProtocolInfo *info); /* the caller's */
void  protocol_info_clear(ProtocolInfo *info);

/* True when a sink that says sink takes what source says. A "*" matches anything; so does a type
 * "video/" and "*". Of DLNA parameters the profile name alone counts, when both name one. */
bool  protocol_info_matches(const char *source, const char *sink);
/* The same against a comma list, a Sink of GetProtocolInfo ("\," is a comma inside). */
bool  protocol_info_list_takes(const char *sinks, const char *source);

/* Among the sinks of a screen that plays a part of a file where the address names one (wire/
 * media-fragment.h); to others it would be the whole. */
#define PROTOCOL_INFO_PARTS "http-get:*:application/x-media-fragment:*"
bool  protocol_info_list_takes_parts(const char *sinks); /* NULL: not known, no */

#define MIME_HLS "application/vnd.apple.mpegurl" /* RFC 8216 */
/* A stream of RTSP, whatever is in it. */
#define PROTOCOL_INFO_RTSP "rtsp-rtp-udp:*:*:*"

/* A screen that knows what it decodes says it codec by codec, each as the content format
 * "codec/h264" (model/media-details.h has the names; all of PCM is "pcm"). */
#define MIME_CODEC "codec/"
/* One that knows a form of ours (pipelines/profiles), where others' of that type are strange to it,
 * says "form/hls-h264-aac". */
#define MIME_FORM "form/"
/* True for every codec when the list names none. */
bool  protocol_info_list_takes_codec(const char *sinks, const char *codec);

/* -- What we say of our own -------------------------------------------------------------------- */

/* How bytes are delivered: decides DLNA.ORG_OP and DLNA.ORG_CI. */
typedef struct {
    bool by_bytes;     /* Range is answered */
    bool by_time;      /* TimeSeekRange is answered */
    bool is_converted; /* not the file as it is */
} DlnaDelivery;

extern const DlnaDelivery dlna_file; /* a file as it is */

#define PROTOCOL_INFO_MAX 256

/* The name of DLNA.ORG_PN, where the facts make it certain; NULL: they do not. */
const char *dlna_profile(const MediaFacts *facts);
/* DLNA parameters, "DLNA.ORG_OP=01;DLNA.ORG_CI=0;DLNA.ORG_FLAGS=0170...", as in the fourth field
 * and contentFeatures.dlna.org; profile comes first (NULL: none). What is said of a thing of ours
 * is in media-offer.h. */
void dlna_features(const char *profile, DlnaDelivery delivery, bool is_image,
                   char features[PROTOCOL_INFO_MAX]);

/* Of what is sent as it happens, at the sender's own pace: nothing is sought, and nothing is to be
 * collected before it is shown. */
#define DLNA_LIVE "DLNA.ORG_OP=00;DLNA.ORG_CI=1;DLNA.ORG_FLAGS=81500000000000000000000000000000"
/* Whether info (NULL: not known, no) says so: the flag "sender paced". */
bool protocol_info_is_live(const char *info);

/* A picture of an object that is made for the asker: a JPEG within width x width. */
typedef struct {
    const char *profile; /* whose bounds hold such a square */
    unsigned width;
} DlnaPicture;

extern const DlnaPicture dlna_pictures[]; /* the smallest first; ends with a profile of NULL */
/* The row of that width; NULL: pictures of it have no profile. */
const DlnaPicture *dlna_picture_of_width(unsigned width);

/* The MIME type that players know subtitles of a format (model/sidecar.h) by; NULL: none. */
const char *mime_of_subtitle(const char *format);
