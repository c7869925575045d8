/* track-choice.c -- see track-choice.h */
#include "pipelines/track-choice.h"

#include "base/text.h"
#include "model/language.h"
#include "wire/didl.h"

#include <string.h>

#define TRACKS_MAX 255

static const char *const habit_names[] = { "auto", "always", "never" };
G_STATIC_ASSERT(G_N_ELEMENTS(habit_names) == SUBTITLE_HABIT_N);

/* What is read, by habit and by whether what is heard is understood. */
typedef enum { READS_NOTHING, READS_FORCED, READS_ALL } Reads;

static const Reads reads[SUBTITLE_HABIT_N][2] = {
    [SUBTITLES_AUTO] = { READS_ALL, READS_FORCED },
    [SUBTITLES_ALWAYS] = { READS_ALL, READS_ALL },
    [SUBTITLES_NEVER] = { READS_NOTHING, READS_NOTHING },
};

const char *
subtitle_habit_name(SubtitleHabit habit)
{
    g_assert(habit < SUBTITLE_HABIT_N);
    return habit_names[habit];
}

bool
subtitle_habit_from_name(const char *name, SubtitleHabit *habit)
{
    for (guint i = 0; i < SUBTITLE_HABIT_N; i++)
        if (g_strcmp0(name, habit_names[i]) == 0) {
            *habit = (SubtitleHabit)i;
            return true;
        }
    return false;
}

/* -- What there is ----------------------------------------------------------------------------- */

const MediaStream *
track_sound(const MediaDetails *details, int index)
{
    const MediaStream *found = NULL;

    for (guint i = 0; i < media_details_count(details, MEDIA_STREAMS); i++) {
        const MediaStream *stream = media_details_get(details, MEDIA_STREAMS, i);
        if (g_strcmp0(stream->type, "audio") != 0)
            continue;
        if (index >= 0 && index-- == 0)
            return stream;
        if (index < 0 && (found == NULL || (stream->is_default && !found->is_default)))
            found = stream;
    }
    return index >= 0 ? NULL : found;
}

static bool
is_picture(const MediaStream *stream)
{
    static const char *const codecs[] = { "dvd_subtitle", "hdmv_pgs_subtitle", "dvb_subtitle",
                                          "xsub", NULL };

    return g_strcmp0(stream->type, "subtitle") == 0 && stream->codec != NULL &&
           g_strv_contains(codecs, stream->codec);
}

const MediaStream *
track_picture(const MediaDetails *details, int number, int64_t *track)
{
    int64_t own = 0;

    for (guint i = 0; number >= 0 && didl_subtitle(details, i) != NULL; i++)
        number--;
    for (guint i = 0; number >= 0 && i < media_details_count(details, MEDIA_STREAMS); i++) {
        const MediaStream *stream = media_details_get(details, MEDIA_STREAMS, i);
        own += g_strcmp0(stream->type, "subtitle") == 0;
        if (is_picture(stream) && number-- == 0) {
            if (track != NULL)
                *track = own;
            return stream;
        }
    }
    return NULL;
}

/* -- How much one is wanted -------------------------------------------------------------------- */

/* 0: not at all. */
static int
rank_of_language(const char *const *wanted, const char *told)
{
    int count = wanted != NULL ? (int)g_strv_length((char **)wanted) : 0;

    for (int i = 0; i < count; i++) {
        LanguageMatch match = language_match(wanted[i], told);
        if (match != LANGUAGE_OTHER)
            return (count - i) * 100 + (match == LANGUAGE_SAME ? 50 : 0);
    }
    return 0;
}

static bool
is_comment(const char *title)
{
    static const char *const words[] = { "comment", "评论", "評論", "解说", "解說" };
    g_autofree char *folded = title != NULL ? g_utf8_casefold(title, -1) : NULL;

    for (guint i = 0; folded != NULL && i < G_N_ELEMENTS(words); i++)
        if (strstr(folded, words[i]) != NULL)
            return true;
    return false;
}

