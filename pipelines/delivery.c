/* delivery.c -- see delivery.h */
#include "pipelines/delivery.h"

#include "base/error.h"
#include "pipelines/track-choice.h"

#include <string.h>

static const char *const how_names[] = { "direct", "remux", "transcode" };
G_STATIC_ASSERT(G_N_ELEMENTS(how_names) == DELIVERY_HOW_N);

const char *
delivery_how_name(DeliveryHow how)
{
    g_assert(how < DELIVERY_HOW_N);
    return how_names[how];
}

void
delivery_clear(Delivery *delivery)
{
    g_free(delivery->reason);
    *delivery = (Delivery){ 0 };
}

/* -- Streams ----------------------------------------------------------------------------------- */

/* The streams of an object; where nobody listed them, those its facts speak of. The caller's. */
static MediaDetails *
streams_of(const MediaObject *object)
{
    const MediaFacts *facts = &object->facts;

    if (media_details_count(object->details, MEDIA_STREAMS) > 0)
        return media_details_ref(object->details);
    MediaDetails *details = media_details_new();
    if (facts->video_codec != NULL)
        media_details_add(details, MEDIA_STREAMS,
                          &(MediaStream){ .type = "video", .codec = facts->video_codec,
                                          .width = facts->width, .height = facts->height });
    if (facts->audio_codec != NULL)
        media_details_add(details, MEDIA_STREAMS,
                          &(MediaStream){ .type = "audio", .codec = facts->audio_codec,
                                          .channels = facts->channels,
                                          .sample_rate = facts->sample_rate });
    return details;
}

/* NULL: it has none. */
static const MediaStream *
find_video(const MediaDetails *details)
{
    for (guint i = 0; i < media_details_count(details, MEDIA_STREAMS); i++) {
        const MediaStream *stream = media_details_get(details, MEDIA_STREAMS, i);
        if (strcmp(stream->type, "video") == 0)
            return stream;
    }
    return NULL;
}

/* Which of the sounds it is; 0 where there is none. */
static int
track_of(const MediaDetails *details, const MediaStream *sound)
{
    int index = 0;

    while (sound != NULL && track_sound(details, index) != sound)
        index++;
    return index;
}

static bool
within(int64_t value, int64_t limit)
{
    return limit == 0 || value <= limit;
}

/* Eight bits, 4:2:0: what every decoder in a set has. */
static bool
is_common_profile(const MediaStream *stream)
{
    static const char *const common[] = { "Constrained Baseline", "Baseline", "Main", "High",
                                          "Progressive High", "Constrained High", NULL };

    return strcmp(stream->codec, "h264") != 0 || stream->profile == NULL ||
           g_strv_contains(common, stream->profile);
}

static bool
video_fits(const MediaStream *stream, const MediaObject *object, const Profile *profile)
{
    return stream == NULL ||
           (g_strcmp0(stream->codec, profile->video) == 0 && is_common_profile(stream) &&
            within(stream->bits, 8) && within(stream->level, profile->level) &&
            within(stream->width, profile->width) && within(stream->height, profile->height) &&
            object->facts.rotation == 0);
}

static bool
audio_fits(const MediaStream *stream, const Profile *profile)
{
    return stream == NULL ||
           (g_strcmp0(stream->codec, profile->audio) == 0 &&
            within(stream->channels, profile->channels) &&
            within(stream->sample_rate, profile->sample_rate));
}

/* Of Musepack GStreamer's demuxers (1.22) lose all but the first packets, or never end. */
bool
delivery_can_convert(const MediaFacts *facts)
{
    return g_strcmp0(facts->mime, "audio/x-musepack") != 0;
}

bool
delivery_is_lossless(const char *codec)
{
    static const char *const codecs[] = { "flac", "alac", "ape", "wavpack", "tta", "mlp", "truehd",
                                          NULL };

    return codec != NULL && (g_strv_contains(codecs, codec) || g_str_has_prefix(codec, "pcm_") ||
                             g_str_has_prefix(codec, "dsd_"));
}

/* -- Words ------------------------------------------------------------------------------------- */

