/* people.c -- see people.h: the list, and whose request it is */
#include "appliance/people-room.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/igrs-names.h"

#include <string.h>

#define PUBLIC_ID "public"
#define NAME_MAX_OCTETS 80
#define DEVICES_MAX 16
#define LOOK_EVERY_S 60
#define SEEN_EVERY_S 3600 /* a session's time need not be truer */

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

static int64_t
now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* -- Members ----------------------------------------------------------------------------------- */

static void
member_free(gpointer data)
{
    Member *member = data;

    g_free((char *)member->said.id);
    g_free((char *)member->said.name);
    g_strfreev((char **)member->said.folders);
    g_strfreev((char **)member->said.devices);
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
    people->members = g_ptr_array_new_with_free_func(member_free);
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
    for (guint i = 0; i < people->members->len && since_s <= now_s(); i++) {
        const Person *person = people_get(people, i);
        if (person->until_s >= since_s && person->until_s <= now_s())
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
        if (person->until_s > now_s())
            next_s = MIN(next_s, person->until_s);
    }
    clock_cancel(people->clock, &people->leaving);
    people->leaving_s = next_s;
    if (next_s != G_MAXINT64)
        people->leaving = clock_after(people->clock, MIN(next_s - now_s(), LOOK_EVERY_S) * 1000,
                                      on_leaving, people);
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

/* -- Who asks ---------------------------------------------------------------------------------- */

static Entry *
entry_of_token(const People *people, const char *token)
{
    if (token == NULL || people->entries->len == 0)
        return NULL;
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, token, -1);
    for (guint i = 0; i < people->entries->len; i++) {
        Entry *entry = people->entries->pdata[i];
        if (text_equal_secret(entry->digest, digest))
            return entry;
    }
    return NULL;
}

static Member *
member_of_device(const People *people, const char *device)
{
    for (guint i = 0; device != NULL && i < people->members->len; i++) {
        Member *member = people->members->pdata[i];
        for (const char *const *one = member->said.devices; *one != NULL; one++)
            if (g_ascii_strcasecmp(*one, device) == 0)
                return member;
    }
    return NULL;
}

static bool
has_left_s(int64_t until_s)
{
    return until_s != 0 && until_s <= now_s();
}

static bool
has_left(const Member *member)
{
    return member != NULL && has_left_s(member->said.until_s);
}

static void
find_visitor(Visitor *visitor, People *people, const char *token, const char *device,
             const char *address)
{
    Entry *entry = entry_of_token(people, token);
    Member *member = entry != NULL ? people_member(people, entry->said.person) : NULL;
    bool is_local = token != NULL && text_equal_secret(people->local_key, token);

    if (is_local)
        member = people_first_owner(people);
    if (has_left(member))
        entry = NULL, member = NULL;
    if (member == NULL)
        member = member_of_device(people, device);
    if (member == NULL)
        member = member_of_device(people, address);
    if (member == NULL || has_left(member))
        member = people->members->pdata[0];
    visitor->role = entry != NULL || is_local ? member->said.role
                                              : MIN(member->said.role, ROLE_FAMILY);
    visitor->is_unowned = !people_has_owner(people);
    visitor->audience = audience_ref(member->audience);
    if (member->said.role != ROLE_PUBLIC)
        g_strlcpy(visitor->person, member->said.id, sizeof visitor->person);
    if (entry == NULL)
        return;
    g_strlcpy(visitor->session, entry->said.id, sizeof visitor->session);
    if (now_s() - entry->said.seen_s >= SEEN_EVERY_S)
        entry->said.seen_s = now_s();
}

bool
people_is_plain(const People *people)
{
    return people == NULL || g_atomic_int_get(&people->is_plain);
}

void
visitor_init(Visitor *visitor, People *people, const char *token, const char *device,
             const char *address)
{
    *visitor = (Visitor){ .role = ROLE_PUBLIC, .is_unowned = true };
    if (people_is_plain(people))
        return;
    g_mutex_lock(&people->lock);
    find_visitor(visitor, people, token, device, address);
    g_mutex_unlock(&people->lock);
}

void
visitor_clear(Visitor *visitor)
{
    g_clear_pointer(&visitor->audience, audience_unref);
}

void
visitor_holder(const Visitor *visitor, char holder[VISITOR_HOLDER_SIZE])
{
    const char *blank = visitor->person[0] != '\0' ? " " : "";

    g_snprintf(holder, VISITOR_HOLDER_SIZE, "%s%s%s", visitor->person, blank, visitor->session);
}

bool
people_event_is_about(const PeopleEvent *event, const char *holder)
{
    const char *blank = strchr(holder, ' ');

    if (event == NULL)
        return false;
    if (event->session != NULL)
        return blank != NULL && g_str_equal(blank + 1, event->session);
    if (g_str_equal(event->person, PUBLIC_ID))
        return *holder == '\0';
    return blank != NULL && strlen(event->person) == (size_t)(blank - holder) &&
           g_str_has_prefix(holder, event->person);
}

guint
people_edition(const People *people)
{
    return people != NULL ? (guint)g_atomic_int_get(&people->edition) : 0;
}

/* -- The list ---------------------------------------------------------------------------------- */

static guint
count_owners(const People *people)
{
    guint count = 0;

    for (guint i = 0; i < people->members->len; i++)
        count += ((const Member *)people->members->pdata[i])->said.role == ROLE_OWNER;
    return count;
}

bool
people_has_owner(const People *people)
{
    return count_owners(people) > 0;
}

guint
people_count(const People *people)
{
    return people->members->len;
}

const Person *
people_get(const People *people, guint index)
{
    return &((const Member *)people->members->pdata[index])->said;
}

