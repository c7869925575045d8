/* dlna-heads.c -- see dlna-heads.h */
#include "api/dlna-heads.h"

#include "wire/didl.h"
#include "wire/time-seek.h"

#include <string.h>

static const struct {
    const char *mode;
    bool for_images, for_av;
} transfer_modes[] = {
    { "Streaming", false, true },
    { "Interactive", true, false },
    { "Background", true, true },
};

static bool
mode_fits(const char *mode, bool is_image)
{
    for (guint i = 0; i < G_N_ELEMENTS(transfer_modes); i++)
        if (g_ascii_strcasecmp(mode, transfer_modes[i].mode) == 0)
            return is_image ? transfer_modes[i].for_images : transfer_modes[i].for_av;
    return false;
}

bool
dlna_answer_transfer_mode(HttpExchange *exchange, bool is_image, bool takes_any)
{
    const char *mode = http_exchange_head(exchange, "transferMode.dlna.org");

    if (mode != NULL && !mode_fits(mode, is_image) && !(takes_any && !is_image)) {
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

bool
dlna_answer_features(HttpExchange *exchange, const MediaOffer *offer)
{
    const char *asked = http_exchange_head(exchange, "getcontentFeatures.dlna.org");

    if (asked == NULL)
        return true;
    if (strcmp(asked, "1") != 0) {
        http_exchange_reply_problem(exchange, 400, "getcontentFeatures.dlna.org", "must be 1");
        return false;
    }
    if (strcmp(offer->features, "*") != 0)
        http_exchange_add_head(exchange, "contentFeatures.dlna.org", offer->features);
    return true;
}

bool
dlna_answer_time_seek(HttpExchange *exchange, int64_t duration_ms, const Stream *stream)
{
    static const char head[] = "TimeSeekRange.dlna.org";
    const char *asked = http_exchange_head(exchange, head);
    TimeSeek seek;

    if (asked == NULL || http_exchange_head(exchange, "Range") != NULL)
        return true;
    TimeSeekKind kind = time_seek_decode(asked, duration_ms, &seek);
    if (kind == TIME_SEEK_MALFORMED) {
        http_exchange_reply_problem(exchange, 400, head, "must be npt=START-END, END after START");
    } else if (kind == TIME_SEEK_OUTSIDE) {
        http_exchange_reply_problem(exchange, 416, head, "it ends before that");
    } else if (seek.start_ms > 0 || seek.end_ms >= 0 || stream->length <= 0) {
        http_exchange_reply_problem(exchange, 406, head, "a file is sought by bytes: use Range");
    } else {
        g_autofree char *told = time_seek_encode(&seek, duration_ms, 0,
                                                 (uint64_t)stream->length - 1,
                                                 (uint64_t)stream->length);
        http_exchange_add_head(exchange, head, told);
        return true;
    }
    return false;
}

void
dlna_answer_caption(HttpExchange *exchange, const Dialect *dialect, const MediaObject *object)
{
    const char *asked = http_exchange_head(exchange, "getCaptionInfo.sec");
    const char *host = http_exchange_head(exchange, "Host");
    const MediaSidecar *subtitle = didl_subtitle(object->details, 0);

    if (asked == NULL || strcmp(asked, "1") != 0 || subtitle == NULL ||
        !dialect_has_caption(dialect, DIALECT_CAPTION_HEAD))
        return;
    g_autofree char *base_url = g_strconcat("http://", host, NULL);
    g_autoptr(GString) url = g_string_new(NULL);
    char name[DIDL_SIDECAR_NAME_MAX];
    MediaSidecar srt = didl_subtitle_as_srt(subtitle, name);
    didl_append_sidecar_url(url, base_url, dialect, object, &srt);
    http_exchange_add_head(exchange, "CaptionInfo.sec", url->str);
}
