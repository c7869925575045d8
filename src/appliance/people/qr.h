/* qr.h -- QR codes (ISO/IEC 18004) of short texts; libqrencode's only home */
#pragma once

#define QR_TEXT_MAX 512 /* octets */

/* A row of '0' (light) and '1' (dark) for each row of modules, without the quiet zone of four
 * around them; the caller's. NULL: text is too long. */
char **qr_rows(const char *text);
