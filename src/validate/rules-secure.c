/* rules-secure.c -- section 4: pipes with a pairing key, signatures and replays
 *
 * For a device that knows the key of --key. No more than four forgeries stand in secure_rules, the
 * others in forged_rules at the end of the run: a device that counts five in a minute is deaf. */
#include "validate/rules.h"

#include <string.h>

#define PSK IGRS_PIPE_SECURITY_PSK
#define BOTH PSK "," IGRS_PIPE_SECURITY_NULL

/* -- The handshake ----------------------------------------------------------------------------- */

static void
chosen(Tester *t, const Rule *rule)
{
    Shake shake;
    const Heard *reply = shake_create(t, &shake, rule->text);

    expect_code(t, reply, 200);
    expect(t, strcmp(head_of(reply, "01-DeviceSecurityId"), PSK) == 0,
           "the chosen DeviceSecurityId is \"%s\"", head_of(reply, "01-DeviceSecurityId"));
}

static void
proved(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake shake;

    expect_code(t, shake_create(t, &shake, BOTH), 200);
    const Heard *reply = shake_challenge(t, &shake);
    g_autofree char *proof = shake_proof(t, &shake, "igrs-B");
    expect(t, strcmp(head_of(reply, "01-AuthData"), proof) == 0,
           "01-AuthData \"%s\" does not prove the key", head_of(reply, "01-AuthData"));
}

static void
nonces_differ(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake one, two;

    shake_create(t, &one, PSK);
    shake_challenge(t, &one);
    shake_create(t, &two, PSK);
    shake_challenge(t, &two);
    expect(t, memcmp(&one.nb, &two.nb, sizeof one.nb) != 0, "the same challenge twice");
}

static void
challenge_unreadable(Tester *t, const Rule *rule)
{
    const Edit edits[] = { { EDIT_SET, "01-Challenge", rule->text }, { EDIT_NONE, NULL, NULL } };
    Shake shake;

    shake_create(t, &shake, PSK);
    const Heard *reply = ask_edited(t, say(t, IGRS_AUTHENTICATE_REQUEST), edits);
    if (reply->status == 200)
        expect_code(t, reply, 400);
    else
        expect_http(t, reply, 400);
}

static void
opened(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake shake;

    shake_create(t, &shake, PSK);
    shake_challenge(t, &shake);
    g_autofree char *proof = shake_proof(t, &shake, "igrs-A");
    expect_code(t, shake_result(t, proof), 200);
    const Heard *reply = shake_finish(t, &shake);
    expect_code(t, reply, 200);
    expect_sealed(t, reply);
}

/* What stands in the proof is not what was said, or it is nobody's proof: text is its role, more
 * what is spoilt. */
static void
refused(Tester *t, const Rule *rule)
{
    Shake shake;

    shake_create(t, &shake, PSK);
    shake_challenge(t, &shake);
    if (g_strcmp0(rule->more, "key") == 0)
        shake.key = secret_random();
    else if (g_strcmp0(rule->more, "nonce") == 0)
        shake.na = secret_random();
    else if (g_strcmp0(rule->more, "offer") == 0)
        shake.offer = BOTH; /* as if what A sent was stripped on the way */
    g_autofree char *proof = shake_proof(t, &shake, rule->text);
    expect_code(t, shake_result(t, proof), 401);
}

static void
guessed_twice(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake shake;

    shake_create(t, &shake, PSK);
    shake_challenge(t, &shake);
    g_autofree char *proof = shake_proof(t, &shake, "igrs-A");
    shake_result(t, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    const Heard *reply = shake_result(t, proof);
    expect_http(t, reply, 200);
    expect(t, strcmp(head_of(reply, "01-ReturnCode"), "200") != 0, "a second guess is heard");
}

/* -- What stands ------------------------------------------------------------------------------- */

static void
expect_standing(Tester *t)
{
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 200);
}

static bool
enter(Tester *t)
{
    return secure_pipe(t) && open_session(t, &t->service);
}

static void
null_refused(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!enter(t))
        return;
    expect_code(t, ask(t, IGRS_CREATE_PIPE_REQUEST), 401);
    expect_standing(t);
}

static void
unfinished(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    Shake shake;

    if (!enter(t))
        return;
    shake_create(t, &shake, PSK);
    shake_challenge(t, &shake);
    expect_standing(t);
}

static void
anew(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!enter(t) || !secure_pipe(t))
        return;
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 481);
}

static void
reply_sealed(Tester *t, const Rule *rule)
{
    if (!enter(t))
        return;
    const Heard *reply = ask(t, rule->send);
    expect_code(t, reply, 200);
    expect_sealed(t, reply);
}

/* A refusal after the signature was found good is signed as well. */
static void
refusal_sealed(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!enter(t))
        return;
    const Heard *reply = invoke(t, &t->service, "MakeCoffee", "");
    expect_code(t, reply, 405);
    expect_sealed(t, reply);
}

