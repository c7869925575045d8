/* live-views.c -- see live-views.h */
#include "media-db/live-views.h"

const LiveView live_views[] = {
    { VIEW_MUSIC_RECENT, VIEW_TRACKS, QUERY_VIEW_MUSIC_RECENT },
    { VIEW_MUSIC_OFTEN, VIEW_TRACKS, QUERY_VIEW_MUSIC_OFTEN },
    { VIEW_VIDEO_RECENT, VIEW_ALL_VIDEOS, QUERY_VIEW_VIDEO_RECENT },
    { VIEW_UNFINISHED, VIEW_ALL_VIDEOS, QUERY_VIEW_UNFINISHED },
    { VIEW_UNREADABLE, VIEW_UNREADABLE, QUERY_VIEW_UNREADABLE },
    { 0, 0, 0 },
};

const LiveView *
live_view_find(int64_t id)
{
    for (const LiveView *live = live_views; live->view != 0; live++)
        if (live->view == id)
            return live;
    return NULL;
}
