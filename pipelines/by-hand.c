/* by-hand.c -- see by-hand.h */
#include "pipelines/by-hand.h"

#include "base/text.h"
#include "pipelines/conversion.h"
#include "pipelines/delivery.h"
#include "pipelines/thumbnailer.h"
#include "pipelines/worker-pool.h"
#include "pipelines/worker-process.h"

#include <stdio.h>
#include <unistd.h>

#define SELF "/proc/self/exe"
#define RING_SIZE (8 * 1024 * 1024)

static void
print_fields(const char *indent, const MediaField *fields, const void *record)
{
    for (const MediaField *field = fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT) {
            const char *text = media_field_text(record, field);
            if (text != NULL)
                printf("%s%s: %s\n", indent, field->name, text);
        } else if (media_field_number(record, field) != 0) {
            printf("%s%s: %" G_GINT64_FORMAT "\n", indent, field->name,
                   media_field_number(record, field));
        }
    }
}

static void
print_result(const ProbeResult *result)
{
    const char *path = result->tag;

    if (!result->is_readable) {
        printf("%s\n  unreadable: %s\n", path, result->reason);
        return;
    }
    printf("%s\n  kind: %s\n", path, media_kind_name(result->facts.kind));
    print_fields("  ", media_fields, &result->facts);
    g_autoptr(MediaDetails) details =
        result->details != NULL ? media_details_decode(result->details, result->details_size)
                                : NULL;
    for (MediaListKind kind = 0; kind < MEDIA_LIST_N; kind++) {
        for (guint i = 0; i < media_details_count(details, kind); i++) {
            printf("  %s %u\n", media_list_types[kind].name, i + 1);
            print_fields("    ", media_list_types[kind].fields,
                         media_details_get(details, kind, i));
        }
    }
}

/* Exit code 1 when a file was unreadable. */
int
by_hand_probe(int count, char **paths)
{
    Probe *probe = worker_pool_probe_new(&(WorkerPoolOptions){ .program = SELF });
    int submitted = 0, code = 0;
    ProbeResult result;

    for (int collected = 0; collected < count; collected++) {
        while (submitted < count && probe->class->submit(probe, paths[submitted], paths[submitted]))
            submitted++;
        if (!probe->class->collect(probe, -1, &result))
            break;
        print_result(&result);
        if (!result.is_readable)
            code = 1;
    }
    probe->class->free(probe);
    return code;
}

typedef struct {
    GMainLoop *loop;
    Thumbnailer *thumbnailer;
    const char *to;
    int code;
} Errand;

static void
on_thumbnail(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Errand *errand = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) jpeg = thumbnailer_make_finish(errand->thumbnailer, result, &error);
    gsize size = 0;
    const char *data = jpeg != NULL ? g_bytes_get_data(jpeg, &size) : NULL;

    if (jpeg == NULL || !g_file_set_contents(errand->to, data, (gssize)size, &error)) {
        fprintf(stderr, "duoping-worker: %s\n", error->message);
        errand->code = 1;
    }
    g_main_loop_quit(errand->loop);
}

/* What the library would know of path, asked of a worker; NULL: it is unreadable. */
static MediaObject *
object_of(const char *path)
{
    Probe *probe = worker_pool_probe_new(&(WorkerPoolOptions){ .program = SELF });
    MediaObject *object = NULL;
    ProbeResult result;

    if (probe->class->submit(probe, path, NULL) && probe->class->collect(probe, -1, &result) &&
        result.is_readable) {
        g_autoptr(MediaDetails) details =
            result.details != NULL ? media_details_decode(result.details, result.details_size)
                                   : NULL;
        object = media_object_copy(&(MediaObject){ .title = path, .path = path,
                                                   .kind = result.facts.kind,
                                                   .facts = result.facts, .details = details });
    }
    probe->class->free(probe);
    return object;
}

