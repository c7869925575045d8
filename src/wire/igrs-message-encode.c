/* igrs-message-encode.c -- a message into heads and body, by its row; see igrs-message.h */
#include "wire/igrs-message-table.h"

#include "base/text.h"

#include <string.h>

/* Which heads every message of a role has beside its own. */
#define ADDRESSED (BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) | BIT(HEAD_SIGNATURE))
static const unsigned role_heads[] = {
    [IGRS_REQUEST] = ADDRESSED | BIT(HEAD_SEQUENCE),
    [IGRS_RESPONSE] = ADDRESSED | BIT(HEAD_ACKNOWLEDGE) | BIT(HEAD_RETURN_CODE),
    [IGRS_NOTIFY] = ADDRESSED | BIT(HEAD_SEQUENCE),
    [IGRS_ADVERTISEMENT] = ADDRESSED | BIT(HEAD_SEQUENCE),
};

GBytes *
igrs_message_encode_body(const IgrsMessage *message)
{
    const XmlField *body = igrs_message_body(message);
    XmlWriter writer;

    if (body == NULL)
        return NULL;
    xml_writer_init(&writer, g_string_sized_new(1024));
    soap_write_start(&writer);
    xml_field_write(&writer, body, message);
    soap_write_end(&writer);
    return g_string_free_to_bytes(writer.out);
}

#define OURS "01" /* the number we give our extension */
#define SOAPS "02"
#define MAN(uri, number) "\"" uri "\";ns=" number
#define NAME_MAX_SIZE 32
#define NUMBER_MAX_SIZE 16

static void
add_head(HttpHeads *heads, Head head, const char *value)
{
    char name[NAME_MAX_SIZE] = OURS "-";

    g_assert(igrs_head_rows[head].name_size < sizeof name - strlen(OURS "-"));
    memcpy(name + strlen(OURS "-"), igrs_head_rows[head].name, igrs_head_rows[head].name_size + 1);
    http_heads_add(heads, name, value);
}

/* Adds what the member says; nothing when it is not set. */
static void
add_member(HttpHeads *heads, Head head, const IgrsMessage *message)
{
    const void *value = (const char *)message + igrs_head_rows[head].offset;
    char digits[NUMBER_MAX_SIZE];

    if (igrs_head_rows[head].kind == HEAD_NUMBER) {
        if (*(const uint32_t *)value == 0)
            return;
        g_snprintf(digits, sizeof digits, "%" G_GUINT32_FORMAT, *(const uint32_t *)value);
        add_head(heads, head, digits);
        return;
    }
    const char *text = *(char *const *)value;
    if (text == NULL)
        return;
    g_autofree char *encoded =
        igrs_head_rows[head].kind == HEAD_PERCENT ? text_percent_encode(text) : NULL;
    add_head(heads, head, encoded != NULL ? encoded : text);
}

void
igrs_message_encode_heads(const IgrsMessage *message, HttpHeads *heads)
{
    const IgrsMessageRow *row = &igrs_message_rows[message->type];
    unsigned wanted = role_heads[row->role] | row->heads;

    if (row->role == IGRS_RESPONSE && row->transports == IGRS_PIPE) {
        http_heads_add(heads, "Ext", "");
        http_heads_add(heads, "Cache-Control", IGRS_CACHE_CONTROL);
    }
    http_heads_add(heads, "Man", MAN(IGRS_MAN, OURS));
    add_head(heads, HEAD_VERSION, IGRS_VERSION);
    add_head(heads, HEAD_TYPE, row->name);
    for (Head head = HEAD_TARGET; head < HEAD_N; head++)
        if ((wanted & BIT(head)) != 0)
            add_member(heads, head, message);
    if (row->action != NULL) {
        g_autofree char *action = g_strconcat("\"", row->action, "\"", NULL);
        http_heads_add(heads, "Man", MAN(IGRS_MAN_SOAP, SOAPS));
        http_heads_add(heads, SOAPS "-SoapAction", action);
    }
}
