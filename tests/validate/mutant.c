/* mutant.c -- a device that is broken in one way, for igrs-validate to find
 *
 * A whole screen over src/igrs and src/av; the linker (--wrap) puts what stands below between the
 * rooms, and one row of the table says what it spoils. `mutant none` is the good device; a folder
 * of pairing keys may follow, with which it offers TLS as well. Each row names the rule that must
 * catch it: `mutant --list`. */
#include "av/av.h"
#include "base/program.h"
#include "igrs/air.h"
#include "igrs/device-groups.h"
#include "igrs/forgers.h"
#include "igrs/groups.h"
#include "igrs/igrs.h"
#include "igrs/duplicates.h"
#include "igrs/node.h"
#include "igrs/location.h"
#include "igrs/open-policy.h"
#include "igrs/pipe.h"
#include "igrs/session.h"
#include "igrs/subscriptions.h"
#include "net/certificates.h"
#include "net/http-server.h"
#include "support/paper-files.h"
#include "support/paper-screen.h"

#include <glib-unix.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef enum {
    SPOIL_NOTHING,
    SPOIL_HEAD_DROP,     /* of every reply: the head a */
    SPOIL_HEAD_SET,      /* the head a to b */
    SPOIL_HEAD_TWICE,    /* the head a */
    SPOIL_HEAD_NEW,      /* one more head a: b */
    SPOIL_BODY,          /* every a in bodies to b; NULL: the whole body to b */
    SPOIL_STATUS,        /* the status a to b */
    SPOIL_ANSWER,        /* of every answer to a search: a to b */
    SPOIL_ANSWER_NEVER,  /* an answer that holds a is not sent */
    SPOIL_ANSWER_TWICE,  /* every answer is sent twice */
    SPOIL_ADVERT,        /* of every advertisement: a to b */
    SPOIL_ADVERT_NEVER,  /* an advertisement that holds a is not sent */
    SPOIL_CALL,          /* the function a of the list below does not do its work */
} SpoilKind;

typedef struct {
    const char *name, *rule;
    SpoilKind kind;
    const char *a, *b;
} Mutant;

static const Mutant mutants[] = {
    { "none", "", SPOIL_NOTHING, NULL, NULL },
#include "validate/mutants.h"
};
static const Mutant *mutant = mutants;

static bool
spoils(SpoilKind kind, const char *a)
{
    return mutant->kind == kind && g_ascii_strcasecmp(mutant->a, a) == 0;
}

/* What the linker calls the function itself, and what it calls in its place. */
#define WRAPPED(name)                  \
    __typeof__(name) __real_##name;    \
    __typeof__(name) __wrap_##name;

/* -- Replies ----------------------------------------------------------------------------------- */


WRAPPED(http_exchange_add_head)
WRAPPED(http_exchange_reply)
WRAPPED(http_exchange_reply_text)
WRAPPED(http_exchange_reply_problem)

void
__wrap_http_exchange_add_head(HttpExchange *exchange, const char *name, const char *value)
{
    if (spoils(SPOIL_HEAD_DROP, name))
        return;
    if (spoils(SPOIL_HEAD_TWICE, name))
        __real_http_exchange_add_head(exchange, name, value);
    __real_http_exchange_add_head(exchange, name,
                                  spoils(SPOIL_HEAD_SET, name) ? mutant->b : value);
}

static unsigned
spoilt_status(unsigned status)
{
    return mutant->kind == SPOIL_STATUS && status == (unsigned)atoi(mutant->a)
               ? (unsigned)atoi(mutant->b)
               : status;
}

/* kind is that of the thing; the caller's. */
static GBytes *
spoilt_bytes(SpoilKind kind, GBytes *bytes)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    GString *text = g_string_new_len(data, (gssize)size);

    if (mutant->kind == kind && mutant->a == NULL && size > 0)
        g_string_assign(text, mutant->b);
    else if (mutant->kind == kind && mutant->a != NULL)
        g_string_replace(text, mutant->a, mutant->b, 0);
    return g_string_free_to_bytes(text);
}

