/* pipe.c -- see pipe.h
 *
 * pipe_table is the whole behaviour; a pair without a row is refused in igrs_pipes_event() alone.
 * Authenticate, AuthenticateResult and CreatePipeResult have a table of their own (handshake.c): a
 * pipe that stands hears of them only when they are done. */
#include "igrs/pipe.h"

#include "wire/igrs-names.h"

typedef struct {
    IgrsPipes *pipes; /* borrowed: the owner */
    char *peer;
    char *address; /* whence it was opened; NULL: by us */
    char *location;
    IgrsPipeState state;
    int64_t heard_ms;
    unsigned misses;
    bool is_detecting; /* a DeviceOnlineDetectionRequest is under way */
    bool asks_again;   /* news came meanwhile: if it is missed, ask at once */
    guint timer;
} Pipe;

struct IgrsPipes {
    Clock *clock;               /* borrowed */
    const IgrsPipeHooks *hooks; /* borrowed */
    gpointer user_data;
    GHashTable *table; /* peer -> Pipe that is not closed, owned */
};

static void on_timer(gpointer data);

static bool
say(Pipe *pipe, IgrsPipeWord word)
{
    return pipe->pipes->hooks->say(pipe->peer, pipe->location, word, pipe->pipes->user_data);
}

static void
wake_after(Pipe *pipe, int64_t delay_ms)
{
    clock_cancel(pipe->pipes->clock, &pipe->timer);
    pipe->timer = clock_after(pipe->pipes->clock, delay_ms, on_timer, pipe);
}

static void
hear(Pipe *pipe)
{
    pipe->heard_ms = clock_now_ms(pipe->pipes->clock);
    pipe->misses = 0;
    if (pipe->timer == 0)
        wake_after(pipe, IGRS_PIPE_IDLE_MS);
}

static void
hear_answer(Pipe *pipe)
{
    pipe->is_detecting = false;
    hear(pipe);
}

static void
open_pipe(Pipe *pipe)
{
    hear(pipe);
    pipe->pipes->hooks->opened(pipe->peer, pipe->pipes->user_data);
}

/* The peer begins again: what stood on the pipe is no more, the pipe goes on. */
static void
reopen(Pipe *pipe)
{
    pipe->pipes->hooks->ended(pipe->peer, pipe->pipes->user_data);
    open_pipe(pipe);
}

static void
end(Pipe *pipe)
{
    clock_cancel(pipe->pipes->clock, &pipe->timer);
    pipe->pipes->hooks->ended(pipe->peer, pipe->pipes->user_data);
}

static void
ask(Pipe *pipe)
{
    if (!say(pipe, IGRS_PIPE_SAY_CREATE))
        igrs_pipes_event(pipe->pipes, pipe->peer, NULL, IGRS_PIPE_REFUSED);
}

static void
leave(Pipe *pipe)
{
    say(pipe, IGRS_PIPE_SAY_DETACH);
    end(pipe);
}

/* A peer that cannot be asked may be silent for one life. */
static void
detect(Pipe *pipe)
{
    int64_t silent_ms = clock_now_ms(pipe->pipes->clock) - pipe->heard_ms;

    if (pipe->is_detecting) {
        pipe->asks_again = true;
        return;
    }
    pipe->asks_again = false;
    if (say(pipe, IGRS_PIPE_SAY_DETECT))
        pipe->is_detecting = true;
    else if (silent_ms >= IGRS_PIPE_MUTE_MS)
        igrs_pipes_event(pipe->pipes, pipe->peer, NULL, IGRS_PIPE_SILENT);
    else
        wake_after(pipe, IGRS_PIPE_MUTE_MS - silent_ms);
}

static void
miss(Pipe *pipe)
{
    pipe->is_detecting = false;
    if (++pipe->misses >= IGRS_PIPE_MISSES_MAX)
        igrs_pipes_event(pipe->pipes, pipe->peer, NULL, IGRS_PIPE_SILENT);
    else if (pipe->asks_again)
        detect(pipe);
    else
        wake_after(pipe, IGRS_PIPE_RETRY_MS);
}

static void
nothing(Pipe *pipe G_GNUC_UNUSED)
{
}

