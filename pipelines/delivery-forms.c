/* delivery-forms.c -- which forms of an item sets are told of, and what is known of each
 *
 * Lists know the facts of a file, not its streams: what is told is decided by those alone, so that
 * an item has the same forms wherever it is met. What a worker then copies and what it converts is
 * delivery_decide()'s, when somebody asks for the form. */
#include "pipelines/delivery.h"

#include <string.h>

/* As large as it is; of what has to shrink it is not known what it shrinks to. */
static bool
is_within(const MediaFacts *facts, const Profile *profile)
{
    return facts->width <= profile->width && facts->height <= profile->height;
}

/* No more than the profile's; 0: not known. */
static int64_t
limit(int64_t number, int64_t most, bool is_exact)
{
    return is_exact ? most : MIN(number, most);
}

MediaForm
delivery_form(const Profile *profile, const MediaObject *object)
{
    const MediaFacts *facts = &object->facts;
    bool keeps_size = profile->kind == MEDIA_VIDEO && is_within(facts, profile);

    return (MediaForm){
        .name = profile->name,
        .extension = profile->extension,
        .facts = {
            .kind = profile->kind,
            .mime = profile->mime,
            .format = profile->format,
            .title = facts->title,
            .video_codec = profile->video,
            .audio_codec = profile->audio,
            .duration_ms = facts->duration_ms,
            .width = keeps_size ? facts->width : 0,
            .height = keeps_size ? facts->height : 0,
            .channels = limit(facts->channels, profile->channels, profile->is_exact),
            .sample_rate = limit(facts->sample_rate, profile->sample_rate, profile->is_exact),
        },
        .delivery = {
            .by_time = profile->kind != MEDIA_IMAGE && !profile->is_list &&
                       facts->duration_ms > 0,
            .is_converted = true,
        },
    };
}

/* Is the family told of it, where an item has it? */
static bool
is_told(const Profile *profile, const Dialect *dialect)
{
    if (dialect->forms[0] == NULL)
        return profile->is_usual;
    for (guint i = 0; i < DIALECT_SIGNS_MAX && dialect->forms[i] != NULL; i++)
        if (strcmp(dialect->forms[i], profile->name) == 0)
            return true;
    return false;
}

/* Something other than the file, that the item can be made into, and that is worth it: what lost
 * something already is not made larger. */
static bool
is_form_of(const Profile *profile, const MediaObject *object)
{
    const MediaFacts *facts = &object->facts;
    bool is_same = facts->mime != NULL && mime_equal(facts->mime, profile->mime) &&
                   g_strcmp0(facts->video_codec, profile->video) == 0 &&
                   g_strcmp0(facts->audio_codec, profile->audio) == 0;

    return profile->kind == object->kind && delivery_can_convert(facts) &&
           object->kind != MEDIA_IMAGE &&
           (facts->video_codec != NULL || facts->audio_codec != NULL) &&
           (!profile->is_lossless || delivery_is_lossless(facts->audio_codec)) &&
           (!is_same || media_is_part(facts));
}

guint
delivery_forms(const MediaObject *object, const Dialect *dialect, MediaForm forms[MEDIA_FORMS_MAX])
{
    guint count = 0;

    for (const Profile *profile = profiles; profile->name != NULL; profile++)
        if (count < MEDIA_FORMS_MAX && is_told(profile, dialect) && is_form_of(profile, object))
            forms[count++] = delivery_form(profile, object);
    return count;
}
