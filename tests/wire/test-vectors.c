/* test-vectors.c -- the public vectors of tests/data/igrs: each read as expected.ini says, and what
 * we send written byte for byte */
#include "wire/isdp.h"

#include <string.h>

/* -- What a message says, key by key ----------------------------------------------------------- */

#define AT(member) offsetof(IgrsMessage, member)

static const struct {
    const char *key;
    size_t offset;
} texts[] = {
    { "target", AT(target_id) },           { "source", AT(source_id) },
    { "location", AT(location) },          { "security", AT(device_security_ids) },
    { "certificate", AT(certificate) },
    { "challenge", AT(challenge) },        { "auth-data", AT(auth_data) },
    { "signature", AT(signature) },        { "device-type", AT(device_type) },
    { "device-name", AT(device_name) },    { "service-type", AT(service_type) },
    { "service-name", AT(service_name) },  { "group-id", AT(group_id) },
    { "group-name", AT(group_name) },      { "user", AT(user_id) },
    { "service-security", AT(service_security_id) }, { "token", AT(token) },
    { "fault-reason", AT(fault_description) }, { "device", AT(device_id) },
    { "state", AT(state) },                { "session-key", AT(session_key_id) },
    { "document", AT(document) },          { "flaw", AT(flaw) },
}, numbers[] = {
    { "sequence", AT(sequence_id) },       { "acknowledge", AT(acknowledge_id) },
    { "code", AT(return_code) },           { "service", AT(service_id) },
    { "client", AT(client_id) },           { "fault", AT(fault_code) },
    { "subscription", AT(subscription_id) },
};

static void
say(GHashTable *said, const char *key, const char *value)
{
    if (value != NULL)
        g_hash_table_insert(said, g_strdup(key), g_strdup(value));
}

static void
say_number(GHashTable *said, const char *key, int64_t number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

    if (number != 0)
        say(said, key, text);
}

static char *
joined(const GPtrArray *list)
{
    GString *words = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(words, i == 0 ? "%s" : ",%s", (char *)g_ptr_array_index(list, i));
    return g_string_free(words, FALSE);
}

static void
say_entries(GHashTable *said, const IgrsMessage *message)
{
    for (guint i = 0; i < message->devices->len; i++) {
        const IgrsDeviceEntry *entry = g_ptr_array_index(message->devices, i);
        g_autofree char *key = g_strdup_printf("device-%u", i + 1);
        g_autofree char *line =
            g_strjoin("|", entry->id, entry->type, entry->name, entry->location, NULL);
        say(said, key, line);
    }
    for (guint i = 0; i < message->services->len; i++) {
        const IgrsServiceEntry *entry = g_ptr_array_index(message->services, i);
        g_autofree char *key = g_strdup_printf("service-%u", i + 1);
        g_autofree char *ids = joined(entry->security_ids);
        g_autofree char *line = g_strdup_printf("%s|%u|%s|%s|%s", entry->device_id, entry->id,
                                                entry->type, entry->name, ids);
        say(said, key, line);
    }
    for (guint i = 0; i < message->groups->len; i++) {
        const IgrsGroupEntry *entry = g_ptr_array_index(message->groups, i);
        g_autofree char *key = g_strdup_printf("group-%u", i + 1);
        g_autofree char *members = joined(entry->members);
        g_autofree char *line =
            g_strdup_printf("%s|%s|%s|%s|%s", entry->id, entry->name, entry->type,
                            entry->master_id != NULL ? entry->master_id : "", members);
        say(said, key, line);
    }
}

