/* igrs-message-decode.c -- heads and body into a message; see igrs-message.h
 *
 * Extensions are those of RFC 2774: a Man declares a URI and the number that prefixes its heads. */
#include "wire/igrs-message-table.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

G_DEFINE_QUARK(igrs-message-error, igrs_message_error)

/* Which heads must come, by way and role. */
static const unsigned way_needs[][4] = {
    [IGRS_BY_PIPE] = { [IGRS_REQUEST] = BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) | BIT(HEAD_SEQUENCE),
                       [IGRS_NOTIFY] = BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) | BIT(HEAD_SEQUENCE) },
    [IGRS_BY_REPLY] = { [IGRS_RESPONSE] = BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) },
    [IGRS_BY_DATAGRAM] = { BIT(HEAD_SOURCE), BIT(HEAD_SOURCE), BIT(HEAD_SOURCE), BIT(HEAD_SOURCE) },
};

/* -- Extensions --------------------------------------------------------------------- */

#define UNKNOWN_HEADS_MAX 16
#define PREFIX_MAX 8

static bool
refuse(int code, GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, IGRS_MESSAGE_ERROR, code, reason);
    return false;
}

/* A piece of a head's value, borrowed from it. */
typedef struct {
    const char *text; /* NULL: none */
    size_t size;
} Word;

static bool
word_is(Word word, const char *text)
{
    return word.text != NULL && word.size == strlen(text) &&
           g_ascii_strncasecmp(word.text, text, word.size) == 0;
}

/* A quoted string or what stands before the next ';', ',' or blank; *at moves behind it. False when
 * a quote does not end. */
static bool
take_word(const char **at, Word *word)
{
    const char *begin = *at;

    if (*begin == '"') {
        const char *end = strchr(++begin, '"');
        if (end == NULL)
            return false;
        *word = (Word){ begin, (size_t)(end - begin) };
        *at = end + 1;
    } else {
        *word = (Word){ begin, strcspn(begin, ";, \t") };
        *at = begin + word->size;
    }
    return true;
}

static void
skip_blanks(const char **at)
{
    *at += strspn(*at, " \t");
}

/* One declaration of RFC 2774 clause 3, "uri" *(; name=value); prefix becomes the value of ns. */
static bool
take_declaration(const char **at, Word *uri, Word *prefix)
{
    if (!take_word(at, uri) || uri->size == 0)
        return false;
    for (skip_blanks(at); **at == ';'; skip_blanks(at)) {
        Word value;
        ++*at;
        skip_blanks(at);
        Word name = { *at, strcspn(*at, "=;, \t") };
        *at += name.size;
        skip_blanks(at);
        if (**at != '=')
            continue;
        ++*at;
        skip_blanks(at);
        if (!take_word(at, &value))
            return false;
        if (word_is(name, "ns"))
            *prefix = value;
    }
    return **at == ',' || **at == '\0';
}

static bool
is_prefix(Word prefix)
{
    return prefix.size > 0 && prefix.size <= PREFIX_MAX &&
           strspn(prefix.text, "0123456789") >= prefix.size;
}

static bool
is_known_extension(Word word)
{
    static const char *const others[] = { ISDP_DISCOVER, "ssdp:discover", NULL };
    g_autofree char *uri = g_strndup(word.text, word.size);

    return soap_is_envelope_namespace(uri) || g_strv_contains(others, uri);
}

/* URIs compare with case (RFC 2774 clause 3). */
static bool
is_uri(Word word, const char *uri)
{
    return word.size == strlen(uri) && memcmp(word.text, uri, word.size) == 0;
}

/* Reads one Man; ours, the number of our extension, stays as it is when this has none. */
static bool
read_man(const char *value, Word *ours, GError **error)
{
    for (const char *at = value; *at != '\0';) {
        Word uri = { NULL, 0 }, prefix = { NULL, 0 };
        skip_blanks(&at);
        if (*at == ',') {
            at++;
            continue;
        }
        if (*at == '\0')
            break;
        if (!take_declaration(&at, &uri, &prefix))
            return refuse(IGRS_ERROR_BAD_REQUEST, error, "Man cannot be read: %s", value);
        if (is_uri(uri, IGRS_MAN) || is_uri(uri, IGRS_MAN_OLD)) {
            if (prefix.text != NULL && !is_prefix(prefix))
                return refuse(IGRS_ERROR_BAD_REQUEST, error, "Man has no good ns: %s", value);
            if (ours->text == NULL)
                *ours = prefix.text == NULL ? (Word){ "", 0 } : prefix;
        } else if (!is_known_extension(uri)) {
            return refuse(IGRS_ERROR_NOT_EXTENDED, error, "an extension is not known: %.*s",
                          (int)uri.size, uri.text);
        }
    }
    return true;
}

