/* ask.c -- messages of the test device, good ones and such that are edited into wrong ones */
#include "validate/tester.h"

#include <string.h>
#include <unistd.h>

#define CLIENT_ID 17
#define LIFE_S 300

/* -- Good messages ----------------------------------------------------------------------------- */

static char *
random_group(void)
{
    g_autofree char *uuid = g_uuid_string_random();

    return g_strconcat(IGRS_URN_GROUP_ID, uuid, NULL);
}

static SoapCall *
find_call(const Tester *t)
{
    SoapCall *call = soap_call_new(t->service.type, IGRS_OP_FIND);

    soap_call_take_xml(call, "findExpression",
                       g_strdup("<findServiceAttributeByNames><name>ServiceId</name>"
                                "</findServiceAttributeByNames>"));
    return call;
}

static void
add_service_entry(const Tester *t, IgrsMessage *message)
{
    IgrsServiceEntry *entry =
        igrs_message_add_service(message, t->speaker, 77,
                                 IGRS_URN_SERVICE_TYPE "Validation:1", "Validation");

    g_ptr_array_add(entry->security_ids, g_strdup(IGRS_SERVICE_SECURITY_NULL));
}

IgrsMessage *
say(Tester *t, IgrsMessageType type)
{
    IgrsMessage *message = igrs_message_new(type);

    message->target_id = g_strdup(t->id);
    message->source_id = g_strdup(t->speaker);
    message->sequence_id = ++t->sequence;
    message->client_id = CLIENT_ID;
    message->service_id = t->service.id;
    message->location = t->inside_port != 0 ? inside_location(t) : g_strdup(t->own_location);
    message->certificate = t->inside_port != 0 ? secret_text(&t->own_certificate) : NULL;
    message->expires_s = g_get_real_time() / G_USEC_PER_SEC + LIFE_S;
    message->group_id = random_group();
    message->group_name = g_strdup("validation");
    message->challenge = g_base64_encode((const guchar *)"0123456789abcdef0123456789abcdef", 32);
    message->auth_data = g_base64_encode((const guchar *)"abcdef0123456789abcdef0123456789", 32);
    message->token = g_strdup("");
    message->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_NULL);
    if (type == IGRS_INVOKE_SERVICE_REQUEST)
        message->call = find_call(t);
    else if (type == IGRS_SEND_NOTIFICATION)
        message->call = soap_call_new(t->service.type, IGRS_OP_NOTIFY);
    else if (type == IGRS_REGISTER_SERVICE_NOTIFY || type == IGRS_UNREGISTER_SERVICE_NOTIFY)
        add_service_entry(t, message);
    if (type == IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY ||
        type == IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST ||
        type == IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST)
        message->subscription_id = 4000000001u;
    return message;
}

/* -- Letters ----------------------------------------------------------------------------------- */

static void
append_head(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "%s: %s\r\n", name, value);
}

static const Edit *
edit_of(const Edit *edits, const char *name)
{
    for (; edits != NULL && edits->kind != EDIT_NONE; edits++)
        if (edits->kind != EDIT_BODY && edits->kind != EDIT_LINE && edits->kind != EDIT_ADD &&
            g_ascii_strcasecmp(edits->name, name) == 0)
            return edits;
    return NULL;
}

static void
write_head(GString *out, const char *name, const char *value, const Edit *edits)
{
    const Edit *edit = edit_of(edits, name);

    if (edit == NULL)
        append_head(out, name, value);
    else if (edit->kind == EDIT_SET)
        append_head(out, name, edit->value);
    else if (edit->kind == EDIT_RENAME)
        append_head(out, edit->value, value);
    else if (edit->kind == EDIT_TWICE) {
        append_head(out, name, value);
        append_head(out, name, value);
    }
}

static GString *
edited_body(const IgrsMessage *message, const Edit *edits)
{
    g_autoptr(GBytes) bytes = igrs_message_encode_body(message);
    gsize size = 0;
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    GString *body = g_string_new_len(data, (gssize)size);

    for (; edits != NULL && edits->kind != EDIT_NONE; edits++)
        if (edits->kind == EDIT_BODY && edits->name == NULL)
            g_string_assign(body, edits->value);
        else if (edits->kind == EDIT_BODY)
            g_string_replace(body, edits->name, edits->value, 0);
    return body;
}

GString *
letter(Tester *t, IgrsMessage *message, const Edit *edits)
{
    g_autoptr(IgrsMessage) owned = message;
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GString) body = edited_body(owned, edits);
    g_autofree char *length = g_strdup_printf("%" G_GSIZE_FORMAT, body->len);
    uint16_t port = t->inside_port != 0 ? t->inside_port : t->port;
    g_autofree char *host = g_strdup_printf("%s:%u", t->host, port);
    const char *line = "M-POST /IGRS HTTP/1.1";
    GString *out = g_string_new(NULL);

    seal_message(t, owned, body->str, body->len);
    igrs_message_encode_heads(owned, heads);
    for (const Edit *edit = edits; edit != NULL && edit->kind != EDIT_NONE; edit++)
        if (edit->kind == EDIT_LINE)
            line = edit->value;
    g_string_append_printf(out, "%s\r\n", line);
    write_head(out, "Host", host, edits);
    for (guint i = 0; i < heads->count; i++)
        write_head(out, heads->items[i].name, heads->items[i].value, edits);
    for (const Edit *edit = edits; edit != NULL && edit->kind != EDIT_NONE; edit++)
        if (edit->kind == EDIT_ADD)
            append_head(out, edit->name, edit->value);
    if (body->len > 0)
        write_head(out, "Content-Type", IGRS_MIME, edits);
    write_head(out, "Content-Length", length, edits);
    g_string_append(out, "\r\n");
    g_string_append_len(out, body->str, (gssize)body->len);
    return out;
}

Heard *
ask_edited(Tester *t, IgrsMessage *message, const Edit *edits)
{
    g_autoptr(GString) text = letter(t, message, edits);

    return wire_exchange(t, text->str, text->len);
}

Heard *
ask_message(Tester *t, IgrsMessage *message)
{
    return ask_edited(t, message, NULL);
}

Heard *
ask(Tester *t, IgrsMessageType type)
{
    return ask_edited(t, say(t, type), NULL);
}

/* -- What most rules begin with ---------------------------------------------------------------- */

/* What a rule writes is XML as it stands on the wire; here it becomes the call it says. */
static SoapCall *
read_call(const char *type, const char *operation, const char *arguments)
{
    g_autofree char *text = g_strdup_printf("<u:%s xmlns:u=\"%s\">%s</u:%s>", operation, type,
                                            arguments, operation);
    g_autoptr(XmlDocument) document = xml_parse(text, strlen(text), NULL);

    g_assert(document != NULL);
    return soap_call_read(xml_root(document), NULL);
}

Heard *
invoke(Tester *t, const TestedService *service, const char *operation, const char *arguments)
{
    IgrsMessage *message = say(t, IGRS_INVOKE_SERVICE_REQUEST);

    soap_call_free(message->call);
    message->call = read_call(service->type, operation, arguments);
    message->service_id = service->id;
    return ask_message(t, message);
}

bool
open_pipe(Tester *t)
{
    return expect_code(t, ask(t, IGRS_CREATE_PIPE_REQUEST), 200);
}

bool
open_session(Tester *t, const TestedService *service)
{
    IgrsMessage *message = say(t, IGRS_CREATE_SESSION_REQUEST);

    message->service_id = service->id;
    return expect_code(t, ask_message(t, message), 200);
}

void
detach(Tester *t)
{
    ask(t, IGRS_DETACH_PIPE_NOTIFY);
}
