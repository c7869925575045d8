/* live-views.h -- views whose children are found when they are asked for: what came or was used
 * last
 *
 * They change when another view changes, or what people do with its items. */
#pragma once

#include "media-db/database.h"
#include "media-db/views.h"

#define LIVE_VIEW_MAX 500 /* children; the questions know it, too */

typedef struct {
    int64_t view;
    int64_t base; /* it changes with this one */
    Query query;  /* its children */
} LiveView;

/* Ends with a view of 0. */
extern const LiveView live_views[];

/* NULL: it is none. */
const LiveView *live_view_find(int64_t id);
