/* test-media.c -- the table of facts tells every member, and facts cross to a worker and back */
#include "model/media.h"

/* Sets each field of the table to something of its own. */
static void
fill(MediaFacts *facts, GStringChunk *texts)
{
    int64_t number = 1000;

    *facts = (MediaFacts){ .kind = MEDIA_VIDEO };
    for (const MediaField *field = media_fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT) {
            g_autofree char *text = g_strdup_printf("%s 多屏", field->name);
            media_field_set_text(facts, field, g_string_chunk_insert(texts, text));
        } else {
            media_field_set_number(facts, field, -number++);
        }
    }
}

static void
assert_equal(const MediaFacts *a, const MediaFacts *b)
{
    g_assert_cmpint(a->kind, ==, b->kind);
    for (const MediaField *field = media_fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT)
            g_assert_cmpstr(media_field_text(a, field), ==, media_field_text(b, field));
        else
            g_assert_cmpint(media_field_number(a, field), ==, media_field_number(b, field));
    }
}

static void
test_table_is_whole(void)
{
    /* Every member but kind is a pointer or an int64_t: the table names as many as there are. */
    size_t first = offsetof(MediaFacts, mime), members = (sizeof(MediaFacts) - first) / 8;

    g_assert_cmpuint(members, ==, MEDIA_FIELD_COUNT);
    for (guint i = 0; i < MEDIA_FIELD_COUNT; i++)
        g_assert_cmpuint(media_fields[i].offset, ==, first + i * 8);
}

static void
test_facts_round_trip(void)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    GStringChunk *texts = g_string_chunk_new(512);
    MediaFacts facts, back;
    Bytes bytes;

    fill(&facts, texts);
    media_facts_encode(&facts, out);
    bytes_init(&bytes, out->data, out->len);
    g_assert_true(media_facts_decode(&bytes, &back));
    g_assert_cmpuint(bytes_left(&bytes), ==, 0);
    assert_equal(&facts, &back);

    for (guint size = 0; size < out->len; size++) { /* cut short anywhere, it is refused */
        bytes_init(&bytes, out->data, size);
        g_assert_false(media_facts_decode(&bytes, &back));
    }
    out->data[0] = MEDIA_CONTAINER;
    bytes_init(&bytes, out->data, out->len);
    g_assert_false(media_facts_decode(&bytes, &back));
    g_string_chunk_free(texts);
}

static void
test_copy(void)
{
    GStringChunk *texts = g_string_chunk_new(512);
    const MediaResource resources[] = {
        { "http://h/a", NULL }, { "http://h/b", "http-get:*:*:*" }, { NULL, NULL },
    };
    MediaObject object = { .id = "i7", .parent_id = "0", .kind = MEDIA_VIDEO, .title = "T",
                           .path = "/a", .size_bytes = 5, .resources = resources };

    fill(&object.facts, texts);
    g_autoptr(MediaObject) copy = media_object_copy(&object);
    assert_equal(&object.facts, &copy->facts);
    g_assert_true(copy->id != object.id && copy->facts.title != object.facts.title);
    g_assert_cmpstr(copy->path, ==, "/a");
    g_assert_cmpstr(copy->resources[0].uri, ==, "http://h/a");
    g_assert_null(copy->resources[0].protocol_info);
    g_assert_cmpstr(copy->resources[1].protocol_info, ==, "http-get:*:*:*");
    g_assert_null(copy->resources[2].uri);
    g_assert_cmpint(copy->size_bytes, ==, 5);
    g_string_chunk_free(texts);
}

static void
test_kinds(void)
{
    MediaKind kind;

    g_assert_true(media_kind_from_name("video", &kind) && kind == MEDIA_VIDEO);
    g_assert_false(media_kind_from_name("Video", &kind) || kind != MEDIA_ANY);
    g_assert_cmpstr(media_kind_name(MEDIA_IMAGE), ==, "image");
}

static void
test_artists(void)
{
    static const struct {
        const char *text, *names;
    } cases[] = {
        { "Ann", "Ann" },
        { "Ann; Bob;Cem", "Ann|Bob|Cem" },
        { "周杰伦/费玉清", "周杰伦|费玉清" },
        { "周杰伦、方文山；林俊杰", "周杰伦|方文山|林俊杰" },
        { "AC/DC", "AC/DC" },
        { "AC/DC / Queen", "AC/DC|Queen" },
        { "Simon & Garfunkel", "Simon & Garfunkel" },
        { "/", "/" },
        { ";;", ";;" },
        { "; Ann ;", "Ann" },
        { "", "" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) names = media_artists(cases[i].text);
        g_autofree char *joined = g_strjoinv("|", names);
        g_assert_cmpstr(joined, ==, cases[i].names);
    }
    g_assert_null(media_artists(NULL));
    g_autofree char *many = g_strnfill(100, ';');
    for (int i = 0; i < 100; i += 2)
        many[i] = 'a';
    g_auto(GStrv) some = media_artists(many);
    g_assert_cmpuint(g_strv_length(some), ==, 16);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/media/table-is-whole", test_table_is_whole);
    g_test_add_func("/model/media/facts-round-trip", test_facts_round_trip);
    g_test_add_func("/model/media/copy", test_copy);
    g_test_add_func("/model/media/kinds", test_kinds);
    g_test_add_func("/media/artists", test_artists);
    return g_test_run();
}
