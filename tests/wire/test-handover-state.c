/* test-handover-state.c -- wire/handover-state: what is handed over, there and back, and what is no
 * such thing */
#include "base/error.h"
#include "wire/handover-state.h"

#include <string.h>

#define FILM "http://10.0.0.9:8380/media/7/a%20film.mp4?a=1&b=2"
#define DIDL "<DIDL-Lite><item id=\"7\"><dc:title>标题 &amp; more</dc:title></item></DIDL-Lite>"

static void
test_there_and_back(void)
{
    g_autoptr(HandoverState) state = handover_state_new();
    g_autoptr(GError) error = NULL;
    char next[] = "http://h/next.mp4", sound[] = "1";

    handover_entry_set(&state->now, FILM, DIDL);
    state->now.sound = g_strdup("zh-Hant");
    state->now.subtitle = g_strdup("none");
    state->position_ms = 3723456;
    state->is_paused = state->is_muted = true;
    state->volume = 0;
    g_assert_true(handover_state_add(state, &(HandoverEntry){ .uri = next, .sound = sound }));
    g_autofree char *text = handover_state_encode(state);
    g_autoptr(HandoverState) again = handover_state_decode(text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(again->now.uri, ==, FILM);
    g_assert_cmpstr(again->now.metadata, ==, DIDL);
    g_assert_cmpstr(again->now.sound, ==, "zh-Hant");
    g_assert_cmpstr(again->now.subtitle, ==, "none");
    g_assert_cmpint(again->position_ms, ==, 3723456);
    g_assert_cmpint(again->volume, ==, 0);
    g_assert_true(again->is_paused && again->is_muted);
    g_assert_cmpuint(again->queue->len, ==, 1);
    const HandoverEntry *entry = again->queue->pdata[0];
    g_assert_cmpstr(entry->uri, ==, "http://h/next.mp4");
    g_assert_cmpstr(entry->sound, ==, "1");
    g_assert_null(entry->metadata);
    g_autofree char *same = handover_state_encode(again);
    g_assert_cmpstr(text, ==, same);
}

/* As little as there may be. */
static void
test_little(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HandoverState) state =
        handover_state_decode("<x:PlaybackState xmlns:x='urn:y'><x:URI>http://h/a</x:URI>"
                              "<Volumes>7</Volumes></x:PlaybackState>", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(state->now.uri, ==, "http://h/a");
    g_assert_cmpint(state->volume, ==, -1);
    g_assert_cmpint(state->position_ms, ==, 0);
    g_assert_false(state->is_paused || state->is_muted);
    g_assert_cmpuint(state->queue->len, ==, 0);
}

#define STATE(more) "<PlaybackState><URI>http://h/a</URI>" more "</PlaybackState>"

static const struct {
    const char *text;
    DuoError error;
} bad[] = {
    { "", DUO_ERROR_INVALID },
    { "state", DUO_ERROR_INVALID },
    { "<State/>", DUO_ERROR_INVALID },
    { "<PlaybackState/>", DUO_ERROR_INVALID },
    { "<PlaybackState><URI></URI></PlaybackState>", DUO_ERROR_INVALID },
    { "<!DOCTYPE a [<!ENTITY b 'c'>]>" STATE("<Metadata>&b;</Metadata>"), DUO_ERROR_INVALID },
    { STATE("<Position>-1</Position>"), DUO_ERROR_INVALID },
    { STATE("<Position>0:61:00</Position>"), DUO_ERROR_INVALID },
    { STATE("<Position>9999:00:00</Position>"), DUO_ERROR_INVALID },
    { STATE("<Volume>101</Volume>"), DUO_ERROR_INVALID },
    { STATE("<Volume>loud</Volume>"), DUO_ERROR_INVALID },
    { STATE("<Mute>2</Mute>"), DUO_ERROR_INVALID },
    { STATE("<Queue><Entry><Metadata/></Entry></Queue>"), DUO_ERROR_INVALID },
    { STATE("<AudioTrack>0123456789012345678901234567890123456789012345678901234567890123456789"
            "</AudioTrack>"), DUO_ERROR_TOO_LARGE },
};

static void
assert_refused(const char *text, DuoError code)
{
    g_autoptr(GError) error = NULL;

    g_test_message("%.80s", text);
    g_assert_null(handover_state_decode(text, &error));
    g_assert_error(error, DUO_ERROR, (int)code);
}

static void
test_bad(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_refused(bad[i].text, bad[i].error);
}

/* "<PlaybackState>...", filled up with count times part. */
static char *
repeat(const char *part, guint count)
{
    GString *text = g_string_new("<PlaybackState><URI>http://h/a</URI><Queue>");

    for (guint i = 0; i < count; i++)
        g_string_append(text, part);
    g_string_append(text, "</Queue></PlaybackState>");
    return g_string_free(text, FALSE);
}

static void
test_too_much(void)
{
    static const char part[] = "<Entry><URI>http://h/b</URI></Entry>";
    g_autofree char *full = repeat(part, HANDOVER_QUEUE_MAX);
    g_autofree char *more = repeat(part, HANDOVER_QUEUE_MAX + 1);
    g_autofree char *huge = repeat(part, HANDOVER_STATE_MAX / 20);
    g_autofree char *long_name = g_strnfill(5000, 'a');
    g_autofree char *long_uri =
        g_strdup_printf("<PlaybackState><URI>http://h/%s</URI></PlaybackState>", long_name);
    g_autoptr(HandoverState) state = handover_state_decode(full, NULL);

    g_assert_cmpuint(state->queue->len, ==, HANDOVER_QUEUE_MAX);
    g_assert_false(handover_state_add(state, &state->now));
    assert_refused(more, DUO_ERROR_TOO_LARGE);
    assert_refused(huge, DUO_ERROR_TOO_LARGE);
    assert_refused(long_uri, DUO_ERROR_TOO_LARGE);
}

/* What is written can always be read. */
static void
test_much_is_written_short(void)
{
    g_autoptr(HandoverState) state = handover_state_new();
    g_autofree char *metadata = g_strnfill(32 * 1024, '"');
    g_autofree char *longer = g_strnfill(64 * 1024, 'a');
    g_autoptr(GError) error = NULL;
    char uri[] = "http://h/b";

    handover_entry_set(&state->now, "http://h/a", longer);
    for (guint i = 0; i < HANDOVER_QUEUE_MAX; i++)
        handover_state_add(state, &(HandoverEntry){ .uri = uri, .metadata = metadata });
    g_autofree char *text = handover_state_encode(state);
    g_autoptr(HandoverState) again = handover_state_decode(text, &error);
    g_assert_no_error(error);
    g_assert_null(again->now.metadata);
    g_assert_cmpuint(again->queue->len, <, HANDOVER_QUEUE_MAX);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/handover-state/there-and-back", test_there_and_back);
    g_test_add_func("/wire/handover-state/little", test_little);
    g_test_add_func("/wire/handover-state/bad", test_bad);
    g_test_add_func("/wire/handover-state/too-much", test_too_much);
    g_test_add_func("/wire/handover-state/much-is-written-short", test_much_is_written_short);
    return g_test_run();
}
