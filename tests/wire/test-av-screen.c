/* test-av-screen.c -- a Screen's commands as actions, and a status out of answers and LastChange */
#include "tests/wire/printed-call.h"
#include "wire/av-screen.h"

static const Screen set = { .name = (char *)"City" };

/* -- Commands ---------------------------------------------------------------------------------- */

static void
test_actions(void)
{
    static const PlaybackMedia film = { .uri = (char *)"http://h/a&b" };
    static const struct {
        const char *action;
        ScreenCommand command;
        const char *metadata, *printed;
    } cases[] = {
        { "GetProtocolInfo", { 0 }, NULL, "GetProtocolInfo" },
        { "Pause", { 0 }, NULL, "Pause|InstanceID=0" },
        { "Play", { 0 }, NULL, "Play|InstanceID=0|Speed=1" },
        { "SetAVTransportURI", { .media = &film }, "<DIDL/>",
          "SetAVTransportURI|InstanceID=0|CurrentURI=http://h/a&b|CurrentURIMetaData=<DIDL/>" },
        { "SetNextAVTransportURI", { .media = &film }, "",
          "SetNextAVTransportURI|InstanceID=0|NextURI=http://h/a&b|NextURIMetaData=" },
        { "SetNextAVTransportURI", { 0 }, NULL,
          "SetNextAVTransportURI|InstanceID=0|NextURI=|NextURIMetaData=" },
        { "Seek", { .position_ms = 3723500 }, NULL,
          "Seek|InstanceID=0|Unit=REL_TIME|Target=1:02:03.500" },
        { "Seek", { .position_ms = 12000 }, NULL, "Seek|InstanceID=0|Unit=REL_TIME|Target=0:00:12" },
        { "GetVolume", { 0 }, NULL, "GetVolume|InstanceID=0|Channel=Master" },
        { "SetVolume", { .volume = 30 }, NULL,
          "SetVolume|InstanceID=0|Channel=Master|DesiredVolume=30" },
        { "SetMute", { .is_muted = true }, NULL,
          "SetMute|InstanceID=0|Channel=Master|DesiredMute=1" },
    };

    static const AvPeer plain = { 0 };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SoapCall) call =
            av_screen_action(cases[i].action, &plain, &cases[i].command, cases[i].metadata);
        g_autofree char *text = printed_call(call);
        g_assert_cmpstr(text, ==, cases[i].printed);
    }
}

static void
test_peers_differ(void)
{
    static const AvPeer peer = { .volume_max = 30, .seeks_from_zero = true };
    static const ScreenCommand asked = { .volume = 50, .position_ms = 12000 };
    g_autoptr(SoapCall) seek = av_screen_action("Seek", &peer, &asked, NULL);
    g_autoptr(SoapCall) volume = av_screen_action("SetVolume", &peer, &asked, NULL);

    g_assert_cmpstr(soap_call_value(seek, "Unit"), ==, "ABS_TIME");
    g_assert_cmpstr(soap_call_value(volume, "DesiredVolume"), ==, "15");
}

/* -- Status ------------------------------------------------------------------------------------ */

static void
take(const AvPeer *peer, PlaybackStatus *status, const char *name, const char *value)
{
    g_autoptr(SoapCall) answer = soap_call_new(NULL, "Response");

    soap_call_add(answer, name, value);
    av_screen_take_answer(&set, peer, answer, status);
}

