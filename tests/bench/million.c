/* million.c -- a library of a million items, made and asked: does it stay flat?
 *
 *   million DIRECTORY [ITEMS]
 *
 * Fills DIRECTORY/media.db through the writer, as the indexer does, with songs, pictures and videos
 * that no disk holds; then asks for pages anywhere and for words of every frequency, as one http
 * thread does. Prints one line a figure, "million, WHAT: VALUE UNIT, least|most|figure [MARK]";
 * times are CPU time of the thread that asks, so that a busy machine tells the same. */
#include "media-db/reader.h"
#include "media-db/views.h"
#include "media-db/writer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define PER_FOLDER 500
#define WORDS 50000 /* of the vocabulary; the Nth is in one of about N titles */
#define BATCH 500
#define ASKED 1000

/* Syllables: as many as tongues have, so that three letters tell as much as they do in titles. */
static const char *const begins[] = { "b", "ch", "d",  "f", "g",  "h", "j", "k",
                                      "l", "m",  "n",  "p", "qu", "r", "s", "sh",
                                      "t", "th", "tr", "v", "w",  "x", "y", "z" };
static const char *const middles[] = { "a", "e", "i", "o", "u", "ai", "ee", "ou" };
static const char *const ends[] = { "", "l", "m", "n", "r", "s", "t", "ng" };

static guint32
chance(guint32 *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void
put_word(GString *out, guint number)
{
    do {
        guint part = number * 7919 % 1536;
        g_string_append(out, begins[part % 24]);
        g_string_append(out, middles[part / 24 % 8]);
        g_string_append(out, ends[part / 192]);
        number /= 1536;
        part = part * 31 % 1536;
        g_string_append(out, begins[part % 24]);
        g_string_append(out, middles[part / 24 % 8]);
    } while (number > 0);
}

/* Words as people use them: the Nth as often as 1/N. */
static guint
some_word(guint32 *state)
{
    double part = (double)chance(state) / (1 << 24);

    return (guint)pow(WORDS, part) - 1;
}

static char *
some_title(guint32 *state, guint number)
{
    GString *title = g_string_new(NULL);

    for (guint i = 0; i < 3; i++) {
        put_word(title, some_word(state));
        g_string_append_c(title, ' ');
    }
    g_string_append_printf(title, "%u", number % 1000);
    return g_string_free(title, FALSE);
}

static int64_t
put_item(Writer *writer, int64_t folder, guint number, guint32 *state)
{
    guint kind = number / PER_FOLDER % 10; /* 7 folders of music, 2 of pictures, 1 of videos */
    g_autofree char *title = some_title(state, number);
    g_autofree char *name = g_strdup_printf("%s.%s", title, kind < 7 ? "mp3" : kind < 9 ? "jpg" : "mkv");
    g_autofree char *artist = g_strdup_printf("Artist %u", number / 150);
    g_autofree char *album = g_strdup_printf("Album %u", number / 12);
    g_autofree char *genre = g_strdup_printf("Genre %u", number / PER_FOLDER % 40);
    g_autofree char *date = g_strdup_printf("%u-%02u-%02uT10:00:00", 1970 + number / 10000 % 55,
                                            1 + number / 300 % 12, 1 + number / 20 % 28);
    MediaFacts facts = { .kind = kind < 7   ? MEDIA_AUDIO
                                 : kind < 9 ? MEDIA_IMAGE
                                            : MEDIA_VIDEO,
                         .mime = kind < 7   ? "audio/mpeg"
                                 : kind < 9 ? "image/jpeg"
                                            : "video/x-matroska",
                         .date = date };
    DiskEntry entry = { .parent = folder,
                        .name = name,
                        .size_bytes = 4000000 + number,
                        .modified_ns = (1600000000 + (int64_t)number) * 1000000000,
                        .inode = 1000 + number };

    if (facts.kind == MEDIA_AUDIO) {
        facts.title = title;
        facts.artist = facts.album_artist = artist;
        facts.album = album;
        facts.genre = genre;
        facts.track = 1 + number % 12;
        facts.duration_ms = 200000;
        facts.audio_codec = "mp3";
        facts.bitrate = 192000;
        facts.sample_rate = 44100;
        facts.channels = 2;
    } else {
        facts.width = 4000;
        facts.height = 3000;
        facts.camera = facts.kind == MEDIA_IMAGE ? "Canon EOS 80D" : NULL;
        facts.video_codec = facts.kind == MEDIA_VIDEO ? "h264" : NULL;
        facts.audio_codec = facts.kind == MEDIA_VIDEO ? "aac" : NULL;
        facts.duration_ms = facts.kind == MEDIA_VIDEO ? 5400000 : 0;
    }
    return writer_put(writer, &entry, &facts, NULL, NULL);
}

static double
now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
tell(const char *what, double value, const char *unit, const char *kind, double mark)
{
    printf("million, %s: %.2f %s, %s %g\n", what, value, unit, kind, mark);
    fflush(stdout);
}

static double
peak_mb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void
fill(const char *path, guint items)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Writer) writer = writer_new(path, &error);
    guint32 state = 42;
    int64_t folder = 0;
    double began_s = now_s(), early_mb = 0;

    if (writer == NULL)
        g_error("%s", error->message);
    writer_begin(writer, NULL);
    int64_t root = writer_add_folder(
        writer, &(DiskEntry){ .parent = VIEW_FOLDERS, .name = "/media", .is_folder = true }, NULL);
    for (guint i = 0; i < items; i++) {
        if (i % PER_FOLDER == 0) {
            g_autofree char *name = g_strdup_printf("Folder %u", i / PER_FOLDER);
            folder = writer_add_folder(
                writer, &(DiskEntry){ .parent = root, .name = name, .is_folder = true }, &error);
        }
        if (put_item(writer, folder, i, &state) == 0 ||
            (i % BATCH == BATCH - 1 &&
             (!writer_commit(writer, &error) || !writer_begin(writer, &error))))
            g_error("%u: %s", i, error != NULL ? error->message : "?");
        if (i == items / 10)
            early_mb = peak_mb();
    }
    writer_commit(writer, NULL);
    tell("items written a second", items / (now_s() - began_s), "items/s", "figure", 0);
    tell("peak memory after a tenth", early_mb, "MiB", "figure", 0);
    tell("peak memory after all", peak_mb(), "MiB", "most", early_mb * 1.2);
}

