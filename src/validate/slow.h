/* slow.h -- what takes a device half a minute is begun first and judged when its rule comes */
#pragma once

#include "validate/tester.h"

/* Begins what the rules (Rule) among them need. */
void slow_begin(Tester *t, const GPtrArray *rules);

extern const Rule slow_rules[];
