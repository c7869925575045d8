/* rules-tls.c -- section 4, "Inside TLS": where it is, what it shows, and that nothing counts
 * outside */
#include "validate/rules.h"

#include <string.h>
#include <unistd.h>

#define TLS IGRS_PIPE_SECURITY_TLS
#define TLS_PSK IGRS_PIPE_SECURITY_TLS_PSK
#define PSK IGRS_PIPE_SECURITY_PSK
#define OPEN IGRS_PIPE_SECURITY_NULL
#define HANDSHAKE_MS 10000
#define SLACK_MS 5000

/* -- Without a key ----------------------------------------------------------------------------- */

static void
told(Tester *t, const Rule *rule)
{
    inside_learn(t, rule->text, TLS);
}

/* To be asked where it is opens nothing. */
static void
not_open_yet(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    detach(t);
    if (!inside_learn(t, TLS, TLS))
        return;
    t->inside_port = 0;
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 482);
}

static const Heard *
create_inside(Tester *t, const char *offer, const Edit *edit)
{
    const Edit edits[] = { { EDIT_SET, "01-DeviceSecurityId", offer },
                           edit != NULL ? *edit : (Edit){ EDIT_NONE, NULL, NULL },
                           { EDIT_NONE, NULL, NULL } };

    return ask_edited(t, say(t, IGRS_CREATE_PIPE_REQUEST), edits);
}

static bool
open_inside(Tester *t)
{
    return inside_learn(t, TLS, TLS) && expect_code(t, create_inside(t, TLS, NULL), 200);
}

/* The device may try to reach us where nobody serves: it is not left waiting. */
static void
leave(Tester *t)
{
    if (t->failure == NULL)
        detach(t);
}

static void
shown(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (open_inside(t))
        leave(t);
}

static void
works(Tester *t, const Rule *rule)
{
    if (!open_inside(t))
        return;
    expect_code(t, ask(t, rule->send), 200);
    if ((rule->needs & NEED_SERVICE) != 0 && open_session(t, &t->service))
        expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 200);
    leave(t);
}

static void
nothing_outside(Tester *t, const Rule *rule)
{
    if (!open_inside(t))
        return;
    uint16_t port = t->inside_port;
    t->inside_port = 0;
    const Heard *reply = ask(t, rule->send);
    if (rule->code != 0)
        expect_code(t, reply, rule->code);
    t->inside_port = port;
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 200);
    leave(t);
}

static void
bad_place(Tester *t, const Rule *rule)
{
    if (inside_learn(t, TLS, TLS))
        expect_code(t, create_inside(t, TLS, rule->edit), 400);
}

/* -- What is no good TLS ----------------------------------------------------------------------- */

/* A ClientHello that knows TLS 1.1 at most: the last octet of its versions is more[0]. */
static const char old_hello[] =
    "\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x02"
    "0123456789abcdef0123456789abcdef\x00\x00\x04\xc0\x0a\x00\x2f\x01\x00";

static Heard *
say_raw(Tester *t, const char *data, size_t size)
{
    int fd = wire_connect(t);

    if (fd >= 0)
        wire_write(fd, data, size);
    Heard *reply = wire_read(t, fd, fd >= 0 ? HANDSHAKE_MS + SLACK_MS : 0);
    if (fd >= 0)
        close(fd);
    return reply;
}

static void
old_version(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!inside_learn(t, TLS, TLS))
        return;
    const Heard *reply = say_raw(t, old_hello, sizeof old_hello - 1);
    expect(t, reply->is_closed, "the connection stays open");
    expect(t, reply->raw[0] != 0x16, "it answers with a handshake");
}

static void
no_tls(Tester *t, const Rule *rule)
{
    if (!inside_learn(t, TLS, TLS))
        return;
    const Heard *reply = say_raw(t, rule->text, strlen(rule->text));
    expect(t, reply->is_closed, "the connection stays open");
    expect(t, strstr(reply->raw, "HTTP/") == NULL, "it is answered: \"%s\"", reply->start);
    expect_code(t, create_inside(t, TLS, NULL), 200);
    leave(t);
}

static void
stalled(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!inside_learn(t, TLS, TLS))
        return;
    int fd = wire_connect(t);
    if (!expect(t, fd >= 0, "nobody serves TLS at port %u", t->inside_port))
        return;
    wire_write(fd, old_hello, 7);
    expect(t, wire_closed(t, fd, HANDSHAKE_MS + SLACK_MS), "it is open after %d s",
           (HANDSHAKE_MS + SLACK_MS) / 1000);
    close(fd);
}

/* -- With a key -------------------------------------------------------------------------------- */

/* Those who share a key are told of the way with it, and go there. */
static bool
begin(Tester *t, Shake *shake)
{
    t->speaker = t->paired;
    return inside_learn(t, TLS_PSK "," PSK, TLS_PSK) &&
           expect_code(t, shake_create(t, shake, TLS_PSK "," PSK), 200);
}

