/* probe-tags.c -- what the tags of a song or a film say; see probe-room.h */
#include "config.h"

#include "pipelines/flac-sheet.h"
#include "pipelines/id3.h"
#include "pipelines/probe-room.h"
#include "wire/playlist.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *key;
    size_t offset; /* in MediaFacts */
} text_tags[] = {
    { "title", offsetof(MediaFacts, title) },
    { "artist", offsetof(MediaFacts, artist) },
    { "album_artist", offsetof(MediaFacts, album_artist) },
    { "album", offsetof(MediaFacts, album) },
    { "genre", offsetof(MediaFacts, genre) },
    { "composer", offsetof(MediaFacts, composer) },
    { "author", offsetof(MediaFacts, artist) }, /* asf; after "artist", which wins */
};

static const char *const date_keys[] = { "date", "year", "creation_time" };

/* Gains are hundredths of a dB, peaks millionths of full scale: a tag times a unit, plus a shift.
 * Opus tells its gains against -23 LUFS in 256ths of a dB (RFC 7845, 5.2.1); ReplayGain's own
 * reference is 5 dB louder. */
static const struct {
    const char *key;
    size_t offset;
    double unit, shift, limit;
} gain_tags[] = {
    { "replaygain_track_gain", offsetof(MediaFacts, gain_track), 100, 0, 10000 },
    { "replaygain_album_gain", offsetof(MediaFacts, gain_album), 100, 0, 10000 },
    { "replaygain_track_peak", offsetof(MediaFacts, peak_track), 1e6, 0, 1e8 },
    { "replaygain_album_peak", offsetof(MediaFacts, peak_album), 1e6, 0, 1e8 },
    { "r128_track_gain", offsetof(MediaFacts, gain_track), 100.0 / 256, 500, 10000 },
    { "r128_album_gain", offsetof(MediaFacts, gain_album), 100.0 / 256, 500, 10000 },
};

/* How taggers write stars, and how much of 100 one is. */
static const struct {
    const char *key;
    double unit;
} rating_tags[] = {
    { "fmps_rating", 100 },         /* 0 to 1 */
    { "WM/SharedUserRating", 1 },   /* 0 to 99 */
    { "rating", 0 },                /* 0 to 5 stars, or 0 to 100 */
    { "com.apple.quicktime.rating.user", 20 },
};

static const char *const place_keys[] = { "com.apple.quicktime.location.ISO6709", "location",
                                          "location-eng" };

