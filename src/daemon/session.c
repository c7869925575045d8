/* session.c -- see session.h */
#include "daemon/session.h"

static int64_t
left_at(const char *item_id, const char *person, gpointer library)
{
    MediaUse use;

    return library_use(library, item_id, person, &use, NULL) ? use.position_ms : 0;
}

/* What a person did not say is as the house has it. */
static void
taste_of(const char *id, TrackTaste *taste, gpointer data)
{
    const SessionParts *parts = data;
    const Person *person = id != NULL ? people_find(doors_people(parts->doors), id) : NULL;

    *taste = parts->options->taste;
    if (person != NULL && person->audio != NULL)
        taste->audio = person->audio;
    if (person != NULL && person->subtitles != NULL)
        taste->subtitles = person->subtitles;
}

static Casts *
make_casts(Session *session)
{
    SessionParts *parts = &session->parts;
    Casts *casts = casts_new(parts->screens, parts->servers, library_catalog(parts->library),
                             parts->interfaces);

    casts_set_dialects(casts, parts->options->dialects);
    casts_set_left_at(casts, left_at, parts->library);
    casts_set_fetches(casts, parts->fetches);
    casts_set_pass(casts, doors_pass, parts->doors);
    casts_set_taste(casts, taste_of, parts);
    casts_set_streams(casts, parts->streams);
    casts_set_pushes(casts, parts->pushes);
    casts_set_feeds(casts, session->feeds);
    return casts;
}

void
session_init(Session *session, const SessionParts *parts)
{
    Screens *screens = parts->screens;

    *session = (Session){ .parts = *parts };
    session->feeds = feeds_new(NULL, parts->clock);
    Casts *casts = session->casts = make_casts(session);
    Queues *queues = session->queues = queues_new(
        screens, casts, library_catalog(parts->library), parts->queues, parts->clock);
    session->handover = handover_new(screens, casts, queues, parts->clock);
    session->handover_desk = handover_desk_new(screens, casts, queues, parts->clock);
    session->slide_music = slide_music_new(screens, queues);
    session->recorder = use_recorder_new(screens, casts, parts->library);
}

void
session_clear(Session *session)
{
    use_recorder_free(session->recorder);
    slide_music_free(session->slide_music);
    handover_desk_free(session->handover_desk);
    handover_free(session->handover);
    queues_free(session->queues);
    casts_free(session->casts);
    feeds_free(session->feeds);
}
