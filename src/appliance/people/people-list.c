/* people-list.c -- see people.h: who lives here, and what the owner may say of them */
#include "appliance/people/people-room.h"

#include "base/error.h"
#include "model/language.h"
#include "wire/igrs-names.h"

#include <string.h>

#define NAME_MAX_OCTETS 80
#define DEVICES_MAX 16
#define LANGUAGES_MAX 8
#define LANGUAGE_OCTETS_MAX 35 /* RFC 5646, 4.4.1 */

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
check_languages(const char *const *languages, GError **error)
{
    guint count = languages != NULL ? g_strv_length((char **)languages) : 0;

    for (guint i = 0; i < count; i++)
        if (count > LANGUAGES_MAX || strlen(languages[i]) > LANGUAGE_OCTETS_MAX ||
            language_match(languages[i], languages[i]) == LANGUAGE_OTHER)
            return refuse(error, DUO_ERROR_INVALID,
                          "languages are at most %d codes such as zh, zh-Hant and en",
                          LANGUAGES_MAX);
    return true;
}

static bool
check_lists(const People *people, const Person *person, GError **error)
{
    for (guint i = 0; person->folders != NULL && person->folders[i] != NULL; i++)
        if (!g_strv_contains((const char *const *)people->folders, person->folders[i]))
            return refuse(error, DUO_ERROR_INVALID, "%s is no folder of the library",
                          person->folders[i]);
    for (guint i = 0; person->devices != NULL && person->devices[i] != NULL; i++) {
        const Member *holder = people_member_of_device(people, person->devices[i]);
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
    return check_languages(person->audio, error) && check_languages(person->subtitles, error);
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
           lacks(now->devices, before->devices) || people_has_left(now->until_s);
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
        people_member_free(former);
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