static int
compare(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts times (seconds) and tells their median and 99th of a hundred in milliseconds. */
static void
tell_times(const char *what, GArray *times, double goal_ms)
{
    g_autofree char *p50 = g_strdup_printf("%s, p50", what);
    g_autofree char *p99 = g_strdup_printf("%s, p99", what);

    g_array_sort(times, compare);
    tell(p50, g_array_index(times, double, times->len / 2) * 1000, "ms", "figure", 0);
    tell(p99, g_array_index(times, double, times->len * 99 / 100) * 1000, "ms", "most", goal_ms);
    g_array_set_size(times, 0);
}

static bool
count_one(const MediaObject *object, gpointer count)
{
    ++*(guint *)count;
    return true;
}

static double
browse(Reader *reader, const char *id, uint32_t offset, uint32_t *total)
{
    CatalogRange range = { .offset = offset, .limit = 50 };
    CatalogResult result = { 0 };
    guint count = 0;
    double began_s = now_s();

    if (!reader_browse(reader, id, &range, count_one, &count, &result, NULL))
        g_error("%s is not there", id);
    *total = result.total;
    return now_s() - began_s;
}

static void
ask_pages(const char *path)
{
    static const char *const views[] = { "tracks", "photos", "all-videos", "albums", "artists" };
    g_autoptr(Reader) reader = reader_new(path, NULL);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    uint32_t totals[G_N_ELEMENTS(views)];
    guint32 state = 7;

    for (guint i = 0; i < G_N_ELEMENTS(views); i++) { /* nothing is known of it yet */
        g_autoptr(Reader) fresh = reader_new(path, NULL);
        double took_s = browse(fresh, views[i], 0, &totals[i]);
        g_autofree char *what = g_strdup_printf("first page of %s, of %u", views[i], totals[i]);
        tell(what, took_s * 1000, "ms", "figure", 0);
    }
    for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
        for (guint k = 0; k < ASKED; k++) {
            uint32_t total;
            double took_s = browse(reader, views[i], chance(&state) % totals[i], &total);
            g_array_append_val(times, took_s);
        }
    }
    tell_times("page of 50 anywhere", times, 10);
}

static void
ask_words(const char *path)
{
    static const struct {
        const char *what;
        guint from, to; /* the words asked for */
        double goal_ms;
    } kinds[] = { { "search, rare words", 20000, WORDS, 40 },
                  { "search, words in up to 20,000", 20, 2000, 40 },
                  { "search, words in more", 0, 12, 250 } };
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(Reader) reader = reader_new(path, NULL);
    guint32 state = 99;

    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        uint32_t most = 0;
        for (guint k = 0; k < ASKED / 5; k++) {
            g_autoptr(GString) word = g_string_new(NULL);
            CatalogRange range = { .limit = 50 };
            CatalogResult result = { 0 };
            guint count = 0;
            put_word(word, kinds[i].from + chance(&state) % (kinds[i].to - kinds[i].from));
            if (i == 2) { /* another question each time: so many letters of it */
                g_string_truncate(word, 3 + k / 12 % 3);
            }
            CatalogSearch search = { .words = word->str, .kind = MEDIA_ANY };
            double began_s = now_s();
            if (!reader_search(reader, &search, &range, count_one, &count, &result, NULL))
                g_error("%s cannot be searched for", word->str);
            double took_s = now_s() - began_s;
            g_array_append_val(times, took_s);
            most = MAX(most, result.total);
        }
        g_autofree char *what = g_strdup_printf("%s (at most %u hits)", kinds[i].what, most);
        tell_times(what, times, kinds[i].goal_ms);
    }
    for (char letter = 'a'; letter <= 'z'; letter++) {
        CatalogSearch search = { .words = (char[]){ letter, '\0' }, .kind = MEDIA_ANY };
        CatalogRange range = { .limit = 50 };
        CatalogResult result = { 0 };
        guint count = 0;
        double began_s = now_s();
        reader_search(reader, &search, &range, count_one, &count, &result, NULL);
        double took_s = now_s() - began_s;
        g_array_append_val(times, took_s);
    }
    tell_times("search, one letter", times, 250);
}

int
main(int argc, char **argv)
{
    guint items = argc > 2 ? (guint)atoi(argv[2]) : 1000000;

    if (argc < 2 || g_mkdir_with_parents(argv[1], 0700) != 0) {
        fprintf(stderr, "usage: million DIRECTORY [ITEMS]\n");
        return 2;
    }
    g_autofree char *path = g_build_filename(argv[1], "media.db", NULL);
    struct stat status;
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        fill(path, items);
    if (stat(path, &status) == 0)
        tell("database, bytes an item", (double)status.st_size / items, "bytes", "most", 1500);
    ask_pages(path);
    ask_words(path);
    tell("peak memory of it all", peak_mb(), "MiB", "figure", 0);
    return 0;
}
