/* probe.h -- what a media file is, in the cheapest way that is right
 *
 * Runs inside duoping-worker. Tiers, cheapest first: pictures by their own header and EXIF
 * (probe-image), sound and film by libavformat without decoding (probe-av), anything else by
 * GStreamer (probe-gst). TagLib has no tier: its C interface opens only paths, which the sandbox
 * has none of, and in Debian 12 knows neither album artist, disc, full date nor cover, so that each
 * file would be opened twice. */
#pragma once

#include "model/media-details.h"

typedef struct {
    MediaFacts facts;
    GStringChunk *texts;   /* owns what the facts borrow */
    MediaDetails *details; /* NULL: the facts say it all */
    bool wants_thumbnail;  /* of a picture, the small one that it holds: a JPEG */
    GBytes *thumbnail;     /* NULL: not wanted, or it has none */
} ProbeReport;

void probe_report_init(ProbeReport *report);
void probe_report_clear(ProbeReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProbeReport, probe_report_clear)

/* For the tiers: a copy of text in valid UTF-8 without blanks around it; NULL when empty. */
const char *probe_report_text(ProbeReport *report, const char *text);
/* The same of a tag that may be octets of any charset: what is UTF-8 is taken for it, and else each
 * octet becomes a letter and the facts' charset says so (MEDIA_OCTETS). is_loose: a text of
 * Latin-1 letters may be such octets, too. */
const char *probe_report_tag(ProbeReport *report, const char *text, bool is_loose);
/* A date as the media says it ("2010:10:08 05:12:27", "1999", "20240501") as ISO 8601; NULL for
 * what is none. */
const char *probe_report_date(ProbeReport *report, const char *text);

/* Degrees as MediaFacts says a place; NULL when there is no such place, or it is nowhere (0, 0). */
const char *probe_report_place(ProbeReport *report, double north, double east);

/* A camera by its maker and model, whose name may begin with the maker's; either may be NULL. */
const char *probe_report_camera(ProbeReport *report, const char *maker, const char *model);

/* file is open for reading and stays the caller's; its position is left anywhere. name helps where
 * the content does not tell. Errors: DUO_ERROR_UNSUPPORTED (the first tiers do not know it, a
 * deeper probe may), DUO_ERROR_INVALID (broken: the reason, for people). */
bool        probe_file(int file, const char *name, ProbeReport *report, GError **error);

/* The tiers. */
bool        probe_image(int file, ProbeReport *report, GError **error);
bool        probe_image_is(const uint8_t *head, size_t size);
bool        probe_av(int file, const char *name, ProbeReport *report, GError **error);
/* The cover within a song or film, as the image file it is; NULL when there is none. */
GBytes     *probe_av_cover(int file);
/* By GStreamer, which must be initialised. */
bool        probe_gst(int file, ProbeReport *report, GError **error);
