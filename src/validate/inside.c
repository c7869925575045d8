/* inside.c -- octets inside TLS; see tester.h
 *
 * No certificate is trusted: what is shown is held against what was told. */
#include "net/tls-peer.h"
#include "validate/tester.h"

#include <string.h>

#define PATIENCE_MS 10000

/* -- Where it is ------------------------------------------------------------------------------- */

char *
inside_location(const Tester *t)
{
    const char *rest = t->own_location + strlen("http:");

    return g_strconcat("https:", rest, NULL);
}

static bool
take_place(Tester *t, const Heard *reply)
{
    const char *location = head_of(reply, "01-Location");
    g_autoptr(GUri) uri = g_uri_parse(location, G_URI_FLAGS_NONE, NULL);

    if (!expect(t, uri != NULL && strcmp(g_uri_get_scheme(uri), "https") == 0 &&
                       g_strcmp0(g_uri_get_host(uri), t->host) == 0 && g_uri_get_port(uri) > 0 &&
                       strcmp(g_uri_get_path(uri), IGRS_PATH) == 0,
                "01-Location \"%s\" is no https URL of the same host", location) ||
        !expect(t, secret_read(head_of(reply, "01-Certificate"), &t->told),
                "01-Certificate \"%s\" is not 32 octets in base64", head_of(reply, "01-Certificate")))
        return false;
    t->inside_port = (uint16_t)g_uri_get_port(uri);
    t->own_certificate = secret_random();
    return true;
}

bool
inside_learn(Tester *t, const char *offer, const char *choice)
{
    const Edit edits[] = { { EDIT_SET, "01-DeviceSecurityId", offer }, { EDIT_NONE, NULL, NULL } };

    t->inside_port = 0;
    const Heard *reply = ask_edited(t, say(t, IGRS_CREATE_PIPE_REQUEST), edits);
    return expect_code(t, reply, 200) &&
           expect(t, strcmp(head_of(reply, "01-DeviceSecurityId"), choice) == 0,
                  "the chosen DeviceSecurityId is \"%s\"", head_of(reply, "01-DeviceSecurityId")) &&
           take_place(t, reply);
}

/* -- The wire ---------------------------------------------------------------------------------- */

static bool
shows_what_was_told(Tester *t, const TlsPeer *peer)
{
    Secret shown;

    tls_peer_fingerprint(peer, shown.octets);
    g_autofree char *text = secret_text(&shown), *told = secret_text(&t->told);
    return expect(t, strcmp(text, told) == 0, "the certificate shown is %s, the one told %s", text,
                  told);
}

/* NULL: nobody serves TLS there, or somebody else, which fails the rule. */
static TlsPeer *
open_tls(Tester *t)
{
    g_autoptr(GError) error = NULL;
    int fd = wire_connect(t);

    if (!expect(t, fd >= 0, "nobody serves TLS at port %u", t->inside_port))
        return NULL;
    g_autoptr(TlsPeer) peer = tls_peer_new(fd, PATIENCE_MS, &error);
    if (!expect(t, peer != NULL, "no TLS at port %u: %s", t->inside_port,
                error != NULL ? error->message : "") ||
        !shows_what_was_told(t, peer))
        return NULL;
    return g_steal_pointer(&peer);
}

Heard *
inside_exchange(Tester *t, const char *data, size_t size)
{
    g_autoptr(GString) heard = g_string_new(NULL);
    g_autoptr(TlsPeer) peer = open_tls(t);
    char buffer[16384];
    size_t count;

    if (peer != NULL && tls_peer_write(peer, data, size))
        while (wire_message_size(heard) == 0 &&
               (count = tls_peer_read(peer, buffer, sizeof buffer)) > 0)
            g_string_append_len(heard, buffer, (gssize)count);
    size_t whole = wire_message_size(heard);
    Heard *reply = heard_new(heard->str, whole > 0 ? whole : heard->len);
    reply->is_empty = heard->len == 0;
    reply->is_closed = true;
    g_ptr_array_add(t->kept, reply);
    return reply;
}
