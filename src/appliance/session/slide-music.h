/* slide-music.h -- music to pictures: a second list that plays beside a slide show
 *
 * A screen that can play music while it shows pictures comes with another one that does so,
 * "beside" it (model/screen.h). That one has a queue as every screen has; it plays while the
 * screen's own queue shows pictures, stands still where they do, and ends with them. Main loop
 * only. */
#pragma once

#include "appliance/session/queues.h"

typedef struct SlideMusic SlideMusic;

/* Both are borrowed and outlive it. */
SlideMusic *slide_music_new(Screens *screens, Queues *queues);
void        slide_music_free(SlideMusic *music);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlideMusic, slide_music_free)
