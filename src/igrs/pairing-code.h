/* pairing-code.h -- the code that people carry from one device to the other, and the key in it
 *
 * A pairing key (PROFILE section 4) is too long to be typed. A code is 25 letters in five groups,
 * of 0 to 9 and A to Z without I, L, O and U: 24 that hold 120 bits of chance and one that tells
 * slips of the pen. The key is SHA-256 of "igrs-pairing:" and the 24 letters; the last letter is
 * number k / 8 of the alphabet, k the first octet of the key. Pure but for the chance. */
#pragma once

#include "igrs/seal.h"

#define IGRS_CODE_SIZE 29 /* letters and dashes */

/* "9F4TK-...", the caller's. */
char *igrs_code_new(void);
/* The key of a code as people type it: small letters, blanks or no dashes, O for 0, I and L for 1;
 * of the address of a QR code; or of 64 hexadecimal digits. False: it is none. */
bool  igrs_code_read(const char *text, IgrsSecret *key);
/* A code for people, good for a while and where guessing is slow: 8 letters of the same alphabet,
 * 40 bits, "9F4T-KQ2M"; the caller's. And as people type it, read alike; NULL: it is none. */
char *igrs_short_code_new(void);
char *igrs_short_code_read(const char *text);
/* What a QR code says: "igrs:<uuid>?code=<code>"; the caller's. */
char *igrs_code_address(const char *code, const char *device_id);
