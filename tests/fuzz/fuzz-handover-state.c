/* fuzz-handover-state.c -- what was read is bounded, and reads back as it was written */
#include "tests/fuzz/fuzz.h"
#include "wire/handover-state.h"

FUZZ_TARGET("handover-state")
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(HandoverState) state = handover_state_decode(text, NULL);

    if (state == NULL)
        return;
    g_assert_cmpuint(state->queue->len, <=, HANDOVER_QUEUE_MAX);
    g_assert_true(state->volume >= -1 && state->volume <= 100);
    g_assert_cmpint(state->position_ms, >=, 0);
    g_autofree char *written = handover_state_encode(state);
    g_autoptr(HandoverState) again = handover_state_decode(written, NULL);
    g_assert_nonnull(again);
    g_assert_cmpstr(again->now.uri, ==, state->now.uri);
    g_assert_cmpint(again->position_ms, ==, state->position_ms);
    g_assert_cmpuint(again->queue->len, <=, state->queue->len);
}
