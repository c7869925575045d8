/* screen-tests.h -- "does this television work?": something small is shown there, and what happened
 * is told step by step
 *
 * What is shown is pushed as a phone pushes it, so that everything on the way is what it is for
 * real things. Main loop only. */
#pragma once

#include "appliance/session/casts.h"

typedef struct ScreenTests ScreenTests;

/* All of it is borrowed and outlives the ScreenTests. */
typedef struct {
    Screens *screens;
    Casts *casts;
    Pushes *pushes;
    Fetches *fetches; /* NULL: who came for it is not known */
    Clock *clock;
} ScreenTestsParts;

/* How far it went; each step has the ones before it. */
typedef struct {
    bool was_taken;   /* the screen said yes */
    bool was_fetched; /* it came for the octets; of a screen whose address is known */
    bool was_shown;   /* it says that it plays */
    int64_t taken_ms, shown_ms; /* since the beginning */
    const char *how, *reason; /* the way it went (Cast); NULL: none was found */
    const char *problem;      /* what the screen, or we, said against it; NULL: nothing */
} ScreenTestReport;

/* Called once, within 25 s; borrowed. error: it could not even begin. */
typedef void (*ScreenTestDone)(const ScreenTestReport *report, const GError *error,
                               gpointer user_data);

ScreenTests *screen_tests_new(const ScreenTestsParts *parts);
/* Those under way are answered with G_IO_ERROR_CANCELLED; nothing of them stays. */
void         screen_tests_free(ScreenTests *tests);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScreenTests, screen_tests_free)

/* Shows octets, a file called name, on a screen (as for screens_find()), for some seconds. Not
 * while something plays there: DUO_ERROR_CONFLICT. Also the errors of pushes_create(). */
void         screen_tests_run(ScreenTests *tests, const char *screen, const char *name,
                              GBytes *octets, ScreenTestDone done, gpointer user_data);
