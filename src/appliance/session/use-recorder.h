/* use-recorder.h -- what screens play of the library is remembered
 *
 * Follows every screen: when an item was played, how often, and where a film was left. What was
 * seen to its last twentieth begins at its beginning again; of a song only that it was played is
 * kept. */
#pragma once

#include "appliance/library/library.h"
#include "appliance/session/casts.h"

typedef struct UseRecorder UseRecorder;

/* All are borrowed and outlive it. */
UseRecorder *use_recorder_new(Screens *screens, const Casts *casts, Library *library);
void         use_recorder_free(UseRecorder *recorder); /* notes where everything is */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UseRecorder, use_recorder_free)
