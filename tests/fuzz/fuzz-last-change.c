/* fuzz-last-change.c -- whatever a set tells of itself, the status that comes of it is one; and
 * what we tell of the same is read as it was meant */
#include "tests/fuzz/told-status.h"
#include "wire/last-change.h"

FUZZ_TARGET("last-change")
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(LastChange) change = last_change_decode(text, NULL);
    AvPeer peer = { .volume_max = 30 };
    PlaybackStatus status = { 0 };

    if (change == NULL)
        return;
    av_screen_take_change(&told_set, &peer, change, &status);
    told_status_check(&status);

    const char *uri = last_change_value(change, "AVTransportURI");
    LastChangeValue value = { "AVTransportURI", NULL, uri != NULL ? uri : "" };
    g_autofree char *again = last_change_encode(LAST_CHANGE_TRANSPORT, &value, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(LastChange) read = last_change_decode(again, &error);
    if (read == NULL) /* escapes are longer than what they stand for: it may be too large */
        g_assert_cmpuint(strlen(again), >, size);
    else
        g_assert_cmpstr(last_change_value(read, "AVTransportURI"), ==, value.value);
}
