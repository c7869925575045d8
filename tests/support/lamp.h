/* lamp.h -- a service small enough to see through: a lamp with a switch and a brightness */
#pragma once

#include "model/service.h"

/* Lamp:1 with SetPower, GetPower, SetBrightness (701 while it is off), GetBrightness (a read), and
 * Wait, which is not answered before lamp_answer(). Evented: Power, Brightness. Freed by
 * service_free(). */
Service *lamp_new(void);

/* As if somebody turned the knob. */
void     lamp_turn(Service *lamp, int brightness);
/* How many Waits it has not answered yet. */
unsigned lamp_waits(const Service *lamp);
/* Answers every Wait; the number of those. */
unsigned lamp_answer(Service *lamp);
