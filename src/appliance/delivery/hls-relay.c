/* hls-relay.c -- see hls-relay.h
 *
 * One thing is under way at a time: an inquiry, or a pump that reads what it found, a list into
 * memory or a part into the ring. */
#include "appliance/delivery/hls-relay.h"

#include "appliance/delivery/relay-rules.h"
#include "appliance/delivery/relay-stream.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/post.h"
#include "model/stream-pump.h"
#include "wire/hls-list.h"
#include "wire/protocol-info.h"

#include <string.h>

#define RING_SIZE (4 * 1024 * 1024)
#define LIVE_PARTS 3       /* that far from its end one begins (RFC 8216, 6.3.3) */
#define LISTS_DEEP 2       /* a master list, and what it names */
#define LOOK_LEAST_MS 1000
#define LOOK_MOST_MS 15000
#define PATIENCE_MS 60000  /* until a list that ought to grow has */

struct HlsRelay {
    gatomicrefcount references; /* the owner's, and that of whatever is under way */
    Relays *relays;             /* borrowed; NULL: it is over */
    HlsRelayOver over;
    RelayOpened opened; /* NULL: it was told */
    gpointer user_data;
    Clock *clock;
    guint timer;
    char *url; /* of the list */
    guint lists;
    HlsList *list;    /* NULL: none that names parts was read yet */
    uint64_t next;    /* the part that is sent next, */
    int64_t grown_ms; /* and when there was one last */
    char *header;     /* what was sent before the parts; NULL: nothing */
    const HlsPlace *sending; /* of list: a header, or the part itself */
    bool is_header;
    StreamHub *hub;
    StreamPump *pump;
    GByteArray *text; /* of a list that is being read */
    bool is_whole;    /* what the pump came to */
    GError *error;
};

static void send_next(HlsRelay *relay);

static HlsRelay *
relay_ref(HlsRelay *relay)
{
    g_atomic_ref_count_inc(&relay->references);
    return relay;
}

static void
relay_unref(HlsRelay *relay)
{
    if (!g_atomic_ref_count_dec(&relay->references))
        return;
    hls_list_free(relay->list);
    stream_hub_unref(relay->hub);
    g_byte_array_unref(relay->text);
    g_clear_error(&relay->error);
    g_free(relay->header);
    g_free(relay->url);
    g_free(relay);
}

/* The end of it; error: NULL: all was sent. */
static void
finish(HlsRelay *relay, const GError *error)
{
    Relays *relays = relay->relays;
    RelayOpened opened = relay->opened;

    if (relays == NULL)
        return;
    relay->relays = NULL;
    relay->opened = NULL;
    clock_cancel(relay->clock, &relay->timer);
    clock_free(relay->clock);
    if (relay->pump != NULL)
        stream_hub_close(relay->hub);
    stream_pump_free(relay->pump);
    relay->pump = NULL;
    stream_hub_end(relay->hub, error);
    if (error != NULL)
        g_info("%s is not sent on: %s", relay->url, error->message);
    if (opened != NULL)
        opened(NULL, error, relay->user_data);
    relay->over(relay, relays);
}

static void
fail(HlsRelay *relay, DuoError code, const char *message)
{
    g_autoptr(GError) error = g_error_new_literal(DUO_ERROR, (gint)code, message);

    finish(relay, error);
}

/* -- What is read ------------------------------------------------------------------------------ */

typedef struct {
    Stream stream;
    HubReader *reader;
    HlsRelay *relay;
} HlsStream;

static gssize
hls_read(Stream *stream, uint64_t offset G_GNUC_UNUSED, void *buffer, size_t size, GError **error)
{
    return hub_reader_read(((HlsStream *)stream)->reader, buffer, size, error);
}

static void
hls_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    hub_reader_wait(((HlsStream *)stream)->reader, wake, user_data);
}

static void
on_left(gpointer data)
{
    fail(data, DUO_ERROR_UNAVAILABLE, "nobody reads it any more");
    relay_unref(data);
}

static void
hls_free(Stream *stream)
{
    HlsStream *own = (HlsStream *)stream;

    hub_reader_free(own->reader);
    stream_hub_close(own->relay->hub);
    post(NULL, on_left, own->relay);
    g_free(stream->mime);
    g_free(own);
}

static const StreamClass class = { .read = hls_read, .wait = hls_wait, .free = hls_free };

/* What the parts are: MP4 has headers, and sound alone says so in its name. */
static const char *
mime_of(const HlsRelay *relay, const HlsPart *part)
{
    g_autofree char *name = g_strndup(part->place.uri, strcspn(part->place.uri, "?#"));
    const char *mime = mime_from_name(name);

    if (part->header >= 0)
        return "video/mp4";
    return mime != NULL && mime_kind(mime) == MEDIA_AUDIO && relay->header == NULL ? mime
                                                                                   : "video/mp2t";
}

