/* chance.c -- see chance.h */
#include "base/chance.h"

#include <errno.h>
#include <glib.h>
#include <stdint.h>
#include <sys/random.h>

#define TOKEN_SIZE 16 /* octets */

/* So few octets come whole or, before the kernel has gathered chance, interrupted. */
void
chance_fill(void *octets, size_t size)
{
    ssize_t got;

    do {
        got = getrandom(octets, size, 0);
    } while (got < 0 && errno == EINTR);
    if (got != (ssize_t)size)
        g_error("the kernel gives no random numbers: %s", g_strerror(errno));
}

char *
chance_token(void)
{
    uint8_t octets[TOKEN_SIZE];
    GString *token = g_string_sized_new(2 * sizeof octets);

    chance_fill(octets, sizeof octets);
    for (size_t i = 0; i < sizeof octets; i++)
        g_string_append_printf(token, "%02x", octets[i]);
    return g_string_free(token, FALSE);
}
