/* library-room.h -- what the files of the library share, and nobody else sees */
#pragma once

#include "appliance/library/library.h"
#include "media-db/indexer.h"

struct Library {
    Catalog catalog; /* for whoever sees everything */
    char *path; /* of media.db */
    GAsyncQueue *readers; /* Reader, those that are not lent */
    Indexer *indexer;
    Observers *observers;
    LibraryScan scan;
    LibraryRoot *roots; /* one for each folder, ends with an empty one */
    guint root_count;
    char **folders; /* absolute, each once */
};

extern const CatalogClass library_catalog_class; /* library-catalog.c */