static void
say_message(GHashTable *said, const IgrsMessage *message)
{
    say(said, "type", igrs_message_name(message->type));
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        say(said, texts[i].key, *(char *const *)((const char *)message + texts[i].offset));
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        say_number(said, numbers[i].key,
                   *(const uint32_t *)(const void *)((const char *)message + numbers[i].offset));
    say_number(said, "expires", message->expires_s);
    say_number(said, "from-service", message->is_from_service);
    say_entries(said, message);
    if (message->call == NULL)
        return;
    g_autofree char *call =
        g_strconcat(message->call->namespace, "#", message->call->name, NULL);
    say(said, "call", call);
    for (guint i = 0; i < message->call->arguments->len; i++) {
        const SoapArgument *argument = g_ptr_array_index(message->call->arguments, i);
        g_autofree char *key = g_strconcat("call.", argument->name, NULL);
        say(said, key, argument->value);
    }
}

static void
say_isdp(GHashTable *said, const Isdp *isdp)
{
    static const char *const kinds[] = { "notify", "search", "response" };

    say(said, "isdp.kind", kinds[isdp->kind]);
    say(said, "isdp.target", isdp->target);
    say(said, "isdp.usn", isdp->usn);
    say(said, "isdp.server", isdp->server);
    say(said, "isdp.location", isdp->location);
    if (isdp->kind == ISDP_SEARCH)
        say_number(said, "isdp.mx", isdp->mx);
    if (isdp->kind == ISDP_NOTIFY)
        say_number(said, "isdp.alive", isdp->is_alive);
    if (isdp->kind == ISDP_RESPONSE || (isdp->kind == ISDP_NOTIFY && isdp->is_alive))
        say_number(said, "isdp.max-age", isdp->max_age_s);
}

/* -- What it ought to say ---------------------------------------------------------------------- */

/* The keys of a vector over those of the one it is the same as; an empty one of these is unsaid. */
static void
expect(GHashTable *wanted, GKeyFile *list, const char *vector)
{
    g_autofree char *same = g_key_file_get_value(list, vector, "same", NULL);
    g_auto(GStrv) keys = g_key_file_get_keys(list, vector, NULL, NULL);

    g_assert_nonnull(keys);
    if (same != NULL)
        expect(wanted, list, same);
    for (char **key = keys; *key != NULL; key++) {
        char *value = g_key_file_get_value(list, vector, *key, NULL);
        if (same != NULL && *value == '\0') {
            g_hash_table_remove(wanted, *key);
            g_free(value);
        } else {
            g_hash_table_insert(wanted, g_strdup(*key), value);
        }
    }
    g_hash_table_remove(wanted, "same");
    g_hash_table_remove(wanted, "way");
}

static char *
sorted_lines(GHashTable *table)
{
    GString *lines = g_string_new(NULL);
    g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(table), (GCompareFunc)strcmp);

    for (const GList *key = keys; key != NULL; key = key->next)
        g_string_append_printf(lines, "%s=%s\n", (const char *)key->data,
                               (const char *)g_hash_table_lookup(table, key->data));
    return g_string_free(lines, FALSE);
}

/* -- One vector -------------------------------------------------------------------------------- */

typedef struct {
    GKeyFile *list; /* borrowed */
    const char *name;
} Vector;

static bool
comes_from_library(const char *name)
{
    return g_ascii_strcasecmp(name, "Host") == 0 || g_str_has_prefix(name, "Content-");
}

/* Heads and body as they are in the file, but for the heads that the HTTP library adds. */
static void
check_written(const HttpMessage *http, const IgrsMessage *message)
{
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GBytes) body = igrs_message_encode_body(message);
    guint at = 0;

    igrs_message_encode_heads(message, heads);
    for (const HttpHead *head = http->heads->items; head->name != NULL; head++) {
        if (comes_from_library(head->name))
            continue;
        g_assert_cmpuint(at, <, heads->count);
        g_assert_cmpstr(heads->items[at].name, ==, head->name);
        g_assert_cmpstr(heads->items[at++].value, ==, head->value);
    }
    g_assert_cmpuint(at, ==, heads->count);
    g_assert_true((body == NULL) == (http->body == NULL));
    if (body != NULL)
        g_assert_cmpmem(g_bytes_get_data(body, NULL), g_bytes_get_size(body),
                        g_bytes_get_data(http->body, NULL), g_bytes_get_size(http->body));
}

