/* judge.c -- what is expected of a reply; see tester.h */
#include "validate/tester.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

bool
expect(Tester *t, bool condition, const char *format, ...)
{
    va_list arguments;

    if (condition || t->failure != NULL)
        return condition;
    va_start(arguments, format);
    t->failure = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return false;
}

bool
expect_http(Tester *t, const Heard *reply, unsigned status)
{
    if (reply->is_empty)
        return expect(t, false, "no answer instead of HTTP %u", status);
    return expect(t, reply->status == status, "\"%s\" instead of HTTP %u", reply->start, status);
}

bool
expect_code(Tester *t, const Heard *reply, unsigned code)
{
    g_autofree char *wanted = g_strdup_printf("%u", code);

    return expect_http(t, reply, 200) &&
           expect(t, strcmp(head_of(reply, "01-ReturnCode"), wanted) == 0,
                  "ReturnCode \"%s\" instead of %u", head_of(reply, "01-ReturnCode"), code);
}

const char *
head_of(const Heard *heard, const char *name)
{
    const char *value = http_heads_get(heard->heads, name);

    return value != NULL ? value : "";
}

const XmlNode *
payload(const Heard *heard)
{
    const XmlNode *root = heard->document != NULL ? xml_root(heard->document) : NULL;
    const XmlNode *body = root != NULL && strcmp(xml_name(root), "Envelope") == 0
                              ? xml_first(root, "Body")
                              : NULL;

    return body != NULL ? xml_first(body, NULL) : NULL;
}

const XmlNode *
find_element(const XmlNode *from, const char *name)
{
    if (from == NULL || strcmp(xml_name(from), name) == 0)
        return from;
    for (const XmlNode *child = xml_first(from, NULL); child != NULL;
         child = xml_next(child, NULL)) {
        const XmlNode *found = find_element(child, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

const char *
payload_text(const Heard *heard, const char *name)
{
    const XmlNode *found = find_element(payload(heard), name);

    return found != NULL ? xml_text(found) : NULL;
}

bool
is_device_id(const char *text)
{
    return g_str_has_prefix(text, IGRS_URN_DEVICE_ID) &&
           g_uuid_string_is_valid(text + strlen(IGRS_URN_DEVICE_ID));
}

bool
is_number(const char *text)
{
    uint32_t value = 0;

    return text != NULL && text[0] != '0' && text_to_u32(text, 1, UINT32_MAX, &value);
}

static void
compare(Tester *t, const Rule *rule, const Heard *reply)
{
    if (rule->code != 0)
        expect_code(t, reply, rule->code);
    else
        expect_http(t, reply, rule->http != 0 ? rule->http : 200);
}

void
run_row(Tester *t, const Rule *rule)
{
    bool is_of_session = rule->send == IGRS_INVOKE_SERVICE_REQUEST;

    if (open_pipe(t) && (!is_of_session || open_session(t, &t->service)))
        compare(t, rule, ask_edited(t, say(t, rule->send), rule->edit));
}

void
run_row_stranger(Tester *t, const Rule *rule)
{
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *stranger = g_strconcat(IGRS_URN_DEVICE_ID, uuid, NULL);

    t->speaker = stranger;
    compare(t, rule, ask_edited(t, say(t, rule->send), rule->edit));
    detach(t);
    t->speaker = t->self;
}

void
run_row_refused(Tester *t, const Rule *rule)
{
    open_pipe(t);
    const Heard *reply = ask_edited(t, say(t, rule->send), rule->edit);
    if (reply->status != 200)
        expect_http(t, reply, 400);
    else
        expect_code(t, reply, 400);
}
