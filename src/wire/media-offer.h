/* media-offer.h -- in which words bytes of ours are offered to a family of sets; pure
 *
 * The res of DIDL-Lite, the heads of the reply that brings the bytes, and what is pushed along with
 * an address must say the same, or sets refuse what they would play. All of them ask here. */
#pragma once

#include "model/media-details.h"
#include "wire/dialect.h"
#include "wire/protocol-info.h"

typedef struct {
    const char *mime;                 /* borrowed; Content-Type */
    char features[PROTOCOL_INFO_MAX]; /* contentFeatures.dlna.org; "*": none are said */
} MediaOffer;

/* A file, or what it is converted to: then facts are those of the result, and the family's own way
 * of seeking is said where delivery has it. */
void media_offer_file(MediaOffer *offer, const Dialect *dialect, const MediaFacts *facts,
                      DlnaDelivery delivery);
void media_offer_picture(MediaOffer *offer, const Dialect *dialect, const DlnaPicture *picture);
/* False: nobody plays subtitles of that format (model/sidecar.h). */
bool media_offer_subtitle(MediaOffer *offer, const Dialect *dialect, const char *format);

/* "http-get:*:MIME:FEATURES" */
void media_offer_print(const MediaOffer *offer, char text[PROTOCOL_INFO_MAX]);
