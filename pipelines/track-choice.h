/* track-choice.h -- which of a film's sounds is heard and which subtitles are read, by the
 * languages that somebody knows
 *
 * Pure. Of what fits equally well a film's own default comes first, and what comments on it
 * last. */
#pragma once

#include "model/media-details.h"

/* Are there subtitles under a sound that is understood? */
typedef enum {
    SUBTITLES_AUTO,   /* those alone that the film forces: what is said there in other languages */
    SUBTITLES_ALWAYS,
    SUBTITLES_NEVER,  /* nor under any other */
    SUBTITLE_HABIT_N
} SubtitleHabit;

/* "auto", "always", "never" */
const char *subtitle_habit_name(SubtitleHabit habit);
bool        subtitle_habit_from_name(const char *name, SubtitleHabit *habit);

/* Lists of languages (model/language.h), the most wanted first; NULL or empty: nobody said. */
typedef struct {
    const char *const *audio, *const *subtitles;
    SubtitleHabit habit;
} TrackTaste;

/* Among the film's sounds; -1: the usual one. */
int track_choose_sound(const MediaDetails *details, const TrackTaste *taste);
/* Among those of its sidecars that are subtitles and words (didl_subtitle()), with the sound-th
 * sound (-1: the usual one); -1: none. */
int track_choose_subtitle(const MediaDetails *details, const TrackTaste *taste, int sound);

/* Which one somebody named, by its number from 0 on or by a language; -1: there is none such. Those
 * subtitles that are pictures are counted behind the others. */
int track_named_sound(const MediaDetails *details, const char *name);
int track_named_subtitle(const MediaDetails *details, const char *name);

/* The subtitles of that number where they are pictures; NULL: they are words, or there are none.
 * track: which of all of the film's own they are, from 1 on; may be NULL. */
const MediaStream  *track_picture(const MediaDetails *details, int number, int64_t *track);

/* The index-th sound, at -1 the one that players take by themselves; NULL: there is none. */
const MediaStream  *track_sound(const MediaDetails *details, int index);
