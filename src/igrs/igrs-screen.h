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
