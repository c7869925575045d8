/* web-screens.c -- see web-screens.h: tabs come, and go */
#include "appliance/screens/web-screens-room.h"

#include "base/error.h"

#include <string.h>

#define SECRET_MIN 16
#define SECRET_MAX 64
#define NAME_MAX_BYTES 80
#define MIMES_MAX 64
#define MIME_MAX 100

/* -- What a tab says of itself ----------------------------------------------------------------- */

static bool
is_secret(const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;

    if (length < SECRET_MIN || length > SECRET_MAX)
        return false;
    for (; *text != '\0'; text++)
        if (!g_ascii_isalnum(*text) && *text != '-' && *text != '_')
            return false;
    return true;
}

static bool
is_name(const char *text)
{
    if (strlen(text) > NAME_MAX_BYTES || !g_utf8_validate(text, -1, NULL))
        return false;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return false;
    return true;
}

/* "video/mp4", without parameters. */
static bool
is_mime(const char *text)
{
    const char *slash = strchr(text, '/');

    if (slash == NULL || slash == text || slash[1] == '\0' || strlen(text) > MIME_MAX)
        return false;
    for (; *text != '\0'; text++)
        if (text != slash && !g_ascii_isalnum(*text) && strchr("!#$&-^_.+", *text) == NULL)
            return false;
    return true;
}

static bool
check_wish(const WebScreenWish *wish, GError **error)
{
    guint count = 0;

    if (!is_secret(wish->secret)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "a screen's secret is %d to %d letters, digits, - and _", SECRET_MIN,
                    SECRET_MAX);
        return false;
    }
    if (wish->name != NULL && !is_name(wish->name)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "a screen's name is at most %d bytes of text", NAME_MAX_BYTES);
        return false;
    }
    for (const char *const *mime = wish->mimes; *mime != NULL; mime++) {
        if (++count > MIMES_MAX || !is_mime(*mime)) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                        "a screen names at most %d formats, each as video/mp4", MIMES_MAX);
            return false;
        }
    }
    return true;
}

/* -- Coming and going -------------------------------------------------------------------------- */

/* Where all places are taken, the one that has been away longest makes room. */
static bool
make_room(WebScreens *home, GError **error)
{
    GHashTableIter iter;
    gpointer value;
    WebScreen *longest = NULL;

    if (g_hash_table_size(home->all) < WEB_SCREENS_MAX)
        return true;
    g_hash_table_iter_init(&iter, home->all);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        WebScreen *screen = value;
        if (screen->deaf_since_ms != 0 &&
            (longest == NULL || screen->deaf_since_ms < longest->deaf_since_ms))
            longest = screen;
    }
    if (longest == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "%d pages are screens already: close one",
                    WEB_SCREENS_MAX);
        return false;
    }
    web_screens_leave(home, longest);
    return true;
}

WebScreen *
web_screens_join(WebScreens *home, const WebScreenWish *wish, GError **error)
{
    if (!check_wish(wish, error))
        return NULL;
    WebScreen *screen = g_hash_table_lookup(home->all, wish->secret);
    if (screen != NULL) {
        web_screen_dress(screen, wish);
        observers_notify(screen->base.observers, &screen->base);
        return screen;
    }
    if (!make_room(home, error))
        return NULL;
    screen = web_screen_new(home, wish->secret);
    web_screen_dress(screen, wish);
    g_hash_table_insert(home->all, screen->secret, screen);
    web_screen_wait_for_listener(screen);
    screen->base.status.state = PLAYBACK_IDLE;
    screens_add(home->screens, &screen->base);
    return screen;
}

WebScreen *
web_screens_find(const WebScreens *home, const char *secret, GError **error)
{
    WebScreen *screen = g_hash_table_lookup(home->all, secret);

    if (screen == NULL)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                            "this page is no screen yet, or was away too long");
    return screen;
}

void
web_screens_leave(WebScreens *home, WebScreen *screen)
{
    g_autofree char *id = g_strdup(screen->base.id);

    screens_remove(home->screens, id);
}

/* -- The object -------------------------------------------------------------------------------- */

WebScreens *
web_screens_new(Screens *screens, Clock *clock)
{
    WebScreens *home = g_new0(WebScreens, 1);

    home->screens = screens;
    home->clock = clock;
    home->all = g_hash_table_new(g_str_hash, g_str_equal);
    return home;
}

void
web_screens_free(WebScreens *home)
{
    GHashTableIter iter;
    gpointer screen;

    if (home == NULL)
        return;
    for (;;) {
        g_hash_table_iter_init(&iter, home->all);
        if (!g_hash_table_iter_next(&iter, NULL, &screen))
            break;
        web_screens_leave(home, screen);
    }
    g_hash_table_unref(home->all);
    g_free(home);
}
