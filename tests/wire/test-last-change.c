/* test-last-change.c -- LastChange as we say it and as sets in the field do */
#include "base/error.h"
#include "wire/last-change.h"

static void
test_encode(void)
{
    static const LastChangeValue values[] = {
        { "TransportState", NULL, "PLAYING" },
        { "Volume", "Master", "7" },
        { "AVTransportURI", NULL, "http://h/a?b=1&c=\"2\"" },
    };
    g_autofree char *text = last_change_encode(LAST_CHANGE_TRANSPORT, values, 3);

    g_assert_cmpstr(text, ==, "<Event xmlns=\"urn:schemas-upnp-org:metadata-1-0/AVT/\">"
                              "<InstanceID val=\"0\"><TransportState val=\"PLAYING\"/>"
                              "<Volume channel=\"Master\" val=\"7\"/>"
                              "<AVTransportURI val=\"http://h/a?b=1&amp;c=&quot;2&quot;\"/>"
                              "</InstanceID></Event>");
    g_autoptr(LastChange) change = last_change_decode(text, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpstr(last_change_value(change, values[i].name), ==, values[i].value);
    g_assert_null(last_change_value(change, "Mute"));
}

static void
test_decode(void)
{
    static const struct {
        const char *text;
        const char *state, *volume;
    } cases[] = {
        { "<Event><InstanceID val=\"0\"><TransportState val=\"STOPPED\"/></InstanceID></Event>", "STOPPED", NULL },
        { "  <e:Event xmlns:e='urn:wrong'><e:InstanceID val='0'><e:TransportState val='PLAYING'/>"
          "</e:InstanceID></e:Event>", "PLAYING", NULL },
        { "&lt;Event&gt;&lt;InstanceID val=&quot;0&quot;&gt;&lt;TransportState val=&quot;PLAYING&quot;/&gt;"
          "&lt;/InstanceID&gt;&lt;/Event&gt;", "PLAYING", NULL },
        { "<Event><InstanceID val='1'><TransportState val='PLAYING'/></InstanceID>"
          "<InstanceID val='0'><TransportState val='STOPPED'/></InstanceID></Event>", "STOPPED", NULL },
        { "<Event><InstanceID val='1'><TransportState val='PLAYING'/></InstanceID></Event>", NULL, NULL },
        { "<Event><InstanceID val='0'><Volume channel='LF' val='1'/><Volume channel='Master' val='2'/>"
          "<Volume channel='RF' val='3'/></InstanceID></Event>", NULL, "2" },
        { "<Event><InstanceID val='0'><Volume channel='LF' val='1'/></InstanceID></Event>", NULL, "1" },
        { "<Event><InstanceID><TransportState>STOPPED</TransportState></InstanceID></Event>", "STOPPED", NULL },
        { "<Event/>", NULL, NULL },
    };
    static const char *const bad[] = { "", "<Event>", "<a/>", "&lt;Event", "\x01" };
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(LastChange) change = last_change_decode(cases[i].text, &error);
        g_test_message("%s", cases[i].text);
        g_assert_no_error(error);
        g_assert_cmpstr(last_change_value(change, "TransportState"), ==, cases[i].state);
        g_assert_cmpstr(last_change_value(change, "Volume"), ==, cases[i].volume);
    }
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_null(last_change_decode(bad[i], &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
        g_clear_error(&error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/last-change/encode", test_encode);
    g_test_add_func("/wire/last-change/decode", test_decode);
    return g_test_run();
}
