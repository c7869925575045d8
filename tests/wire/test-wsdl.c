/* test-wsdl.c -- wire/igrs-wsdl: every service of ours printed and read back, others' forms, bad
 * input */
#include "base/error.h"
#include "support/paper-screen.h"
#include "av/av.h"
#include "wire/igrs-description.h"

#include <string.h>

#define LOCATION "http://192.168.7.20:3880/IGRS"
#define ALL_BASES (IGRS_EXTENDS_FIND | IGRS_EXTENDS_SUBSCRIBE | IGRS_EXTENDS_NOTIFY)

static void
assert_same_action(const ServiceAction *a, const ServiceAction *b)
{
    g_assert_cmpstr(a->name, ==, b->name);
    for (guint i = 0; i <= SERVICE_ARGUMENTS_MAX; i++) {
        g_assert_cmpstr(a->arguments[i].variable, ==, b->arguments[i].variable);
        if (a->arguments[i].variable == NULL)
            break;
        g_assert_cmpstr(a->arguments[i].name, ==, b->arguments[i].name);
        g_assert_cmpint(a->arguments[i].is_out, ==, b->arguments[i].is_out);
    }
}

static void
assert_same_variable(const ServiceVariable *a, const ServiceVariable *b)
{
    g_assert_cmpstr(a->name, ==, b->name);
    g_assert_cmpint(a->type, ==, b->type);
    g_assert_cmpint(a->is_evented, ==, b->is_evented);
    g_assert_cmpint(a->min, ==, b->min);
    g_assert_cmpint(a->max, ==, b->max);
    g_assert_true((a->allowed == NULL) == (b->allowed == NULL));
    if (a->allowed != NULL)
        g_assert_true(g_strv_equal(a->allowed, b->allowed));
}

static void
check_there_and_back(const ServiceTable *table, uint32_t id)
{
    g_autofree char *text = igrs_service_description_encode(table, id, "A & <b>", LOCATION);
    g_autoptr(GError) error = NULL;
    g_autoptr(IgrsServiceDescription) back =
        igrs_service_description_decode(text, strlen(text), &error);

    g_assert_no_error(error);
    g_assert_cmpuint(back->id, ==, id);
    g_assert_cmpstr(back->name, ==, "A & <b>");
    g_assert_cmpstr(back->location, ==, LOCATION);
    g_assert_cmpuint(back->extends, ==, ALL_BASES);
    g_assert_cmpstr(back->table.name, ==, table->name);
    g_assert_cmpuint(back->table.version, ==, table->version);
    guint i = 0;
    for (; table->variables[i].name != NULL; i++)
        assert_same_variable(&table->variables[i], &back->table.variables[i]);
    g_assert_null(back->table.variables[i].name);
    for (i = 0; table->actions[i].name != NULL; i++)
        assert_same_action(&table->actions[i], &back->table.actions[i]);
    g_assert_null(back->table.actions[i].name);
    g_autofree char *again =
        igrs_service_description_encode(&back->table, back->id, back->name, back->location);
    g_assert_cmpstr(text, ==, again);
}

static void
test_every_service(void)
{
    Clock *clock = clock_new_fake();
    Screen *screen = paper_screen_new();
    Service *services[] = { content_directory_new(NULL, clock), connection_manager_new("", ""),
                            av_transport_new(screen, clock), rendering_control_new(screen, clock),
                            file_access_new(NULL, clock) };

    for (guint i = 0; i < G_N_ELEMENTS(services); i++) {
        g_test_message("%s", services[i]->table->name);
        check_there_and_back(services[i]->table, i + 1);
        service_free(services[i]);
    }
    screen_free(screen);
    clock_free(clock);
}

/* What one of our own never says. */
#define WSDL(content)                                                                       \
    "<w:definitions xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:x=\"http://www.w3."   \
    "org/2001/XMLSchema\" targetNamespace=\"urn:igrs:Service:ServiceType:Lamp:2\">" content \
    "</w:definitions>"

static IgrsServiceDescription *
decode(const char *text)
{
    g_autoptr(GError) error = NULL;
    IgrsServiceDescription *description =
        igrs_service_description_decode(text, strlen(text), &error);

    g_assert_no_error(error);
    return description;
}

