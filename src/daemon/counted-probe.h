/* counted-probe.h -- a Probe that counts what it was asked */
#pragma once

#include "model/probe.h"

/* Takes inner over; count is borrowed, atomic, and grows with each path that is handed in. */
Probe *counted_probe_new(Probe *inner, gint *count);
