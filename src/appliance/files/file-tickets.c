/* file-tickets.c -- see file-tickets.h */
#include "appliance/files/file-tickets.h"

#include "base/chance.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>

static const char prefix[] = "/files/";

typedef struct {
    char *token;
    char *peer;
    FileTicket ticket;
    int64_t used_ms;
} Entry;

struct FileTickets {
    Clock *clock; /* borrowed */
    GMutex lock;
    GHashTable *entries; /* token -> Entry */
};

static void
entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->token);
    g_free(entry->peer);
    file_ticket_clear(&entry->ticket);
    g_free(entry);
}

FileTickets *
file_tickets_new(Clock *clock)
{
    FileTickets *tickets = g_new0(FileTickets, 1);

    tickets->clock = clock;
    g_mutex_init(&tickets->lock);
    tickets->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    return tickets;
}

void
file_tickets_free(FileTickets *tickets)
{
    if (tickets == NULL)
        return;
    g_hash_table_unref(tickets->entries);
    g_mutex_clear(&tickets->lock);
    g_free(tickets);
}

void
file_ticket_clear(FileTicket *ticket)
{
    g_clear_pointer(&ticket->path, g_free);
}

/* Under the lock: forgets what expired, and a greedy peer's oldest; false: there is no room. */
static bool
make_room(FileTickets *tickets, const char *peer)
{
    int64_t now_ms = clock_now_ms(tickets->clock);
    const Entry *oldest = NULL;
    guint count = 0;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, tickets->entries);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Entry *entry = value;
        if (now_ms - entry->used_ms >= FILE_TICKET_LIFE_MS) {
            g_hash_table_iter_remove(&iter);
        } else if (strcmp(entry->peer, peer) == 0) {
            count++;
            if (oldest == NULL || entry->used_ms < oldest->used_ms)
                oldest = entry;
        }
    }
    if (count >= FILE_TICKETS_PER_PEER_MAX)
        g_hash_table_remove(tickets->entries, oldest->token);
    return g_hash_table_size(tickets->entries) < FILE_TICKETS_MAX;
}

char *
file_tickets_issue(FileTickets *tickets, Files *files, const char *path, FileUse use,
                   const char *peer, GError **error)
{
    g_autofree char *token = chance_token();
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *name = text_percent_encode(base);

    g_mutex_lock(&tickets->lock);
    bool has_room = make_room(tickets, peer);
    if (has_room) {
        Entry *entry = g_new0(Entry, 1);
        *entry = (Entry){ g_strdup(token), g_strdup(peer), { files, g_strdup(path), use },
                          clock_now_ms(tickets->clock) };
        g_hash_table_insert(tickets->entries, entry->token, entry);
    }
    g_mutex_unlock(&tickets->lock);
    if (has_room)
        return g_strconcat(prefix, token, "/", name, NULL);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_BUSY, "too many files are open: try later");
    return NULL;
}

/* Under the lock; NULL: none, or it has expired. */
static Entry *
find(FileTickets *tickets, const char *token)
{
    Entry *entry = g_hash_table_lookup(tickets->entries, token);
    int64_t now_ms = clock_now_ms(tickets->clock);

    return entry != NULL && now_ms - entry->used_ms < FILE_TICKET_LIFE_MS ? entry : NULL;
}

bool
file_tickets_find(FileTickets *tickets, const char *token, const char *peer, FileTicket *ticket,
                  GError **error)
{
    g_mutex_lock(&tickets->lock);
    Entry *entry = find(tickets, token);
    bool is_known = entry != NULL;
    bool is_his = is_known && strcmp(entry->peer, peer) == 0;
    if (is_his) {
        entry->used_ms = clock_now_ms(tickets->clock);
        *ticket = (FileTicket){ entry->ticket.files, g_strdup(entry->ticket.path),
                                entry->ticket.use };
    }
    g_mutex_unlock(&tickets->lock);
    if (!is_known)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                            "this address has expired: open the file again");
    else if (!is_his)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_DENIED,
                            "this address was given to another device");
    return is_his;
}

void
file_tickets_created(FileTickets *tickets, const char *token)
{
    g_mutex_lock(&tickets->lock);
    Entry *entry = g_hash_table_lookup(tickets->entries, token);
    if (entry != NULL)
        entry->ticket.use = FILE_WRITE;
    g_mutex_unlock(&tickets->lock);
}

void
file_tickets_revoke(FileTickets *tickets, const char *address)
{
    const char *start = strstr(address, prefix);

    if (start == NULL)
        return;
    start += strlen(prefix);
    g_autofree char *token = g_strndup(start, strcspn(start, "/"));
    g_mutex_lock(&tickets->lock);
    g_hash_table_remove(tickets->entries, token);
    g_mutex_unlock(&tickets->lock);
}
