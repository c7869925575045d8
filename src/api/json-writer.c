/* json-writer.c -- see json-writer.h; pages of the library are written here, so it is kept fast */
#include "api/json-writer.h"

#include <string.h>

void
json_init(JsonWriter *json, gsize room)
{
    *json = (JsonWriter){ .text = g_string_sized_new(room) };
}

char *
json_take(JsonWriter *json)
{
    return g_string_free(g_steal_pointer(&json->text), FALSE);
}

void
json_clear(JsonWriter *json)
{
    if (json->text != NULL)
        g_string_free(g_steal_pointer(&json->text), TRUE);
}

/* g_string_append_len() where there is room already: a page is a thousand of these. */
static inline void
put(GString *text, const char *octets, gsize size)
{
    if (G_UNLIKELY(size >= text->allocated_len - text->len)) {
        g_string_append_len(text, octets, (gssize)size);
        return;
    }
    memcpy(text->str + text->len, octets, size);
    text->len += size;
    text->str[text->len] = '\0';
}

static void
begin_value(JsonWriter *json, const char *name)
{
    if (json->needs_comma)
        put(json->text, ",", 1);
    json->needs_comma = true;
    if (name != NULL) {
        put(json->text, "\"", 1);
        put(json->text, name, strlen(name));
        put(json->text, "\":", 2);
    }
}

void
json_open(JsonWriter *json, const char *name, char bracket)
{
    begin_value(json, name);
    put(json->text, &bracket, 1);
    json->needs_comma = false;
}

void
json_close(JsonWriter *json, char bracket)
{
    put(json->text, &bracket, 1);
    json->needs_comma = true;
}

/* RFC 8259, 7: what may not stand in a string as it is. */
static bool
must_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

static void
append_escape(GString *text, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

    switch (c) {
    case '"': g_string_append_len(text, "\\\"", 2); break;
    case '\\': g_string_append_len(text, "\\\\", 2); break;
    case '\n': g_string_append_len(text, "\\n", 2); break;
    case '\t': g_string_append_len(text, "\\t", 2); break;
    default: g_string_append_len(text, escape, sizeof escape);
    }
}

/* value up to the first octet that is not ASCII is known to be good; see that the rest is. */
static const char *
made_valid(const char *value, const char *from, char **copy)
{
    if (g_utf8_validate(from, -1, NULL))
        return value;
    return *copy = g_utf8_make_valid(value, -1);
}

void
json_text(JsonWriter *json, const char *name, const char *value)
{
    g_autofree char *copy = NULL;

    if (value == NULL)
        return;
    const char *p = value;
    while ((unsigned char)(*p - 1) < 0x7f)
        p++;
    if (*p != '\0')
        value = made_valid(value, p, &copy);

    begin_value(json, name);
    put(json->text, "\"", 1);
    const char *run = value; /* what can be copied in one go */
    for (p = value; *p != '\0'; p++) {
        if (must_escape((unsigned char)*p)) {
            put(json->text, run, (gsize)(p - run));
            append_escape(json->text, (unsigned char)*p);
            run = p + 1;
        }
    }
    put(json->text, run, (gsize)(p - run));
    put(json->text, "\"", 1);
}

void
json_number(JsonWriter *json, const char *name, int64_t value)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0)
        *--p = '-';
    begin_value(json, name);
    put(json->text, p, (gsize)(digits + sizeof digits - p));
}

void
json_bool(JsonWriter *json, const char *name, bool value)
{
    begin_value(json, name);
    g_string_append(json->text, value ? "true" : "false");
}

GString *
json_begin_plain(JsonWriter *json, const char *name)
{
    begin_value(json, name);
    put(json->text, "\"", 1);
    return json->text;
}

void
json_end_plain(JsonWriter *json)
{
    put(json->text, "\"", 1);
}