static const struct {
    IgrsPipeState state;
    IgrsPipeEvent event;
    IgrsPipeState next;
    void (*act)(Pipe *pipe); /* after the state is the next one */
} pipe_table[] = {
    { IGRS_PIPE_CLOSED, IGRS_PIPE_CREATE_REQUEST,    IGRS_PIPE_OPEN,   open_pipe },
    { IGRS_PIPE_CLOSED, IGRS_PIPE_INTRODUCTION,      IGRS_PIPE_OPEN,   open_pipe },
    { IGRS_PIPE_CLOSED, IGRS_PIPE_WANTED,            IGRS_PIPE_ASKED,  ask },

    { IGRS_PIPE_ASKED,  IGRS_PIPE_CREATE_REQUEST,    IGRS_PIPE_OPEN,   open_pipe },
    { IGRS_PIPE_ASKED,  IGRS_PIPE_INTRODUCTION,      IGRS_PIPE_OPEN,   open_pipe },
    { IGRS_PIPE_ASKED,  IGRS_PIPE_WANTED,            IGRS_PIPE_ASKED,  nothing },
    { IGRS_PIPE_ASKED,  IGRS_PIPE_ACCEPTED,          IGRS_PIPE_OPEN,   open_pipe },
    { IGRS_PIPE_ASKED,  IGRS_PIPE_REFUSED,           IGRS_PIPE_CLOSED, end },
    { IGRS_PIPE_ASKED,  IGRS_PIPE_BYEBYE,            IGRS_PIPE_CLOSED, end },
    { IGRS_PIPE_ASKED,  IGRS_PIPE_LEAVE,             IGRS_PIPE_CLOSED, end },

    { IGRS_PIPE_OPEN,   IGRS_PIPE_CREATE_REQUEST,    IGRS_PIPE_OPEN,   reopen },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_INTRODUCTION,      IGRS_PIPE_OPEN,   hear },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_MESSAGE,           IGRS_PIPE_OPEN,   hear },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_DETECTION_REQUEST, IGRS_PIPE_OPEN,   hear },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_DETACH_NOTIFY,     IGRS_PIPE_CLOSED, end },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_WANTED,            IGRS_PIPE_OPEN,   nothing },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_ACCEPTED,          IGRS_PIPE_OPEN,   hear }, /* both asked */
    { IGRS_PIPE_OPEN,   IGRS_PIPE_REFUSED,           IGRS_PIPE_OPEN,   nothing },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_ALIVE,             IGRS_PIPE_OPEN,   hear_answer },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_MISSED,            IGRS_PIPE_OPEN,   miss },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_UNKNOWN,           IGRS_PIPE_CLOSED, end },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_BYEBYE,            IGRS_PIPE_CLOSED, end },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_PROBE,             IGRS_PIPE_OPEN,   detect },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_LEAVE,             IGRS_PIPE_CLOSED, leave },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_IDLE,              IGRS_PIPE_OPEN,   detect },
    { IGRS_PIPE_OPEN,   IGRS_PIPE_SILENT,            IGRS_PIPE_CLOSED, leave },
};

static void
pipe_free(gpointer data)
{
    Pipe *pipe = data;

    clock_cancel(pipe->pipes->clock, &pipe->timer);
    g_free(pipe->peer);
    g_free(pipe->address);
    g_free(pipe->location);
    g_free(pipe);
}

IgrsPipes *
igrs_pipes_new(Clock *clock, const IgrsPipeHooks *hooks, gpointer user_data)
{
    IgrsPipes *pipes = g_new0(IgrsPipes, 1);

    *pipes = (IgrsPipes){ .clock = clock, .hooks = hooks, .user_data = user_data };
    pipes->table =
        g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, NULL, pipe_free);
    return pipes;
}

void
igrs_pipes_free(IgrsPipes *pipes)
{
    if (pipes == NULL)
        return;
    g_hash_table_unref(pipes->table);
    g_free(pipes);
}

/* Silence counts from what was heard last, so the timer is not wound up at each message. */
static void
on_timer(gpointer data)
{
    Pipe *pipe = data;
    int64_t silent_ms = clock_now_ms(pipe->pipes->clock) - pipe->heard_ms;

    pipe->timer = 0;
    if (pipe->misses == 0 && silent_ms < IGRS_PIPE_IDLE_MS)
        wake_after(pipe, IGRS_PIPE_IDLE_MS - silent_ms);
    else
        igrs_pipes_event(pipe->pipes, pipe->peer, NULL, IGRS_PIPE_IDLE);
}

