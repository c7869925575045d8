/* owner-notice.h -- the code that makes the owner, on the screens of this computer
 *
 * While nobody owns the server each screen with a Notice service (av/notice.c) that lies at an
 * address of ours is told the code. No other one is: what goes to an address of ours never leaves
 * this computer, and whoever runs a program here may read the code in the log already. A screen
 * elsewhere would be told it in the clear; and being paired proves nothing yet, since before there
 * is an owner anybody may pair whatever they bring. Main loop only. */
#pragma once

#include "appliance/people/people.h"
#include "igrs/client.h"

typedef struct OwnerNotice OwnerNotice;

/* Everything is borrowed and outlives it but name. */
typedef struct {
    People *people;
    IgrsClient *client;
    NetInterfaces *interfaces;
    const char *name; /* of the server, for people */
    uint16_t http_port;
} OwnerNoticeParts;

OwnerNotice *owner_notice_new(const OwnerNoticeParts *parts);
/* What is shown stays until the server comes back or the screen goes. */
void         owner_notice_free(OwnerNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OwnerNotice, owner_notice_free)