void
__wrap_http_exchange_reply(HttpExchange *exchange, unsigned status, const char *mime, GBytes *body)
{
    g_autoptr(GBytes) spoilt = spoilt_bytes(SPOIL_BODY, body);

    if (mutant->kind == SPOIL_HEAD_NEW)
        __real_http_exchange_add_head(exchange, mutant->a, mutant->b);
    __real_http_exchange_reply(exchange, spoilt_status(status),
                               mime != NULL && spoils(SPOIL_HEAD_SET, "Content-Type") ? mutant->b
                                                                                      : mime,
                               spoilt);
}

void
__wrap_http_exchange_reply_text(HttpExchange *exchange, unsigned status, const char *mime,
                                char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    g_autoptr(GBytes) spoilt = spoilt_bytes(SPOIL_BODY, bytes);
    gsize size = 0;
    const char *data = g_bytes_get_data(spoilt, &size);

    __real_http_exchange_reply_text(exchange, status, mime, g_strndup(data, size));
}

void
__wrap_http_exchange_reply_problem(HttpExchange *exchange, unsigned status, const char *field,
                                   const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    __real_http_exchange_reply_problem(exchange, spoilt_status(status), field, "%s", detail);
}

/* -- Datagrams --------------------------------------------------------------------------------- */


WRAPPED(igrs_air_say)
WRAPPED(igrs_air_answer)

static bool
is_withheld(SpoilKind kind, GBytes *bytes)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);

    return mutant->kind == kind && g_strstr_len(data, (gssize)size, mutant->a) != NULL;
}

void
__wrap_igrs_air_say(IgrsAir *air, IgrsAirWay way, GBytes *bytes, unsigned interface_index)
{
    g_autoptr(GBytes) spoilt = spoilt_bytes(SPOIL_ADVERT, bytes);

    if (!is_withheld(SPOIL_ADVERT_NEVER, bytes))
        __real_igrs_air_say(air, way, spoilt, interface_index);
}

void
__wrap_igrs_air_answer(IgrsAir *air, GBytes *bytes, GSocketAddress *to, unsigned interface_index)
{
    g_autoptr(GBytes) spoilt = spoilt_bytes(SPOIL_ANSWER, bytes);

    if (is_withheld(SPOIL_ANSWER_NEVER, bytes))
        return;
    __real_igrs_air_answer(air, spoilt, to, interface_index);
    if (mutant->kind == SPOIL_ANSWER_TWICE)
        __real_igrs_air_answer(air, spoilt, to, interface_index);
}

/* -- Calls between files that do not do their work --------------------------------------------- */

static int64_t hurried_ms; /* of a clock that is 2 s on whenever somebody looks */

