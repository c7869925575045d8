/* test-queue.c -- what comes next: by every rule of repeating, shuffled or not, while entries come
 * and go; and a queue that was kept is the same one */
#include "appliance/session/queue.h"

#include "base/error.h"

#include <string.h>

/* A queue whose entries are items "a", "b", ...: ids 1, 2, ... */
static Queue *
make(const char *items)
{
    Queue *queue = queue_new(7);

    for (const char *c = items; *c != '\0'; c++) {
        char item[2] = { *c, '\0' };
        queue_add(queue, &(QueueEntry){ .item_id = item, .kind = MEDIA_AUDIO }, false);
    }
    return queue;
}

static uint32_t
id_of(const Queue *queue, char item)
{
    for (guint i = 0; i < queue_length(queue); i++)
        if (*queue_entry(queue, i)->item_id == item)
            return queue_entry(queue, i)->id;
    return 0;
}

static char
letter(const QueueEntry *entry)
{
    return entry != NULL ? *entry->item_id : '-';
}

static char *
listed(const Queue *queue)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < queue_length(queue); i++)
        g_string_append(text, queue_entry(queue, i)->item_id);
    return g_string_free(text, FALSE);
}

static uint32_t
add(Queue *queue, char item, bool is_next)
{
    char text[2] = { item, '\0' };

    return queue_add(queue, &(QueueEntry){ .item_id = text, .kind = MEDIA_AUDIO }, is_next);
}

/* Goes on by step until nothing comes or count things have played; what played. */
static char *
play(Queue *queue, QueueStep step, guint count)
{
    GString *text = g_string_new(NULL);
    const QueueEntry *entry;

    while (text->len < count && (entry = queue_peek(queue, step)) != NULL) {
        g_string_append(text, entry->item_id);
        queue_go(queue, entry->id);
    }
    return g_string_free(text, FALSE);
}

static const struct {
    QueueRepeat repeat;
    char at; /* '-': it has not begun */
    char end, next, previous;
} rules[] = {
    { QUEUE_REPEAT_OFF, '-', 'a', 'a', '-' }, { QUEUE_REPEAT_OFF, 'a', 'b', 'b', '-' },
    { QUEUE_REPEAT_OFF, 'b', 'c', 'c', 'a' }, { QUEUE_REPEAT_OFF, 'c', '-', '-', 'b' },
    { QUEUE_REPEAT_ONE, '-', 'a', 'a', '-' }, { QUEUE_REPEAT_ONE, 'a', 'a', 'b', '-' },
    { QUEUE_REPEAT_ONE, 'b', 'b', 'c', 'a' }, { QUEUE_REPEAT_ONE, 'c', 'c', '-', 'b' },
    { QUEUE_REPEAT_ALL, '-', 'a', 'a', 'c' }, { QUEUE_REPEAT_ALL, 'a', 'b', 'b', 'c' },
    { QUEUE_REPEAT_ALL, 'b', 'c', 'c', 'a' }, { QUEUE_REPEAT_ALL, 'c', 'a', 'a', 'b' },
};

static void
test_steps(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
        g_autoptr(Queue) queue = make("abc");
        queue_set_repeat(queue, rules[i].repeat);
        g_assert_cmpint(queue_go(queue, id_of(queue, rules[i].at)), ==, rules[i].at != '-');
        g_test_message("repeat %s, at %c", queue_repeat_name(rules[i].repeat), rules[i].at);
        g_assert_cmpint(letter(queue_peek(queue, QUEUE_END)), ==, rules[i].end);
        g_assert_cmpint(letter(queue_peek(queue, QUEUE_NEXT)), ==, rules[i].next);
        g_assert_cmpint(letter(queue_peek(queue, QUEUE_PREVIOUS)), ==, rules[i].previous);
    }
}

static void
test_empty(void)
{
    g_autoptr(Queue) queue = queue_new(1);

    for (QueueRepeat repeat = 0; repeat < QUEUE_REPEAT_N; repeat++)
        for (QueueStep step = 0; step < QUEUE_STEP_N; step++) {
            queue_set_repeat(queue, repeat);
            g_assert_null(queue_peek(queue, step));
        }
    g_assert_false(queue_remove(queue, 1));
    g_assert_false(queue_move(queue, 1, 0));
    g_assert_false(queue_go(queue, 1));
    g_assert_false(queue_go(queue, 0));
}

