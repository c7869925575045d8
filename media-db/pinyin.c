/* pinyin.c -- see pinyin.h */
#include "media-db/pinyin.h"

#include "media-db/database.h"

#include <string.h>

#define FIRST 0x4e00 /* the block of the letters in use */
#define LETTERS 0x5200
#define READINGS_MAX 3 /* of one letter */
#define RUN_MAX 64     /* letters; more is no name but a sentence, and its beginning will do */
#define VARIANTS_MAX 6 /* of one run */
#define SYLLABLE_MAX 7 /* with its NUL */

typedef struct {
    guint16 readings[LETTERS][READINGS_MAX]; /* rows of syllables; 0: no more */
    char syllables[512][SYLLABLE_MAX];       /* from row 1 on */
    guint count;
} Table;

static void
add_reading(Table *table, gunichar letter, guint16 syllable)
{
    guint16 *readings = table->readings[letter - FIRST];

    for (int i = 0; i < READINGS_MAX; i++) {
        if (readings[i] == syllable)
            return;
        if (readings[i] == 0) {
            readings[i] = syllable;
            return;
        }
    }
}

/* A line is a syllable, a blank, and the letters that are read so. */
static void
add_line(Table *table, const char *line)
{
    const char *blank = strchr(line, ' ');
    gsize length = blank != NULL ? (gsize)(blank - line) : 0;

    if (length == 0)
        return;
    g_assert(length < SYLLABLE_MAX);
    if (table->count == 0 || strncmp(table->syllables[table->count], line, length) != 0 ||
        table->syllables[table->count][length] != '\0') {
        g_assert(table->count + 1 < G_N_ELEMENTS(table->syllables));
        memcpy(table->syllables[++table->count], line, length);
    }
    for (const char *at = blank + 1; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (letter >= FIRST && letter < FIRST + LETTERS)
            add_reading(table, letter, (guint16)table->count);
    }
}

/* Made once, and kept: a letter is looked up by its number. */
static const Table *
table_get(void)
{
    static const Table *made;

    if (g_once_init_enter(&made)) {
        Table *table = g_new0(Table, 1);
        g_autoptr(GBytes) bytes = database_text("pinyin.txt");
        g_autofree char *text =
            g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (guint i = 0; lines[i] != NULL; i++)
            add_line(table, lines[i]);
        g_once_init_leave(&made, table);
    }
    return made;
}

static bool
is_chinese(gunichar letter)
{
    return letter >= FIRST && letter < FIRST + LETTERS;
}

typedef struct {
    const guint16 *readings[RUN_MAX]; /* of each letter */
    guint count, variants;
} Run;

static void
run_add(Run *run, const guint16 *readings)
{
    guint ways = 1;

    if (run->count == RUN_MAX || readings[0] == 0)
        return;
    while (ways < READINGS_MAX && readings[ways] != 0)
        ways++;
    run->readings[run->count++] = readings;
    run->variants = MIN(run->variants * ways, VARIANTS_MAX);
}

/* One way to read the run: variant counts through the readings of its letters. */
static void
read_run(const Table *table, const Run *run, guint variant, GString *whole, GString *initials)
{
    g_string_truncate(whole, 0);
    g_string_truncate(initials, 0);
    for (guint i = 0; i < run->count; i++) {
        const guint16 *readings = run->readings[i];
        guint ways = 1;
        while (ways < READINGS_MAX && readings[ways] != 0)
            ways++;
        const char *syllable = table->syllables[readings[variant % ways]];
        variant /= ways;
        g_string_append(whole, syllable);
        g_string_append_c(initials, syllable[0]);
    }
}

static void
append_once(GString *words, const GString *word)
{
    g_autofree char *ended = g_strconcat(word->str, "\n\n", NULL);

    if (strstr(words->str, ended) == NULL)
        g_string_append(words, ended);
}

static void
append_run(const Table *table, GString *words, const Run *run)
{
    g_autoptr(GString) whole = g_string_new(NULL);
    g_autoptr(GString) initials = g_string_new(NULL);

    for (guint variant = 0; run->count > 0 && variant < run->variants; variant++) {
        read_run(table, run, variant, whole, initials);
        append_once(words, whole);
        if (run->count > 1)
            append_once(words, initials);
    }
}

void
pinyin_append(GString *words, const char *text)
{
    Run run = { .variants = 1 };
    bool is_among = false;

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (is_chinese(letter)) {
            run_add(&run, table_get()->readings[letter - FIRST]);
            is_among = true;
        } else if (is_among && letter != ' ' && letter != 0xb7) { /* "王 菲", "艾敬·雪" are names */
            append_run(table_get(), words, &run);
            run = (Run){ .variants = 1 };
            is_among = false;
        }
    }
    if (is_among)
        append_run(table_get(), words, &run);
}
