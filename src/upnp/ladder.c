/* ladder.c -- see ladder.h; kept as a key file, a line a model */
#include "upnp/ladder.h"

#include "wire/didl.h"

#define GROUP "metadata"
#define MODELS_MAX 500

struct UpnpLadder {
    char *file; /* NULL: nowhere */
    GKeyFile *models;
};

static const char *const rung_names[UPNP_RUNG_N] = { "full", "minimal", "none" };

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

UpnpRung
upnp_ladder_first(const UpnpLadder *ladder, const char *model)
{
    g_autofree char *key = key_of(model);
    g_autofree char *name = g_key_file_get_string(ladder->models, GROUP, key, NULL);

    for (guint i = 0; name != NULL && i < UPNP_RUNG_N; i++)
        if (g_str_equal(rung_names[i], name))
            return (UpnpRung)i;
    return UPNP_RUNG_FULL;
}

void
upnp_ladder_learn(UpnpLadder *ladder, const char *model, UpnpRung rung)
{
    g_autofree char *key = key_of(model);
    g_auto(GStrv) keys = g_key_file_get_keys(ladder->models, GROUP, NULL, NULL);
    g_autoptr(GError) error = NULL;

    if (upnp_ladder_first(ladder, model) == rung ||
        (keys != NULL && g_strv_length(keys) >= MODELS_MAX))
        return;
    g_info("%s takes metadata: %s", model, rung_names[rung]);
    g_key_file_set_string(ladder->models, GROUP, key, rung_names[rung]);
    if (ladder->file != NULL && !g_key_file_save_to_file(ladder->models, ladder->file, &error))
        g_warning("what %s takes is not remembered: %s", model, error->message);
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
