/* rules.c -- all tables, in the order they are run; see rules.h */
#include "validate/rules.h"

#include "validate/slow.h"

const Rule *const rule_tables[] = {
    secure_rules,    tls_rules,        reply_rules,  reading_rules, judging_rules,
    transport_rules, discovery_rules,  answer_rules, pipe_rules,    description_rules,
    session_rules,   invocation_rules, event_rules,  group_rules,   av_rules,
    file_rules,      slow_rules,       forged_rules, life_rules,    NULL,
};
