/* av-screen.h -- a Screen in the words of AVTransport:1 and RenderingControl:1, which both wires
 * speak
 *
 * One way a command as an action, the other way what a device answers or tells as a status. Whoever
 * has such a device (igrs/igrs-screen, upnp/upnp-screen) keeps the order of the actions. Pure. */
#pragma once

#include "model/screen.h"
#include "wire/last-change.h"
#include "wire/soap.h"

/* What is known of the device; a zeroed one is a good beginning. */
typedef struct {
    /* What we sent: it is known better than an address that comes back tells. NULL: nothing. */
    PlaybackMedia *opened, *next;
    int volume_max;       /* its loudest; 0: 100 */
    bool seeks_from_zero; /* it knows ABS_TIME, not REL_TIME; with one track they are the same */
} AvPeer;

/* The action on instance 0 that does its part of command; the caller's. command may be NULL for a
 * Get action. metadata: DIDL-Lite, for the actions that name media; else NULL. */
SoapCall *av_screen_action(const char *action, const AvPeer *peer, const ScreenCommand *command,
                           const char *metadata);

/* Before the device tells of it: what command opens, or lets follow, is remembered. */
void av_peer_remember(AvPeer *peer, const ScreenCommand *command);
void av_peer_clear(AvPeer *peer);

/* Whether action is in list, CurrentTransportActions, in whichever case. */
bool      av_screen_lists_action(const char *list, const char *action);

/* What was told goes into status, the rest stays as it is: from the answer to a Get action, and
 * from LastChange. */
void av_screen_take_answer(const Screen *screen, const AvPeer *peer, const SoapCall *answer,
                           PlaybackStatus *status);
void av_screen_take_change(const Screen *screen, const AvPeer *peer, const LastChange *change,
                           PlaybackStatus *status);