const Person *
people_find(const People *people, const char *id)
{
    const Member *member = people_member(people, id);

    return member != NULL ? &member->said : NULL;
}

static bool
refuse(GError **error, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool
refuse(GError **error, int code, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    g_propagate_error(error, g_error_new_valist(DUO_ERROR, code, format, values));
    va_end(values);
    return false;
}

static bool
check_lists(const People *people, const Person *person, GError **error)
{
    for (guint i = 0; person->folders != NULL && person->folders[i] != NULL; i++)
        if (!g_strv_contains((const char *const *)people->folders, person->folders[i]))
            return refuse(error, DUO_ERROR_INVALID, "%s is no folder of the library",
                          person->folders[i]);
    for (guint i = 0; person->devices != NULL && person->devices[i] != NULL; i++) {
        const Member *holder = member_of_device(people, person->devices[i]);
        if (i >= DEVICES_MAX)
            return refuse(error, DUO_ERROR_INVALID, "at most %d devices are one's", DEVICES_MAX);
        if (igrs_device_id_uuid(person->devices[i]) == NULL &&
            !g_hostname_is_ip_address(person->devices[i]))
            return refuse(error, DUO_ERROR_INVALID, "%s is no address and no IGRS DeviceId",
                          person->devices[i]);
        if (holder != NULL && g_strcmp0(holder->said.id, person->id) != 0)
            return refuse(error, DUO_ERROR_CONFLICT, "%s is %s's", person->devices[i],
                          holder->said.name);
    }
    return true;
}

static bool
check(const People *people, const Person *person, const Member *former, GError **error)
{
    g_autofree char *name = person->name != NULL ? g_strstrip(g_strdup(person->name)) : NULL;
    bool is_public = person->role == ROLE_PUBLIC;

    if (former == NULL && people->members->len > PEOPLE_MAX)
        return refuse(error, DUO_ERROR_BUSY, "there are %d people already", PEOPLE_MAX);
    if (!people_has_owner(people) && person->role != ROLE_OWNER)
        return refuse(error, DUO_ERROR_CONFLICT, "there is no owner yet");
    if (is_public != (former != NULL && former->said.role == ROLE_PUBLIC))
        return refuse(error, DUO_ERROR_INVALID, "the role must be owner, family or guest");
    if (!is_public && (name == NULL || *name == '\0' || strlen(name) > NAME_MAX_OCTETS))
        return refuse(error, DUO_ERROR_INVALID, "a name of 1 to %d octets is needed",
                      NAME_MAX_OCTETS);
    if (person->until_s != 0 && person->role != ROLE_GUEST)
        return refuse(error, DUO_ERROR_INVALID, "guests alone leave again");
    if (person->role == ROLE_OWNER && person->folders != NULL)
        return refuse(error, DUO_ERROR_INVALID, "an owner sees every folder");
    if (former != NULL && former->said.role == ROLE_OWNER && person->role != ROLE_OWNER &&
        count_owners(people) == 1)
        return refuse(error, DUO_ERROR_CONFLICT, "somebody must stay the owner");
    return check_lists(people, person, error);
}

/* Is anything of before missing now? Lists end with NULL; NULL as a whole: all there is. */
static bool
lacks(const char *const *now, const char *const *before)
{
    if (now == NULL || before == NULL)
        return now != NULL;
    for (; *before != NULL; before++)
        if (!g_strv_contains(now, *before))
            return true;
    return false;
}

static bool
may_less(const Person *now, const Person *before)
{
    return now->role < before->role || lacks(now->folders, before->folders) ||
           lacks(now->devices, before->devices) || has_left_s(now->until_s);
}

const Person *
people_put(People *people, const Person *person, GError **error)
{
    Member *former = person->id != NULL ? people_member(people, person->id) : NULL;
    bool is_less = false;
    guint at;

    if (person->id != NULL && former == NULL) {
        refuse(error, DUO_ERROR_NOT_FOUND, "there is nobody %.40s", person->id);
        return NULL;
    }
    if (!check(people, person, former, error))
        return NULL;
    Member *member = people_member_new(people, person);
    is_less = former != NULL && may_less(&member->said, &former->said);
    g_mutex_lock(&people->lock);
    if (former == NULL) {
        g_ptr_array_add(people->members, member);
    } else if (g_ptr_array_find(people->members, former, &at)) {
        member->code = g_steal_pointer(&former->code);
        member->code_until_ms = former->code_until_ms;
        member_free(former);
        people->members->pdata[at] = member;
    }
    g_mutex_unlock(&people->lock);
    people_settle(people, is_less ? &(PeopleEvent){ .person = member->said.id } : NULL);
    return &member->said;
}

bool
people_remove(People *people, const char *id, GError **error)
{
    Member *member = people_member(people, id);
    g_autofree char *gone = g_strdup(id); /* it may be the member's own */

    if (member == NULL)
        return refuse(error, DUO_ERROR_NOT_FOUND, "there is nobody %.40s", id);
    if (member->said.role == ROLE_PUBLIC)
        return refuse(error, DUO_ERROR_INVALID, "the public stays: give it no folder instead");
    if (member->said.role == ROLE_OWNER && count_owners(people) == 1)
        return refuse(error, DUO_ERROR_CONFLICT, "somebody must stay the owner");
    g_mutex_lock(&people->lock);
    for (guint i = people->entries->len; i > 0; i--)
        if (g_str_equal(((Entry *)people->entries->pdata[i - 1])->said.person, id))
            g_ptr_array_remove_index(people->entries, i - 1);
    g_ptr_array_remove(people->members, member);
    g_mutex_unlock(&people->lock);
    people_settle(people, &(PeopleEvent){ .person = gone });
    return true;
}
