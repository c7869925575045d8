/* didl-url.c -- which address of our server an object's bytes have; see didl.h */
#include "wire/didl-room.h"

#include "wire/media-fragment.h"
#include "wire/protocol-info.h"

#include <string.h>

static void
append_dialect(GString *out, const Dialect *dialect)
{
    if (dialect->name == NULL)
        return;
    g_string_append(out, "/as/");
    g_string_append(out, dialect->name);
}

static void
append_place(GString *out, const char *base_url, const Dialect *dialect, const MediaObject *object)
{
    g_string_append(out, base_url);
    g_string_append(out, "/media/");
    g_string_append_uri_escaped(out, object->id, NULL, FALSE);
    append_dialect(out, dialect);
}

void
didl_append_media_url(GString *out, const char *base_url, const Dialect *dialect,
                      const MediaObject *object)
{
    if (object->resources != NULL && object->resources[0].uri != NULL) {
        g_string_append(out, object->resources[0].uri);
        return;
    }
    const char *slash = object->path != NULL ? strrchr(object->path, '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : object->title;

    append_place(out, base_url, dialect, object);
    g_string_append_c(out, '/');
    g_string_append_uri_escaped(out, name != NULL ? name : "", NULL, FALSE);
    if (media_is_part(&object->facts))
        media_fragment_append(out, object->facts.start_ms, object->facts.end_ms);
}

void
didl_append_stream_url(GString *out, const char *base_url, const Dialect *dialect,
                       const MediaObject *object, const DidlStream *stream)
{
    g_autofree char *name =
        g_path_get_basename(object->path != NULL ? object->path : object->title);
    char *dot = strrchr(name, '.');

    if (dot != NULL && dot != name)
        *dot = '\0';
    g_string_append_printf(out, "%s/stream/%s.a", base_url, stream->form);
    if (stream->audio_track >= 0)
        g_string_append_printf(out, "%d", stream->audio_track);
    if (stream->subtitle > 0)
        g_string_append_printf(out, "s%d", stream->subtitle - 1);
    g_string_append_c(out, '.');
    g_string_append_uri_escaped(out, object->id, NULL, FALSE);
    append_dialect(out, dialect);
    g_string_append_c(out, '/');
    g_string_append_uri_escaped(out, name, NULL, FALSE);
    g_string_append_printf(out, ".%s", stream->extension);
}

void
didl_append_thumb_url(GString *out, const char *base_url, const Dialect *dialect,
                      const MediaObject *object, unsigned width)
{
    g_string_append(out, base_url);
    g_string_append(out, "/thumb/");
    g_string_append_uri_escaped(out, object->id, NULL, FALSE);
    if (width != 0)
        g_string_append_printf(out, "?w=%u", width);
    if (width != 0 && dialect->name != NULL)
        g_string_append_printf(out, "&as=%s", dialect->name);
}

void
didl_append_sidecar_url(GString *out, const char *base_url, const Dialect *dialect,
                        const MediaObject *object, const MediaSidecar *sidecar)
{
    append_place(out, base_url, dialect, object);
    g_string_append(out, "/beside/");
    g_string_append_uri_escaped(out, sidecar->name, NULL, FALSE);
}

const MediaSidecar *
didl_subtitle(const MediaDetails *details, guint index)
{
    for (guint i = 0; i < media_details_count(details, MEDIA_SIDECARS); i++) {
        const MediaSidecar *sidecar = media_details_get(details, MEDIA_SIDECARS, i);
        if (g_strcmp0(sidecar->kind, "subtitle") == 0 &&
            mime_of_subtitle(sidecar->format) != NULL && index-- == 0)
            return sidecar;
    }
    return NULL;
}

MediaSidecar
didl_subtitle_as_srt(const MediaSidecar *subtitle, char name[DIDL_SIDECAR_NAME_MAX])
{
    MediaSidecar srt = *subtitle;

    if (strcmp(subtitle->format, "srt") == 0)
        return srt;
    g_snprintf(name, DIDL_SIDECAR_NAME_MAX, "%s.srt", subtitle->name);
    srt.name = name;
    srt.format = "srt";
    return srt;
}