/* In the queue "abcd" at b: entries are taken out and put in, then it plays on to its end. */
static const struct {
    const char *what, *out, *in, *in_next, *list, *rest;
} changes[] = {
    { "nothing", "", "", "", "abcd", "cd" },
    { "what plays is taken out", "b", "", "", "acd", "cd" },
    { "and what follows, too", "bc", "", "", "ad", "d" },
    { "and all that follows", "bcd", "", "", "a", "" },
    { "then more is added", "bcd", "e", "", "ae", "e" },
    { "everything is taken out", "abcd", "", "", "", "" },
    { "and there is something new", "abcd", "e", "", "e", "e" },
    { "one at the end", "", "e", "", "abcde", "cde" },
    { "one as the next", "", "", "e", "abecd", "ecd" },
    { "one as the next of what is gone", "b", "", "e", "aecd", "ecd" },
    { "what was played is taken out", "a", "", "", "bcd", "cd" },
};

static void
test_changes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(Queue) queue = make("abcd");
        queue_go(queue, id_of(queue, 'b'));
        for (const char *c = changes[i].out; *c != '\0'; c++)
            g_assert_true(queue_remove(queue, id_of(queue, *c)));
        for (const char *c = changes[i].in; *c != '\0'; c++)
            g_assert_cmpuint(add(queue, *c, false), !=, 0);
        for (const char *c = changes[i].in_next; *c != '\0'; c++)
            g_assert_cmpuint(add(queue, *c, true), !=, 0);
        g_autofree char *list = listed(queue);
        g_autofree char *rest = play(queue, QUEUE_END, 100);
        g_test_message("%s", changes[i].what);
        g_assert_cmpstr(list, ==, changes[i].list);
        g_assert_cmpstr(rest, ==, changes[i].rest);
    }
}

static void
test_going_back_from_what_is_gone(void)
{
    g_autoptr(Queue) queue = make("abc");

    queue_go(queue, id_of(queue, 'c'));
    queue_remove(queue, id_of(queue, 'c'));
    g_assert_null(queue_peek(queue, QUEUE_NEXT));
    g_assert_cmpint(letter(queue_peek(queue, QUEUE_PREVIOUS)), ==, 'b');
}

static const struct {
    char what;
    guint to;
    const char *list;
} moves[] = {
    { 'a', 0, "abcd" }, { 'a', 1, "bacd" }, { 'a', 3, "bcda" }, { 'a', 99, "bcda" },
    { 'd', 0, "dabc" }, { 'c', 1, "acbd" }, { 'b', 2, "acbd" },
};

static void
test_moves(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_autoptr(Queue) queue = make("abcd");
        g_assert_true(queue_move(queue, id_of(queue, moves[i].what), moves[i].to));
        g_autofree char *list = listed(queue);
        g_assert_cmpstr(list, ==, moves[i].list);
    }
}

static int
compare_octets(gconstpointer a, gconstpointer b)
{
    return *(const char *)a - *(const char *)b;
}

static void
assert_each_once(const char *played, const char *sorted)
{
    g_autofree char *copy = g_strdup(played);

    qsort(copy, strlen(copy), 1, compare_octets);
    g_assert_cmpstr(copy, ==, sorted);
}

/* Everything is played once, what plays first, and the way back is the same way. */
static void
test_shuffle(void)
{
    g_autoptr(Queue) queue = make("abcdefghijklmnop");

    queue_go(queue, id_of(queue, 'h'));
    queue_set_shuffled(queue, true);
    g_autofree char *played = play(queue, QUEUE_END, 100);
    g_autofree char *back = play(queue, QUEUE_PREVIOUS, 100);
    assert_each_once(played, "abcdefgijklmnop");
    g_assert_cmpstr(played, !=, "abcdefgijklmnop");
    g_assert_cmpint(back[strlen(back) - 1], ==, 'h');
    g_assert_cmpuint(strlen(back), ==, strlen(played));
    for (guint i = 0; i + 1 < strlen(played); i++)
        g_assert_cmpint(back[i], ==, played[strlen(played) - 2 - i]);
    g_autofree char *list = listed(queue);
    g_assert_cmpstr(list, ==, "abcdefghijklmnop");
    queue_set_shuffled(queue, false);
    g_assert_cmpint(letter(queue_peek(queue, QUEUE_END)), ==, 'i');
}

