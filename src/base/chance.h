/* chance.h -- numbers that nobody can guess
 *
 * From the kernel (getrandom(2)), so also fit for keys; a kernel that has none ends the program.
 * What need not be secret may use g_random_int(). */
#pragma once

#include <stddef.h>

void  chance_fill(void *octets, size_t size);
/* 128 bits as 32 hexadecimal digits, for an address that only its holder knows; the caller's. */
char *chance_token(void);
