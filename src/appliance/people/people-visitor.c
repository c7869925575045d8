/* people-visitor.c -- see people.h: whose request it is, on any thread */
#include "appliance/people/people-room.h"

#include "base/text.h"

#include <string.h>

#define SEEN_EVERY_S 3600 /* a session's time need not be truer */

static bool
has_left(const Member *member)
{
    return member != NULL && people_has_left(member->said.until_s);
}

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
        member = people_member_of_device(people, device);
    if (member == NULL)
        member = people_member_of_device(people, address);
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
    if (people_now_s() - entry->said.seen_s >= SEEN_EVERY_S)
        entry->said.seen_s = people_now_s();
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
