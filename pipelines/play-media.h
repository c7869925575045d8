/* play-media.h -- what the player holds, and the media it goes through; private to play.c
 *
 * play.c takes commands; play-media.c loads media, and follows what GstPlay and the link tell of
 * them. Main loop only. */
#pragma once

#include "base/error.h"
#include "pipelines/play-link.h"
#include "pipelines/play-live.h"
#include "pipelines/play-still.h"
#include "pipelines/play.h"

#include <gst/gst.h>
#include <gst/play/play.h>

/* A command that has not been answered. */
typedef struct {
    ScreenDone done;
    gpointer user_data;
    GCancellable *cancellable; /* owned, or NULL */
    GError *error;             /* set when it failed */
} Answer;

typedef struct {
    Screen screen;
    GstPlay *play;
    GstElement *pipeline; /* play's */
    guint bus_watch;
    guint loads_due; /* set_uri() not yet "loaded": messages are about older media */
    Still *still;
    bool is_held;    /* paused because somebody said so */
    bool shows_idle; /* there is somebody to see it */
    char *idle_text;
    PlaybackStatus now; /* what the next screen_set_status() says */
    PlaybackMedia *previous;
    int64_t start_at_ms; /* where in the file to seek once it is loaded; 0: nowhere */
    int64_t part_start_ms, part_end_ms; /* the media's part of its file, where its address names
                                           one; an end of 0: the file's */
    bool is_sought_by_time; /* what is made while it is sent: another place is another stream */
    int64_t began_ms;       /* where in the media that stream begins */
    guint part_end_source; /* it comes within a second */
    GError *trouble;     /* what the pipeline said went wrong with the media; NULL: nothing */
    Answer *opening;     /* OPEN, until it plays or fails */
    Answer *seeking;     /* SEEK, until it lands */
    GQueue answered;     /* Answer: to be told from the loop */
    guint answer_source;
    PlayLink *link;
    PlayLive *live;
} Play;

/* -- The status, and answers to commands -- */

void play_publish(Play *play);
/* Settles *answer, if there is one, as failed for the reason problem; NULL: as done. It is told
 * from the loop, or by play_tell_answers(). */
void play_settle(Play *play, Answer **answer, DuoError code, const char *problem);
void play_tell_answers(Play *play);
void play_read_volume(Play *play);

/* -- Media -- */

bool play_shows_picture(const Play *play);
/* Where in the media that is what GstPlay counts. */
int64_t play_place(const Play *play, int64_t in_file_ms);
/* Goes to a place in the media. */
void play_seek(Play *play, int64_t position_ms);
/* Loads media, which is taken over, and plays it from position_ms on. */
void play_open_media(Play *play, PlaybackMedia *media, int64_t position_ms);
/* What follows by itself; NULL: nothing. */
void play_set_next(Play *play, const PlaybackMedia *media);
/* Goes on with what was set to follow; false when there is nothing. */
bool play_open_next(Play *play);
/* problem: a DUO_ERROR, why, for people; NULL: it was wanted. */
void play_stop(Play *play, const GError *problem);
void play_show_idle(Play *play);

/* Listens to GstPlay, the link and the still pictures; with play->play and its pipeline made. */
void play_listen(Play *play, const char *video_sink);
