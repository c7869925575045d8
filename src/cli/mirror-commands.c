/* mirror-commands.c -- mirror --to SCREEN: the screen of this computer on another, as it happens
 *
 * The screen fetches a live stream from here; for each that does a duoping-worker takes this
 * computer's screen and sound (pipelines/capture.h) until it lets go, and says to the person
 * what there is to say. The delay is what the place that the screen tells lies behind. */
#include "cli/cli.h"

#include "base/error.h"
#include "base/text.h"
#include "model/live-delay.h"
#include "pipelines/capture.h"
#include "pipelines/worker-pool.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RING_SIZE (128 * 1024) /* half of it may wait for the screen: a quarter of a second */
#define FEEDS_MAX 3
#define TOLD 3 /* a descriptor of the worker: when the first picture was taken */
#define SECOND_MS 1000
#define PATIENCE_S 30 /* until a screen has told where it is, if it ever does */
#define NOT_TOLD (-1)

typedef struct {
    Cli *cli;
    CliShare *share;
    const char *form; /* of pipelines/capture.h */
    char *screen_id, *cast_id;
    gint feeds; /* atomic; that run */
    int64_t started_us;
    gint begun_ms; /* atomic; since then: what was sent last began to be taken; 0: nothing yet */
    LiveDelay delay;
    int64_t told_ms; /* the delay that was said last; NOT_TOLD: none yet */
    GCancellable *over;
    bool has_failed;
} Mirror;

/* -- A feed: what a screen that fetches is sent ------------------------------------------------- */

typedef struct {
    Stream stream;
    Mirror *mirror; /* borrowed */
    StreamHub *hub;
    HubReader *reader;
    GSubprocess *worker;
    GThread *thread;
    int begun; /* what the worker tells of its beginning */
} Feed;

/* The worker says so before it gives anything; or it gives nothing. */
static void
hear_beginning(Feed *feed)
{
    int64_t taken_us;

    if (read(feed->begun, &taken_us, sizeof taken_us) == sizeof taken_us)
        g_atomic_int_set(&feed->mirror->begun_ms,
                         (gint)MAX((taken_us - feed->mirror->started_us) / 1000, 1));
    close(feed->begun);
}

static gpointer
pump(gpointer data)
{
    Feed *feed = data;
    GInputStream *made = g_subprocess_get_stdout_pipe(feed->worker);
    void *place;
    size_t room;

    hear_beginning(feed);
    while ((place = stream_hub_reserve(feed->hub, &room)) != NULL) {
        gssize got = g_input_stream_read(made, place, room, NULL, NULL);
        if (got <= 0)
            break;
        stream_hub_commit(feed->hub, (size_t)got, false);
    }
    stream_hub_end(feed->hub, NULL);
    return NULL;
}

static GSubprocess *
start_worker(const char *form, int *begun, GError **error)
{
    g_autofree char *program = worker_program();
    g_autofree char *told = g_strdup_printf("%d", TOLD);
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    int ends[2];

    if (!g_unix_open_pipe(ends, FD_CLOEXEC, error))
        return NULL;
    g_subprocess_launcher_take_fd(launcher, ends[1], TOLD);
    GSubprocess *worker =
        g_subprocess_launcher_spawn(launcher, error, program, "mirror", form, told, NULL);
    if (worker != NULL)
        *begun = ends[0];
    else
        close(ends[0]);
    return worker;
}

/* Who only asks for the heads of it starts nothing. */
static bool
start_feed(Feed *feed, GError **error)
{
    if (g_atomic_int_add(&feed->mirror->feeds, 1) >= FEEDS_MAX) {
        g_atomic_int_add(&feed->mirror->feeds, -1);
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "%d fetch this screen already", FEEDS_MAX);
        return false;
    }
    feed->worker = start_worker(feed->mirror->form, &feed->begun, error);
    if (feed->worker == NULL) {
        g_atomic_int_add(&feed->mirror->feeds, -1);
        return false;
    }
    feed->hub = stream_hub_new(RING_SIZE);
    feed->reader = hub_reader_new(feed->hub, HUB_FILE);
    feed->thread = g_thread_new("mirror", pump, feed);
    return true;
}

