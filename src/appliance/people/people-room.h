/* people-room.h -- what the files of people share, and nobody else sees */
#pragma once

#include "appliance/people/people.h"
#include "igrs/seal.h"

typedef struct {
    Person said; /* all of it owned */
    Audience *audience;
    char *code; /* as igrs_short_code_read() gives it; NULL: none */
    int64_t code_until_ms;
} Member;

typedef struct {
    PersonSession said; /* all of it owned */
    char *digest;       /* SHA-256 of its token */
} Entry;

struct People {
    char *path;
    char **folders;
    Clock *clock; /* borrowed */
    Observers *observers;
    GMutex lock;        /* over members and sessions, which the loop alone changes */
    GPtrArray *members; /* Member; the public is the first */
    GPtrArray *entries; /* Entry */
    gint edition;       /* atomic */
    guint leaving;      /* timer; 0: no guest is to leave */
    int64_t leaving_s;  /* when the next guest leaves */
    char *local_key;
    gint is_plain;      /* atomic: everybody is the public, which sees everything */
    IgrsSecret seal;    /* of passes */
    char *owner_code;   /* as it is printed */
    GHashTable *guesses; /* address -> wrong codes in this minute */
    guint guess_count;   /* of all addresses */
    int64_t guesses_since_ms;
};

#define PUBLIC_ID "public"

Member *people_member(const People *people, const char *id); /* NULL: none */
/* Whose that set is, by an address or a DeviceId; NULL: nobody's. */
Member *people_member_of_device(const People *people, const char *device);
Member *people_first_owner(const People *people); /* the same */
Member *people_member_new(const People *people, const Person *said);
void    people_member_free(gpointer member);
void    people_entry_free(gpointer entry);
/* Everything is as members and entries say from now on: kept, told; under the lock before. lost:
 * who may less; NULL: nobody. */
void    people_settle(People *people, const PeopleEvent *lost);
int64_t people_now_s(void);
/* Is that time of a guest's over? */
bool    people_has_left(int64_t until_s);
/* An id that nobody has, "p" or "s" and digits; the caller's. */
char   *people_new_id(char kind);

/* people-store.c. A file that is not there is nobody. */
bool    people_load(People *people, GError **error);
void    people_save(const People *people);
