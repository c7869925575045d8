/* people.c -- see people.h: members, and what becomes of a change */
#include "appliance/people/people-room.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/igrs-names.h"

#include <string.h>

#define LOOK_EVERY_S 60

static const char *const role_names[ROLE_N] = { "public", "guest", "family", "owner" };

const char *
role_name(Role role)
{
    return role_names[role];
}

bool
role_from_name(const char *name, Role *role)
{
    for (Role i = 0; i < ROLE_N; i++)
        if (g_strcmp0(name, role_names[i]) == 0) {
            *role = i;
            return true;
        }
    return false;
}

int64_t
people_now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* -- Members ----------------------------------------------------------------------------------- */

void
people_member_free(gpointer data)
{
    Member *member = data;

    g_free((char *)member->said.id);
    g_free((char *)member->said.name);
    g_strfreev((char **)member->said.folders);
    g_strfreev((char **)member->said.devices);
    g_strfreev((char **)member->said.audio);
    g_strfreev((char **)member->said.subtitles);
    audience_unref(member->audience);
    g_free(member->code);
    g_free(member);
}

void
people_entry_free(gpointer data)
{
    Entry *entry = data;

    g_free((char *)entry->said.id);
    g_free((char *)entry->said.person);
    g_free((char *)entry->said.name);
    g_free(entry->digest);
    g_free(entry);
}

/* Who is nobody and sees all has no audience: then nothing is looked at. */
static Audience *
audience_of(const People *people, const Person *person)
{
    bool is_public = person->role == ROLE_PUBLIC;

    if (is_public && person->folders == NULL)
        return NULL;
    return audience_new(is_public ? NULL : person->id, (const char *const *)people->folders,
                        person->folders);
}

Member *
people_member_new(const People *people, const Person *said)
{
    Member *member = g_new0(Member, 1);

    member->said = (Person){
        .id = said->id != NULL ? g_strdup(said->id) : people_new_id('p'),
        .name = text_clean(said->name != NULL ? said->name : ""),
        .role = said->role,
        .until_s = said->until_s,
        .folders = (const char *const *)g_strdupv((char **)said->folders),
        .devices = said->devices != NULL ? (const char *const *)g_strdupv((char **)said->devices)
                                         : (const char *const *)g_new0(char *, 1),
        .audio = (const char *const *)g_strdupv((char **)said->audio),
        .subtitles = (const char *const *)g_strdupv((char **)said->subtitles),
    };
    member->audience = audience_of(people, &member->said);
    return member;
}

char *
people_new_id(char kind)
{
    IgrsSecret chance;
    g_autofree char *digits = NULL;

    igrs_secret_random(&chance);
    digits = igrs_secret_to_digits(&chance);
    return g_strdup_printf("%c%.12s", kind, digits);
}

Member *
people_member(const People *people, const char *id)
{
    for (guint i = 0; i < people->members->len; i++) {
        Member *member = people->members->pdata[i];
        if (g_strcmp0(member->said.id, id) == 0)
            return member;
    }
    return NULL;
}

Member *
people_member_of_device(const People *people, const char *device)
{
    for (guint i = 0; device != NULL && i < people->members->len; i++) {
        Member *member = people->members->pdata[i];
        for (const char *const *one = member->said.devices; *one != NULL; one++)
            if (g_ascii_strcasecmp(*one, device) == 0)
                return member;
    }
    return NULL;
}

bool
people_has_left(int64_t until_s)
{
    return until_s != 0 && until_s <= people_now_s();
}

Member *
people_first_owner(const People *people)
{
    for (guint i = 0; i < people->members->len; i++) {
        Member *member = people->members->pdata[i];
        if (member->said.role == ROLE_OWNER)
            return member;
    }
    return NULL;
}

/* -- The object -------------------------------------------------------------------------------- */

People *
people_new(const char *path, const char *const *folders, Clock *clock, GError **error)
{
    g_autoptr(People) people = g_new0(People, 1);
    IgrsSecret local;

    people->path = g_strdup(path);
    people->folders = g_strdupv((char **)folders);
    people->clock = clock;
    people->observers = observers_new();
    g_mutex_init(&people->lock);
    people->members = g_ptr_array_new_with_free_func(people_member_free);
    people->entries = g_ptr_array_new_with_free_func(people_entry_free);
    people->guesses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    igrs_secret_random(&people->seal);
    igrs_secret_random(&local);
    people->local_key = igrs_secret_to_digits(&local);
    if (!people_load(people, error))
        return NULL;
    if (people_member(people, PUBLIC_ID) == NULL)
        g_ptr_array_insert(people->members, 0,
                           people_member_new(people, &(Person){ .id = PUBLIC_ID, .name = "",
                                                                .role = ROLE_PUBLIC }));
    people_settle(people, NULL);
    return g_steal_pointer(&people);
}

void
people_free(People *people)
{
    if (people == NULL)
        return;
    clock_cancel(people->clock, &people->leaving);
    g_ptr_array_unref(people->members);
    g_ptr_array_unref(people->entries);
    g_hash_table_unref(people->guesses);
    g_mutex_clear(&people->lock);
    observers_free(people->observers);
    g_free(people->owner_code);
    g_free(people->local_key);
    g_strfreev(people->folders);
    g_free(people->path);
    g_free(people);
}

Observers *
people_observers(People *people)
{
    return people->observers;
}

/* -- Guests leave by themselves ---------------------------------------------------------------- */

static void watch_guests(People *people);

static void
on_leaving(gpointer data)
{
    People *people = data;
    int64_t since_s = people->leaving_s;

    people->leaving = 0;
    for (guint i = 0; i < people->members->len && since_s <= people_now_s(); i++) {
        const Person *person = people_get(people, i);
        if (person->until_s >= since_s && person->until_s <= people_now_s())
            observers_notify(people->observers, &(PeopleEvent){ .person = person->id });
    }
    watch_guests(people);
}

/* Looks again at the next guest's time, or earlier: the computer's clock may be set meanwhile. */
static void
watch_guests(People *people)
{
    int64_t next_s = G_MAXINT64;

    for (guint i = 0; i < people->members->len; i++) {
        const Person *person = people_get(people, i);
        if (person->until_s > people_now_s())
            next_s = MIN(next_s, person->until_s);
    }
    clock_cancel(people->clock, &people->leaving);
    people->leaving_s = next_s;
    if (next_s != G_MAXINT64)
        people->leaving = clock_after(
            people->clock, MIN(next_s - people_now_s(), LOOK_EVERY_S) * 1000, on_leaving, people);
}

void
people_settle(People *people, const PeopleEvent *lost)
{
    const Member *public = people->members->pdata[0];
    bool is_plain = people->members->len == 1 && public->audience == NULL;

    g_atomic_int_set(&people->is_plain, is_plain);
    g_atomic_int_inc(&people->edition);
    if (!is_plain)
        people_save(people);
    watch_guests(people);
    observers_notify(people->observers, lost);
}
