/* http-message.c -- see http-message.h */
#include "wire/http-message.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* -- Heads ------------------------------------------------------------------------------------ */

HttpHeads *
http_heads_new(void)
{
    HttpHeads *heads = g_new0(HttpHeads, 1);

    heads->size = 16;
    heads->items = g_new0(HttpHead, heads->size);
    return heads;
}

void
http_heads_free(HttpHeads *heads)
{
    if (heads == NULL)
        return;
    for (guint i = 0; i < heads->count; i++)
        g_free((char *)heads->items[i].name); /* the value stands behind it */
    g_free(heads->items);
    g_free(heads);
}

/* Name and value in one piece of memory; the value's place there. */
static char *
heads_add(HttpHeads *heads, const char *name, size_t name_size, const char *value,
          size_t value_size)
{
    char *text = g_malloc(name_size + value_size + 2);
    char *copy = text + name_size + 1;

    memcpy(text, name, name_size);
    text[name_size] = '\0';
    memcpy(copy, value, value_size);
    copy[value_size] = '\0';
    if (heads->count + 1 == heads->size) {
        heads->size *= 2;
        heads->items = g_renew(HttpHead, heads->items, heads->size);
    }
    heads->items[heads->count++] = (HttpHead){ text, copy };
    heads->items[heads->count] = (HttpHead){ NULL, NULL };
    return copy;
}

void
http_heads_add(HttpHeads *heads, const char *name, const char *value)
{
    size_t size = strlen(value);
    char *copy = heads_add(heads, name, strlen(name), value, size);

    if (memchr(value, '\r', size) != NULL || memchr(value, '\n', size) != NULL)
        g_strdelimit(copy, "\r\n", ' ');
}

void
http_heads_collect(const char *name, const char *value, gpointer user_data)
{
    http_heads_add(user_data, name, value);
}

/* Most names differ in their first letter, which tells by itself whatever its case. */
static bool
is_named(const HttpHead *head, const char *name)
{
    return (*head->name | 0x20) == (*name | 0x20) && g_ascii_strcasecmp(head->name, name) == 0;
}

const char *
http_heads_get(const HttpHeads *heads, const char *name)
{
    for (const HttpHead *head = heads->items; head->name != NULL; head++)
        if (is_named(head, name))
            return head->value;
    return NULL;
}

guint
http_heads_count(const HttpHeads *heads, const char *name)
{
    guint count = 0;

    for (const HttpHead *head = heads->items; head->name != NULL; head++)
        count += is_named(head, name);
    return count;
}

/* -- Messages --------------------------------------------------------------------------------- */

HttpMessage *
http_message_new_request(const char *method, const char *target)
{
    HttpMessage *message = g_new0(HttpMessage, 1);

    message->method = g_strdup(method);
    message->target = g_strdup(target);
    message->heads = http_heads_new();
    return message;
}

HttpMessage *
http_message_new_response(unsigned status)
{
    HttpMessage *message = g_new0(HttpMessage, 1);

    message->status = status;
    message->heads = http_heads_new();
    return message;
}

void
http_message_free(HttpMessage *message)
{
    if (message == NULL)
        return;
    g_free(message->method);
    g_free(message->target);
    http_heads_free(message->heads);
    g_clear_pointer(&message->body, g_bytes_unref);
    g_free(message);
}

/* RFC 9110, 5.6.2 */
static bool
is_token(const char *text, size_t size)
{
    static const bool is_in[256] = {
        ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['!'] = true,
        ['#' ... '\''] = true, ['*' ... '+'] = true, ['-' ... '.'] = true, ['^' ... '`'] = true,
        ['|'] = true, ['~'] = true,
    };

    for (size_t i = 0; i < size; i++)
        if (!is_in[(guchar)text[i]])
            return false;
    return size > 0;
}

static bool
is_version(const char *text)
{
    return g_ascii_strncasecmp(text, "HTTP/1.", 7) == 0 && g_ascii_isdigit(text[7]) &&
           text[8] == '\0';
}

/* Cuts line into its words. */
static HttpMessage *
decode_start_line(char *line, GError **error)
{
    char *words[3] = { line, NULL, NULL };
    uint32_t status;

    for (guint i = 1; i < 3 && (words[i] = strchr(words[i - 1], ' ')) != NULL; i++)
        *words[i]++ = '\0';
    if (words[1] != NULL && is_version(words[0]) && text_to_u32(words[1], 100, 599, &status))
        return http_message_new_response(status);
    if (words[1] != NULL && words[2] != NULL && is_version(words[2]) && *words[1] != '\0' &&
        is_token(words[0], strlen(words[0])))
        return http_message_new_request(words[0], words[1]);
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "not the start line of an HTTP message");
    return NULL;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool
