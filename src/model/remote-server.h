/* remote-server.h -- port: another server's library, asked over the network
 *
 * The asynchronous twin of Catalog: the same three questions in the same words, but their answers
 * come later, whole pages at a time, or with the reason why not. Implemented by igrs/igrs-catalog
 * (and whoever speaks ContentDirectory over another wire); used by appliance/library/servers, casts
 * and api. Main loop only.
 *
 * What is common to every wire lives here: pages are kept until the server says that its content
 * changed, or for a moment while it says nothing; a server that is away says why. */
#pragma once

#include "base/clock.h"
#include "base/observers.h"
#include "model/catalog.h"

#define CATALOG_PAGE_MAX 200                    /* objects of one answer */
#define REMOTE_SERVER_ASKED_MAX 32               /* questions under way to one server */
#define REMOTE_SERVER_KEPT_MAX 2048              /* objects of pages that are kept, of one server */
#define REMOTE_SERVER_FOLLOWED_MS (10 * 60000)   /* how long, when its changes are told */
#define REMOTE_SERVER_UNFOLLOWED_MS 5000         /* and when they are not */

typedef struct RemoteServer RemoteServer;

typedef enum { CATALOG_GET, CATALOG_BROWSE, CATALOG_SEARCH, CATALOG_VERB_N } CatalogVerb;

/* One question; texts are borrowed for the call. */
typedef struct {
    CatalogVerb verb;
    const char *id;       /* GET: of the object; BROWSE: of the container */
    CatalogSearch search; /* SEARCH */
    CatalogRange range;   /* BROWSE, SEARCH; a limit of 0, or a larger one: CATALOG_PAGE_MAX */
} CatalogQuestion;

/* What was shown. A page is read and never changed; it is shared by reference. */
typedef struct {
    GPtrArray *objects; /* MediaObject; GET: the one */
    CatalogResult result;
} CatalogPage;

CatalogPage *catalog_page_new(void);
CatalogPage *catalog_page_ref(CatalogPage *page);
void         catalog_page_unref(CatalogPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CatalogPage, catalog_page_unref)

/* page is NULL when error is set; both borrowed. Errors: DUO_ERROR_NOT_FOUND (no such object),
 * DUO_ERROR_UNSUPPORTED (it cannot search or sort so), DUO_ERROR_UNAVAILABLE (away, or gone
 * meanwhile), DUO_ERROR_TIMEOUT, DUO_ERROR_DENIED, DUO_ERROR_BUSY, DUO_ERROR_INVALID (what it
 * said), DUO_ERROR_FAILED. */
typedef void (*CatalogAnswered)(CatalogPage *page, const GError *error, gpointer user_data);

typedef struct {
    /* Asks the server itself and answers exactly once, later, also after free. */
    void (*ask)(RemoteServer *server, const CatalogQuestion *question, CatalogAnswered answered,
                gpointer user_data);
    void (*free)(RemoteServer *server);
} RemoteServerClass;

/* Implementations embed this first and fill it with remote_server_init(). */
struct RemoteServer {
    const RemoteServerClass *class;
    char *id;         /* stable over restarts of either side, URL-safe */
    char *name;       /* for people */
    const char *kind; /* "igrs", "upnp" */
    char *url;        /* where it is; NULL: not known */
    bool is_online;
    char *reason;       /* why it is not, for people; NULL when it is */
    uint32_t update_id; /* UPnP SystemUpdateID; 0: not known */
    Observers *observers; /* event is the RemoteServer, when anything above changed */

    Clock *clock; /* borrowed */
    bool is_followed;
    guint edition;     /* counts the changes of its content */
    GHashTable *kept;  /* pages by question */
    guint kept_count;  /* objects in them */
    GHashTable *asked; /* a set of questions under way */
};

void remote_server_free(RemoteServer *server); /* questions under way: DUO_ERROR_UNAVAILABLE */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemoteServer, remote_server_free)

/* Answers exactly once; may answer before it returns. */
void remote_server_ask(RemoteServer *server, const CatalogQuestion *question,
                       CatalogAnswered answered, gpointer user_data);

/* -- For implementations ----------------------------------------------------------------------- */

/* It begins online, its content not known, its changes not told. */
void remote_server_init(RemoteServer *server, const RemoteServerClass *class, Clock *clock,
                       const char *id, const char *name, const char *kind);
/* What init made; answers those who wait. Comes first in free. */
void remote_server_clear(RemoteServer *server);
/* What people see of it. NULL url: as it was. */
void remote_server_set_face(RemoteServer *server, const char *name, const char *url);
/* reason NULL: it is here. */
void remote_server_set_away(RemoteServer *server, const char *reason);
/* Its SystemUpdateID; another one than before makes every kept page old. */
void remote_server_set_update_id(RemoteServer *server, uint32_t update_id);
/* Whether it tells us of changes; what was kept may be old either way. */
void remote_server_set_followed(RemoteServer *server, bool is_followed);