static void
begin(HlsRelay *relay, const HlsPart *part)
{
    HlsStream *own = g_new0(HlsStream, 1);
    RelayOpened opened = relay->opened;

    own->stream = (Stream){ .class = &class, .mime = g_strdup(mime_of(relay, part)), .length = -1,
                            .fd = -1 };
    own->reader = hub_reader_new(relay->hub, HUB_FILE);
    own->relay = relay_ref(relay);
    relay->opened = NULL;
    opened(&own->stream, NULL, relay->user_data);
}

/* -- The pump ---------------------------------------------------------------------------------- */

static bool
into_ring(const void *octets, size_t count, gpointer user_data, GError **error G_GNUC_UNUSED)
{
    HlsRelay *relay = user_data;
    const char *from = octets;

    while (count > 0) {
        size_t room;
        void *place = stream_hub_reserve(relay->hub, &room);
        if (place == NULL)
            return false;
        room = MIN(room, count);
        memcpy(place, from, room);
        stream_hub_commit(relay->hub, room, false);
        from += room;
        count -= room;
    }
    return true;
}

static bool
into_text(const void *octets, size_t count, gpointer user_data, GError **error)
{
    GByteArray *text = ((HlsRelay *)user_data)->text;

    if (text->len + count > HLS_LIST_SIZE_MAX) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "its list is too long");
        return false;
    }
    g_byte_array_append(text, octets, (guint)count);
    return true;
}

static void on_text(gpointer data);
static void on_sent(gpointer data);

