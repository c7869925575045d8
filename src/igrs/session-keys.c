/* session-keys.c -- see session-keys.h */
#include "igrs/session-keys.h"

#include "base/text.h"
#include "igrs/seal.h"

typedef struct {
    IgrsSessionKeys *keys; /* borrowed: the owner */
    char *text;
    IgrsSession session; /* device_id is the next member */
    char *device_id;
    guint timer;
} Key;

struct IgrsSessionKeys {
    Clock *clock;    /* borrowed */
    GPtrArray *list; /* Key */
};

static void
key_free(gpointer data)
{
    Key *key = data;

    clock_cancel(key->keys->clock, &key->timer);
    g_free(key->text);
    g_free(key->device_id);
    g_free(key);
}

IgrsSessionKeys *
igrs_session_keys_new(Clock *clock)
{
    IgrsSessionKeys *keys = g_new(IgrsSessionKeys, 1);

    *keys = (IgrsSessionKeys){ clock, g_ptr_array_new_with_free_func(key_free) };
    return keys;
}

void
igrs_session_keys_free(IgrsSessionKeys *keys)
{
    if (keys == NULL)
        return;
    g_ptr_array_unref(keys->list);
    g_free(keys);
}

static void
on_expired(gpointer data)
{
    Key *key = data;

    key->timer = 0;
    g_ptr_array_remove(key->keys->list, key);
}

const char *
igrs_session_keys_apply(IgrsSessionKeys *keys, const IgrsSession *session)
{
    Key *key;
    IgrsSecret secret;

    igrs_session_keys_drop(keys, session);
    if (keys->list->len >= IGRS_SESSION_KEYS_MAX)
        return NULL;
    igrs_secret_random(&secret);
    key = g_new0(Key, 1);
    *key = (Key){ .keys = keys, .text = igrs_secret_to_base64(&secret), .session = *session,
                  .device_id = g_strdup(session->device_id) };
    key->session.device_id = key->device_id;
    key->timer = clock_after(keys->clock, IGRS_SESSION_KEY_LIFE_S * 1000, on_expired, key);
    g_ptr_array_add(keys->list, key);
    return key->text;
}

/* Looks at every one: how near a guess came is not to be heard from how long it took. */
const IgrsSession *
igrs_session_keys_find(const IgrsSessionKeys *keys, const char *text)
{
    const IgrsSession *found = NULL;

    for (guint i = 0; text != NULL && i < keys->list->len; i++) {
        const Key *key = g_ptr_array_index(keys->list, i);
        if (text_equal_secret(key->text, text))
            found = &key->session;
    }
    return found;
}

void
igrs_session_keys_drop(IgrsSessionKeys *keys, const IgrsSession *session)
{
    for (guint i = 0; i < keys->list->len; i++) {
        const Key *key = g_ptr_array_index(keys->list, i);
        if (igrs_session_equal(&key->session, session)) {
            g_ptr_array_remove_index(keys->list, i);
            return;
        }
    }
}
