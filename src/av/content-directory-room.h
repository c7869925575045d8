/* content-directory-room.h -- what the files of ContentDirectory share, and nobody else sees */
#pragma once

#include "av/av.h"
#include "av/moderator.h"
#include "wire/dialect.h"

/* ContentDirectory:1, 2.7.16 */
enum {
    NO_SUCH_OBJECT = 701,
    BAD_SEARCH = 708,
    BAD_SORT = 709,
    NO_SUCH_CONTAINER = 710,
    RESTRICTED_OBJECT = 711,
    BAD_METADATA = 712,
    RESTRICTED_PARENT = 713,
    NO_SUCH_SOURCE = 714,
    SOURCE_DENIED = 715,
    TRANSFER_BUSY = 716,
    NO_SUCH_TRANSFER = 717,
    NO_SUCH_DESTINATION = 718,
    DESTINATION_DENIED = 719,
    CANNOT_PROCESS = 720,
};

typedef struct {
    Service base;
    Catalog *catalog; /* borrowed */
    MediaForms forms; /* NULL: none */
    Intake *intake;   /* borrowed; NULL: nothing is taken */
    guint intake_observer;
    gint edition;     /* atomic */
    ContentDirectoryUse use; /* NULL: nothing is kept */
    gpointer use_data;
    ContentDirectoryAudience audience; /* NULL: everybody sees everything */
    gpointer audience_data;
    Moderator moderator;
    GHashTable *changed;  /* id -> update id, of containers since subscribers were told */
    bool has_too_many;    /* of them to name */
    char *told;           /* ContainerUpdateIDs */
} ContentDirectory;

/* Of the asker's family; never NULL. */
const Dialect *content_directory_dialect(const ServiceCall *call);

/* The catalog as who calls sees it; *audience is the caller's, who needs it for as long. */
Catalog content_directory_seen(const ContentDirectory *directory, const ServiceCall *call,
                               Audience **audience);

/* content-directory-read.c */
void content_directory_get_search_capabilities(Service *service, ServiceCall *call);
void content_directory_get_sort_capabilities(Service *service, ServiceCall *call);
void content_directory_browse(Service *service, ServiceCall *call);
void content_directory_search(Service *service, ServiceCall *call);

/* content-directory-samsung.c */
void content_directory_get_feature_list(Service *service, ServiceCall *call);
void content_directory_keep_bookmark(Service *service, ServiceCall *call);

/* content-directory-update.c */
void content_directory_update_object(Service *service, ServiceCall *call);

/* content-directory-intake.c: bringing media in */
void content_directory_create_object(Service *service, ServiceCall *call);
void content_directory_destroy_object(Service *service, ServiceCall *call);
void content_directory_import_resource(Service *service, ServiceCall *call);
void content_directory_get_transfer_progress(Service *service, ServiceCall *call);
void content_directory_stop_transfer(Service *service, ServiceCall *call);
/* TransferIDs; the caller's. */
char *content_directory_transfers(const ContentDirectory *directory);