/* The number that stands before the names of our heads, "01" or its like; "": nothing does. */
static bool
find_prefix(const HttpHeads *heads, Word *prefix, GError **error)
{
    for (const HttpHead *head = heads->items; head->name != NULL; head++)
        if ((*head->name == 'M' || *head->name == 'm') &&
            g_ascii_strcasecmp(head->name, "Man") == 0 && !read_man(head->value, prefix, error))
            return false;
    return prefix->text != NULL || refuse(IGRS_ERROR_NOT_EXTENDED, error, "no Man of IGRS");
}

/* The name of a head of ours without its number and '-'; NULL: it is none of ours. */
static const char *
own_name(const char *name, Word prefix)
{
    if (prefix.size == 0)
        return name;
    return strncmp(name, prefix.text, prefix.size) == 0 && name[prefix.size] == '-'
               ? name + prefix.size + 1
               : NULL;
}

/* -- Heads -------------------------------------------------------------------------- */

static void
note_unknown(IgrsMessage *message, const HttpHead *head)
{
    if (message->unknown == NULL)
        message->unknown = g_ptr_array_new_with_free_func(g_free);
    if (message->unknown->len < UNKNOWN_HEADS_MAX)
        g_ptr_array_add(message->unknown, g_strdup_printf("%s: %s", head->name, head->value));
}

static Head
find_head(const char *name)
{
    size_t size = strlen(name);

    for (Head head = 0; head < HEAD_N; head++)
        if (igrs_head_rows[head].name_size == size &&
            g_ascii_strcasecmp(igrs_head_rows[head].name, name) == 0)
            return head;
    return HEAD_N;
}

/* Sorts our heads into values, borrowed. */
static bool
sort_heads(const HttpHeads *heads, IgrsMessage *message, const char *values[HEAD_N], GError **error)
{
    Word prefix = { NULL, 0 };

    if (!find_prefix(heads, &prefix, error))
        return false;
    for (const HttpHead *item = heads->items; item->name != NULL; item++) {
        const char *name = own_name(item->name, prefix);
        if (name == NULL)
            continue;
        Head head = find_head(name);
        if (head == HEAD_N) {
            if (prefix.size > 0)
                note_unknown(message, item);
            continue;
        }
        if (!g_utf8_validate(item->value, -1, NULL))
            return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s is not UTF-8",
                          igrs_head_rows[head].name);
        if (values[head] != NULL)
            return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s comes twice",
                          igrs_head_rows[head].name);
        values[head] = item->value;
    }
    return true;
}

/* IGRS/<major>.<minor> (FACTS.md 2.2) */
static bool
check_version(const char *version, GError **error)
{
    if (version == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "IGRSVersion is missing");
    if (strcmp(version, IGRS_VERSION) == 0)
        return true;
    if (!g_regex_match_simple("^IGRS/[0-9]{1,4}\\.[0-9]{1,4}$", version, G_REGEX_CASELESS, 0))
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "IGRSVersion cannot be read: %s", version);
    if (g_ascii_strcasecmp(version, IGRS_VERSION) != 0)
        return refuse(IGRS_ERROR_VERSION, error, "IGRS version not supported: %s", version);
    return true;
}

/* The type, when a message of it may come this way. */
static bool
check_type(const char *name, IgrsWay way, IgrsMessageType *type, GError **error)
{
    if (name == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "IGRSMessageType is missing");
    *type = igrs_message_find_type(name);
    if (*type == IGRS_NO_MESSAGE)
        return refuse(IGRS_ERROR_UNKNOWN_TYPE, error, "IGRSMessageType is not known: %s", name);
    const IgrsMessageRow *row = &igrs_message_rows[*type];
    bool is_by_pipe = (row->transports & IGRS_PIPE) != 0;
    bool is_right = way == IGRS_BY_DATAGRAM
                        ? (row->transports & (IGRS_MULTICAST | IGRS_UNICAST)) != 0
                    : way == IGRS_BY_REPLY ? is_by_pipe && row->role == IGRS_RESPONSE
                                           : is_by_pipe && row->role != IGRS_RESPONSE;
    return is_right || refuse(IGRS_ERROR_BAD_REQUEST, error, "%s does not come this way", name);
}

