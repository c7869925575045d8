/* worker-channel.h -- one message with its open files, over the pair server and worker share */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A SOCK_SEQPACKET pair, closed on exec. */
bool   worker_channel_pair(int pair[2], GError **error);

/* Sends a whole message and copies of files, at most WORKER_FILES_MAX. False with errno set: EPIPE
 * when the other side is gone. */
bool   worker_channel_send(int channel, const GByteArray *message, const int *files, guint count);

/* Takes one message: its size, 0 when the other side is gone, -1 with errno set. files has room for
 * WORKER_FILES_MAX descriptors, which are the caller's; *count says how many came. */
gssize worker_channel_receive(int channel, void *data, size_t size, int *files, guint *count);
/* The same of one that is there already: -1 with EAGAIN when none is. */
gssize worker_channel_take(int channel, void *data, size_t size, int *files, guint *count);
