/* igrs-screen.h -- the Screen port over another device's AVTransport
 *
 * Drives AVTransport, AVRenderingControl and AVConnectionManager of one device (PROFILE section 7).
 * Its status comes from LastChange events and, while it plays, a GetPositionInfo a second. It goes
 * offline and comes back with its device. Main loop only. */
#pragma once

#include "igrs/client.h"
#include "model/screen.h"

/* True when the device offers what a screen needs: AVTransport. */
bool    igrs_screen_fits(const Device *device);

/* Its id is the device's uuid, its kind "igrs". client and clock are borrowed and outlive the
 * screen; the device's facts are copied. Free by screen_free(). */
Screen *igrs_screen_new(IgrsClient *client, Clock *clock, const Device *device);

/* The same of what plays music beside the pictures of that one (model/screen.h), where the device
 * has such a thing. */
bool    igrs_screen_has_music(const Device *device);
Screen *igrs_screen_new_music(IgrsClient *client, Clock *clock, const Device *device);