static void
proved(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake shake;

    if (!begin(t, &shake))
        return;
    const Heard *reply = shake_challenge(t, &shake);
    g_autofree char *proof = shake_proof(t, &shake, "igrs-B");
    expect(t, strcmp(head_of(reply, "01-AuthData"), proof) == 0,
           "01-AuthData \"%s\" does not prove key and certificates", head_of(reply, "01-AuthData"));
}

static void
opened(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake shake;

    if (!begin(t, &shake))
        return;
    shake_challenge(t, &shake);
    g_autofree char *proof = shake_proof(t, &shake, "igrs-A");
    expect_code(t, shake_result(t, proof), 200);
    const Heard *reply = shake_finish(t, &shake);
    expect_code(t, reply, 200);
    expect_sealed(t, reply);
    reply = ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST);
    expect_code(t, reply, 200);
    expect_sealed(t, reply);
    uint16_t port = t->inside_port;
    t->inside_port = 0;
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 401);
    t->inside_port = port;
    leave(t);
}

/* As if somebody in the middle showed another certificate to us, or told the device another of
 * ours. */
static void
other_certificate(Tester *t, const Rule *rule)
{
    Shake shake;

    if (!begin(t, &shake))
        return;
    shake_challenge(t, &shake);
    Secret *spoilt = strcmp(rule->text, "device") == 0 ? &t->told : &t->own_certificate;
    Secret good = *spoilt;
    *spoilt = secret_random();
    g_autofree char *proof = shake_proof(t, &shake, "igrs-A");
    *spoilt = good;
    expect_code(t, shake_result(t, proof), 401);
}

static void
step_outside(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake shake;

    if (!begin(t, &shake))
        return;
    t->inside_port = 0;
    expect_code(t, ask(t, IGRS_AUTHENTICATE_REQUEST), 401);
}

#define INSIDE NEED_TLS
#define KEY NEED_TLS | NEED_KEY
#define DETECTION .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST

const Rule tls_rules[] = {
    { "tls-told", "4", "asked for a pipe inside TLS it says where, and by which certificate", told,
      INSIDE, .text = TLS },
    { "tls-before-null", "4", "TLS is chosen before NULL, whatever stands first", told, INSIDE,
      .text = OPEN "," TLS },
    { "tls-not-open-yet", "4", "to ask for it outside opens nothing: 482", not_open_yet, INSIDE },
    { "tls-shown", "4", "it serves there, and shows the certificate that it told of", shown, INSIDE },
    { "tls-works", "4", "a pipe, a session and an invocation inside TLS", works,
      INSIDE | NEED_SERVICE, DETECTION },
    { "tls-outside", "4", "a message of the pipe outside: 401, the pipe stands", nothing_outside,
      INSIDE, DETECTION, .code = 401 },
    { "tls-outside-session", "4", "nor does CreateSession open another one outside", nothing_outside,
      INSIDE | NEED_SERVICE, .send = IGRS_CREATE_SESSION_REQUEST, .code = 401 },
    { "tls-outside-detach", "4", "a DetachPipe outside ends nothing", nothing_outside, INSIDE,
      .send = IGRS_DETACH_PIPE_NOTIFY },
    { "tls-no-certificate", "4", "who does not tell his certificate: 400", bad_place, INSIDE,
      .edit = { { EDIT_DROP, "01-Certificate", NULL } } },
    { "tls-bad-certificate", "4", "one that cannot be read: 400", bad_place, INSIDE,
      .edit = { { EDIT_SET, "01-Certificate", "nonsense" } } },
    { "tls-no-location", "4", "who does not serve inside TLS himself: 400", bad_place, INSIDE,
      .edit = { { EDIT_DROP, "01-Location", NULL } } },
    { "tls-old-version", "4", "TLS 1.1 is refused", old_version, INSIDE },
    { "tls-plain-words", "1, 4", "plain HTTP there gets no answer, and harms nobody", no_tls, INSIDE,
      .text = "GET /IGRS HTTP/1.1\r\nHost: x\r\n\r\n" },
    { "tls-stalled", "1, 4", "a handshake that stalls ends with the time of a head", stalled, INSIDE },
    { "tls-psk-proof", "4", "AuthenticateResponse proves the key over both certificates", proved,
      KEY },
    { "tls-psk-open", "4", "who proves it has a signed pipe inside TLS, and none outside", opened,
      KEY },
    { "tls-psk-certificate", "4", "a proof over another certificate of the device: 401",
      other_certificate, KEY, .text = "device" },
    { "tls-psk-own-certificate", "4", "a proof over another certificate of the client: 401",
      other_certificate, KEY, .text = "client" },
    { "tls-psk-step-outside", "4", "a handshake begun inside goes on there alone: 401", step_outside,
      KEY },
    { NULL },
};
