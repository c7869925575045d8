/* rules.h -- the tables of rules, in the order of PROFILE.md; each ends with an id of NULL */
#pragma once

#include "validate/tester.h"

extern const Rule transport_rules[], reading_rules[], judging_rules[], reply_rules[],
    discovery_rules[], answer_rules[], life_rules[], pipe_rules[], description_rules[],
    session_rules[], invocation_rules[], event_rules[], group_rules[], av_rules[],
    file_rules[], secure_rules[], tls_rules[], forged_rules[];

/* Finds out which groups the device is in, once; then t->has tells (rules-group.c). */
void groups_look(Tester *t);