char *
delivery_describe_sinks(const char *sinks)
{
    g_auto(GStrv) infos = g_strsplit(sinks, ",", -1);
    g_autoptr(GString) text = g_string_new(NULL);

    for (char **info = infos; *info != NULL; info++) {
        g_auto(GStrv) fields = g_strsplit(*info, ":", 4);
        if (g_strv_length(fields) < 3 || strstr(text->str, fields[2]) != NULL ||
            g_str_has_prefix(fields[2], MIME_CODEC) || g_str_has_prefix(fields[2], MIME_FORM))
            continue;
        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ", fields[2]);
        if (text->len > 300) {
            g_string_append(text, ", ...");
            break;
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static const char *
mime_of(const MediaObject *object)
{
    return object->facts.mime != NULL ? object->facts.mime : "of no known type";
}

/* "the picture as it is, the sound from dts to aac" */
static char *
describe_streams(const Delivery *delivery, const MediaStream *video, const MediaStream *audio)
{
    const char *words = delivery->subtitle > 0 ? " with the subtitles in it" : "";

    g_autoptr(GString) text = g_string_new(NULL);
    bool is_photo = delivery->profile->kind == MEDIA_IMAGE;

    if (is_photo)
        return g_strdup("a JPEG is made of it");
    if (video != NULL && delivery->profile->kind == MEDIA_AUDIO)
        g_string_append(text, "no picture");
    else if (video != NULL && delivery->copies_video)
        g_string_append(text, "the picture as it is");
    else if (video != NULL)
        g_string_append_printf(text, "the picture converted from %s to %s%s", video->codec,
                               delivery->profile->video, words);
    if (video != NULL && audio != NULL)
        g_string_append(text, ", ");
    if (audio != NULL && delivery->copies_audio)
        g_string_append(text, "the sound as it is");
    else if (audio != NULL)
        g_string_append_printf(text, "the sound converted from %s to %s", audio->codec,
                               delivery->profile->audio);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Why it cannot go as it is: what the screen does, or would do. */
static char *
describe_reason(const MediaObject *object, const DeliveryWish *wish, bool is_usual_sound,
                bool is_drawn)
{
    if (media_is_part(&object->facts))
        return g_strdup("plays whole files only");
    if (wish->is_never_direct)
        return g_strdup("is to have another form");
    if (!is_usual_sound)
        return g_strdup("would play another sound of it");
    if (is_drawn)
        return g_strdup("shows no subtitles that are pictures");
    if (wish->burns && wish->subtitle > 0)
        return g_strdup("shows no subtitles by itself");
    if (wish->is_unplayed)
        return g_strdup_printf("says that it plays %s and does not", mime_of(object));
    return g_strdup_printf("does not play this %s", mime_of(object));
}

static void
refuse(const MediaObject *object, const DeliveryWish *wish, GError **error)
{
    g_autofree char *takes = wish->profile != NULL ? g_strdup(wish->profile->mime)
                                                   : delivery_describe_sinks(wish->sinks);
    bool is_off = wish->is_conversion_off || !delivery_can_convert(&object->facts);
    const char *why = is_off ? "there is nothing here that converts it"
                                              : "nothing we can make of it is among that";

    g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                "“%s” is %s, which %s does not play (it plays %s), and %s", object->title,
                mime_of(object), wish->name, takes, why);
}

/* -- The decision ------------------------------------------------------------------------------ */

/* Whether the set that has that list decodes a stream; there may be none. */
static bool
is_decoded(const char *sinks, const char *codec)
{
    return codec == NULL || strcmp(codec, DELIVERY_CODEC_UNKNOWN) == 0 ||
           protocol_info_list_takes_codec(sinks, codec);
}

static bool
is_direct(const MediaObject *object, const DeliveryWish *wish, const MediaStream *video,
          const MediaStream *audio)
{
    if (wish->profile == NULL)
        return protocol_info_list_takes(wish->sinks, wish->direct_info) &&
               (object->kind == MEDIA_IMAGE ||
                (is_decoded(wish->sinks, video != NULL ? video->codec : NULL) &&
                 is_decoded(wish->sinks, audio != NULL ? audio->codec : NULL))) &&
               (!media_is_part(&object->facts) || protocol_info_list_takes_parts(wish->sinks));
    return !media_is_part(&object->facts) && object->facts.mime != NULL &&
           mime_equal(object->facts.mime, wish->profile->mime) &&
           (object->kind == MEDIA_IMAGE
                ? within(object->facts.width, wish->profile->width) &&
                      within(object->facts.height, wish->profile->height)
                : video_fits(video, object, wish->profile) && audio_fits(audio, wish->profile));
}

static bool
is_taken(const Profile *profile, const DeliveryWish *wish)
{
    g_autofree char *info = g_strdup_printf("http-get:*:%s:%s%s", profile->mime,
                                            profile->dlna != NULL ? "DLNA.ORG_PN=" : "*",
                                            profile->dlna != NULL ? profile->dlna : "");

    g_autofree char *form = g_strdup_printf("http-get:*:" MIME_FORM "%s:*", profile->name);

    if (wish->profile != NULL)
        return profile == wish->profile;
    return (protocol_info_list_takes(wish->sinks, info) ||
            protocol_info_list_takes(wish->sinks, form)) &&
           (profile->kind == MEDIA_IMAGE || (is_decoded(wish->sinks, profile->video) &&
                                             is_decoded(wish->sinks, profile->audio)));
}

/* How far a profile is from what the file is: 0 copies all; -1: it cannot be made of it. */
static int
distance(const Profile *profile, const MediaObject *object, const MediaStream *video,
         const MediaStream *audio)
{
    bool is_sound_alone = profile->kind == MEDIA_AUDIO && object->kind == MEDIA_VIDEO;

    if (is_sound_alone)
        return audio != NULL ? 8 + !audio_fits(audio, profile) : -1;
    if (profile->kind != object->kind || (video == NULL && audio == NULL) ||
        (profile->is_list && object->facts.duration_ms <= 0)) /* a list says how long it is */
        return -1;
    int steps = 4 * !video_fits(video, object, profile) + !audio_fits(audio, profile);
    /* What lost nothing so far shall lose nothing, and what did gains nothing by growing. */
    if (object->kind == MEDIA_AUDIO && steps > 0)
        steps +=
            2 * (profile->is_lossless != delivery_is_lossless(audio != NULL ? audio->codec : NULL));
    return steps;
}

static const Profile *
choose(const MediaObject *object, const DeliveryWish *wish, const MediaStream *video,
       const MediaStream *audio)
{
    const Profile *best = NULL;
    int best_distance = G_MAXINT;

    for (const Profile *profile = profiles; profile->name != NULL; profile++) {
        int steps = is_taken(profile, wish) ? distance(profile, object, video, audio) : -1;
        if (steps >= 0 && steps < best_distance) {
            best = profile;
            best_distance = steps;
        }
    }
    return best;
}

/* Whether the subtitles are pictures, and of those that some element draws (dvdspu). */
static bool
find_drawn(Delivery *delivery, const MediaObject *object, const MediaDetails *details,
           const DeliveryWish *wish, GError **error)
{
    static const char *const codecs[] = { "dvd_subtitle", "hdmv_pgs_subtitle", NULL };
    const MediaStream *stream = track_picture(details, wish->subtitle - 1, &delivery->drawn);

    if (stream == NULL || g_strv_contains(codecs, stream->codec))
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                "these subtitles of “%s” are pictures (%s), and nothing here draws them",
                object->title, stream->codec);
    return false;
}

bool
delivery_decide(Delivery *delivery, const MediaObject *object, const DeliveryWish *wish,
                GError **error)
{
    static const MediaStream photo = { .type = "video", .codec = "picture" };
    g_autoptr(MediaDetails) details = streams_of(object);
    const MediaStream *audio = track_sound(details, wish->audio_track);
    const MediaStream *video = object->kind == MEDIA_IMAGE ? &photo
                               : object->kind == MEDIA_VIDEO ? find_video(details)
                                                             : NULL; /* a cover */

    if (wish->audio_track >= 0 && audio == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "“%s” has no sound of number %d",
                    object->title, wish->audio_track);
        return false;
    }
    *delivery = (Delivery){ .audio_track = track_of(details, audio) };
    if (wish->profile == NULL && (wish->sinks == NULL || *wish->sinks == '\0')) {
        delivery->reason =
            g_strdup_printf("%s has not said what it plays, so it is sent as it is", wish->name);
        return true;
    }
    bool is_usual = audio == track_sound(details, -1); /* players take it by themselves */
    if (!find_drawn(delivery, object, details, wish, error))
        return false;
    int64_t drawn = delivery->drawn;
    bool burns = wish->subtitle > 0 && video != NULL && (wish->burns || drawn > 0);
    if (is_usual && !burns && !wish->is_never_direct && !wish->is_unplayed &&
        is_direct(object, wish, video, audio)) {
        delivery->reason = g_strdup_printf("%s plays %s as it is", wish->name, mime_of(object));
        return true;
    }
    bool is_off = wish->is_conversion_off || !delivery_can_convert(&object->facts);
    delivery->profile = is_off ? NULL : choose(object, wish, video, audio);
    if (delivery->profile == NULL) {
        refuse(object, wish, error);
        return false;
    }
    delivery->copies_video =
        delivery->profile->video == NULL ||
        (!burns && !wish->is_picture_anew && video_fits(video, object, delivery->profile));
    if (delivery->profile->kind == MEDIA_VIDEO && !delivery->copies_video)
        delivery->subtitle = wish->subtitle; /* where it is made anew, that costs nothing */
    delivery->copies_audio = audio_fits(audio, delivery->profile);
    delivery->how = delivery->copies_video && delivery->copies_audio ? DELIVERY_REMUX
                                                                     : DELIVERY_TRANSCODE;
    g_autofree char *streams = describe_streams(delivery, video, audio);
    g_autofree char *why = describe_reason(object, wish, is_usual, drawn > 0);
    delivery->reason = g_strdup_printf("%s %s, so it gets %s: %s", wish->name, why,
                                       delivery->profile->mime, streams);
    return true;
}

/* What the graph that converts does not take apart, or loses something of; see
 * pipelines/unpack.h. */
static bool
is_unpacked(const MediaFacts *facts)
{
    static const struct {
        const char *format, *video_codec; /* NULL: any */
    } unread[] = {
        { "wtv", NULL }, { "w64", NULL },    { "caf", NULL },
        { "dv", NULL },  { "avi", "mpeg4" }, { "mpeg", "mpeg1video" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(unread); i++)
        if (g_strcmp0(facts->format, unread[i].format) == 0 &&
            (unread[i].video_codec == NULL ||
             g_strcmp0(facts->video_codec, unread[i].video_codec) == 0))
            return true;
    return false;
}

ConversionOrder
delivery_order(const Delivery *delivery, const MediaObject *object, int64_t start_ms, unsigned rung)
{
    const Profile *profile = delivery->profile;
    const MediaFacts *facts = &object->facts;
    bool may_copy = rung == 0;
    int64_t length_ms = media_is_part(facts) ? facts->end_ms - facts->start_ms - start_ms : 0;

    return (ConversionOrder){
        .mux = profile->mux,
        .video = profile->video,
        .audio = profile->audio,
        .copies_video = may_copy && delivery->copies_video,
        .copies_audio = may_copy && delivery->copies_audio,
        .start_ms = facts->start_ms + start_ms,
        .length_ms = MAX(length_ms, 0),
        .audio_track = delivery->audio_track,
        .width = profile->width,
        .height = profile->height,
        .frame_rate = profile->frame_rate,
        .video_kbit = profile->video_kbit,
        .audio_kbit = profile->audio_kbit,
        .channels = profile->channels,
        .sample_rate = profile->sample_rate,
        .gain_cdb = object->kind == MEDIA_AUDIO ? facts->gain_track : 0,
        .is_software = rung > 0,
        .is_unpacked = is_unpacked(facts),
        .is_picture = profile->kind == MEDIA_IMAGE,
        .has_words = delivery->subtitle > 0 && delivery->drawn == 0,
        .drawn_track = delivery->subtitle > 0 ? delivery->drawn : 0,
        .is_remux = may_copy && delivery->how == DELIVERY_REMUX && profile->mux != NULL,
    };
}
