/* json-writer.h -- JSON (RFC 8259) written straight into a text, without a tree
 *
 * Commas are seen to; that braces and brackets match is the caller's. Names are our own literals
 * and are written as they are; values are escaped. A text that is not UTF-8 is made so (U+FFFD). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    GString *text;
    bool needs_comma;
} JsonWriter;

/* room: how many octets are likely to be written. */
void  json_init(JsonWriter *json, gsize room);
/* What was written, the caller's; the writer is done with. */
char *json_take(JsonWriter *json);
void  json_clear(JsonWriter *json);

/* name: NULL inside an array and at the top. */
void  json_open(JsonWriter *json, const char *name, char bracket); /* '{' or '[' */
void  json_close(JsonWriter *json, char bracket);                  /* '}' or ']' */
void  json_text(JsonWriter *json, const char *name, const char *value); /* NULL writes nothing */
void  json_number(JsonWriter *json, const char *name, int64_t value);
void  json_bool(JsonWriter *json, const char *name, bool value);
/* A text that needs no escape (an address), appended in between to what the first returns. */
GString *json_begin_plain(JsonWriter *json, const char *name);
void  json_end_plain(JsonWriter *json);
