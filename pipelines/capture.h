/* capture.h -- the screen of this computer, and what it plays, as a live stream
 *
 * For `duoping mirror`, which starts "duoping-worker mirror FORM" and sends what comes out. The
 * screen is X11's ($DISPLAY), the sound PulseAudio's, or PipeWire's that speaks it, where there is
 * one. Each picture is encoded as it is taken and none waits: where the reader is slow, pictures
 * are left out. It reads no file of anybody's, and has no walls. On standard error it says what
 * people should know. */
#pragma once

/* told: a descriptor that gets the time at which the first picture that is sent was taken, an
 * int64_t in microseconds as g_get_monotonic_time(), before any of the stream; -1: nobody asks.
 *
 * form: a container, of a recipe "mirror-FORM"; "ts": MPEG-TS, for screens; "mp4": in fragments, for
 * browsers. Until output, a pipe, is closed by its reader (0) or something breaks (1, told on
 * standard error). */
int capture_run(const char *form, int output, int told);
