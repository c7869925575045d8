/* people-enter.c -- see people.h: codes, the sessions they open, and passes */
#include "appliance/people/people-room.h"

#include "base/error.h"
#include "base/text.h"
#include "igrs/pairing-code.h"

#include <string.h>

#define WRONG_PER_ADDRESS_MAX 5 /* codes in a minute */
#define WRONG_MAX 30            /* of everybody: 40 bits stand for ages then */
#define MINUTE_MS 60000
#define DEVICE_NAME_MAX 80
#define PASS_MARK '~'
#define PASS_DIGITS 32
#define DAY_S (24 * 3600)

/* -- Guessing ---------------------------------------------------------------------------------- */

static guint
guesses_of(People *people, const char *address)
{
    int64_t now_ms = clock_now_ms(people->clock);

    if (now_ms - people->guesses_since_ms >= MINUTE_MS) {
        g_hash_table_remove_all(people->guesses);
        people->guess_count = 0;
        people->guesses_since_ms = now_ms;
    }
    return GPOINTER_TO_UINT(g_hash_table_lookup(people->guesses, address));
}

static void
note_guess(People *people, const char *address)
{
    guint count = guesses_of(people, address) + 1;

    g_hash_table_replace(people->guesses, g_strdup(address), GUINT_TO_POINTER(count));
    people->guess_count++;
}

/* -- Codes ------------------------------------------------------------------------------------- */

const char *
people_owner_code(People *people)
{
    if (people->owner_code == NULL)
        people->owner_code = igrs_short_code_new();
    return people->owner_code;
}

char *
people_code(People *people, const char *person, GError **error)
{
    Member *member = people_member(people, person);

    if (member == NULL || member->said.role == ROLE_PUBLIC) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is nobody %.40s", person);
        return NULL;
    }
    g_free(member->code);
    member->code = igrs_short_code_new();
    member->code_until_ms = clock_now_ms(people->clock) + (int64_t)PEOPLE_CODE_LIFE_S * 1000;
    return g_strdup(member->code);
}

static bool
is_code(const char *code, const char *told)
{
    g_autofree char *meant = code != NULL ? igrs_short_code_read(told) : NULL;

    return meant != NULL && text_equal_secret(code, meant);
}

/* Whose code it is, which then is used up; NULL with an error. */
static Member *
take_code(People *people, const char *code, const char *name, GError **error)
{
    for (guint i = 0; i < people->members->len; i++) {
        Member *member = people->members->pdata[i];
        if (!is_code(member->code, code))
            continue;
        bool is_late = clock_now_ms(people->clock) > member->code_until_ms;
        g_clear_pointer(&member->code, g_free);
        if (!is_late)
            return member;
    }
    if (!is_code(people->owner_code, code)) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_DENIED,
                            "that is no code of ours, or not any more");
        return NULL;
    }
    if (people_first_owner(people) == NULL &&
        people_put(people, &(Person){ .name = name, .role = ROLE_OWNER }, error) == NULL)
        return NULL;
    g_clear_pointer(&people->owner_code, g_free);
    return people_first_owner(people);
}

/* -- Sessions ---------------------------------------------------------------------------------- */

/* One that nobody used for the longest time makes room; its id, the caller's. */
static char *
drop_oldest(People *people)
{
    guint oldest = 0;

    for (guint i = 1; i < people->entries->len; i++)
        if (((Entry *)people->entries->pdata[i])->said.seen_s <
            ((Entry *)people->entries->pdata[oldest])->said.seen_s)
            oldest = i;
    char *id = g_strdup(people_session(people, oldest)->id);
    g_ptr_array_remove_index(people->entries, oldest);
    return id;
}

