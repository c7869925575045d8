/* people.h -- who lives here and who visits: names, roles, folders, and the phones they come with
 *
 * The first person is the owner, made by a code that stands in the log; the owner makes the others,
 * each with a code for a phone. A phone that told a code has a session: 256 random bits that it
 * shows with every request, of which only the SHA-256 is kept. Sets do not pair, so one is
 * somebody's by its address or its proven device id. Whoever is none of these is the public, which
 * sees all folders until the owner says otherwise. All of it is one key file, readable by the
 * server alone.
 *
 * While there is no owner everybody may do everything, as if there were no people; and while
 * everybody sees everything nothing is asked of anybody (people_audience() is NULL).
 *
 * "Any thread" says where a function may run; the others belong to the main loop. A lock of its own
 * for what the http threads ask. */
#pragma once

#include "base/clock.h"
#include "base/observers.h"
#include "model/audience.h"

#include <stdint.h>

typedef struct People People;

typedef enum {
    ROLE_PUBLIC, /* nobody we know */
    ROLE_GUEST,
    ROLE_FAMILY,
    ROLE_OWNER,
    ROLE_N
} Role;

/* "public", "guest", "family", "owner". */
const char *role_name(Role role);
bool        role_from_name(const char *name, Role *role);

/* A person; the public is one, with the id "public" and no sessions. */
typedef struct {
    const char *id, *name;
    Role role;
    int64_t until_s;            /* Unix time at which a guest has left; 0: never */
    const char *const *folders; /* that may be seen, ends with NULL; NULL: all */
    const char *const *devices; /* sets that are theirs: addresses, IGRS device ids */
    const char *const *audio, *const *subtitles; /* languages (pipelines/track-choice.h); NULL: as
                                                    the house has it */
} Person;

/* A phone or a browser of somebody's. */
typedef struct {
    const char *id, *person;
    const char *name; /* of the device, for people */
    int64_t made_s, seen_s;
} PersonSession;

#define PEOPLE_MAX 64
#define SESSIONS_MAX 256
#define PEOPLE_CODE_LIFE_S (15 * 60)

/* path: of the key file; folders: every folder of the library, ends with NULL, copied; clock is
 * borrowed. DUO_ERROR_INVALID: the file is there and cannot be read, so nobody knows who may see
 * what. */
People *people_new(const char *path, const char *const *folders, Clock *clock, GError **error);
void    people_free(People *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_free)
/* Told that something of them is another now: a PeopleEvent of who may do or see less than before,
 * NULL when nobody does. */
Observers *people_observers(People *people);

typedef struct {
    const char *person;  /* id; NULL: session says it */
    const char *session; /* id of the one that ended */
} PeopleEvent;

/* -- Who asks: any thread ---------------------------------------------------------------------- */

/* Is everybody the public, and sees everything? Of NULL, too. */
bool people_is_plain(const People *people);

typedef struct {
    Role role;
    bool is_unowned;         /* there is no owner yet: whoever it is may do everything */
    char person[24];         /* id; "" of the public */
    char session[24];        /* id; "": none */
    Audience *audience;      /* a reference; NULL: sees everything */
} Visitor;

/* token: what the asker showed, of a session or people_local_key(); device: the IGRS device that it
 * proved to be; address: its own, in numbers. Each may be NULL; the first that is known counts.
 * Without a token nobody is more than family: an address is no proof, and sets run no house. */
void visitor_init(Visitor *visitor, People *people, const char *token, const char *device,
                  const char *address);
void visitor_clear(Visitor *visitor);

/* A visitor in one word, which people_event_is_about() knows again; "" is the public. */
#define VISITOR_HOLDER_SIZE 50
void visitor_holder(const Visitor *visitor, char holder[VISITOR_HOLDER_SIZE]);
bool people_event_is_about(const PeopleEvent *event, const char *holder);
/* Another number after each change of who may see or do what: whoever acts on a Visitor while
 * others may be told of a change looks whether it is the same still. */
guint people_edition(const People *people);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Visitor, visitor_clear)

/* An id of an item that opens that item to whoever has it, for a day at least and two at most: what
 * goes into the address that a screen is sent to, where the screen itself may not see it. The
 * caller's. */
char *people_pass(People *people, const char *item_id);
/* The item's id, of an id or a pass, the caller's. *is_pass: it opens the item. A pass that is over
 * or forged is an id like any other, which nothing has. */
char *people_read_pass(People *people, const char *text, bool *is_pass);

/* An address without the pass in it: what others may read of a screen; the caller's. */
char *people_hide_pass(const char *url);

/* -- Codes and sessions ------------------------------------------------------------------------ */

/* A new session for who tells a code: *token is what they are to show, the caller's. While there is
 * no owner name becomes the owner's. address: who is to be slowed down when they guess.
 * DUO_ERROR_DENIED: no such code (or not any more); DUO_ERROR_BUSY: too many wrong ones; come back
 * in a minute; DUO_ERROR_INVALID: the owner needs a name. */
const PersonSession *people_enter(People *people, const char *code, const char *name,
                                  const char *device, const char *address, char **token,
                                  GError **error);
/* The code for a phone of theirs, good for 15 minutes or until it was used, and one a person; the
 * caller's. DUO_ERROR_NOT_FOUND. */
char *people_code(People *people, const char *person, GError **error);
/* That makes the owner; NULL: there is one. Borrowed. */
const char *people_owner_code(People *people);
/* What opens everything, as a session of the owner's would, to a program that may read what the
 * server wrote for it; another each time the server starts. Borrowed. */
const char *people_local_key(const People *people);
bool  people_end_session(People *people, const char *id, GError **error);

/* -- The list ---------------------------------------------------------------------------------- */

bool   people_has_owner(const People *people);
guint  people_count(const People *people); /* the public is the first */
const Person *people_get(const People *people, guint index);
const Person *people_find(const People *people, const char *id); /* NULL: none */
guint  people_session_count(const People *people);
const PersonSession *people_session(const People *people, guint index);

/* Adds one (an id of NULL) or changes all that is said of one, and tells the person.
 * DUO_ERROR_INVALID: a name that is empty, a role that is not theirs to have, a folder that is
 * none, the last owner; DUO_ERROR_CONFLICT: a device is another's; DUO_ERROR_BUSY: too many;
 * DUO_ERROR_NOT_FOUND. */
const Person *people_put(People *people, const Person *person, GError **error);
/* Their sessions end. Also DUO_ERROR_INVALID: the last owner, the public. */
bool   people_remove(People *people, const char *id, GError **error);