static int
rank_of_sound(const MediaStream *stream, const char *const *wanted)
{
    int rank = rank_of_language(wanted, stream->language);

    return rank == 0 ? 0 : rank + 2 * (stream->is_default != 0) - 10 * is_comment(stream->title);
}

/* What nobody says the language of was put beside the film to be read, but after what is known. */
static int
rank_of_subtitle(const MediaSidecar *sidecar, const char *const *wanted)
{
    int rank = rank_of_language(wanted, sidecar->language);

    if (rank == 0)
        return sidecar->language == NULL && sidecar->track == 0 && wanted != NULL &&
               wanted[0] != NULL;
    return rank + 4 * (sidecar->track == 0) + 2 * (sidecar->is_default != 0) -
           10 * is_comment(sidecar->title);
}

/* -- Choosing ---------------------------------------------------------------------------------- */

static int
best_sound(const MediaDetails *details, const char *const *wanted)
{
    const MediaStream *stream;
    int best = -1, best_rank = 0;

    for (int i = 0; i <= TRACKS_MAX && (stream = track_sound(details, i)) != NULL; i++) {
        int rank = rank_of_sound(stream, wanted);
        if (rank > best_rank) {
            best_rank = rank;
            best = i;
        }
    }
    return best;
}

static int
best_subtitle(const MediaDetails *details, const char *const *wanted, bool is_forced)
{
    const MediaSidecar *sidecar;
    int best = -1, best_rank = 0;

    for (guint i = 0; (sidecar = didl_subtitle(details, i)) != NULL; i++) {
        int rank = rank_of_subtitle(sidecar, wanted);
        if ((sidecar->is_forced != 0) == is_forced && rank > best_rank) {
            best_rank = rank;
            best = (int)i;
        }
    }
    return best;
}

int
track_choose_sound(const MediaDetails *details, const TrackTaste *taste)
{
    return best_sound(details, taste->audio);
}

int
track_choose_subtitle(const MediaDetails *details, const TrackTaste *taste, int sound)
{
    const MediaStream *stream = track_sound(details, sound);
    const char *told = stream != NULL ? stream->language : NULL;
    bool is_understood = rank_of_language(taste->audio, told) > 0 ||
                         rank_of_language(taste->subtitles, told) > 0;
    const char *const own[] = { told, NULL };

    switch (reads[taste->habit][is_understood]) {
    case READS_ALL:
        return best_subtitle(details, taste->subtitles, false);
    case READS_FORCED: /* as the sound is: they are its missing words */
        return best_subtitle(details, own, true);
    default:
        return -1;
    }
}

/* -- What somebody names ----------------------------------------------------------------------- */

int
track_named_sound(const MediaDetails *details, const char *name)
{
    const char *const wanted[] = { name, NULL };
    uint32_t number;

    if (text_to_u32(name, 0, TRACKS_MAX, &number))
        return track_sound(details, (int)number) != NULL ? (int)number : -1;
    return best_sound(details, wanted);
}

static int
named_picture(const MediaDetails *details, const char *const *wanted)
{
    const MediaStream *stream;
    int number = 0;

    while (didl_subtitle(details, (guint)number) != NULL)
        number++;
    for (; (stream = track_picture(details, number, NULL)) != NULL; number++)
        if (rank_of_language(wanted, stream->language) > 0)
            return number;
    return -1;
}

int
track_named_subtitle(const MediaDetails *details, const char *name)
{
    const char *const wanted[] = { name, NULL };
    uint32_t number;

    if (text_to_u32(name, 0, TRACKS_MAX, &number))
        return didl_subtitle(details, number) != NULL ||
                       track_picture(details, (int)number, NULL) != NULL ? (int)number : -1;
    int found = best_subtitle(details, wanted, false);
    const MediaSidecar *sidecar = found >= 0 ? didl_subtitle(details, (guint)found) : NULL;
    bool is_it = sidecar != NULL && sidecar->language != NULL;
    if (!is_it)
        found = best_subtitle(details, wanted, true);
    return found >= 0 ? found : named_picture(details, wanted);
}
