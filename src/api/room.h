/* room.h -- what the files of this room share; nobody else includes it */
#pragma once

#include "api/api.h"
#include "api/event-feed.h"
#include "api/json-writer.h"
#include "api/picture-cache.h"
#include "appliance/session/screen-tests.h"
#include "igrs/device-groups.h"
#include "net/http-reply-cache.h"

#include <jansson.h>

/* Of a session; inside TLS a browser takes care that nobody else sets it. */
#define SESSION_COOKIE "duoping"
#define SESSION_COOKIE_TLS "__Host-duoping"

struct Api {
    ApiParts parts;
    HttpServer *server; /* borrowed; NULL before api_serve() and after api_stop() */
    IgrsNode *node;     /* the same; and NULL when there is none */
    uint16_t https_port; /* 0: nothing is served inside TLS */
    const char *https_authority; /* path; NULL: none; borrowed */
    gint is_stopping;   /* atomic */
    int64_t started_ms;
    guint observer;     /* of the library; told of changes before the feed tells the world */
    gint edition;       /* atomic; of the library, counts its changes */
    HttpReplyCache *pages;
    EventFeed *feed;
    PictureCache *pictures;
    ScreenTests *tests;
    char *site_tag; /* entity tag of the pages, one for all */
};

/* Each ends with a method of NULL; user_data of every handler is the Api. */
extern const HttpRoute library_routes[], media_routes[], file_routes[], screen_routes[],
    cast_routes[], group_routes[], device_routes[], server_routes[], servers_routes[],
    relay_routes[], segment_routes[], site_routes[], stream_routes[], web_screen_routes[],
    queue_routes[], upload_routes[], feed_routes[], people_routes[], settings_routes[],
    backup_routes[], screen_test_routes[];

/* The entity tag of everything below prefix; the caller's. */
char *site_tag_new(GResource *resource, const char *prefix);

/* -- Requests: each of these replies a problem itself when it returns false or NULL ------------ */

/* A query value as a number; fallback when it is not there. */
bool    request_number(HttpExchange *exchange, const char *name, uint32_t min, uint32_t max,
                       uint32_t fallback, uint32_t *value);
/* offset, limit and sort. */
bool    request_range(HttpExchange *exchange, CatalogRange *range);
/* class: audio, video or image; MEDIA_ANY when it is not there. */
bool    request_kind(HttpExchange *exchange, MediaKind *kind);
/* Who asks: by the cookie of their session, else by their address. Any thread. */
void    request_visitor(HttpExchange *exchange, const Api *api, Visitor *visitor);
/* The id that is meant by text, which may be a pass (the visitor then sees everything); the
 * caller's. Fills the visitor. */
char   *request_id(HttpExchange *exchange, const Api *api, const char *text, Visitor *visitor);
/* A copy of the object of ours with that id as who asks sees it; the caller's. Any thread. */
MediaObject *request_find(HttpExchange *exchange, const Api *api, const char *id, GError **error);
/* The same of an id or a pass: for octets alone, which a screen was sent to. */
MediaObject *request_find_octets(HttpExchange *exchange, const Api *api, const char *text,
                                 GError **error);
/* For whom use is kept: whoever has a session, for themselves; else who was named (may be NULL).
 * The caller's. */
char   *request_person(HttpExchange *exchange, const Api *api, const char *named);
/* 404 where who asks sees nothing of ours with that id. */
bool    request_sees(HttpExchange *exchange, const Api *api, const char *id);
/* The same of what is to be cast; what is not ours, and what was pushed, is for everybody. */
bool    request_sees_wish(HttpExchange *exchange, const Api *api, const CastWish *wish);
/* A request that changes something must not come from a page of somebody else (Origin). */
bool    request_is_own(HttpExchange *exchange);
/* That, and who asks may change what plays and what is kept: where there is an owner, whoever has a
 * session. */
bool    request_may_change(HttpExchange *exchange);
/* The same for how the house is run: where there is an owner, an owner. For reads, too. */
bool    request_is_owner(HttpExchange *exchange);
/* The same for what reaches beyond the house's media: how the server is set, its log, its index as
 * a file. While there is no owner that is nobody's but who sits at the machine itself. */
bool    request_may_set(HttpExchange *exchange);
/* request_is_own(), and the body as below. */
json_t *request_body(HttpExchange *exchange, const char *const *known);
/* request_may_change(), and the body, which must be a JSON object without names beyond known (ends
 * with NULL). Without a body: an empty object. The caller's. */
