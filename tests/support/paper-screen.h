/* paper-screen.h -- a Screen without picture or sound, for tests of whoever drives one
 *
 * It does at once what it is told, writes it down, and answers from the loop. */
#pragma once

#include "model/screen.h"

typedef struct {
    Screen base;
    GString *trace; /* "open http://h/a@0;pause;" */
    GError *refusal; /* answered to every command instead of doing it; NULL: none */
} PaperScreen;

Screen *paper_screen_new(void); /* screen_free() */
/* Changes the status as if the screen had done so by itself. */
void    paper_screen_set(Screen *screen, PlaybackState state, int64_t position_ms);
/* The media that follows begins, as gapless screens do. */
void    paper_screen_run_over(Screen *screen);