static void
notification_sealed(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    guint since = t->requests->len;

    if (!secure_pipe(t) || !open_session(t, &t->evented))
        return;
    g_autofree char *arguments = g_strdup_printf(
        "<subscribeExpression><subscribeServiceAttributeByNames>"
        "</subscribeServiceAttributeByNames></subscribeExpression><location>%s</location>"
        "<expirationTime>2037-01-01T00:00:00Z</expirationTime>", t->own_location);
    expect_code(t, invoke(t, &t->evented, "subscribe", arguments), 200);
    const Heard *request = await_request(t, "SendNotification", t->paired, since, 3000);
    if (expect(t, request != NULL, "no SendNotification in 3 s"))
        expect_sealed(t, request);
}

/* What an open pipe may not (open_rules) a sealed one may: whatever comes, it is not 401. */
static void
allowed(Tester *t, const Rule *rule)
{
    TestedService content = { 1, (char *)IGRS_URN_SERVICE_TYPE "AVContentDirectory:1" };

    if (!secure_pipe(t) || !open_session(t, &content))
        return;
    const Heard *reply = invoke(t, &content, rule->text, "");
    expect_http(t, reply, 200);
    expect(t, strcmp(head_of(reply, "01-ReturnCode"), "401") != 0, "ReturnCode 401");
}

/* -- Forgeries --------------------------------------------------------------------------------- */

static void
expect_forged(Tester *t, IgrsMessage *message, const Edit *edits)
{
    await_forgery(t);
    expect_code(t, ask_edited(t, message, edits), 401);
}

static void
unsigned_message(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Edit edits[] = { { EDIT_DROP, "01-Signature", NULL }, { EDIT_NONE, NULL, NULL } };

    if (!enter(t))
        return;
    expect_code(t, ask_edited(t, say(t, IGRS_INVOKE_SERVICE_REQUEST), edits), 401);
    expect_standing(t);
}

static void
forged(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autofree char *nobodys = g_base64_encode((const guchar *)"0123456789abcdef0123456789abcdef",
                                               SECRET_SIZE);
    const Edit edits[] = { { EDIT_SET, "01-Signature", nobodys }, { EDIT_NONE, NULL, NULL } };

    if (!enter(t))
        return;
    expect_forged(t, say(t, IGRS_INVOKE_SERVICE_REQUEST), edits);
    expect_standing(t);
}

/* It ends nothing: a notify says nothing of what became of it. */
static void
forged_notify(Tester *t, const Rule *rule)
{
    const Edit edits[] = { { EDIT_DROP, "01-Signature", NULL }, { EDIT_NONE, NULL, NULL } };

    if (!enter(t))
        return;
    expect_http(t, ask_edited(t, say(t, rule->send), edits), 200);
    expect_standing(t);
}

static void
replayed(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!enter(t))
        return;
    g_autoptr(GString) text = letter(t, say(t, IGRS_INVOKE_SERVICE_REQUEST), NULL);
    expect_code(t, wire_exchange(t, text->str, text->len), 200);
    await_forgery(t);
    expect_code(t, wire_exchange(t, text->str, text->len), 401);
    expect_standing(t);
}

/* The signature is that of another body, type, number or direction. */
static void
misplaced(Tester *t, const Rule *rule)
{
    const char *type = rule->more != NULL ? rule->more : "DeviceOnlineDetectionRequest";
    IgrsMessage *message;

    if (!enter(t))
        return;
    message = say(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST);
    g_autofree char *number = g_strdup_printf("%u", message->sequence_id + rule->code);
    message->signature = seal_text(t, rule->text, type, number, "", 0);
    expect_forged(t, message, NULL);
    expect_standing(t);
}

static void
changed_body(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!enter(t))
        return;
    g_autoptr(GString) text = letter(t, say(t, IGRS_INVOKE_SERVICE_REQUEST), NULL);
    g_string_replace(text, "ServiceId</name>", "ServiceIt</name>", 1);
    await_forgery(t);
    expect_code(t, wire_exchange(t, text->str, text->len), 401);
    expect_standing(t);
}

static const Heard *
detect(Tester *t, uint32_t number)
{
    IgrsMessage *message = say(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST);

    message->sequence_id = number;
    return ask_message(t, message);
}

static void
window(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    uint32_t top = t->sequence + 1000;

    if (!secure_pipe(t))
        return;
    expect_code(t, detect(t, top), 200);
    expect_code(t, detect(t, top - 64), 200);
    expect_code(t, detect(t, top - 1), 200);
    await_forgery(t);
    expect_code(t, detect(t, top - 65), 401);
    t->sequence = top;
}

static void
old_seal(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (!secure_pipe(t))
        return;
    Secret before = t->seal;
    if (!secure_pipe(t))
        return;
    Secret now = t->seal;
    t->seal = before;
    await_forgery(t);
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 401);
    t->seal = now;
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 200);
}

