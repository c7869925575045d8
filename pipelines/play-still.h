/* play-still.h -- pictures that stand: one from the network, or the idle one with name and clock
 *
 * For pipelines/play. A graph of its own exists only while something is shown, so that the sink is
 * free for films meanwhile. Main loop only. */
#pragma once

#include <glib.h>

typedef struct Still Still;
/* problem is NULL once the picture is seen, and says in words why when it will not be; borrowed. */
typedef void (*StillShown)(const char *problem, gpointer user_data);

/* video_sink: an element description. shown is called for pictures alone. */
Still *still_new(const char *video_sink, StillShown shown, gpointer user_data);
void   still_free(Still *still);

/* mime: as it is told, or NULL. */
void   still_show_picture(Still *still, const char *uri, const char *mime);
/* name and, where it is not NULL, text on black, with the time; in place of what was shown. */
void   still_show_idle(Still *still, const char *name, const char *text);
void   still_hide(Still *still);