json_t *request_object(HttpExchange *exchange, const char *const *known);
/* Members of such an object; absent ones leave value alone. Numbers are whole and from 0 to max. */
bool    request_member_text(HttpExchange *exchange, const json_t *object, const char *name,
                            const char **value);
bool    request_member_number(HttpExchange *exchange, const json_t *object, const char *name,
                              int64_t max, int64_t *value);
bool    request_member_flag(HttpExchange *exchange, const json_t *object, const char *name,
                            bool *value);

/* The dialect that the address was told in; else that of who asks. */
const Dialect *request_dialect(HttpExchange *exchange, const Api *api);

/* What we are on the network; 503 when we are not. */
IgrsNode *request_node(HttpExchange *exchange, const Api *api);

/* -- Replies ----------------------------------------------------------------------------------- */

/* 200 or another status with what was written; ends the writer. */
void    reply_json(HttpExchange *exchange, unsigned status, JsonWriter *json);

/* The octets of what is, or is being, pushed to us, by the token of its address. */
void    upload_reply_stream(HttpExchange *exchange, const Api *api, const char *token);
/* The same of what is sent to us live; main loop. */
void    feed_reply_stream(HttpExchange *exchange, const Api *api, const char *token);

/* The list of segments that wish stands for. */
void    segments_reply_list(HttpExchange *exchange, const Api *api, const StreamWish *wish);

/* A file of somebody's (taken over) as it is: one that a browser takes for a page must not act in
 * our name. */
void    reply_stream(HttpExchange *exchange, Stream *stream);
/* The same by another MIME type. */
void    reply_stream_as(HttpExchange *exchange, Stream *stream, const char *mime);

/* As http_exchange_reply_error(), and the errors of a screen's services. */
void    reply_screen_error(HttpExchange *exchange, const GError *error);

/* May an audience be told what a screen plays (NULL: nothing), or will? What is not of our library,
 * and what was pushed, is for everybody. */
bool    may_tell(const Api *api, const Audience *audience, const PlaybackMedia *media);
bool    may_tell_entry(const Api *api, const Audience *audience, const QueueEntry *entry);
/* The last failure of a screen as an audience may be told of it; borrowed, NULL: none. */
const char *problem_of(const Api *api, const Audience *audience, const Screen *screen);

/* name: as for json_open(). */
void    json_media(JsonWriter *json, const char *name, const MediaObject *object);
void    json_use(JsonWriter *json, const char *name, const MediaUse *use);
/* What the audience may not see is hidden: that something plays, and nothing of it, is told. */
void    json_screen(JsonWriter *json, const char *name, const Api *api, const Screen *screen,
                    const Audience *audience, bool is_removed);
/* The members of what a screen is given, without braces: for the screen itself, else for whoever
 * reads. */
void    json_loaded(JsonWriter *json, const Api *api, const PlaybackMedia *media,
                    bool is_for_screen);
void    json_server(JsonWriter *json, const char *name, const RemoteServer *server,
                    bool is_removed);
void    json_cast(JsonWriter *json, const char *name, const Cast *cast);
/* Without its entries: it tells how many there are. */
void json_queue_head(JsonWriter *json, const char *screen_id, const Queue *queue, bool is_playing);
/* Entries that the audience may not see are there, and hidden. */
void    json_queue(JsonWriter *json, const Api *api, const char *screen_id,
                   const Audience *audience);
void    json_totals(JsonWriter *json, const char *name, Library *library,
                    const LibraryCounts *counts);
/* Where the library lies: a folder of it, and all. */
void    json_folder(JsonWriter *json, const LibraryRoot *root);
void    json_folders(JsonWriter *json, Library *library, const Audience *audience);
/* All that is known of a screen, and was learnt of its model. */
void    json_close_look(JsonWriter *json, const char *name, const Api *api, const Screen *screen,
                        const Audience *audience);
void    json_settings(JsonWriter *json, const char *name, const Api *api);
void    json_interfaces(JsonWriter *json);
void    json_log(JsonWriter *json);
void    json_group(JsonWriter *json, const char *name, const Api *api, const IgrsGroup *group,
                   bool is_removed);
/* The folder that is walked is told to who may see it. */
void    json_scan(JsonWriter *json, const char *name, const LibraryScan *scan,
                  const Audience *audience);
void    json_visitor(JsonWriter *json, const char *name, const Api *api, const Visitor *visitor);
