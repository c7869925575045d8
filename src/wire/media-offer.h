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

/* A file as it is; facts: of what is sent, where delivery makes something else of it. */
void media_offer_file(MediaOffer *offer, const Dialect *dialect, const MediaFacts *facts,
                      DlnaDelivery delivery);
void media_offer_picture(MediaOffer *offer, const Dialect *dialect, const DlnaPicture *picture);
/* False: nobody plays subtitles of that format (model/sidecar.h). */
bool media_offer_subtitle(MediaOffer *offer, const Dialect *dialect, const char *format);

/* -- What delivery makes of an item while it sends it ------------------------------------------ */

/* Texts are borrowed from the item and from whoever made the form. */
typedef struct {
    const char *name;      /* in the address */
    const char *extension; /* of the address */
    MediaFacts facts;      /* of the result */
    DlnaDelivery delivery;
} MediaForm;

#define MEDIA_FORMS_MAX 8

/* Fills forms with those that the family is offered of an item of ours beside its file, the nearest
 * first; how many. On any thread. */
typedef guint (*MediaForms)(const MediaObject *object, const Dialect *dialect,
                            MediaForm forms[MEDIA_FORMS_MAX]);

/* Where delivery has both ways to seek, the family's own is said. */
void media_offer_form(MediaOffer *offer, const Dialect *dialect, const MediaForm *form);

/* ---------------------------------------------------------------------------------------------- */

/* "http-get:*:MIME:FEATURES" */
void media_offer_print(const MediaOffer *offer, char text[PROTOCOL_INFO_MAX]);
