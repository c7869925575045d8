/* cast-plan-upload.c -- what is pushed to us reaches the screen as it is, or converted, also while
 * it still comes */
#include "appliance/session/cast-plan-room.h"

#include "base/error.h"
#include "wire/didl.h"

/* As it is: nobody knows yet what is in it but its type. */
static PlaybackMedia *
media_of_upload(const PushFacts *facts, const char *title, const char *base_url)
{
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);
    g_autoptr(GString) url = g_string_new(NULL);

    push_append_url(url, base_url, facts);
    media->uri = g_strdup(url->str);
    media->title = g_strdup(title);
    media->mime = g_strdup(facts->mime);
    media->kind = mime_kind(facts->mime);
    media->protocol_info = g_strdup_printf("http-get:*:%s:*", facts->mime);
    media->metadata = didl_encode_media(media);
    return media;
}

bool
cast_plan_upload(CastPlan *plan, const CastSources *sources, const CastWish *wish,
                 const Screen *screen, const Dialect *dialect, GError **error)
{
    g_autoptr(Push) push =
        sources->pushes != NULL ? pushes_find(sources->pushes, wish->upload, error) : NULL;
    g_auto(PushFacts) facts = { 0 };
    g_auto(Delivery) delivery = { 0 };

    if (sources->pushes == NULL)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there are no uploads");
    g_autofree char *base_url = push != NULL ? cast_plan_base_url(sources, screen, error) : NULL;
    if (base_url == NULL)
        return false;
    push_read_facts(push, &facts);
    g_autoptr(MediaObject) object = push_object(&facts);
    g_autoptr(PlaybackMedia) direct =
        media_of_upload(&facts, wish->title != NULL ? wish->title : facts.name, base_url);
    DeliveryWish asked = { .name = screen->name, .sinks = screen->sink_protocols,
                           .direct_info = direct->protocol_info, .audio_track = -1,
                           .is_unplayed = dialect_lies(dialect, facts.mime) };
    if (!cast_plan_read_form(wish, &asked, error) ||
        !delivery_decide(&delivery, object, &asked, error))
        return false;
    plan->how = delivery_how_name(delivery.how);
    plan->reason = g_steal_pointer(&delivery.reason);
    plan->media = delivery.how == DELIVERY_DIRECT
                      ? g_steal_pointer(&direct)
                      : cast_plan_media_of_stream(object, &delivery, -1, base_url, dialect);
    g_clear_pointer(&plan->media->item_id, g_free); /* it is none of the library */
    return true;
}
