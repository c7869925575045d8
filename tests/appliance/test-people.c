/* test-people.c -- the first visit, codes, sessions, roles, sets, passes, and all of it after a
 * restart */
#include "appliance/people/people.h"
#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

static const char *const folders[] = { "/media/films", "/media/kept", NULL };
static const char *const films[] = { "/media/films", NULL };

/* The hands of the wall clock, which everything linked into this program looks at. */
static int64_t later_s;

gint64
g_get_real_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec + later_s) * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

typedef struct {
    char *folder, *path;
    Clock *clock;
    People *people;
} House;

static void
open_people(House *house)
{
    g_autoptr(GError) error = NULL;

    house->people = people_new(house->path, folders, house->clock, &error);
    g_assert_no_error(error);
}

static void
restart(House *house)
{
    people_free(house->people);
    open_people(house);
}

static void
house_init(House *house)
{
    house->folder = g_dir_make_tmp("duoping-people-XXXXXX", NULL);
    house->path = g_build_filename(house->folder, "people", NULL);
    house->clock = clock_new_fake();
    open_people(house);
}

static void
house_clear(House *house)
{
    people_free(house->people);
    clock_free(house->clock);
    g_unlink(house->path);
    g_rmdir(house->folder);
    g_free(house->path);
    g_free(house->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(House, house_clear)

/* Enters from that address; the token, the caller's, or NULL and the error's code. */
static char *
enter(House *house, const char *code, const char *name, const char *address, int *trouble)
{
    g_autoptr(GError) error = NULL;
    char *token = NULL;
    const PersonSession *session =
        people_enter(house->people, code, name, "a phone", address, &token, &error);

    g_assert_true((session != NULL) == (token != NULL) && (session == NULL) == (error != NULL));
    *trouble = error != NULL ? error->code : -1;
    return token;
}

static char *
make_owner(House *house)
{
    g_autofree char *code = g_strdup(people_owner_code(house->people));
    int trouble;
    char *token = enter(house, code, "Ann", "10.0.0.1", &trouble);

    g_assert_nonnull(token);
    return token;
}

/* A person with a phone; the token. */
static char *
make_person(House *house, const Person *person, char **id)
{
    g_autoptr(GError) error = NULL;
    const Person *made = people_put(house->people, person, &error);
    int trouble;

    g_assert_no_error(error);
    *id = g_strdup(made->id);
    g_autofree char *code = people_code(house->people, *id, &error);
    g_assert_no_error(error);
    char *token = enter(house, code, NULL, "10.0.0.2", &trouble);
    g_assert_nonnull(token);
    return token;
}

static Role
role_of(House *house, const char *token, const char *device, const char *address)
{
    g_auto(Visitor) visitor = { 0 };

    visitor_init(&visitor, house->people, token, device, address);
    return visitor.role;
}

static bool
sees_kept(House *house, const char *token, const char *device, const char *address)
{
    g_auto(Visitor) visitor = { 0 };

    visitor_init(&visitor, house->people, token, device, address);
    return audience_sees(visitor.audience, "/media/kept/x.mkv");
}

static void
test_nobody(void)
{
    g_auto(House) house = { 0 };
    g_auto(Visitor) visitor = { 0 };

    house_init(&house);
    visitor_init(&visitor, house.people, "whatever", NULL, "10.0.0.1");
    g_assert_true(visitor.is_unowned && visitor.audience == NULL);
    g_assert_cmpint(visitor.role, ==, ROLE_PUBLIC);
    g_assert_false(g_file_test(house.path, G_FILE_TEST_EXISTS));
    g_assert_null(people_put(house.people, &(Person){ .name = "Bob", .role = ROLE_FAMILY }, NULL));
}

static void
test_first_visit(void)
{
    g_auto(House) house = { 0 };
    int trouble;
    GStatBuf status;

    house_init(&house);
    g_autofree char *code = g_strdup(people_owner_code(house.people));
    g_autofree char *sloppy = g_ascii_strdown(code, -1);
    g_assert_null(enter(&house, sloppy, "", "10.0.0.1", &trouble)); /* an owner has a name */
    g_assert_cmpint(trouble, ==, DUO_ERROR_INVALID);
    g_autofree char *token = enter(&house, sloppy, "Ann", "10.0.0.1", &trouble);
    g_assert_nonnull(token);
    g_assert_cmpint(role_of(&house, token, NULL, NULL), ==, ROLE_OWNER);
    g_assert_cmpint(role_of(&house, "no token", NULL, NULL), ==, ROLE_PUBLIC);
    g_assert_null(enter(&house, code, "Eve", "10.0.0.3", &trouble)); /* it was used */
    g_assert_cmpint(trouble, ==, DUO_ERROR_DENIED);
    g_assert_cmpint(g_stat(house.path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(house.path, &text, NULL, NULL));
    g_assert_null(strstr(text, token));
    restart(&house);
    g_assert_cmpint(role_of(&house, token, NULL, NULL), ==, ROLE_OWNER);
    g_autofree char *again = make_owner(&house); /* another phone of the same owner's */
    g_assert_cmpint(role_of(&house, again, NULL, NULL), ==, ROLE_OWNER);
    g_assert_cmpuint(people_count(house.people), ==, 2);
}

static void
test_folders(void)
{
    g_auto(House) house = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL, *other = NULL;

    house_init(&house);
    g_autofree char *owner = make_owner(&house);
    g_autofree char *guest = make_person(
        &house, &(Person){ .name = "Gus", .role = ROLE_GUEST, .folders = films }, &id);
    g_autofree char *family =
        make_person(&house, &(Person){ .name = "Fay", .role = ROLE_FAMILY }, &other);
    g_assert_true(sees_kept(&house, NULL, NULL, "10.0.0.9")); /* all is public at first */
    g_assert_false(sees_kept(&house, guest, NULL, "10.0.0.9"));
    people_put(house.people, &(Person){ .id = "public", .folders = films }, &error);
    g_assert_no_error(error);
    restart(&house);
    g_assert_false(sees_kept(&house, NULL, NULL, "10.0.0.9"));
    g_assert_false(sees_kept(&house, guest, NULL, NULL));
    g_assert_true(sees_kept(&house, family, NULL, NULL) && sees_kept(&house, owner, NULL, NULL));
    /* sets are theirs by address, and by an id that was proven */
    const char *device = "urn:IGRS:Device:DeviceId:0123456789abcdef0123456789abcdef";
    const char *devices[] = { "10.0.0.7", "fe80::1", NULL };
    people_put(house.people, &(Person){ .id = other, .name = "Fay", .role = ROLE_FAMILY,
                                        .devices = devices }, &error);
    g_assert_no_error(error);
    g_assert_true(sees_kept(&house, NULL, NULL, "10.0.0.7"));
    g_assert_true(sees_kept(&house, NULL, device, "fe80::1"));
    g_assert_false(sees_kept(&house, NULL, device, "10.0.0.8"));
    g_assert_null(people_put(house.people, &(Person){ .id = id, .name = "Gus", .role = ROLE_GUEST,
                                                      .devices = devices }, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
}

static void
test_guests_leave(void)
{
    g_auto(House) house = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL;
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;
    Person guest = { .name = "Gus", .role = ROLE_GUEST, .until_s = now_s + 3600 };

    house_init(&house);
    g_autofree char *owner = make_owner(&house);
    g_autofree char *token = make_person(&house, &guest, &id);
    g_assert_cmpint(role_of(&house, token, NULL, NULL), ==, ROLE_GUEST);
    guest.id = id;
    guest.until_s = now_s - 1;
    people_put(house.people, &guest, &error);
    g_assert_no_error(error);
    g_assert_cmpint(role_of(&house, token, NULL, NULL), ==, ROLE_PUBLIC);
}

static void
test_revoke(void)
{
    g_auto(House) house = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL;

    house_init(&house);
    g_autofree char *owner = make_owner(&house);
    g_autofree char *token =
        make_person(&house, &(Person){ .name = "Fay", .role = ROLE_FAMILY }, &id);
    g_assert_cmpuint(people_session_count(house.people), ==, 2);
    g_autofree char *session = g_strdup(people_session(house.people, 1)->id);
    g_assert_cmpstr(people_session(house.people, 1)->name, ==, "a phone");
    g_assert_true(people_end_session(house.people, session, &error));
    g_assert_cmpint(role_of(&house, token, NULL, NULL), ==, ROLE_PUBLIC);
    g_assert_false(people_end_session(house.people, session, NULL));
    g_assert_true(people_remove(house.people, id, &error));
    g_assert_false(people_remove(house.people, people_get(house.people, 1)->id, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT); /* the last owner */
    g_clear_error(&error);
    g_assert_false(people_remove(house.people, "public", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
}

static void
test_guessing(void)
{
    g_auto(House) house = { 0 };
    int trouble;

    house_init(&house);
    g_autofree char *code = g_strdup(people_owner_code(house.people));
    for (int i = 0; i < 5; i++) {
        g_assert_null(enter(&house, i % 2 == 0 ? "0000-0000" : "", "Eve", "10.0.0.66", &trouble));
        g_assert_cmpint(trouble, ==, DUO_ERROR_DENIED);
    }
    g_assert_null(enter(&house, code, "Eve", "10.0.0.66", &trouble)); /* even with the right one */
    g_assert_cmpint(trouble, ==, DUO_ERROR_BUSY);
    clock_advance(house.clock, 61000);
    for (int i = 0; i < 30; i++) {
        g_autofree char *address = g_strdup_printf("10.0.1.%d", i);
        g_assert_null(enter(&house, "0000-0001", "Eve", address, &trouble));
        g_assert_cmpint(trouble, ==, DUO_ERROR_DENIED);
    }
    g_assert_null(enter(&house, code, "Ann", "10.0.0.1", &trouble)); /* by many together */
    g_assert_cmpint(trouble, ==, DUO_ERROR_BUSY);
    clock_advance(house.clock, 61000);
    g_autofree char *token = enter(&house, code, "Ann", "10.0.0.1", &trouble);
    g_assert_nonnull(token);
}

static void
test_late_code(void)
{
    g_auto(House) house = { 0 };
    int trouble;

    house_init(&house);
    g_autofree char *owner = make_owner(&house);
    g_autofree char *code = people_code(house.people, people_get(house.people, 1)->id, NULL);
    clock_advance(house.clock, (PEOPLE_CODE_LIFE_S + 1) * 1000);
    g_assert_null(enter(&house, code, NULL, "10.0.0.2", &trouble));
    g_assert_cmpint(trouble, ==, DUO_ERROR_DENIED);
}

static void
test_passes(void)
{
    g_auto(House) house = { 0 };
    bool is_pass;

    house_init(&house);
    g_autofree char *pass = people_pass(house.people, "1234");
    g_autofree char *id = people_read_pass(house.people, pass, &is_pass);
    g_assert_true(is_pass);
    g_assert_cmpstr(id, ==, "1234");
    g_autofree char *other = g_strconcat("1235", strchr(pass, '~'), NULL);
    g_autofree char *other_id = people_read_pass(house.people, other, &is_pass);
    g_assert_false(is_pass);
    g_autofree char *plain = people_read_pass(house.people, "1234", &is_pass);
    g_assert_false(is_pass);
    g_assert_cmpstr(plain, ==, "1234");

    later_s = 24 * 3600; /* it began some time today */
    g_autofree char *id_then = people_read_pass(house.people, pass, &is_pass);
    g_assert_true(is_pass);
    later_s *= 2;
    g_autofree char *id_at_last = people_read_pass(house.people, pass, &is_pass);
    g_assert_false(is_pass);
    later_s = 0;
}

/* -- Who is told that they may less ------------------------------------------------------------ */

typedef struct {
    const char *holder;
    guint count;
} Ear;

static void
on_event(gconstpointer event, gpointer user_data)
{
    Ear *ear = user_data;

    ear->count += people_event_is_about(event, ear->holder);
}

static void
hear(House *house, Ear *ear, const char *token, char holder[VISITOR_HOLDER_SIZE])
{
    g_auto(Visitor) visitor = { 0 };

    visitor_init(&visitor, house->people, token, NULL, "10.0.0.9");
    visitor_holder(&visitor, holder);
    ear->holder = holder;
    observers_add(people_observers(house->people), on_event, ear);
}

static void
test_losses(void)
{
    g_auto(House) house = { 0 };
    g_autofree char *gus = NULL, *fay = NULL;
    char holders[4][VISITOR_HOLDER_SIZE];
    Ear of_guest = { 0 }, of_family = { 0 }, of_owner = { 0 }, of_public = { 0 };
    Person guest = { .name = "Gus", .role = ROLE_GUEST };

    house_init(&house);
    g_autofree char *owner = make_owner(&house);
    g_autofree char *phone = make_person(&house, &guest, &gus);
    g_autofree char *other =
        make_person(&house, &(Person){ .name = "Fay", .role = ROLE_FAMILY }, &fay);
    hear(&house, &of_owner, owner, holders[0]);
    hear(&house, &of_guest, phone, holders[1]);
    hear(&house, &of_family, other, holders[2]);
    hear(&house, &of_public, NULL, holders[3]);
    guest.id = gus;
    guest.name = "Gustav";
    people_put(house.people, &guest, NULL); /* a name is nothing to see */
    g_assert_cmpuint(of_guest.count, ==, 0);
    guest.folders = films;
    people_put(house.people, &guest, NULL);
    g_assert_cmpuint(of_guest.count, ==, 1);
    guest.folders = NULL; /* more than before */
    guest.until_s = g_get_real_time() / G_USEC_PER_SEC + 1;
    people_put(house.people, &guest, NULL);
    while (of_guest.count == 1) { /* his time comes, by the computer's clock */
        g_usleep(20000);
        clock_advance(house.clock, 1000);
    }
    people_put(house.people, &(Person){ .id = "public", .folders = films }, NULL);
    g_assert_cmpuint(of_public.count, ==, 1);
    people_end_session(house.people, people_session(house.people, 2)->id, NULL);
    g_assert_cmpuint(of_family.count, ==, 1);
    g_assert_true(people_remove(house.people, gus, NULL));
    g_assert_cmpuint(of_guest.count, ==, 3);
    g_assert_cmpuint(of_owner.count, ==, 0);
}

/* Another owner, and the first one goes on as family. */
static void
test_handing_on(void)
{
    g_auto(House) house = { 0 };
    g_autoptr(GError) error = NULL;
    int trouble;

    house_init(&house);
    g_autofree char *ann = make_owner(&house);
    g_autofree char *id = g_strdup(people_get(house.people, 1)->id);
    Person first = { .id = id, .name = "Anna", .role = ROLE_FAMILY };
    g_assert_null(people_put(house.people, &first, &error)); /* the last one stays */
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    const Person *bob = people_put(house.people, &(Person){ .name = "Bob", .role = ROLE_OWNER },
                                   NULL);
    g_autofree char *code = people_code(house.people, bob->id, NULL);
    g_autofree char *token = enter(&house, code, NULL, "10.0.0.2", &trouble);
    g_assert_nonnull(people_put(house.people, &first, NULL));
    restart(&house);
    g_assert_cmpint(role_of(&house, token, NULL, NULL), ==, ROLE_OWNER);
    g_assert_cmpint(role_of(&house, ann, NULL, NULL), ==, ROLE_FAMILY);
    g_assert_cmpstr(people_find(house.people, id)->name, ==, "Anna");
}

/* The key of this computer's programs is the owner's; an address of theirs is not. */
static void
test_what_proves(void)
{
    static const char *const devices[] = { "10.0.0.7", NULL };
    g_auto(House) house = { 0 };

    house_init(&house);
    g_autofree char *owner = make_owner(&house);
    g_autofree char *key = g_strdup(people_local_key(house.people));
    g_assert_cmpint(role_of(&house, key, NULL, "10.0.0.9"), ==, ROLE_OWNER);
    g_autofree char *id = g_strdup(people_get(house.people, 1)->id);
    people_put(house.people, &(Person){ .id = id, .name = "Ann", .role = ROLE_OWNER,
                                        .devices = devices }, NULL);
    g_assert_cmpint(role_of(&house, NULL, NULL, "10.0.0.7"), ==, ROLE_FAMILY);
    restart(&house);
    g_assert_cmpint(role_of(&house, key, NULL, "10.0.0.9"), ==, ROLE_PUBLIC);
}

/* A file that says who may see what is believed whole or not at all. */
/* What somebody hears and reads is theirs over a restart, and is languages. */
static void
test_languages(void)
{
    static const char *const zh[] = { "zh-Hant", "yue", NULL }, *const en[] = { "en", NULL },
                      *const odd[] = { "", NULL };
    g_autofree char *id = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(House) house = { 0 };

    house_init(&house);
    g_free(make_owner(&house));
    g_free(make_person(&house, &(Person){ .name = "Mei", .role = ROLE_FAMILY, .audio = zh,
                                          .subtitles = en }, &id));
    g_assert_null(people_put(house.people, &(Person){ .id = id, .name = "Mei", .role = ROLE_FAMILY,
                                                      .audio = odd }, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    people_free(house.people);
    house.people = people_new(house.path, folders, house.clock, NULL);
    const Person *mei = people_find(house.people, id);
    g_assert_true(g_strv_equal(mei->audio, zh));
    g_assert_true(g_strv_equal(mei->subtitles, en));
    g_assert_null(people_get(house.people, 0)->audio);
}

static void
test_damaged(void)
{
    static const char *const texts[] = { "garbage", "[person x]\nrole=king\n",
                                         "[session y]\nperson=x\n", "[people]\nseal=12\n" };
    g_auto(House) house = { 0 };

    house_init(&house);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_true(g_file_set_contents(house.path, texts[i], -1, NULL));
        g_assert_null(people_new(house.path, folders, house.clock, &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/people/nobody", test_nobody);
    g_test_add_func("/people/first-visit", test_first_visit);
    g_test_add_func("/people/folders", test_folders);
    g_test_add_func("/people/guests-leave", test_guests_leave);
    g_test_add_func("/people/revoke", test_revoke);
    g_test_add_func("/people/guessing", test_guessing);
    g_test_add_func("/people/late-code", test_late_code);
    g_test_add_func("/people/passes", test_passes);
    g_test_add_func("/people/losses", test_losses);
    g_test_add_func("/people/handing-on", test_handing_on);
    g_test_add_func("/people/what-proves", test_what_proves);
    g_test_add_func("/people/languages", test_languages);
    g_test_add_func("/people/damaged", test_damaged);
    return g_test_run();
}
