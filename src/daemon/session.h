/* session.h -- the rooms that bring things to screens and keep them there, wired to each other
 * (src/appliance/session)
 *
 * Embedded in App, which makes what they stand on before, and frees it after them. */
#pragma once

#include "appliance/session/handover-desk.h"
#include "appliance/session/handover.h"
#include "appliance/session/slide-music.h"
#include "appliance/session/use-recorder.h"
#include "daemon/doors.h"
#include "daemon/options.h"

/* Everything is borrowed and outlives the Session. */
typedef struct {
    const Options *options;
    const char *queues; /* folder for what is to be played */
    Clock *clock;
    NetInterfaces *interfaces;
    Library *library;
    Doors *doors;
    Screens *screens;
    Servers *servers;
    Fetches *fetches;
    Streams *streams;
    Pushes *pushes;
} SessionParts;

typedef struct {
    SessionParts parts;
    Feeds *feeds;
    Casts *casts;
    Queues *queues;
    Handover *handover;
    HandoverDesk *handover_desk;
    SlideMusic *slide_music;
    UseRecorder *recorder;
} Session;

void session_init(Session *session, const SessionParts *parts);
void session_clear(Session *session); /* one of zeros, too */