int
by_hand_thumbnail(const char *path, const char *to, const char *width_text)
{
    uint32_t width = 0;

    if (width_text != NULL && !text_to_u32(width_text, 1, 4096, &width)) {
        fprintf(stderr, "duoping-worker: %s is no width\n", width_text);
        return 2;
    }
    g_autoptr(MediaObject) object = object_of(path);
    Errand errand = { g_main_loop_new(NULL, FALSE), thumbnailer_new(SELF), to, 0 };
    thumbnailer_make(errand.thumbnailer,
                     &(PictureSource){ .path = (char *)path,
                                       .kind = object == NULL ? MEDIA_IMAGE : object->kind },
                     thumbnailer_width(width), NULL, on_thumbnail, &errand);
    g_main_loop_run(errand.loop);
    thumbnailer_free(errand.thumbnailer);
    g_main_loop_unref(errand.loop);
    return errand.code;
}

/* -- Conversions ------------------------------------------------------------------------------- */

typedef struct {
    GMainLoop *loop;
    GError *error;
} Making;

static void
on_begun(gpointer user_data)
{
}

static void
on_ended(const GError *error, gpointer user_data)
{
    Making *making = user_data;

    making->error = error != NULL ? g_error_copy(error) : NULL;
    g_main_loop_quit(making->loop);
}

/* The hub's octets into a file, on a thread of its own. */
typedef struct {
    HubReader *reader;
    FILE *to;
} Copying;

static void
on_news(gpointer user_data)
{
    g_async_queue_push(user_data, user_data);
}

static gpointer
copy(gpointer data)
{
    Copying *copying = data;
    g_autoptr(GAsyncQueue) news = g_async_queue_new();
    g_autofree char *block = g_malloc(RING_SIZE / 8);
    gssize got;

    while ((got = hub_reader_read(copying->reader, block, RING_SIZE / 8, NULL)) != 0 && got != -1) {
        if (got == HUB_LATER) {
            hub_reader_wait(copying->reader, on_news, news);
            g_async_queue_pop(news);
        } else if (fwrite(block, 1, (size_t)got, copying->to) != (size_t)got) {
            break;
        }
    }
    hub_reader_free(copying->reader);
    return NULL;
}

static GError *
convert(const MediaObject *object, int file, const ConversionOrder *order, FILE *to)
{
    static const ConversionEvents events = { on_begun, on_ended };
    g_autoptr(StreamHub) hub = stream_hub_new(RING_SIZE);
    Copying copying = { hub_reader_new(hub, HUB_FILE), to };
    Making making = { g_main_loop_new(NULL, FALSE), NULL };
    GThread *thread = g_thread_new("copy", copy, &copying);
    ConversionParts parts = { .program = SELF, .name = object->path, .file = file, .hub = hub };
    g_autoptr(Conversion) conversion = conversion_start(&parts, order, &events, &making);

    g_main_loop_run(making.loop);
    g_thread_join(thread);
    g_main_loop_unref(making.loop);
    return making.error;
}

static int
complain(GError *error)
{
    fprintf(stderr, "duoping-worker: %s\n", error->message);
    g_error_free(error);
    return 1;
}

int
by_hand_convert(const char *path, const char *profile, const char *to, const char *start_ms)
{
    DeliveryWish wish = { .name = profile, .profile = profile_find(profile), .audio_track = -1 };
    g_auto(Delivery) delivery = { 0 };
    g_autoptr(GError) error = NULL;
    uint32_t start = 0;

    if (wish.profile == NULL ||
        (start_ms != NULL && !text_to_u32(start_ms, 0, G_MAXINT32, &start))) {
        fputs("duoping-worker: there is no such profile, or no such time\n", stderr);
        return 2;
    }
    g_autoptr(MediaObject) object = object_of(path);
    int file = worker_open_media(path, &error);
    if (file < 0)
        return complain(g_steal_pointer(&error));
    if (object == NULL || !delivery_decide(&delivery, object, &wish, &error)) {
        close(file);
        return complain(object != NULL ? g_steal_pointer(&error)
                                       : g_error_new(G_FILE_ERROR, 0, "%s is unreadable", path));
    }
    printf("%s: %s\n", delivery_how_name(delivery.how), delivery.reason);
    if (delivery.how == DELIVERY_DIRECT) {
        close(file);
        return 0;
    }
    FILE *output = fopen(to, "wb");
    if (output == NULL) {
        perror(to);
        close(file);
        return 1;
    }
    ConversionOrder order = delivery_order(&delivery, object, start, 0);
    GError *problem = convert(object, file, &order, output);
    fclose(output);
    return problem != NULL ? complain(problem) : 0;
}