static bool
read_head(IgrsMessage *message, Head head, const char *value, GError **error)
{
    void *member = (char *)message + igrs_head_rows[head].offset;
    char **text = member;

    if (igrs_head_rows[head].kind == HEAD_NUMBER)
        return text_to_u32(value, 1, igrs_head_rows[head].max, member) ||
               refuse(IGRS_ERROR_BAD_REQUEST, error, "%s is no such number: %s",
                      igrs_head_rows[head].name, value);
    if (igrs_head_rows[head].kind == HEAD_DEVICE_ID && igrs_device_id_uuid(value) == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s is no DeviceId: %s",
                      igrs_head_rows[head].name, value);
    g_autofree char *decoded =
        igrs_head_rows[head].kind == HEAD_PERCENT ? text_percent_decode(value) : NULL;
    g_free(*text);
    *text = text_clean(decoded == NULL ? value : decoded); /* not all that claims it is encoded */
    return true;
}

/* Heads win over what the body said, but may not contradict it. */
static bool
read_heads(IgrsMessage *message, const char *const values[HEAD_N], IgrsWay way, GError **error)
{
    uint32_t sequence_id = message->sequence_id, acknowledge_id = message->acknowledge_id;
    unsigned needed = way_needs[way][igrs_message_rows[message->type].role];

    for (Head head = HEAD_TARGET; head < HEAD_N; head++) {
        if (values[head] == NULL && (needed & BIT(head)) != 0)
            return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s is missing",
                          igrs_head_rows[head].name);
        if (values[head] != NULL && !read_head(message, head, values[head], error))
            return false;
    }
    if (message->flaw == NULL &&
        ((sequence_id != 0 && sequence_id != message->sequence_id) ||
         (acknowledge_id != 0 && acknowledge_id != message->acknowledge_id)))
        message->flaw = g_strdup("body and head do not have the same number");
    if (way == IGRS_BY_REPLY && (message->acknowledge_id == 0 || message->return_code == 0))
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "AcknowledgeId or ReturnCode is missing");
    return true;
}

/* -- The body ------------------------------------------------------------------------ */

static bool
read_body(IgrsMessage *message, const void *data, size_t size, GError **error)
{
    g_autoptr(GError) reason = NULL;
    const XmlField *body = igrs_message_body(message);

    if (body == NULL || (size == 0 && igrs_message_rows[message->type].role == IGRS_RESPONSE))
        return true;
    g_autoptr(XmlDocument) document = xml_parse(data, size, &reason);
    const XmlNode *child = document == NULL ? NULL : soap_body(document, &reason);
    if (child == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s", reason->message);
    if (strcmp(xml_name(child), body->element) != 0) {
        message->flaw = g_strdup_printf("%s where %s belongs", xml_name(child), body->element);
        return true;
    }
    message->is_from_service = xml_first(child, "SourceServiceId") != NULL;
    if (message->unknown == NULL)
        message->unknown = g_ptr_array_new_with_free_func(g_free);
    if (!xml_field_read(child, igrs_message_body(message), message, message->unknown, &reason))
        message->flaw = g_strdup(reason->message);
    if (message->unknown->len == 0)
        g_clear_pointer(&message->unknown, g_ptr_array_unref);
    return true;
}

IgrsMessage *
igrs_message_decode(const HttpHeads *heads, const void *body, size_t body_size, IgrsWay way,
                    GError **error)
{
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_NO_MESSAGE);
    const char *values[HEAD_N] = { NULL };

    if (!sort_heads(heads, message, values, error) || !check_version(values[HEAD_VERSION], error) ||
        !check_type(values[HEAD_TYPE], way, &message->type, error) ||
        !read_body(message, body, body_size, error) || !read_heads(message, values, way, error))
        return NULL;
    return g_steal_pointer(&message);
}