static void
test_answers(void)
{
    static const AvPeer nothing = { 0 };
    PlaybackStatus status = { .position_ms = 9, .volume = 20 };

    take(&nothing, &status, "CurrentTransportState", "PLAYING");
    g_assert_cmpint(status.state, ==, PLAYBACK_PLAYING);
    g_assert_cmpint(status.position_ms, ==, 9); /* not told of, not touched */
    take(&nothing, &status, "CurrentTransportState", "BUFFERING"); /* a vendor's own */
    g_assert_cmpint(status.state, ==, PLAYBACK_PLAYING);
    take(&nothing, &status, "RelTime", "0:00:07");
    take(&nothing, &status, "RelTime", "NOT_IMPLEMENTED");
    g_assert_cmpint(status.position_ms, ==, 7000);
    take(&nothing, &status, "CurrentTransportState", "STOPPED");
    g_assert_cmpint(status.position_ms, ==, 0);
    take(&nothing, &status, "CurrentVolume", "250"); /* of 255: no more than all */
    g_assert_cmpint(status.volume, ==, 100);
    take(&nothing, &status, "CurrentVolume", "loud");
    g_assert_cmpint(status.volume, ==, 100);
    take(&(AvPeer){ .volume_max = 30 }, &status, "CurrentVolume", "15");
    g_assert_cmpint(status.volume, ==, 50);
    take(&nothing, &status, "CurrentMute", "True");
    g_assert_true(status.is_muted);
    take(&nothing, &status, "CurrentMute", "0");
    g_assert_false(status.is_muted);
    take(&nothing, &status, "CurrentTransportStatus", "ERROR_OCCURRED");
    g_assert_cmpstr(status.problem, ==, "City could not play it");
    take(&nothing, &status, "CurrentTransportStatus", "OK");
    g_assert_null(status.problem);
    playback_status_clear(&status);
}

static void
test_lists(void)
{
    g_assert_true(av_screen_lists_action("Stop,Play", "Play"));
    g_assert_true(av_screen_lists_action("PLAY, SEEK", "Seek"));
    g_assert_false(av_screen_lists_action("X_DLNA_PlayFast,Stop", "Play"));
    g_assert_false(av_screen_lists_action(",,", "Play"));
}

static void
test_change(void)
{
    PlaybackMedia film = { .uri = (char *)"http://h/1", .title = (char *)"Film" };
    PlaybackMedia song = { .uri = (char *)"http://h/2", .title = (char *)"Song" };
    AvPeer peer = { 0 };
    PlaybackStatus status = { 0 };
    g_autoptr(LastChange) change = last_change_decode(
        "<Event><InstanceID val='0'><TransportState val='TRANSITIONING'/>"
        "<CurrentTrackURI val='http://h/1'/><CurrentTrackDuration val='0:01:00'/>"
        "<AVTransportURI val='http://h/list'/><NextAVTransportURI val='http://h/2'/>"
        "<CurrentTransportActions val='Play,Stop,Seek'/></InstanceID></Event>", NULL);
    g_autoptr(LastChange) other =
        last_change_decode("<Event><InstanceID val='0'><AVTransportURI val='http://x/y'/>"
                           "<NextAVTransportURI val=''/></InstanceID></Event>", NULL);

    av_peer_remember(&peer, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &film });
    av_peer_remember(&peer, &(ScreenCommand){ .verb = SCREEN_SET_NEXT, .media = &song });
    av_peer_remember(&peer, &(ScreenCommand){ .verb = SCREEN_PAUSE });
    av_screen_take_change(&set, &peer, change, &status);
    g_assert_cmpint(status.state, ==, PLAYBACK_LOADING);
    g_assert_cmpint(status.duration_ms, ==, 60000);
    g_assert_true(status.is_seekable);
    g_assert_cmpstr(status.media->title, ==, "Film");
    g_assert_cmpstr(status.next->title, ==, "Song");
    av_screen_take_change(&set, &peer, other, &status); /* somebody else's */
    g_assert_cmpstr(status.media->uri, ==, "http://x/y");
    g_assert_cmpint(status.duration_ms, ==, 0); /* not the other's */
    g_assert_null(status.next);
    playback_status_clear(&status);
    av_peer_clear(&peer);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/av-screen/actions", test_actions);
    g_test_add_func("/av-screen/peers-differ", test_peers_differ);
    g_test_add_func("/av-screen/answers", test_answers);
    g_test_add_func("/av-screen/lists", test_lists);
    g_test_add_func("/av-screen/change", test_change);
    return g_test_run();
}
