/* people-store.c -- people over a restart: one key file, readable by the server alone
 *
 * Of a session the digest of its token is written, so who reads the file cannot enter with it. */
#include "appliance/people/people-room.h"

#include "base/error.h"

#include <errno.h>
#include <string.h>

#define PERSON_PREFIX "person "
#define SESSION_PREFIX "session "
#define FILE_MAX_OCTETS (1 << 20)

static bool
is_damaged(const People *people, GError **error, const char *what)
{
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                "%s cannot be read: %s. It says who may see what, so nobody is let in: mend it, or "
                "move it away to begin anew", people->path, what);
    return false;
}

static bool
load_person(People *people, GKeyFile *file, const char *group, GError **error)
{
    g_autofree char *name = g_key_file_get_string(file, group, "name", NULL);
    g_autofree char *role = g_key_file_get_string(file, group, "role", NULL);
    g_auto(GStrv) folders = g_key_file_get_string_list(file, group, "folders", NULL, NULL);
    g_auto(GStrv) devices = g_key_file_get_string_list(file, group, "devices", NULL, NULL);
    g_auto(GStrv) audio = g_key_file_get_string_list(file, group, "audio", NULL, NULL);
    g_auto(GStrv) subtitles = g_key_file_get_string_list(file, group, "subtitles", NULL, NULL);
    Person person = { .id = group + strlen(PERSON_PREFIX), .name = name != NULL ? name : "",
                      .until_s = g_key_file_get_int64(file, group, "until", NULL),
                      .folders = (const char *const *)folders,
                      .devices = (const char *const *)devices,
                      .audio = (const char *const *)audio,
                      .subtitles = (const char *const *)subtitles };

    if (!role_from_name(role, &person.role) || strlen(person.id) > 20 ||
        people->members->len > PEOPLE_MAX || people_member(people, person.id) != NULL)
        return is_damaged(people, error, group);
    Member *member = people_member_new(people, &person);
    g_ptr_array_insert(people->members, person.role == ROLE_PUBLIC ? 0 : -1, member);
    return true;
}

static bool
load_session(People *people, GKeyFile *file, const char *group, GError **error)
{
    Entry *entry = g_new0(Entry, 1);

    entry->said = (PersonSession){
        .id = g_strdup(group + strlen(SESSION_PREFIX)),
        .person = g_key_file_get_string(file, group, "person", NULL),
        .name = g_key_file_get_string(file, group, "name", NULL),
        .made_s = g_key_file_get_int64(file, group, "made", NULL),
        .seen_s = g_key_file_get_int64(file, group, "seen", NULL),
    };
    entry->digest = g_key_file_get_string(file, group, "digest", NULL);
    g_ptr_array_add(people->entries, entry);
    if (entry->said.person == NULL || entry->said.name == NULL || entry->digest == NULL ||
        strlen(entry->said.id) > 20 || people->entries->len > SESSIONS_MAX)
        return is_damaged(people, error, group);
    return true;
}

static bool
load_groups(People *people, GKeyFile *file, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    g_autofree char *seal = g_key_file_get_string(file, "people", "seal", NULL);

    if (seal != NULL && !igrs_secret_from_digits(seal, &people->seal))
        return is_damaged(people, error, "seal");
    for (char **group = groups; *group != NULL; group++) {
        if (g_str_has_prefix(*group, PERSON_PREFIX)) {
            if (!load_person(people, file, *group, error))
                return false;
        } else if (g_str_has_prefix(*group, SESSION_PREFIX)) {
            if (!load_session(people, file, *group, error))
                return false;
        }
    }
    return true;
}

bool
people_load(People *people, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) reason = NULL;
    g_autofree char *text = NULL;
    gsize size;

    if (!g_file_get_contents(people->path, &text, &size, &reason))
        return g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
               is_damaged(people, error, reason->message);
    if (size > FILE_MAX_OCTETS)
        return is_damaged(people, error, "it is too large");
    if (!g_key_file_load_from_data(file, text, size, G_KEY_FILE_NONE, &reason))
        return is_damaged(people, error, reason->message);
    return load_groups(people, file, error);
}

static void
put_list(GKeyFile *file, const char *group, const char *key, const char *const *list)
{
    if (list != NULL)
        g_key_file_set_string_list(file, group, key, list, g_strv_length((char **)list));
}

static void
put_person(GKeyFile *file, const Person *person)
{
    g_autofree char *group = g_strconcat(PERSON_PREFIX, person->id, NULL);

    g_key_file_set_string(file, group, "name", person->name);
    g_key_file_set_string(file, group, "role", role_name(person->role));
    if (person->until_s != 0)
        g_key_file_set_int64(file, group, "until", person->until_s);
    put_list(file, group, "folders", person->folders);
    put_list(file, group, "devices", person->devices);
    put_list(file, group, "audio", person->audio);
    put_list(file, group, "subtitles", person->subtitles);
}

static void
put_session(GKeyFile *file, const Entry *entry)
{
    g_autofree char *group = g_strconcat(SESSION_PREFIX, entry->said.id, NULL);

    g_key_file_set_string(file, group, "person", entry->said.person);
    g_key_file_set_string(file, group, "name", entry->said.name);
    g_key_file_set_string(file, group, "digest", entry->digest);
    g_key_file_set_int64(file, group, "made", entry->said.made_s);
    g_key_file_set_int64(file, group, "seen", entry->said.seen_s);
}

void
people_save(const People *people)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *seal = igrs_secret_to_digits(&people->seal);
    g_autoptr(GError) error = NULL;
    gsize size;

    g_key_file_set_string(file, "people", "seal", seal);
    for (guint i = 0; i < people->members->len; i++)
        put_person(file, people_get(people, i));
    for (guint i = 0; i < people->entries->len; i++)
        put_session(file, people->entries->pdata[i]);
    g_autofree char *text = g_key_file_to_data(file, &size, NULL);
    if (!g_file_set_contents_full(people->path, text, (gssize)size,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                  0600, &error))
        g_warning("people are not kept: %s", error->message);
}