static Entry *
open_session(People *people, const Member *member, const char *device, char **token)
{
    Entry *entry = g_new0(Entry, 1);
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;
    g_autofree char *clean = text_clean(device != NULL ? device : "");
    IgrsSecret secret;

    igrs_secret_random(&secret);
    *token = igrs_secret_to_digits(&secret);
    entry->said = (PersonSession){ .id = people_new_id('s'), .person = g_strdup(member->said.id),
                                   .name = g_utf8_substring(clean, 0,
                                                            MIN(g_utf8_strlen(clean, -1),
                                                                DEVICE_NAME_MAX)),
                                   .made_s = now_s, .seen_s = now_s };
    entry->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, *token, -1);
    g_mutex_lock(&people->lock);
    g_autofree char *dropped =
        people->entries->len >= SESSIONS_MAX ? drop_oldest(people) : NULL;
    g_ptr_array_add(people->entries, entry);
    g_mutex_unlock(&people->lock);
    people_settle(people, dropped != NULL ? &(PeopleEvent){ .session = dropped } : NULL);
    return entry;
}

const char *
people_local_key(const People *people)
{
    return people->local_key;
}

const PersonSession *
people_enter(People *people, const char *code, const char *name, const char *device,
             const char *address, char **token, GError **error)
{
    g_autoptr(GError) reason = NULL;

    if (guesses_of(people, address) >= WRONG_PER_ADDRESS_MAX || people->guess_count >= WRONG_MAX) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_BUSY,
                            "too many wrong codes: try again in a minute");
        return NULL;
    }
    Member *member = take_code(people, code, name, &reason);
    if (member != NULL)
        return &open_session(people, member, device, token)->said;
    if (g_error_matches(reason, DUO_ERROR, DUO_ERROR_DENIED))
        note_guess(people, address);
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
}

guint
people_session_count(const People *people)
{
    return people->entries->len;
}

const PersonSession *
people_session(const People *people, guint index)
{
    return &((const Entry *)people->entries->pdata[index])->said;
}

bool
people_end_session(People *people, const char *id, GError **error)
{
    for (guint i = 0; i < people->entries->len; i++) {
        if (!g_str_equal(people_session(people, i)->id, id))
            continue;
        g_autofree char *gone = g_strdup(id); /* it may be the session's own */
        g_mutex_lock(&people->lock);
        g_ptr_array_remove_index(people->entries, i);
        g_mutex_unlock(&people->lock);
        people_settle(people, &(PeopleEvent){ .session = gone });
        return true;
    }
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no session %.40s", id);
    return false;
}

/* -- Passes ------------------------------------------------------------------------------------ */

/* The digits that seal an item's id for a day; the caller's. The key never changes once made. */
static char *
pass_digits(const People *people, const char *item_id, int64_t day)
{
    g_autofree char *text = g_strdup_printf("pass %" G_GINT64_FORMAT " %s", (gint64)day, item_id);
    char *digits = g_compute_hmac_for_string(G_CHECKSUM_SHA256, people->seal.octets,
                                             IGRS_SECRET_SIZE, text, -1);

    digits[PASS_DIGITS] = '\0';
    return digits;
}

static int64_t
today(void)
{
    return people_now_s() / DAY_S;
}

char *
people_pass(People *people, const char *item_id)
{
    g_autofree char *digits = pass_digits(people, item_id, today());

    return g_strdup_printf("%s%c%s", item_id, PASS_MARK, digits);
}

char *
people_read_pass(People *people, const char *text, bool *is_pass)
{
    const char *mark = people != NULL ? strchr(text, PASS_MARK) : NULL;
    char *id = mark != NULL ? g_strndup(text, (gsize)(mark - text)) : g_strdup(text);

    *is_pass = false;
    for (int64_t day = today(); mark != NULL && day >= today() - 1 && !*is_pass; day--) {
        g_autofree char *digits = pass_digits(people, id, day);
        *is_pass = text_equal_secret(digits, mark + 1);
    }
    return id;
}

char *
people_hide_pass(const char *url)
{
    const char *mark = strchr(url, PASS_MARK);

    while (mark != NULL && strspn(mark + 1, "0123456789abcdef") != PASS_DIGITS)
        mark = strchr(mark + 1, PASS_MARK);
    return mark != NULL ? g_strdup_printf("%.*s%s", (int)(mark - url), url, mark + 1 + PASS_DIGITS)
                        : g_strdup(url);
}