static void
read_from_pipe(const char *text, size_t size, IgrsWay way, bool is_sent, GHashTable *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpMessage) http = http_message_decode(text, size, &error);
    size_t body_size = 0;

    g_assert_no_error(error);
    const void *body = http->body == NULL ? NULL : g_bytes_get_data(http->body, &body_size);
    g_autoptr(IgrsMessage) message =
        igrs_message_decode(http->heads, body, body_size, way, &error);
    if (message == NULL) {
        g_assert_error(error, IGRS_MESSAGE_ERROR, error->code);
        say_number(said, "refused", error->code);
        return;
    }
    say_message(said, message);
    if (is_sent)
        check_written(http, message);
}

static void
read_datagram(const char *text, size_t size, bool is_sent, GHashTable *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Isdp) isdp = isdp_decode(text, size, &error);

    if (isdp == NULL) {
        g_assert_error(error, IGRS_MESSAGE_ERROR, error->code);
        say_number(said, "refused", error->code);
        return;
    }
    say_message(said, isdp->message);
    say_isdp(said, isdp);
    if (!is_sent)
        return;
    g_autoptr(GBytes) again = isdp_encode(isdp, "239.255.255.250:3880");
    g_autofree char *written =
        g_strndup(g_bytes_get_data(again, NULL), g_bytes_get_size(again));
    g_assert_cmpstr(written, ==, text);
}

static void
test_vector(gconstpointer data)
{
    const Vector *vector = data;
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "data", "igrs", vector->name, NULL);
    g_autofree char *way = g_key_file_get_value(vector->list, vector->name, "way", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    bool is_sent = g_str_has_prefix(vector->name, "sent/");
    size_t size;

    g_file_get_contents(path, &text, &size, &error);
    g_assert_no_error(error);
    expect(wanted, vector->list, vector->name);
    if (g_str_equal(way, "datagram"))
        read_datagram(text, size, is_sent, said);
    else
        read_from_pipe(text, size, g_str_equal(way, "reply") ? IGRS_BY_REPLY : IGRS_BY_PIPE,
                       is_sent, said);
    g_autofree char *said_lines = sorted_lines(said), *wanted_lines = sorted_lines(wanted);
    g_assert_cmpstr(said_lines, ==, wanted_lines);
}

/* -- All of them ------------------------------------------------------------------------------- */

/* Every type has its vector, and every file its line. */
static void
test_complete(gconstpointer data)
{
    static const char *const folders[] = { "sent", "taken", "refused" };
    GKeyFile *list = (GKeyFile *)data;

    for (IgrsMessageType type = IGRS_NO_MESSAGE + 1; type < IGRS_MESSAGE_N; type++) {
        g_autofree char *name = g_strdup_printf("sent/%s.http", igrs_message_name(type));
        g_test_message("%s", name);
        g_assert_true(g_key_file_has_group(list, name));
    }
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path =
            g_test_build_filename(G_TEST_DIST, "data", "igrs", folders[i], NULL);
        g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
        for (const char *file = g_dir_read_name(folder); file != NULL;
             file = g_dir_read_name(folder)) {
            g_autofree char *name = g_build_filename(folders[i], file, NULL);
            g_test_message("%s", name);
            g_assert_true(g_key_file_has_group(list, name));
        }
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(GKeyFile) list = g_key_file_new();
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "data", "igrs", "expected.ini", NULL);
    g_key_file_load_from_file(list, path, G_KEY_FILE_NONE, &error);
    g_assert_no_error(error);
    g_auto(GStrv) names = g_key_file_get_groups(list, NULL);
    g_autofree Vector *vectors = g_new(Vector, g_strv_length(names));

    g_test_add_data_func("/vectors/complete", list, test_complete);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *test = g_strconcat("/vectors/", names[i], NULL);
        vectors[i] = (Vector){ list, names[i] };
        g_test_add_data_func(test, &vectors[i], test_vector);
    }
    return g_test_run();
}
