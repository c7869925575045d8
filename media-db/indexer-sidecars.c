/* indexer-sidecars.c -- the files that belong to others, against what the index has of them */
#include "media-db/indexer-room.h"

#include "media-db/walker.h"

#include <string.h>

typedef bool (*Change)(Writer *writer, const DiskEntry *entry, GError **error);

/* False when the run was given up. */
static bool
change(Indexer *indexer, Change act, const DiskEntry *entry)
{
    GError *error = NULL;

    if (!indexer_begin_batch(indexer))
        return false;
    if (act(indexer->writer, entry, &error) &&
        (entry->sidecar != SIDECAR_PLAYLIST ||
         playlist_put(indexer, entry, act == writer_put_sidecar, &error)))
        return true;
    indexer_give_up(indexer, error);
    return false;
}

static bool
is_same(const DiskEntry *a, const DiskEntry *b)
{
    return a->sidecar == b->sidecar && a->size_bytes == b->size_bytes &&
           a->modified_ns == b->modified_ns;
}

static bool
note_cover(const DiskEntry *entry, gpointer data)
{
    g_autofree char *name = g_strconcat("../", entry->name, NULL);
    DiskEntry cover = *entry;

    cover.name = name;
    return !entry->is_sidecar || entry->sidecar != SIDECAR_COVER || note_entry(&cover, data);
}

void
sidecars_add_of_album(const char *path, Listing *there)
{
    g_autofree char *name = g_path_get_basename(path), *above = g_path_get_dirname(path);
    guint count;

    if (sidecar_is_disc(name))
        walker_list(above, note_cover, there, &count, NULL);
}

void
sidecars_compare(Indexer *indexer, int64_t folder, const Listing *there)
{
    g_auto(Listing) known = { 0 };
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    GError *error = NULL;
    bool is_good = true;
    GHashTableIter iter;
    gpointer value;

    listing_init(&known);
    if (!writer_list_sidecars(indexer->writer, folder, note_entry, &known, &error)) {
        indexer_give_up(indexer, error);
        return;
    }
    for (guint i = 0; i < known.entries->len; i++) {
        DiskEntry *entry = &g_array_index(known.entries, DiskEntry, i);
        g_hash_table_insert(by_name, (char *)entry->name, entry);
    }
    for (guint i = 0; i < there->entries->len && is_good; i++) {
        DiskEntry entry = g_array_index(there->entries, DiskEntry, i);
        const DiskEntry *before = g_hash_table_lookup(by_name, entry.name);
        entry.parent = folder;
        if (!entry.is_sidecar)
            continue;
        if (before == NULL || !is_same(before, &entry))
            is_good = change(indexer, writer_put_sidecar, &entry);
        g_hash_table_remove(by_name, entry.name);
    }
    g_hash_table_iter_init(&iter, by_name);
    while (is_good && g_hash_table_iter_next(&iter, NULL, &value))
        is_good = change(indexer, writer_drop_sidecar, value);
}

/* What happens to an album's cover happens to its discs. */
static bool
change_discs(Indexer *indexer, Change act, const DiskEntry *cover)
{
    g_autofree char *name = g_strconcat("../", cover->name, NULL);
    g_auto(Listing) known = { 0 };
    DiskEntry below = *cover;
    GError *error = NULL;

    listing_init(&known);
    if (!writer_list(indexer->writer, cover->parent, note_entry, &known, &error)) {
        indexer_give_up(indexer, error);
        return false;
    }
    below.name = name;
    for (guint i = 0; i < known.entries->len; i++) {
        const DiskEntry *entry = &g_array_index(known.entries, DiskEntry, i);
        if (!entry->is_folder || !sidecar_is_disc(entry->name))
            continue;
        below.parent = entry->id;
        if (!change(indexer, act, &below))
            return false;
    }
    return true;
}

void
sidecar_look(Indexer *indexer, const DiskEntry *entry, bool is_there)
{
    Change act = is_there ? writer_put_sidecar : writer_drop_sidecar;

    if (change(indexer, act, entry) && entry->sidecar == SIDECAR_COVER)
        change_discs(indexer, act, entry);
}
