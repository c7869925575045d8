/* qr.c -- see qr.h */
#include "appliance/people/qr.h"

#include <glib.h>
#include <qrencode.h>
#include <string.h>

char **
qr_rows(const char *text)
{
    QRcode *code = strlen(text) <= QR_TEXT_MAX
                       ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M)
                       : NULL;
    char **rows;

    if (code == NULL)
        return NULL;
    rows = g_new0(char *, code->width + 1);
    for (int y = 0; y < code->width; y++) {
        rows[y] = g_strnfill((gsize)code->width, '0');
        for (int x = 0; x < code->width; x++)
            if ((code->data[y * code->width + x] & 1) != 0)
                rows[y][x] = '1';
    }
    QRcode_free(code);
    return rows;
}
