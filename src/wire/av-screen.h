/* av-screen.h -- a Screen in the words of AVTransport:1 and RenderingControl:1, which both wires speak
 *
 * One way a command as an action, the other way what a device answers or tells as a status. Whoever
 * has such a device (igrs/igrs-screen, upnp/upnp-screen) keeps the order of the actions. Pure. */
#pragma once

#include "model/screen.h"
#include "wire/last-change.h"
#include "wire/soap.h"

/* The action on instance 0 that does its part of command; the caller's. metadata: DIDL-Lite, for the
 * actions that name media; else NULL. */
SoapCall *av_screen_action(const char *action, const ScreenCommand *command, const char *metadata);

/* What we sent is known better than an address that comes back tells: its media (NULL: nothing). */
typedef struct {
    PlaybackMedia *opened, *next;
} AvSent;

/* Before the device tells of it: what command opens, or lets follow, is remembered. */
void av_sent_remember(AvSent *sent, const ScreenCommand *command);
void av_sent_clear(AvSent *sent);

/* What was told goes into status, the rest stays as it is: from the answer to a Get action, and from
 * LastChange. */
void av_screen_take_answer(const Screen *screen, const AvSent *sent, const SoapCall *answer,
                           PlaybackStatus *status);
void av_screen_take_change(const Screen *screen, const AvSent *sent, const LastChange *change,
                           PlaybackStatus *status);