static void
note_end(HlsRelay *relay, bool is_whole, const GError *error)
{
    relay->is_whole = is_whole;
    relay->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
text_over(bool is_whole, const GError *error, gpointer user_data)
{
    note_end(user_data, is_whole, error);
    post(NULL, on_text, user_data);
}

static void
part_over(bool is_whole, const GError *error, gpointer user_data)
{
    note_end(user_data, is_whole, error);
    post(NULL, on_sent, user_data);
}

static const StreamPumpSink text_sink = { into_text, text_over },
                            ring_sink = { into_ring, part_over };

/* The reference that came with it goes back when its end is heard of. */
static void
pump(HlsRelay *relay, Stream *stream, const StreamPumpSink *sink)
{
    g_clear_error(&relay->error);
    relay->pump = stream_pump_new(stream, sink, relay_ref(relay));
}

/* True: it goes on. */
static bool
end_pump(HlsRelay *relay)
{
    if (relay->relays == NULL)
        return false;
    g_clear_pointer(&relay->pump, stream_pump_free);
    return true;
}

/* -- Lists ------------------------------------------------------------------------------------- */

static void
on_list_found(const RelayFound *found, const GError *error, gpointer user_data);

static void
on_look_due(gpointer data)
{
    HlsRelay *relay = data;

    relay->timer = 0;
    relays_get(relay->relays, relay->url, on_list_found, relay_ref(relay));
}

/* There is nothing to send now; it may come yet. */
static void
look_later(HlsRelay *relay)
{
    int64_t wait_ms = relay->list->target_ms / 2;

    if (clock_now_ms(relay->clock) - relay->grown_ms > PATIENCE_MS)
        fail(relay, DUO_ERROR_TIMEOUT, "nothing is added to its list any more");
    else
        relay->timer = clock_after(relay->clock, CLAMP(wait_ms, LOOK_LEAST_MS, LOOK_MOST_MS),
                                   on_look_due, relay);
}

/* The address there of what the list names; NULL: none that we go to, and it is over. */
static char *
follow(HlsRelay *relay, const char *uri)
{
    g_autoptr(GError) error = NULL;
    char *url = relay_follow(relay->url, uri, &error);

    if (url == NULL)
        fail(relay, DUO_ERROR_DENIED, "its list names an address that is not fetched from");
    return url;
}

static void
take_master(HlsRelay *relay, const HlsList *list)
{
    const HlsVariant *variant = hls_list_choose(list);

    if (variant == NULL || ++relay->lists >= LISTS_DEEP) {
        fail(relay, DUO_ERROR_UNSUPPORTED,
             variant == NULL ? "its sound lies in a list of its own, which is not put together here"
                             : "its lists name lists and no parts");
        return;
    }
    char *url = follow(relay, variant->uri);
    if (url == NULL)
        return;
    g_free(relay->url);
    relay->url = url;
    relays_get(relay->relays, url, on_list_found, relay_ref(relay));
}

/* What plays already goes on where it is; else from the beginning, or near the end of what is
 * live. */
static void
take_media(HlsRelay *relay, HlsList *list)
{
    bool is_first = relay->list == NULL;

    hls_list_free(relay->list);
    relay->list = list;
    if (list->is_encrypted) {
        fail(relay, DUO_ERROR_UNSUPPORTED, "it is encrypted");
        return;
    }
    if (is_first)
        relay->next = list->first + (!list->is_over && list->parts->len > LIVE_PARTS
                                         ? list->parts->len - LIVE_PARTS : 0);
    relay->next = MAX(relay->next, list->first);
    send_next(relay);
}

static void
on_text(gpointer data)
{
    HlsRelay *relay = data;
    g_autoptr(GError) error = NULL;

    if (end_pump(relay)) {
        HlsList *list = relay->is_whole ? hls_list_decode((const char *)relay->text->data,
                                                          relay->text->len, &error)
                                        : NULL;
        if (list == NULL && relay->list != NULL) {
            look_later(relay);
        } else if (list == NULL) {
            finish(relay, error != NULL ? error : relay->error);
        } else if (list->variants->len > 0) {
            take_master(relay, list);
            hls_list_free(list);
        } else {
            take_media(relay, list);
        }
    }
    relay_unref(relay);
}

static void
read_list(HlsRelay *relay, const RelayFound *found)
{
    g_free(relay->url);
    relay->url = g_strdup(found->url);
    g_byte_array_set_size(relay->text, 0);
    pump(relay, found->stream, &text_sink);
}

static void
on_list_found(const RelayFound *found, const GError *error, gpointer user_data)
{
    HlsRelay *relay = user_data;

    if (relay->relays == NULL && found != NULL)
        stream_free(found->stream);
    else if (relay->relays != NULL && found != NULL)
        read_list(relay, found);
    else if (relay->relays != NULL && relay->list != NULL)
        look_later(relay);
    else
        finish(relay, error);
    relay_unref(relay);
}

/* -- Parts ------------------------------------------------------------------------------------- */

static const HlsPart *
next_part(const HlsRelay *relay)
{
    uint64_t number = relay->next - relay->list->first;

    return number < relay->list->parts->len ? relay->list->parts->pdata[number] : NULL;
}

static char *
name_of(const HlsPlace *place)
{
    return g_strdup_printf("%s@%" G_GUINT64_FORMAT, place->uri, place->offset);
}

/* It was sent, or what is live goes on without it. */
static void
pass(HlsRelay *relay)
{
    if (relay->is_header) {
        g_free(relay->header);
        relay->header = name_of(relay->sending);
    } else {
        relay->next++;
        relay->grown_ms = clock_now_ms(relay->clock);
    }
    send_next(relay);
}

static void
miss(HlsRelay *relay, const GError *error)
{
    bool is_live = !relay->list->is_over && !relay->is_header && relay->opened == NULL;

    if (is_live && clock_now_ms(relay->clock) - relay->grown_ms < PATIENCE_MS) {
        relay->next++;
        look_later(relay);
    } else {
        finish(relay, error);
    }
}

static void
on_sent(gpointer data)
{
    HlsRelay *relay = data;

    if (end_pump(relay)) {
        if (relay->is_whole)
            pass(relay);
        else
            miss(relay, relay->error);
    }
    relay_unref(relay);
}

static void
on_part_found(const RelayFound *found, const GError *error, gpointer user_data)
{
    HlsRelay *relay = user_data;

    if (relay->relays == NULL && found != NULL) {
        stream_free(found->stream);
    } else if (relay->relays != NULL && found != NULL) {
        const HlsPlace *place = relay->sending;
        if (relay->opened != NULL)
            begin(relay, next_part(relay));
        pump(relay, relay_stream_part(found->stream, place->offset, place->length), &ring_sink);
    } else if (relay->relays != NULL) {
        miss(relay, error);
    }
    relay_unref(relay);
}

/* The next part, or what goes before it. */
static void
send_next(HlsRelay *relay)
{
    const HlsPart *part = next_part(relay);

    if (part == NULL && relay->list->is_over && relay->opened == NULL) {
        finish(relay, NULL);
        return;
    }
    if (part == NULL && relay->list->is_over) {
        fail(relay, DUO_ERROR_UNSUPPORTED, "its list is empty");
        return;
    }
    if (part == NULL) {
        look_later(relay);
        return;
    }
    const HlsPlace *header =
        part->header >= 0 ? relay->list->headers->pdata[part->header] : NULL;
    g_autofree char *name = header != NULL ? name_of(header) : NULL;
    relay->is_header = header != NULL && g_strcmp0(name, relay->header) != 0;
    relay->sending = relay->is_header ? header : &part->place;
    g_autofree char *url = follow(relay, relay->sending->uri);
    if (url != NULL)
        relays_get(relay->relays, url, on_part_found, relay_ref(relay));
}

/* -- The object -------------------------------------------------------------------------------- */

HlsRelay *
hls_relay_new(Relays *relays, const RelayFound *found, HlsRelayOver over, RelayOpened opened,
              gpointer user_data)
{
    HlsRelay *relay = g_new0(HlsRelay, 1);

    g_atomic_ref_count_init(&relay->references);
    relay->relays = relays;
    relay->over = over;
    relay->opened = opened;
    relay->user_data = user_data;
    relay->clock = clock_new();
    relay->grown_ms = clock_now_ms(relay->clock);
    relay->hub = stream_hub_new(RING_SIZE);
    relay->text = g_byte_array_new();
    read_list(relay, found);
    return relay;
}

void
hls_relay_free(HlsRelay *relay)
{
    g_autoptr(GError) error =
        g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server stops");

    finish(relay, error);
    relay_unref(relay);
}