static guint
count_of_address(const IgrsPipes *pipes, const char *address)
{
    GHashTableIter iter;
    gpointer value;
    guint count = 0;

    g_hash_table_iter_init(&iter, pipes->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (g_strcmp0(((Pipe *)value)->address, address) == 0)
            count++;
    return count;
}

/* Those that we open ourselves are bounded by the table of devices. */
static unsigned
check_room(const IgrsPipes *pipes, const char *address)
{
    if (address == NULL)
        return 200;
    if (count_of_address(pipes, address) >= IGRS_PIPES_PER_ADDRESS_MAX)
        return 429;
    return g_hash_table_size(pipes->table) >= IGRS_PIPES_MAX ? 503 : 200;
}

static Pipe *
pipe_new(IgrsPipes *pipes, const char *peer, const char *address)
{
    Pipe *pipe = g_new0(Pipe, 1);

    *pipe = (Pipe){ .pipes = pipes, .peer = g_strdup(peer), .address = g_strdup(address) };
    g_hash_table_insert(pipes->table, pipe->peer, pipe);
    return pipe;
}

unsigned
igrs_pipes_event(IgrsPipes *pipes, const char *peer, const char *address, IgrsPipeEvent event)
{
    Pipe *pipe = g_hash_table_lookup(pipes->table, peer);
    IgrsPipeState state = pipe != NULL ? pipe->state : IGRS_PIPE_CLOSED;
    guint row = 0;

    while (row < G_N_ELEMENTS(pipe_table) &&
           (pipe_table[row].state != state || pipe_table[row].event != event))
        row++;
    if (row == G_N_ELEMENTS(pipe_table))
        return 482;
    if (pipe == NULL) {
        unsigned code = check_room(pipes, address);
        if (code != 200)
            return code;
        pipe = pipe_new(pipes, peer, address);
    }
    pipe->state = pipe_table[row].next;
    if (pipe->state == IGRS_PIPE_CLOSED)
        g_hash_table_steal(pipes->table, pipe->peer);
    pipe_table[row].act(pipe);
    if (pipe_table[row].next == IGRS_PIPE_CLOSED)
        pipe_free(pipe);
    return 200;
}

IgrsPipeState
igrs_pipes_state(const IgrsPipes *pipes, const char *peer)
{
    const Pipe *pipe = g_hash_table_lookup(pipes->table, peer);

    return pipe != NULL ? pipe->state : IGRS_PIPE_CLOSED;
}

void
igrs_pipes_set_location(IgrsPipes *pipes, const char *peer, const char *location)
{
    Pipe *pipe = g_hash_table_lookup(pipes->table, peer);

    if (pipe == NULL)
        return;
    g_free(pipe->location);
    pipe->location = g_strdup(location);
}

const char *
igrs_pipes_location(const IgrsPipes *pipes, const char *peer)
{
    const Pipe *pipe = g_hash_table_lookup(pipes->table, peer);

    return pipe != NULL ? pipe->location : NULL;
}

static void
event_to_all(IgrsPipes *pipes, IgrsPipeEvent event, IgrsPipeWants wants, gpointer user_data)
{
    g_autoptr(GPtrArray) peers = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, pipes->table);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (wants == NULL || wants(key, user_data))
            g_ptr_array_add(peers, g_strdup(key));
    for (guint i = 0; i < peers->len; i++)
        igrs_pipes_event(pipes, g_ptr_array_index(peers, i), NULL, event);
}

void
igrs_pipes_leave(IgrsPipes *pipes, IgrsPipeWants wants, gpointer user_data)
{
    event_to_all(pipes, IGRS_PIPE_LEAVE, wants, user_data);
}

void
igrs_pipes_probe(IgrsPipes *pipes)
{
    event_to_all(pipes, IGRS_PIPE_PROBE, NULL, NULL);
}

guint
igrs_pipes_count(const IgrsPipes *pipes)
{
    return g_hash_table_size(pipes->table);
}
