/* relay-stream.c -- see relay-stream.h; a reader that goes elsewhere asks its server anew */
#include "appliance/delivery/relay-stream.h"

typedef struct {
    Stream stream;
    char *url;
    GInetSocketAddress *address;
    gint *streams; /* borrowed */
    RelayFetch *fetch;
    HubReader *reader;
    uint64_t at; /* where the reader is */
} RelayStream;

static void
stop(RelayStream *relay)
{
    g_clear_pointer(&relay->reader, hub_reader_free);
    g_clear_pointer(&relay->fetch, relay_fetch_free);
}

static gssize
relay_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    RelayStream *relay = (RelayStream *)stream;

    if (offset != relay->at) {
        stop(relay);
        relay->fetch = relay_fetch_new(
            &(RelayQuestion){ .url = relay->url, .address = relay->address, .offset = offset },
            NULL, NULL);
        relay->reader = relay_fetch_reader(relay->fetch);
        relay->at = offset;
    }
    gssize got = hub_reader_read(relay->reader, buffer, size, error);
    if (got > 0)
        relay->at += (uint64_t)got;
    return got;
}

static void
relay_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    hub_reader_wait(((RelayStream *)stream)->reader, wake, user_data);
}

static void
relay_free(Stream *stream)
{
    RelayStream *relay = (RelayStream *)stream;

    stop(relay);
    g_atomic_int_add(relay->streams, -1);
    g_object_unref(relay->address);
    g_free(relay->url);
    g_free(stream->mime);
    g_free(stream->etag);
    g_free(relay);
}

static const StreamClass class = { .read = relay_read, .wait = relay_wait, .free = relay_free };

Stream *
relay_stream_new(RelayFetch *fetch, const RelayFacts *facts, const RelayQuestion *question,
                 gint *streams)
{
    RelayStream *relay = g_new0(RelayStream, 1);

    relay->stream = (Stream){ .class = &class, .mime = g_strdup(facts->mime),
                              .length = facts->length, .is_seekable = facts->has_parts, .fd = -1,
                              .etag = g_strdup(facts->etag) };
    relay->url = g_strdup(question->url);
    relay->address = g_object_ref(question->address);
    relay->streams = streams;
    relay->fetch = fetch;
    relay->reader = relay_fetch_reader(fetch);
    g_atomic_int_add(streams, 1);
    return &relay->stream;
}

/* -- A part of one -------------------------------------------------------------------------- */

typedef struct {
    Stream stream;
    Stream *whole;
    uint64_t offset, length;
} PartStream;

static gssize
part_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    const PartStream *part = (PartStream *)stream;
    uint64_t left = part->length - MIN(offset, part->length);

    return left > 0 ? stream_read(part->whole, part->offset + offset, buffer,
                                  (size_t)MIN(size, left), error)
                    : 0;
}

static void
part_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    Stream *whole = ((PartStream *)stream)->whole;

    whole->class->wait(whole, wake, user_data);
}

static void
part_free(Stream *stream)
{
    stream_free(((PartStream *)stream)->whole);
    g_free(stream);
}

static const StreamClass part_class = { .read = part_read, .wait = part_wait, .free = part_free };

Stream *
relay_stream_part(Stream *whole, uint64_t offset, int64_t length)
{
    PartStream *part = g_new0(PartStream, 1);

    part->stream = (Stream){ .class = &part_class, .length = -1, .fd = -1 };
    part->whole = whole;
    part->offset = offset;
    part->length = length >= 0 ? (uint64_t)length : UINT64_MAX;
    return &part->stream;
}
