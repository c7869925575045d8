/* media-offer.c -- see media-offer.h */
#include "wire/media-offer.h"

#include <string.h>

static void
say_features(MediaOffer *offer, const Dialect *dialect, const char *profile, DlnaDelivery delivery,
             bool is_image)
{
    if (dialect->features == DIALECT_FEATURES_NONE)
        strcpy(offer->features, "*");
    else
        dlna_features(dialect->features == DIALECT_FEATURES_FULL ? profile : NULL, delivery,
                      is_image, offer->features);
}

void
media_offer_file(MediaOffer *offer, const Dialect *dialect, const MediaFacts *facts,
                 DlnaDelivery delivery)
{
    const char *own =
        dialect_profile(dialect, facts->format, facts->video_codec, facts->audio_codec);

    if (delivery.is_converted && delivery.by_time && delivery.by_bytes) {
        delivery.by_time = dialect->seek != DIALECT_SEEK_BYTES;
        delivery.by_bytes = dialect->seek != DIALECT_SEEK_TIME;
    }
    offer->mime = dialect_mime(dialect, facts->mime != NULL ? facts->mime
                                                            : "application/octet-stream");
    say_features(offer, dialect, own != NULL ? own : dlna_profile(facts), delivery,
                 facts->kind == MEDIA_IMAGE);
}

void
media_offer_form(MediaOffer *offer, const Dialect *dialect, const MediaForm *form)
{
    media_offer_file(offer, dialect, &form->facts, form->delivery);
}

void
media_offer_picture(MediaOffer *offer, const Dialect *dialect, const DlnaPicture *picture)
{
    offer->mime = "image/jpeg";
    say_features(offer, dialect, picture->profile,
                 (DlnaDelivery){ .by_bytes = true, .is_converted = true }, true);
}

bool
media_offer_subtitle(MediaOffer *offer, const Dialect *dialect, const char *format)
{
    const char *mime = mime_of_subtitle(format);

    if (mime == NULL)
        return false;
    offer->mime = dialect_mime(dialect, mime);
    strcpy(offer->features, "*");
    return true;
}

void
media_offer_print(const MediaOffer *offer, char text[PROTOCOL_INFO_MAX])
{
    g_snprintf(text, PROTOCOL_INFO_MAX, "http-get:*:%s:%s", offer->mime, offer->features);
}