decode_head(HttpHeads *heads, const char *line, size_t size, GError **error)
{
    const char *colon = memchr(line, ':', size);

    if (heads->count == HTTP_MESSAGE_HEADS_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "more than %d heads",
                    HTTP_MESSAGE_HEADS_MAX);
        return false;
    }
    if (colon == NULL || !is_token(line, (size_t)(colon - line))) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "head %u is not one", heads->count + 1);
        return false;
    }
    const char *value = colon + 1, *end = line + size;
    while (value < end && is_blank(*value))
        value++;
    while (value < end && is_blank(end[-1]))
        end--;
    size_t value_size = (size_t)(end - value);
    g_autofree char *valid = g_utf8_validate_len(value, value_size, NULL)
                                 ? NULL
                                 : g_utf8_make_valid(value, (gssize)value_size);
    heads_add(heads, line, (size_t)(colon - line), valid != NULL ? valid : value,
              valid != NULL ? strlen(valid) : value_size);
    return true;
}

/* The line at *at without its end; *at moves behind it. Control characters other than tab are
 * refused. NULL at the end of data. */
static const char *
next_line(const char **at, const char *end, size_t *size)
{
    const char *line = *at;

    if (line == end)
        return NULL;
    const char *feed = memchr(line, '\n', (size_t)(end - line));
    *at = feed == NULL ? end : feed + 1;
    *size = (size_t)((feed == NULL ? end : feed) - line);
    if (*size > 0 && line[*size - 1] == '\r')
        --*size;
    return line;
}

static bool
line_is_clean(const char *line, size_t size, GError **error)
{
    for (size_t i = 0; i < size; i++) {
        if ((guchar)line[i] >= 0x20 ? line[i] != 0x7f : line[i] == '\t')
            continue;
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "a control character among the heads");
        return false;
    }
    return true;
}

/* What follows the heads, cut to Content-Length where there is one. */
static bool
decode_body(HttpMessage *message, const char *at, const char *end, GError **error)
{
    size_t size = (size_t)(end - at);
    const char *text = http_heads_get(message->heads, "Content-Length");
    uint64_t length = size;

    if (text != NULL && !text_to_u64(text, 0, size, &length)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "Content-Length is %s, but %zu octets follow", text, size);
        return false;
    }
    if (length > 0)
        message->body = g_bytes_new(at, length);
    return true;
}

HttpMessage *
http_message_decode(const void *data, size_t size, GError **error)
{
    const char *at = data, *end = at + size;
    size_t length;

    if (size > HTTP_MESSAGE_SIZE_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "a message of %zu octets", size);
        return NULL;
    }
    const char *line = size == 0 ? NULL : next_line(&at, end, &length);
    if (line == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "an empty message");
        return NULL;
    }
    if (!line_is_clean(line, length, error))
        return NULL;
    g_autofree char *start = g_strndup(line, length);
    g_autoptr(HttpMessage) message = decode_start_line(g_strchomp(start), error);
    if (message == NULL)
        return NULL;
    while ((line = next_line(&at, end, &length)) != NULL && length > 0)
        if (!line_is_clean(line, length, error) ||
            !decode_head(message->heads, line, length, error))
            return NULL;
    if (!decode_body(message, at, end, error))
        return NULL;
    return g_steal_pointer(&message);
}

static char *
put(char *at, const char *text, size_t size)
{
    memcpy(at, text, size);
    return at + size;
}

/* The value stands behind the name (heads_add()). */
static size_t
name_size(const HttpHead *head)
{
    return (size_t)(head->value - head->name - 1);
}

GBytes *
http_message_encode(const HttpMessage *message)
{
    g_autofree char *start =
        message->method != NULL
            ? g_strconcat(message->method, " ", message->target, " HTTP/1.1\r\n", NULL)
            : g_strdup_printf("HTTP/1.1 %u %s\r\n", message->status,
                              message->status == 200 ? "OK" : "Error");
    size_t start_size = strlen(start), size = start_size + strlen("\r\n"), body_size = 0;
    const void *body = message->body == NULL ? NULL : g_bytes_get_data(message->body, &body_size);

    for (const HttpHead *head = message->heads->items; head->name != NULL; head++)
        size += name_size(head) + strlen(": ") + strlen(head->value) + strlen("\r\n");
    char *text = g_malloc(size + body_size), *at = put(text, start, start_size);
    for (const HttpHead *head = message->heads->items; head->name != NULL; head++) {
        at = put(at, head->name, name_size(head));
        at = put(at, ": ", *head->value != '\0' ? 2 : 1);
        at = put(at, head->value, strlen(head->value));
        at = put(at, "\r\n", 2);
    }
    at = put(at, "\r\n", 2);
    if (body_size > 0)
        at = put(at, body, body_size);
    return g_bytes_new_take(text, (size_t)(at - text));
}
