/* ladder.c -- see ladder.h; kept as a key file, a line a model */
#include "upnp/ladder.h"

#include "wire/didl.h"

#define MODELS_MAX 500

struct UpnpLadder {
    char *file; /* NULL: nowhere */
    GKeyFile *models;
};

/* What is learnt, each in a group of its own; the first word holds for models that are not in
 * it. */
typedef struct {
    const char *group;
    const char *words[4]; /* end with NULL */
} Lesson;

static const Lesson metadata_lesson = { "metadata", { "full", "minimal", "none" } };
static const Lesson next_lesson = { "next", { "untried", "trusted", "refused" } };
G_STATIC_ASSERT(UPNP_RUNG_N == 3 && UPNP_TRUST_N == 3);

UpnpLadder *
upnp_ladder_new(const char *file)
{
    UpnpLadder *ladder = g_new(UpnpLadder, 1);

    *ladder = (UpnpLadder){ g_strdup(file), g_key_file_new() };
    if (file != NULL) /* where it is not, or spoilt, everything is learnt anew */
        g_key_file_load_from_file(ladder->models, file, G_KEY_FILE_NONE, NULL);
    return ladder;
}

void
upnp_ladder_free(UpnpLadder *ladder)
{
    if (ladder == NULL)
        return;
    g_key_file_unref(ladder->models);
    g_free(ladder->file);
    g_free(ladder);
}

/* A model's name as a key may be. */
static char *
key_of(const char *model)
{
    return g_uri_escape_string(model, " /", FALSE);
}

static guint
recall(const UpnpLadder *ladder, const Lesson *lesson, const char *model)
{
    g_autofree char *key = key_of(model);
    g_autofree char *word = g_key_file_get_string(ladder->models, lesson->group, key, NULL);

    for (guint i = 0; word != NULL && lesson->words[i] != NULL; i++)
        if (g_str_equal(lesson->words[i], word))
            return i;
    return 0;
}

static void
learn(UpnpLadder *ladder, const Lesson *lesson, const char *model, guint index)
{
    g_autofree char *key = key_of(model);
    g_auto(GStrv) keys = g_key_file_get_keys(ladder->models, lesson->group, NULL, NULL);
    g_autoptr(GError) error = NULL;

    if (recall(ladder, lesson, model) == index)
        return;
    if (keys != NULL && g_strv_length(keys) >= MODELS_MAX) /* of the first it is learnt again */
        g_key_file_remove_key(ladder->models, lesson->group, keys[0], NULL);
    g_info("learnt of %s: %s %s", model, lesson->group, lesson->words[index]);
    g_key_file_set_string(ladder->models, lesson->group, key, lesson->words[index]);
    if (ladder->file != NULL && !g_key_file_save_to_file(ladder->models, ladder->file, &error))
        g_warning("what was learnt of %s is not remembered: %s", model, error->message);
}

UpnpRung
upnp_ladder_first(const UpnpLadder *ladder, const char *model)
{
    return (UpnpRung)recall(ladder, &metadata_lesson, model);
}

void
upnp_ladder_learn(UpnpLadder *ladder, const char *model, UpnpRung rung)
{
    learn(ladder, &metadata_lesson, model, rung);
}

UpnpTrust
upnp_ladder_trust(const UpnpLadder *ladder, const char *model)
{
    return (UpnpTrust)recall(ladder, &next_lesson, model);
}

void
upnp_ladder_learn_trust(UpnpLadder *ladder, const char *model, UpnpTrust trust)
{
    learn(ladder, &next_lesson, model, trust);
}

bool
upnp_ladder_lesson(const UpnpLadder *ladder, const char *model, guint index, ScreenLesson *lesson)
{
    static const Lesson *const lessons[] = { &metadata_lesson, &next_lesson };

    if (index >= G_N_ELEMENTS(lessons))
        return false;
    *lesson = (ScreenLesson){ lessons[index]->group,
                              lessons[index]->words[recall(ladder, lessons[index], model)] };
    return true;
}

char *
upnp_ladder_metadata(UpnpRung rung, const PlaybackMedia *media)
{
    if (rung == UPNP_RUNG_NONE)
        return g_strdup("");
    if (rung == UPNP_RUNG_FULL && media->metadata != NULL)
        return g_strdup(media->metadata);
    return didl_encode_media(media);
}