/* The last of all by TCP: from here on the device does not hear what we do not sign. */
static void
shut_out(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Edit edits[] = { { EDIT_SET, "01-Signature", "forged" }, { EDIT_NONE, NULL, NULL } };
    const Heard *reply = NULL;

    if (!secure_pipe(t))
        return;
    for (unsigned tries = 0; tries < 6 && t->failure == NULL; tries++) {
        reply = ask_edited(t, say(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), edits);
        if (strcmp(head_of(reply, "01-ReturnCode"), "401") != 0)
            break;
    }
    if (reply != NULL)
        expect_code(t, reply, 429);
    expect_code(t, ask(t, IGRS_CREATE_PIPE_REQUEST), 429);
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 200);
}

#define KEY NEED_KEY
#define SESSION NEED_KEY | NEED_SERVICE
#define DETECTION .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST

const Rule secure_rules[] = {
    { "secure-choice", "4, C9.2", "PSK-HMAC-SHA256 is chosen when it is offered", chosen, KEY,
      .text = PSK },
    { "secure-choice-first", "4", "and before NULL", chosen, KEY, .text = BOTH },
    { "secure-proof", "4, C9.2", "AuthenticateResponse proves the key over the whole offer",
      proved, KEY },
    { "secure-nonces", "4", "no challenge comes twice", nonces_differ, KEY },
    { "secure-challenge-short", "4", "a challenge of other than 32 octets: 400",
      challenge_unreadable, KEY, .text = "MDEyMzQ1Njc4OWFiY2RlZg==" },
    { "secure-challenge-letters", "4", "a challenge that is not base64: 400",
      challenge_unreadable, KEY, .text = "????????????????????????????????????????????" },
    { "secure-open", "4, C9.2", "who proves the key gets a pipe, and a signed answer", opened,
      KEY },
    { "secure-wrong-key", "4, C9.2", "who does not gets 401", refused, KEY,
      .text = "igrs-A", .more = "key" },
    { "secure-stripped", "4", "an offer that changed on the way: 401", refused, KEY,
      .text = "igrs-A", .more = "offer" },
    { "secure-nonce-other", "4", "a proof over another challenge: 401", refused, KEY,
      .text = "igrs-A", .more = "nonce" },
    { "secure-reflected", "4", "the device's own proof sent back: 401", refused, KEY,
      .text = "igrs-B" },
    { "secure-one-guess", "4", "a handshake takes one guess", guessed_twice, KEY },
    { "secure-null", "4", "NULL between two that share a key: 401, the pipe stands", null_refused,
      SESSION },
    { "secure-unfinished", "4", "a handshake that ends halfway leaves the pipe that stands",
      unfinished, SESSION },
    { "secure-again", "4", "one that is finished begins anew: sessions end", anew, SESSION },
    { "secure-reply", "4", "an answer without a body is signed", reply_sealed, SESSION,
      DETECTION },
    { "secure-reply-body", "4", "so is one with a body, over it", reply_sealed, SESSION,
      .send = IGRS_INVOKE_SERVICE_REQUEST },
    { "secure-reply-refusal", "4", "and a refusal", refusal_sealed, SESSION },
    { "secure-notification", "4, 5", "a notification is signed", notification_sealed,
      NEED_KEY | NEED_EVENTED },
    { "content-sealed-create", "4", "CreateObject is open to who proved the key", allowed,
      NEED_KEY | NEED_CONTENT, .text = "CreateObject" },
    { "secure-unsigned", "4", "a message without a signature: 401, nothing changes",
      unsigned_message, SESSION },
    { "secure-unsigned-destroy", "4", "an unsigned DestroySession ends nothing", forged_notify,
      SESSION, .send = IGRS_DESTROY_SESSION_NOTIFY },
    { "secure-unsigned-detach", "4", "nor does an unsigned DetachPipe", forged_notify, SESSION,
      .send = IGRS_DETACH_PIPE_NOTIFY },
    { "secure-forged", "4", "a forged signature: 401, nothing changes", forged, SESSION },
    { "secure-replayed", "4", "a message that comes again: 401, nothing changes", replayed,
      SESSION },
    { "secure-body", "4", "a body that changed on the way: 401", changed_body, SESSION },
    { "secure-direction", "4", "the device's own direction: 401", misplaced, SESSION, .text = "B" },
    { NULL },
};

const Rule forged_rules[] = {
    { "secure-type", "4", "the signature of another type: 401", misplaced, SESSION, .text = "A",
      .more = "DetachPipeNotify" },
    { "secure-number", "4", "the signature of another number: 401", misplaced, SESSION,
      .text = "A", .code = 1 },
    { "secure-window", "4", "a SequenceId 64 behind is taken, 65 behind is 401", window, KEY },
    { "secure-old-seal", "4", "a new pipe's key is another: the old one is 401", old_seal, KEY },
    { "secure-forgers", "4", "five bad signatures: 429 to what is unsigned, not to what is signed",
      shut_out, KEY },
    { NULL },
};