const char *
probe_tag(const AVFormatContext *media, const char *key)
{
    AVDictionaryEntry *entry = av_dict_get(media->metadata, key, NULL, 0);

    /* Ogg keeps the tags of the whole with its stream; elsewhere a stream's title is the track's,
     * and a film would be called "Video" or "Director's commentary". */
    bool is_of_stream = g_str_equal(media->iformat->name, "ogg");
    for (unsigned i = 0; is_of_stream && entry == NULL && i < media->nb_streams; i++)
        if (media->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            entry = av_dict_get(media->streams[i]->metadata, key, NULL, 0);
    return entry != NULL ? entry->value : NULL;
}

/* "7" and "7/12" are 7. */
static int64_t
tag_number(const AVFormatContext *media, const char *key)
{
    const char *text = probe_tag(media, key);
    gint64 number = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;

    return number > 0 && number < 100000 ? number : 0;
}

/* A decimal number before whatever follows it ("-7.30 dB"). */
static bool
tag_decimal(const AVFormatContext *media, const char *key, double *number)
{
    const char *text = probe_tag(media, key);
    char *end;

    if (text == NULL)
        return false;
    *number = g_ascii_strtod(text, &end);
    return end != text && isfinite(*number);
}

static void
read_gains(const AVFormatContext *media, MediaFacts *facts)
{
    for (guint i = 0; i < G_N_ELEMENTS(gain_tags); i++) {
        int64_t *fact = &G_STRUCT_MEMBER(int64_t, facts, gain_tags[i].offset);
        double number;
        if (*fact != 0 || !tag_decimal(media, gain_tags[i].key, &number))
            continue;
        number = number * gain_tags[i].unit + gain_tags[i].shift;
        if (fabs(number) <= gain_tags[i].limit)
            *fact = llround(number);
    }
}

static void
read_rating(const AVFormatContext *media, MediaFacts *facts)
{
    for (guint i = 0; i < G_N_ELEMENTS(rating_tags) && facts->rating == 0; i++) {
        double number, unit = rating_tags[i].unit;
        if (!tag_decimal(media, rating_tags[i].key, &number))
            continue;
        if (unit == 0)
            unit = number <= 5 ? 20 : 1;
        if (number > 0 && number * unit <= 100)
            facts->rating = MAX(llround(number * unit), 1);
    }
}

/* ISO 6709: +48.8583-002.2945+035.000/ */
static void
read_place(const AVFormatContext *media, ProbeReport *report)
{
    for (guint i = 0; i < G_N_ELEMENTS(place_keys) && report->facts.place == NULL; i++) {
        const char *text = probe_tag(media, place_keys[i]);
        char *end;
        if (text == NULL || (text[0] != '+' && text[0] != '-'))
            continue;
        double north = g_ascii_strtod(text, &end);
        if (end[0] == '+' || end[0] == '-')
            report->facts.place = probe_report_place(report, north, g_ascii_strtod(end, NULL));
    }
}

static void
read_camera(const AVFormatContext *media, ProbeReport *report)
{
    const char *maker = probe_tag(media, "com.apple.quicktime.make");
    const char *model = probe_tag(media, "com.apple.quicktime.model");

    report->facts.camera = probe_report_camera(report, maker, model);
}

static void
add_track(ProbeReport *report, const MediaTrack *track)
{
    if (report->details == NULL)
        report->details = media_details_new();
    media_details_add(report->details, MEDIA_TRACKS, track);
}

/* What the head of a FLAC file tells: places without names. */
static void
read_flac_sheet(const AVFormatContext *media, int file, ProbeReport *report)
{
    FlacTrack tracks[FLAC_TRACKS_MAX];
    int64_t rate = report->facts.sample_rate;
    int count =
        g_str_equal(media->iformat->name, "flac") && rate > 0 ? flac_sheet_read(file, tracks) : 0;

    for (int i = 0; i < count; i++)
        add_track(report, &(MediaTrack){ .number = tracks[i].number,
                                         .start_ms = av_rescale(tracks[i].start, 1000, rate) });
}

/* Rippers put the cue sheet of a whole disc into its file, in its tags, with names, or where FLAC
 * has a place for it. An answer holds it where little else is told. */
void
probe_tracks(const AVFormatContext *media, int file, ProbeReport *report)
{
    const char *text = probe_tag(media, "cuesheet");

    if (report->facts.kind != MEDIA_AUDIO ||
        media_details_count(report->details, MEDIA_STREAMS) > 2 ||
        media_details_count(report->details, MEDIA_CHAPTERS) > 0)
        return;
    g_autoptr(GPtrArray) entries =
        text != NULL ? playlist_decode(PLAYLIST_CUE, text, strlen(text)) : g_ptr_array_new();
    for (guint i = 0; i < entries->len; i++) {
        const PlaylistEntry *entry = entries->pdata[i];
        add_track(report, &(MediaTrack){ entry->title, entry->artist, entry->track,
                                         entry->start_ms });
    }
    if (entries->len == 0)
        read_flac_sheet(media, file, report);
}

/* ID3 may say of its texts that they are Latin-1, and so do the tags of old kinds by default. Where
 * the tag is in the midst of the file it is not looked into. */
static bool
is_loose(const AVFormatContext *media, const Id3Look *look)
{
    static const char *const kinds[] = { "wav", "aiff", "avi", "dsf" };

    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(media->iformat->name, kinds[i]))
            return true;
    return look->has_octets;
}

void
probe_tags(const AVFormatContext *media, int file, ProbeReport *report)
{
    MediaFacts *facts = &report->facts;
    Id3Look look;

    id3_look(file, &look);
    bool may_be_octets = is_loose(media, &look);
    facts->rating = look.rating;

    for (guint i = 0; i < G_N_ELEMENTS(text_tags); i++) {
        const char **text = &G_STRUCT_MEMBER(const char *, facts, text_tags[i].offset);
        if (*text == NULL)
            *text = probe_report_tag(report, probe_tag(media, text_tags[i].key), may_be_octets);
    }
    for (guint i = 0; i < G_N_ELEMENTS(date_keys) && facts->date == NULL; i++)
        facts->date = probe_report_date(report, probe_tag(media, date_keys[i]));
    facts->track = tag_number(media, "track");
    facts->disc = tag_number(media, "disc");
    read_gains(media, facts);
    read_rating(media, facts);
    read_place(media, report);
    read_camera(media, report);
}
