/* igrs-message-encode.c -- a message into heads and body, by its row; see igrs-message.h */
#include "wire/igrs-message-table.h"

#include "base/text.h"

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

static void
add_man(HttpHeads *heads, const char *uri, const char *prefix)
{
    g_autofree char *value = g_strdup_printf("\"%s\";ns=%s", uri, prefix);

    http_heads_add(heads, "Man", value);
}

/* What the member says on the wire; NULL when it is not set. */
static char *
head_value(const IgrsMessage *message, Head head)
{
    const void *value = (const char *)message + igrs_head_rows[head].offset;

    if (igrs_head_rows[head].kind == HEAD_NUMBER)
        return *(const uint32_t *)value == 0
                   ? NULL
                   : g_strdup_printf("%" G_GUINT32_FORMAT, *(const uint32_t *)value);
    const char *text = *(char *const *)value;
    if (text != NULL && igrs_head_rows[head].kind == HEAD_PERCENT)
        return text_percent_encode(text);
    return g_strdup(text);
}

static void
add_head(HttpHeads *heads, Head head, const char *value)
{
    g_autofree char *name = g_strconcat("01-", igrs_head_rows[head].name, NULL);

    http_heads_add(heads, name, value);
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
    add_man(heads, IGRS_MAN, "01");
    add_head(heads, HEAD_VERSION, IGRS_VERSION);
    add_head(heads, HEAD_TYPE, row->name);
    for (Head head = HEAD_TARGET; head < HEAD_N; head++) {
        g_autofree char *value = (wanted & BIT(head)) == 0 ? NULL : head_value(message, head);
        if (value != NULL)
            add_head(heads, head, value);
    }
    if (row->action != NULL) {
        g_autofree char *action = g_strdup_printf("\"%s\"", row->action);
        add_man(heads, IGRS_MAN_SOAP, "02");
        http_heads_add(heads, "02-SoapAction", action);
    }
}