#define WRAP(type, name, parameters, arguments, instead)      \
    WRAPPED(name)                                             \
    type __wrap_##name parameters                             \
    {                                                         \
        return spoils(SPOIL_CALL, #name) ? (instead) : __real_##name arguments; \
    }

WRAP(bool, igrs_duplicates_heard, (IgrsDuplicates *d, const IgrsMessage *m, int64_t now_ms),
     (d, m, now_ms), false)
WRAP(bool, igrs_location_is_at, (const char *location, GInetAddress *address), (location, address),
     true)
WRAP(bool, igrs_sessions_has, (const IgrsSessions *s, const IgrsSession *session), (s, session),
     true)
WRAP(bool, igrs_sessions_destroy, (IgrsSessions *s, const IgrsSession *session), (s, session), true)
WRAP(bool, igrs_subscriptions_renew,
     (IgrsSubscriptions *s, uint32_t id, const char *device_id, const char *location,
      int64_t *life),
     (s, id, device_id, location, life), true)
WRAP(bool, igrs_subscriptions_remove, (IgrsSubscriptions *s, uint32_t id, const char *device_id),
     (s, id, device_id), true)
WRAP(bool, igrs_type_matches, (const char *wanted, const char *offered), (wanted, offered), true)
WRAP(unsigned, igrs_pipes_event,
     (IgrsPipes *pipes, const char *peer, const char *address, IgrsPipeEvent event),
     (pipes, peer, address, event), 200)


WRAP(int64_t, clock_now_ms, (Clock *clock), (clock), hurried_ms += 2000)
WRAP(gboolean, igrs_device_id_equal, (gconstpointer a, gconstpointer b), (a, b), TRUE)
WRAP(gint32, g_random_int_range, (gint32 begin, gint32 end), (begin, end), begin)

WRAP(bool, igrs_seal_is_signed, (const IgrsSeal *seal, const IgrsMessage *m, GBytes *body),
     (seal, m, body), true)
WRAP(bool, igrs_seal_take_number, (IgrsSeal *seal, uint32_t number), (seal, number), true)
WRAP(bool, igrs_secret_equal, (const IgrsSecret *a, const IgrsSecret *b), (a, b), true)
WRAP(bool, igrs_secret_from_base64, (const char *text, IgrsSecret *secret), (text, secret),
     (memset(secret, 0, sizeof *secret), true))
WRAP(bool, http_exchange_is_secure, (const HttpExchange *exchange), (exchange), true)
WRAP(uint16_t, igrs_node_secure_port, (const IgrsNode *node), (node), 1)
WRAP(bool, igrs_security_is_paired, (const IgrsSecurity *security, const char *peer),
     (security, peer), false)
WRAP(bool, igrs_forgers_is_shut_out, (const IgrsForgers *f, const char *address), (f, address),
     false)
WRAP(bool, igrs_open_policy_allows,
     (const char *service, const SoapCall *call, const char *const *kept), (service, call, kept),
     true)
WRAP(uint32_t, igrs_groups_asked, (IgrsGroups *groups, const char *id, const char *device),
     (groups, id, device), 200)

#define WRAP_VOID(name, parameters, arguments) \
    WRAPPED(name)                              \
    void __wrap_##name parameters              \
    {                                          \
        if (!spoils(SPOIL_CALL, #name))        \
            __real_##name arguments;           \
    }

WRAP_VOID(igrs_handshake_bind,
          (IgrsHandshake *handshake, const IgrsSecret *own, const IgrsSecret *peer),
          (handshake, own, peer))
WRAP_VOID(igrs_seal_sign, (const IgrsSeal *seal, IgrsMessage *message, GBytes *body),
          (seal, message, body))
WRAP_VOID(igrs_hosting_session_ended, (IgrsNode *node, const IgrsSession *session),
          (node, session))
WRAP_VOID(igrs_secret_random, (IgrsSecret *secret), (secret))
WRAP_VOID(igrs_groups_quit, (IgrsGroups *groups, const char *id, const char *device),
          (groups, id, device))
WRAP_VOID(igrs_subscriptions_changed,
          (IgrsSubscriptions *all, const Service *service, const char *name), (all, service, name))
WRAP_VOID(igrs_hosting_notify,
          (const IgrsSubscriber *subscriber, const char *const *names, gpointer user_data),
          (subscriber, names, user_data))
WRAP_VOID(igrs_sessions_end_device, (IgrsSessions *sessions, const char *device_id),
          (sessions, device_id))

WRAPPED(clock_after)

/* Of all that is done later, the copies of an advertisement. */
guint
__wrap_clock_after(Clock *clock, int64_t delay_ms, ClockFunc func, gpointer data)
{
    bool is_copy = delay_ms == 100 && spoils(SPOIL_CALL, "clock_after");

    return __real_clock_after(clock, is_copy ? 3600 * 1000 : delay_ms, func, data);
}

/* -- The device -------------------------------------------------------------------------------- */

static gboolean
on_told_to_stop(gpointer data)
{
    *(bool *)data = true;
    return G_SOURCE_CONTINUE;
}

static void
on_stopped(gpointer data)
{
    *(bool *)data = true;
}

static void
wait_until(const bool *is_true)
{
    while (!*is_true)
        g_main_context_iteration(NULL, TRUE);
}

/* It holds nothing: who may ask it is what is looked at. */
static void
library_free(Service *service)
{
    service_clear(service);
    g_free(service);
}

static Service *
library_new(void)
{
    static const ServiceVariable variables[] = { { .name = NULL } };
    static const ServiceAction actions[] = { { .name = NULL } };
    static const ServiceTable table = { .name = "AVContentDirectory", .version = 1,
                                        .variables = variables, .actions = actions,
                                        .free = library_free };
    Service *service = g_new0(Service, 1);

    service_init(service, &table);
    return service;
}

static Screen *
only_screen(const char *asker, gpointer screen)
{
    return screen;
}

static int
live(const char *keys)
{
    static const char *const types[] = { "MediaClient", NULL };
    g_autofree char *uuid = g_uuid_string_random();
    g_autoptr(GError) error = NULL;
    bool is_told = false, is_stopped = false;
    Clock *clock = clock_new();
    NetInterfaces *interfaces = net_interfaces_new(NULL, &error);
    Screen *screen = paper_screen_new();
    Service *connections = connection_manager_new("", "http-get:*:video/mp4:*");
    Service *transport = av_transport_new(screen, clock);
    Service *sound = rendering_control_new(screen, clock);
    Service *handover = handover_service_new(
        &(HandoverHost){ .clock = clock, .data = screen, .screen = only_screen });
    Service *library = library_new();
    Service *files = file_access_new(&paper_files, clock);
    g_autoptr(Certificate) own =
        keys != NULL ? certificate_of_device(keys, "Mutant", &error) : NULL;
    const IgrsNodeOptions options = {
        .certificate = own != NULL ? own->certificate : NULL,
        .certificate_key = own != NULL ? own->key : NULL,
        .uuid = uuid, .name = "Mutant 多屏", .types = types, .manufacturer = "duoping",
        .model_name = "mutant", .software = "mutant/1", .clock = clock, .interfaces = interfaces,
        .keys_folder = keys,
    };
    IgrsNode *node = igrs_node_new(&options);

    igrs_node_add_service(node, AV_CONTENT_DIRECTORY_ID, library, "Library");
    igrs_node_add_service(node, AV_CONNECTION_MANAGER_ID, connections, "Connections");
    igrs_node_add_service(node, AV_TRANSPORT_ID, transport, "Player");
    igrs_node_add_service(node, AV_RENDERING_CONTROL_ID, sound, "Sound");
    igrs_node_add_service(node, FILE_ACCESS_ID, files, "Files");
    igrs_node_add_service(node, HANDOVER_ID, handover, "Handover");
    if (!igrs_node_start(node, &error)) {
        fprintf(stderr, "mutant: %s\n", error->message);
        return 1;
    }
    igrs_node_create_group(node, "led", IGRS_USE_PLAIN, true, &error);
    igrs_node_create_group(node, "peers", IGRS_USE_PLAIN, false, &error);
    g_assert_no_error(error);
    printf("%s is ready on port %u\n", mutant->name, igrs_node_port(node));
    fflush(stdout);
    g_unix_signal_add(SIGTERM, on_told_to_stop, &is_told);
    wait_until(&is_told);
    igrs_node_stop(node, on_stopped, &is_stopped);
    wait_until(&is_stopped);
    igrs_node_free(node);
    service_free(handover);
    service_free(files);
    service_free(library);
    service_free(sound);
    service_free(transport);
    service_free(connections);
    screen_free(screen);
    net_interfaces_free(interfaces);
    clock_free(clock);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc < 2 || argc > 3)
        return 2;
    for (guint i = 0; i < G_N_ELEMENTS(mutants); i++) {
        if (strcmp(argv[1], "--list") == 0 && mutants[i].kind != SPOIL_NOTHING)
            printf("%s %s\n", mutants[i].name, mutants[i].rule);
        if (strcmp(argv[1], mutants[i].name) == 0) {
            mutant = &mutants[i];
            return live(argc > 2 ? argv[2] : NULL);
        }
    }
    return strcmp(argv[1], "--list") == 0 ? 0 : 2;
}
