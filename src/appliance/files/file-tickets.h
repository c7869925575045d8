/* file-tickets.h -- addresses of files on our HTTP server: who may do what to which file
 *
 * A token is 128 random bits. It serves the device it was made for (its address, in numbers) and
 * nobody else, and is forgotten when it was not used for a while. A device that asks for more than
 * its share loses its oldest. Any thread. */
#pragma once

#include "base/clock.h"
#include "model/file-tree.h"

typedef struct Files Files;
typedef struct FileTickets FileTickets;

typedef struct {
    Files *files; /* borrowed */
    char *path;
    FileUse use;
} FileTicket;

#define FILE_TICKETS_MAX 2048
#define FILE_TICKETS_PER_PEER_MAX 64
#define FILE_TICKET_LIFE_MS (15 * 60 * 1000)

FileTickets *file_tickets_new(Clock *clock); /* borrowed */
void         file_tickets_free(FileTickets *tickets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileTickets, file_tickets_free)

/* The path of an address, "/files/TOKEN/NAME"; the caller's. DUO_ERROR_BUSY: too many. */
char        *file_tickets_issue(FileTickets *tickets, Files *files, const char *path, FileUse use,
                                const char *peer, GError **error);
/* Fills a copy, the caller's to clear. DUO_ERROR_NOT_FOUND: no such token, or it expired;
 * DUO_ERROR_DENIED: another device's. */
bool         file_tickets_find(FileTickets *tickets, const char *token, const char *peer,
                               FileTicket *ticket, GError **error);
/* The file that the token stands for is there now: FILE_CREATE becomes FILE_WRITE. */
void         file_tickets_created(FileTickets *tickets, const char *token);
/* The token of such an address opens nothing any more. */
void         file_tickets_revoke(FileTickets *tickets, const char *address);
void         file_ticket_clear(FileTicket *ticket);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FileTicket, file_ticket_clear)