static void
test_forms_of_others(void)
{
    /* rpc style, types in place, base operations printed, nothing said of the service */
    g_autoptr(IgrsServiceDescription) rpc = decode(WSDL(
        "<w:message name=\"In\"><w:part name=\"Level\" type=\"x:unsignedByte\"/>"
        "<w:part name=\"Why\" type=\"x:token\"/></w:message>"
        "<w:portType name=\"P\"><w:operation name=\"findServiceAttribute\"/>"
        "<w:operation name=\"subscribe\"/><w:operation name=\"unsubscribe\"/>"
        "<w:operation name=\"Dim\"><w:input message=\"t:In\"/></w:operation></w:portType>"));
    g_assert_cmpstr(rpc->table.name, ==, "Lamp");
    g_assert_cmpuint(rpc->table.version, ==, 2);
    g_assert_cmpuint(rpc->extends, ==, IGRS_EXTENDS_FIND | IGRS_EXTENDS_SUBSCRIBE);
    g_assert_cmpstr(rpc->table.actions[0].name, ==, "Dim");
    g_assert_null(rpc->table.actions[1].name);
    g_assert_cmpstr(rpc->table.actions[0].arguments[0].name, ==, "Level");
    g_assert_cmpstr(rpc->table.actions[0].arguments[0].variable, ==, "A_ARG_TYPE_Level");
    g_assert_cmpint(service_find_variable(&rpc->table, "A_ARG_TYPE_Level")->type, ==, SERVICE_UI2);
    g_assert_cmpint(service_find_variable(&rpc->table, "A_ARG_TYPE_Why")->type, ==, SERVICE_STRING);
    g_assert_null(rpc->name);
    g_assert_null(rpc->location);
    g_assert_cmpuint(rpc->id, ==, 0);

    /* a named complex type, a base port type beside the service's own, an attribute whose type has
     * another name */
    g_autoptr(IgrsServiceDescription) named = decode(WSDL(
        "<w:types><x:schema><x:simpleType name=\"Percent\"><x:restriction base=\"x:unsignedShort\">"
        "<x:minInclusive value=\"1\"/><x:maxInclusive value=\"100\"/></x:restriction>"
        "</x:simpleType></x:schema><x:schema><x:complexType name=\"DimType\"><x:sequence>"
        "<x:element name=\"Level\" type=\"t:Percent\"/></x:sequence></x:complexType>"
        "<x:element name=\"Dim\" type=\"t:DimType\"/></x:schema></w:types>"
        "<w:message name=\"In\"><w:part name=\"p\" element=\"t:Dim\"/></w:message>"
        "<w:portType name=\"findServiceAttributePortType\"/>"
        "<w:portType name=\"P\" extends=\"a:notifyServiceAttributePortType b:other\">"
        "<serviceAttribute name=\"Brightness\" type=\"t:Percent\" notifiable=\"1\"/>"
        "<w:operation name=\"Dim\"><w:input message=\"In\"/></w:operation></w:portType>"));
    g_assert_cmpuint(named->extends, ==, IGRS_EXTENDS_NOTIFY);
    g_assert_cmpstr(named->table.actions[0].arguments[0].variable, ==, "Percent");
    const ServiceVariable *brightness = service_find_variable(&named->table, "Brightness");
    g_assert_true(brightness->is_evented);
    g_assert_cmpint(brightness->max, ==, 100);
    g_assert_false(service_find_variable(&named->table, "Percent")->is_evented);
}

static void
test_bad(void)
{
    static const char *const bad[] = {
        "", "<definitions/>", "<description targetNamespace=\"urn:IGRS:Service:ServiceType:L:1\"/>",
        "<definitions targetNamespace=\"urn:IGRS:Device:DeviceType:Lamp:1\"><portType/></definitions>",
        WSDL(""),
        WSDL("<w:portType><w:operation/></w:portType>"),
        WSDL("<w:portType><w:operation name=\"A\"/><w:operation name=\"A\"/></w:portType>"),
        WSDL("<w:portType><w:operation name=\"A\"><w:input message=\"No\"/></w:operation></w:portType>"),
        WSDL("<w:message name=\"In\"><w:part element=\"No\"/></w:message>"
             "<w:portType><w:operation name=\"A\"><w:input message=\"In\"/></w:operation></w:portType>"),
        WSDL("<w:message name=\"In\"><w:part type=\"x:int\"/></w:message>"
             "<w:portType><w:operation name=\"A\"><w:input message=\"In\"/></w:operation></w:portType>"),
        WSDL("<w:types><x:schema><x:simpleType name=\"A\"/><x:simpleType name=\"A\"/></x:schema></w:types>"
             "<w:portType/>"),
        WSDL("<w:types><x:schema><x:simpleType/></x:schema></w:types><w:portType/>"),
        WSDL("<w:portType><serviceAttribute/></w:portType>"),
        WSDL("<w:portType><staticServiceAttributeValues><ServiceId>0</ServiceId>"
             "</staticServiceAttributeValues></w:portType>"),
    };

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", bad[i]);
        g_assert_null(igrs_service_description_decode(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
}

/* One more than each limit. */
static void
test_limits(void)
{
    static const struct {
        const char *before, *each, *after;
        guint limit;
    } cases[] = {
        { "<w:portType>", "<w:operation name=\"A%u\"/>", "</w:portType>", 128 },
        { "<w:portType/><w:types><x:schema>", "<x:simpleType name=\"%u\"/>", "</x:schema></w:types>",
          512 },
        { "<w:portType/><w:types><x:schema><x:simpleType name=\"V\"><x:restriction>",
          "<x:enumeration value=\"%u\"/>", "</x:restriction></x:simpleType></x:schema></w:types>",
          512 },
        { "<w:portType><w:operation name=\"A\"><w:input message=\"In\"/></w:operation></w:portType>"
          "<w:message name=\"In\">", "<w:part name=\"a%u\"/>", "</w:message>", 16 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        for (guint over = 0; over < 2; over++) {
            g_autoptr(GString) text = g_string_new(WSDL("@"));
            g_autoptr(GString) inside = g_string_new(cases[i].before);
            g_autoptr(GError) error = NULL;
            for (guint k = 0; k < cases[i].limit + over; k++) {
                g_auto(GStrv) halves = g_strsplit(cases[i].each, "%u", 2);
                g_string_append(inside, halves[0]);
                if (halves[1] != NULL)
                    g_string_append_printf(inside, "%u%s", k, halves[1]);
            }
            g_string_append(inside, cases[i].after);
            g_string_replace(text, "@", inside->str, 1);
            g_autoptr(IgrsServiceDescription) description =
                igrs_service_description_decode(text->str, text->len, &error);
            if (over == 0)
                g_assert_no_error(error);
            else
                g_assert_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE);
            g_assert_true((description == NULL) == (over == 1));
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/wsdl/every-service", test_every_service);
    g_test_add_func("/wire/wsdl/forms-of-others", test_forms_of_others);
    g_test_add_func("/wire/wsdl/bad", test_bad);
    g_test_add_func("/wire/wsdl/limits", test_limits);
    return g_test_run();
}