static void
test_added_while_shuffled(void)
{
    g_autoptr(Queue) queue = make("abcd");

    queue_go(queue, id_of(queue, 'a'));
    queue_set_shuffled(queue, true);
    g_autofree char *half = play(queue, QUEUE_END, 2);
    add(queue, 'x', false); /* it is yet to come, wherever */
    add(queue, 'y', true);
    add(queue, 'z', true);
    g_autofree char *rest = play(queue, QUEUE_END, 100);
    g_autofree char *all = g_strconcat(half, rest, NULL);
    assert_each_once(all, "bcdxyz");
    g_assert_true(g_str_has_prefix(rest, "yz"));
    queue_set_repeat(queue, QUEUE_REPEAT_ALL);
    g_autofree char *round = play(queue, QUEUE_END, 7);
    assert_each_once(round, "abcdxyz");
}

static void
test_full(void)
{
    g_autoptr(Queue) queue = queue_new(1);

    for (guint i = 0; i < QUEUE_MAX; i++)
        g_assert_cmpuint(add(queue, 'a', i % 2 == 0), ==, i + 1);
    g_assert_cmpuint(add(queue, 'a', false), ==, 0);
    queue_clear(queue);
    g_assert_cmpuint(add(queue, 'a', false), ==, QUEUE_MAX + 1);
}

static void
test_kept(void)
{
    g_autoptr(Queue) queue = make("abc");
    g_autoptr(GError) error = NULL;

    char url[] = "http://h/a\n=;b", title[] = "标题 \"x\"", item[] = "d", server[] = "s-1";
    char sound[] = "zh-Hant", subtitle[] = "none";
    queue_add(queue, &(QueueEntry){ .url = url, .title = title, .kind = MEDIA_ANY }, false);
    queue_add(queue, &(QueueEntry){ .item_id = item, .server_id = server, .kind = MEDIA_IMAGE,
                                    .sound = sound, .subtitle = subtitle, .duration_ms = 12345 },
              true);
    queue_go(queue, id_of(queue, 'b'));
    queue_set_repeat(queue, QUEUE_REPEAT_ALL);
    queue_set_shuffled(queue, true);
    queue_set_picture_ms(queue, 4000);
    g_autofree char *text = queue_encode(queue);
    g_autoptr(Queue) again = queue_decode(text, 7, &error);
    g_assert_no_error(error);
    g_autofree char *same = queue_encode(again);
    g_assert_cmpstr(text, ==, same);
    g_assert_cmpint(letter(queue_current(again)), ==, 'b');
    g_assert_cmpstr(queue_entry(again, 4)->title, ==, "标题 \"x\"");
    g_assert_cmpstr(queue_entry(again, 4)->url, ==, "http://h/a\n=;b");
    g_assert_cmpint(queue_entry(again, 0)->duration_ms, ==, 12345);
    g_assert_cmpstr(queue_entry(again, 0)->sound, ==, "zh-Hant");
    g_assert_cmpstr(queue_entry(again, 0)->subtitle, ==, "none");
    g_assert_null(queue_entry(again, 1)->sound);
    g_assert_cmpint(queue_picture_ms(again), ==, 4000);
    g_assert_true(queue_peek(again, QUEUE_END)->id == queue_peek(queue, QUEUE_END)->id);
}

static const char *const bad[] = {
    "", "x", "[other]\na=1\n", "[queue]\nlast=3\n[0]\nitem=a\n", "[queue]\nlast=3\n[4]\nitem=a\n",
    "[queue]\nlast=3\n[1]\ntitle=a\n", "[queue]\nlast=3\n[1]\nitem=a\nclass=smell\n",
    "[queue]\nlast=3\n[x]\nitem=a\n", "[queue]\nlast=3\n[1]\nitem=a\n[1x]\nitem=b\n",
};

static void
test_what_is_no_queue(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(queue_decode(bad[i], 1, &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/appliance/queue/steps", test_steps);
    g_test_add_func("/appliance/queue/empty", test_empty);
    g_test_add_func("/appliance/queue/changes", test_changes);
    g_test_add_func("/appliance/queue/back-from-what-is-gone", test_going_back_from_what_is_gone);
    g_test_add_func("/appliance/queue/moves", test_moves);
    g_test_add_func("/appliance/queue/shuffle", test_shuffle);
    g_test_add_func("/appliance/queue/added-while-shuffled", test_added_while_shuffled);
    g_test_add_func("/appliance/queue/full", test_full);
    g_test_add_func("/appliance/queue/kept", test_kept);
    g_test_add_func("/appliance/queue/what-is-no-queue", test_what_is_no_queue);
    return g_test_run();
}