static gssize
feed_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    Feed *feed = (Feed *)stream;

    if (feed->worker == NULL && !start_feed(feed, error))
        return -1;
    return hub_reader_read(feed->reader, buffer, size, error);
}

static void
feed_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    hub_reader_wait(((Feed *)stream)->reader, wake, user_data);
}

static void
feed_free(Stream *stream)
{
    Feed *feed = (Feed *)stream;

    if (feed->worker != NULL) {
        g_subprocess_force_exit(feed->worker);
        stream_hub_close(feed->hub);
        g_thread_join(feed->thread);
        hub_reader_free(feed->reader);
        stream_hub_unref(feed->hub);
        g_object_unref(feed->worker);
        g_atomic_int_add(&feed->mirror->feeds, -1);
    }
    g_free(stream->mime);
    g_free(feed);
}

static const StreamClass feed_class = { .read = feed_read, .wait = feed_wait, .free = feed_free };

/* On an http thread. */
static Stream *
open_feed(const char *mime, gpointer user_data)
{
    Feed *feed = g_new0(Feed, 1);

    feed->stream = (Stream){ .class = &feed_class, .mime = g_strdup(mime), .length = -1, .fd = -1 };
    feed->mirror = user_data;
    return &feed->stream;
}

/* -- What becomes of it ------------------------------------------------------------------------ */

static bool
follow(Mirror *mirror, const json_t *cast)
{
    const char *state = cli_text(cast, "state");

    if (strcmp(state, "ended") != 0 && strcmp(state, "failed") != 0)
        return true;
    mirror->has_failed = *state == 'f';
    if (mirror->has_failed)
        cli_complain("%s", cli_text(cast, "problem"));
    return false;
}

/* As people want to know it: again when it has become another one. */
static void
tell_delay(Mirror *mirror, int64_t delay_ms, int64_t within_ms)
{
    if (mirror->told_ms != NOT_TOLD && ABS(delay_ms - mirror->told_ms) <= within_ms)
        return;
    mirror->told_ms = delay_ms;
    json_t *told = json_pack("{sIsI}", "delay_ms", (json_int_t)delay_ms, "within_ms",
                             (json_int_t)within_ms);
    if (!cli_show_json(mirror->cli, told) && within_ms < SECOND_MS / 2)
        printf("it is seen there %.2f s later\n", (double)delay_ms / SECOND_MS);
    else if (!mirror->cli->is_json)
        printf("it is seen there about %.0f s later, by the seconds that the screen tells\n",
               (double)delay_ms / SECOND_MS);
    json_decref(told);
    fflush(stdout);
}

static gboolean
on_patience_over(gpointer user_data)
{
    const Mirror *mirror = user_data;

    if (mirror->told_ms == NOT_TOLD && !mirror->cli->is_json)
        printf("%s does not tell its delay\n", mirror->cli->to);
    fflush(stdout);
    return G_SOURCE_REMOVE;
}

static void
hear_place(Mirror *mirror, const json_t *screen)
{
    gint begun_ms = g_atomic_int_get(&mirror->begun_ms);
    int64_t now_ms = (g_get_monotonic_time() - mirror->started_us) / 1000, delay_ms, within_ms;

    if (begun_ms == 0 || strcmp(cli_text(screen, "state"), "playing") != 0)
        return;
    live_delay_take(&mirror->delay, now_ms, begun_ms, cli_number(screen, "position_ms"));
    if (live_delay_is_known(&mirror->delay, &delay_ms, &within_ms))
        tell_delay(mirror, delay_ms, within_ms);
}

static bool
on_event(const char *event, const char *data, gpointer user_data)
{
    Mirror *mirror = user_data;
    json_t *object = json_loads(data, 0, NULL);
    const char *id = cli_text(object, "id");
    bool goes_on = true;

    if (strcmp(event, "cast") == 0 && strcmp(id, mirror->cast_id) == 0)
        goes_on = follow(mirror, object);
    else if (strcmp(event, "screen") == 0 && strcmp(id, mirror->screen_id) == 0)
        hear_place(mirror, object);
    json_decref(object);
    return goes_on;
}

