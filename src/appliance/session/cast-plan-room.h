/* cast-plan-room.h -- what the files of the plan lend each other */
#pragma once

#include "appliance/session/cast-plan.h"

/* Where the screen finds us; the caller's. NULL: there is no network. */
char          *cast_plan_base_url(const CastSources *sources, const Screen *screen, GError **error);

/* wish names an item or a path. */
bool           cast_plan_item(CastPlan *plan, const CastSources *sources, const CastWish *wish,
                              const Screen *screen, const Dialect *dialect, GError **error);

/* wish names an upload. */
bool           cast_plan_upload(CastPlan *plan, const CastSources *sources, const CastWish *wish,
                                const Screen *screen, const Dialect *dialect, GError **error);

/* The form that wish insists on, where it does, into asked. */
bool           cast_plan_read_form(const CastWish *wish, DeliveryWish *asked, GError **error);
/* What delivery makes of object; the caller's. */
PlaybackMedia *cast_plan_media_of_stream(const MediaObject *object, const Delivery *delivery,
                                         int audio_track, const char *base_url,
                                         const Dialect *dialect);

/* What the wish's address is; NULL: no screen is sent there. The caller's. */
PlaybackMedia *cast_plan_url(const CastSources *sources, const CastWish *wish, const Screen *screen,
                             GError **error);
/* The media of plan may come, or come first, from here. */
void           cast_plan_offer_relay(CastPlan *plan, const CastSources *sources,
                                     const CastWish *wish, const Screen *screen);
