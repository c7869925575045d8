/* media-routes.c -- an item's bytes, and a picture of it
 *
 * The bytes come with the heads that DLNA players ask for (DLNA guidelines 7.4; FIELD-NOTES C2). */
#include "api/room.h"
#include "wire/didl.h"
#include "wire/protocol-info.h"

#include <string.h>

#define PICTURE_WIDTH_MIN 16
#define PICTURE_WIDTH_MAX 1920
#define PICTURE_WIDTH 320

/* An item with bytes of its own; NULL: replied already. */
static MediaObject *
find_item(HttpExchange *exchange, const Api *api)
{
    g_autoptr(GError) error = NULL;
    const char *id = http_exchange_parameter(exchange, "id");
    MediaObject *object = catalog_find(library_catalog(api->parts.library), id, &error);

    if (object == NULL) {
        http_exchange_reply_error(exchange, error);
        return NULL;
    }
    if (object->kind != MEDIA_CONTAINER)
        return object;
    http_exchange_reply_problem(exchange, 404, "id", "%s is a container and has no bytes", id);
    media_object_free(object);
    return NULL;
}

/* -- DLNA -------------------------------------------------------------------------------------- */

static const struct {
    const char *mode;
    bool for_images, for_av;
} transfer_modes[] = {
    { "Streaming", false, true },
    { "Interactive", true, false },
    { "Background", true, true },
};

/* Samsung sets ask for films interactively and mean nothing by it. */
static bool
is_samsung(HttpExchange *exchange)
{
    const char *agent = http_exchange_head(exchange, "User-Agent");

    return agent != NULL && (strstr(agent, "SEC_HHP") != NULL || strstr(agent, "Samsung") != NULL);
}

static bool
answer_transfer_mode(HttpExchange *exchange, bool is_image)
{
    const char *mode = http_exchange_head(exchange, "transferMode.dlna.org");
    bool fits = mode == NULL;

    for (guint i = 0; mode != NULL && i < G_N_ELEMENTS(transfer_modes); i++)
        if (g_ascii_strcasecmp(mode, transfer_modes[i].mode) == 0)
            fits = (is_image ? transfer_modes[i].for_images : transfer_modes[i].for_av) ||
                   (!is_image && is_samsung(exchange));
    if (!fits) {
        http_exchange_reply_problem(exchange, 406, "transferMode.dlna.org",
                                    "%s are not sent in the mode %s",
                                    is_image ? "pictures" : "films and music",
                                    mode);
        return false;
    }
    if (mode != NULL && g_ascii_strcasecmp(mode, "Interactive") == 0 &&
        http_exchange_head(exchange, "realTimeInfo.dlna.org") != NULL) {
        http_exchange_reply_problem(exchange, 400, "realTimeInfo.dlna.org",
                                    "an interactive transfer has no real time");
        return false;
    }
    http_exchange_add_head(exchange, "transferMode.dlna.org",
                           mode != NULL ? mode : is_image ? "Interactive" : "Streaming");
    return true;
}

/* features: what the res of the object says in its fourth field. */
static bool
answer_content_features(HttpExchange *exchange, const char *features)
{
    const char *asked = http_exchange_head(exchange, "getcontentFeatures.dlna.org");

    if (asked == NULL)
        return true;
    if (strcmp(asked, "1") != 0) {
        http_exchange_reply_problem(exchange, 400, "getcontentFeatures.dlna.org", "must be 1");
        return false;
    }
    http_exchange_add_head(exchange, "contentFeatures.dlna.org", features);
    return true;
}

/* Samsung sets ask where the subtitles of a film are while they fetch it. */
static void
answer_caption(HttpExchange *exchange, const MediaObject *object)
{
    const char *asked = http_exchange_head(exchange, "getCaptionInfo.sec");
    const char *host = http_exchange_head(exchange, "Host");
    const MediaSidecar *subtitle = didl_subtitle(object, 0);

    if (asked == NULL || strcmp(asked, "1") != 0 || subtitle == NULL)
        return;
    g_autofree char *base_url = g_strconcat("http://", host, NULL);
    g_autoptr(GString) url = g_string_new(NULL);
    didl_append_sidecar_url(url, base_url, object, subtitle);
    http_exchange_add_head(exchange, "CaptionInfo.sec", url->str);
}

/* Files are sought by bytes; who can only seek by time is told so. */
static bool
answer_time_seek(HttpExchange *exchange)
{
    if (http_exchange_head(exchange, "TimeSeekRange.dlna.org") == NULL ||
        http_exchange_head(exchange, "Range") != NULL)
        return true;
    http_exchange_reply_problem(exchange, 406, "TimeSeekRange.dlna.org",
                                "a file is sought by bytes: use Range");
    return false;
}

static void
get_media(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(MediaObject) object = find_item(exchange, api);

    if (object == NULL)
        return;
    g_autoptr(Stream) stream = library_open_stream(api->parts.library, object->id, &error);
    if (stream == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    char features[PROTOCOL_INFO_MAX];
    dlna_features(&object->facts, dlna_file, features);
    if (!answer_transfer_mode(exchange, object->kind == MEDIA_IMAGE) ||
        !answer_content_features(exchange, features) || !answer_time_seek(exchange))
        return;
    answer_caption(exchange, object);
    reply_stream(exchange, g_steal_pointer(&stream));
}

/* A file of subtitles or lyrics that belongs to an item. */
static void
get_sidecar(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    Stream *stream = library_open_sidecar(api->parts.library, http_exchange_parameter(exchange, "id"),
                                          http_exchange_parameter(exchange, "name"), &error);

    if (stream == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    reply_stream(exchange, stream);
}

/* -- Pictures ---------------------------------------------------------------------------------- */

static void
on_picture(Stream *picture, const GError *error, gpointer user_data)
{
    HttpExchange *exchange = user_data;

    if (picture == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    http_exchange_add_head(exchange, "Cache-Control", "max-age=300");
    http_exchange_reply_stream(exchange, picture);
}

static void
get_picture(HttpExchange *exchange, gpointer user_data)
{
    Api *api = user_data;
    uint32_t width;

    if (!request_number(exchange, "w", PICTURE_WIDTH_MIN, PICTURE_WIDTH_MAX, PICTURE_WIDTH, &width))
        return;
    const DlnaPicture *picture = dlna_picture_of_width(width);
    char features[PROTOCOL_INFO_MAX];
    if (picture != NULL)
        dlna_picture_features(picture, features);
    if (!answer_transfer_mode(exchange, true) ||
        (picture != NULL && !answer_content_features(exchange, features)))
        return;
    g_auto(PictureSource) source = { 0 };
    g_autoptr(GError) error = NULL;
    if (library_picture(api->parts.library, http_exchange_parameter(exchange, "id"), &source, &error))
        picture_cache_get(api->pictures, &source, width, on_picture, exchange);
    else
        http_exchange_reply_error(exchange, error);
}

const HttpRoute media_routes[] = {
    { "GET", "/media/{id}/{name}", HTTP_READ, get_media, 0 },
    { "GET", "/media/{id}/beside/{name}", HTTP_READ, get_sidecar, 0 },
    { "GET", "/thumb/{id}", HTTP_STATE, get_picture, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