/* -- The command ------------------------------------------------------------------------------- */

static gboolean
on_signal(gpointer user_data)
{
    Mirror *mirror = user_data;

    g_cancellable_cancel(mirror->over);
    return G_SOURCE_CONTINUE;
}

static void
stop_screen(Mirror *mirror)
{
    g_autofree char *path = g_strdup_printf("/screens/%s/stop", mirror->screen_id);
    json_t *answer;

    cli_ask(mirror->cli, "POST", path, json_object(), &answer);
    json_decref(answer);
}

static CliExit
show(Mirror *mirror, const json_t *cast)
{
    guint signals[] = { g_unix_signal_add(SIGINT, on_signal, mirror),
                        g_unix_signal_add(SIGTERM, on_signal, mirror) };
    g_autoptr(GSource) patience = g_timeout_source_new_seconds(PATIENCE_S);

    mirror->cast_id = g_strdup(cli_text(cast, "id"));
    mirror->screen_id = g_strdup(cli_text(cast, "screen"));
    if (!cli_show_json(mirror->cli, cast))
        printf("this screen is on %s, until Ctrl-C\n", mirror->cli->to);
    fflush(stdout);
    g_source_set_callback(patience, on_patience_over, mirror, NULL);
    g_source_attach(patience, NULL);
    CliExit result = cli_listen(mirror->cli, "/events", mirror->over, on_event, mirror);
    if (g_cancellable_is_cancelled(mirror->over))
        stop_screen(mirror);
    g_source_destroy(patience);
    g_source_remove(signals[0]);
    g_source_remove(signals[1]);
    return mirror->has_failed ? CLI_FAILED : result;
}

static CliExit
cast(Mirror *mirror, const char *title)
{
    json_t *wish = json_pack("{sssssssb}", "screen", mirror->cli->to, "url",
                             cli_share_url(mirror->share), "title", title, "live", true);
    json_t *answer;
    CliExit result = cli_ask(mirror->cli, "POST", "/casts", wish, &answer);

    if (result == CLI_DONE)
        result = show(mirror, answer);
    json_decref(answer);
    return result;
}

/* Browsers know no MPEG-TS. */
static CliExit
choose_form(Mirror *mirror, const char **name, const char **mime)
{
    g_autofree char *id = text_percent_encode(mirror->cli->to);
    g_autofree char *path = g_strconcat("/screens/", id, NULL);
    json_t *screen;
    CliExit result = cli_ask(mirror->cli, "GET", path, NULL, &screen);
    bool is_browser = result == CLI_DONE && strcmp(cli_text(screen, "kind"), "web") == 0;

    mirror->form = is_browser ? "mp4" : "ts";
    *name = is_browser ? "screen.mp4" : "screen.ts";
    *mime = is_browser ? "video/mp4" : "video/mp2t";
    json_decref(screen);
    return result;
}

static CliExit
run_mirror(Cli *cli, const CliCommand *command, char **words)
{
    Mirror mirror = { .cli = cli, .told_ms = NOT_TOLD, .started_us = g_get_monotonic_time() };
    const char *name, *mime;

    if (g_getenv("DISPLAY") == NULL) {
        cli_complain("mirror: there is no screen here ($DISPLAY is not set)");
        return CLI_FAILED;
    }
    CliExit result = choose_form(&mirror, &name, &mime);
    if (result != CLI_DONE)
        return result;
    mirror.over = g_cancellable_new();
    mirror.share = cli_share_new_live(cli, name, mime, open_feed, &mirror);
    result = mirror.share != NULL ? cast(&mirror, g_get_host_name()) : CLI_FAILED;
    cli_share_free(mirror.share);
    g_object_unref(mirror.over);
    g_free(mirror.cast_id);
    g_free(mirror.screen_id);
    return result;
}

const CliCommand mirror_commands[] = {
    { "mirror", "--to SCREEN", "the screen of this computer, and its sound, on another", 0, 0,
      CLI_OPTION_TO, CLI_OPTION_TO, run_mirror },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
