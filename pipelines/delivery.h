/* delivery.h -- how a thing reaches a screen: the decision
 *
 * Pure. In the order of ARCHITECTURE.md, "Delivery": as it is; the same streams in another
 * container; converted, only the streams that must be; refused, naming what is missing. */
#pragma once

#include "model/media-details.h"
#include "pipelines/conversion-order.h"
#include "pipelines/profiles.h"
#include "wire/media-offer.h"
#include "wire/protocol-info.h"

typedef enum { DELIVERY_DIRECT, DELIVERY_REMUX, DELIVERY_TRANSCODE, DELIVERY_HOW_N } DeliveryHow;

/* A stream of which nobody knows what it is: goes as it is where its container is taken, and is
 * never copied. */
#define DELIVERY_CODEC_UNKNOWN "an unknown form"

/* "direct", "remux", "transcode" */
const char *delivery_how_name(DeliveryHow how);

/* Who wants it. Everything is borrowed for the call. */
typedef struct {
    const char *name;        /* of the screen, for people */
    const char *sinks;       /* its list of protocolInfo; NULL or "": it has not said */
    const Profile *profile;  /* what it takes instead; NULL: as sinks says */
    const char *direct_info; /* protocolInfo of the file as it is */
    int audio_track;         /* among the sounds of the file; -1: the usual one */
    int subtitle; /* number + 1 among its subtitles (didl_subtitle()); 0: none are wanted,
                     or they come by themselves */
    bool burns;              /* who wants it cannot show words: they go into the picture, like
                                those that are pictures anyway */
    bool is_conversion_off;  /* there is nothing here that could convert */
    bool is_picture_anew;    /* also where it could be copied */
    bool is_never_direct;    /* a stream is made also of what is that profile already */
    bool is_unplayed;        /* sinks take the file, and yet it is known not to be played */
} DeliveryWish;

typedef struct {
    DeliveryHow how;
    const Profile *profile; /* NULL: direct */
    bool copies_video, copies_audio;
    int audio_track; /* among the sounds of the file */
    int subtitle;    /* number + 1 of those that go into the picture; 0: none */
    /* those are pictures, of that number among the film's own, from 1 on; 0: they are words */
    int64_t drawn;
    char *reason;    /* a sentence */
} Delivery;

/* object: an item with its details. delivery is zeroed, and then the caller's to clear.
 * DUO_ERROR_UNSUPPORTED. */
bool delivery_decide(Delivery *delivery, const MediaObject *object, const DeliveryWish *wish,
                     GError **error);
void delivery_clear(Delivery *delivery);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Delivery, delivery_clear)

/* False of what no graph here takes apart while it is sent: it goes as it is, or not at all. */
bool delivery_can_convert(const MediaFacts *facts);

/* Did a sound of that codec lose nothing? NULL: no. */
bool delivery_is_lossless(const char *codec);

/* The MIME types of a list of protocolInfo, for people; the caller's. */
char *delivery_describe_sinks(const char *sinks);

/* What a worker is told to make of a delivery that is not direct; texts are the profile's. rung:
 * how many times it failed before: from 1 on nothing is copied and no hardware used. */
ConversionOrder delivery_order(const Delivery *delivery, const MediaObject *object,
                               int64_t start_ms, unsigned rung);
#define DELIVERY_RUNGS 2

/* -- Forms (delivery-forms.c) ------------------------------------------------------------------ */

/* What is known of an object in that form, and how it is sent: it is sought by time when it is
 * known how long the object lasts. Texts are borrowed from both. */
MediaForm delivery_form(const Profile *profile, const MediaObject *object);
/* A MediaForms: what people's sets are told of that looks at lists. */
guint     delivery_forms(const MediaObject *object, const Dialect *dialect,
                         MediaForm forms[MEDIA_FORMS_MAX]);
