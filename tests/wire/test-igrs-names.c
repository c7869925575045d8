/* test-igrs-names.c -- wire/igrs-names: ids and types compared as the profile says */
#include "wire/igrs-names.h"

#define UUID "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"

static void
test_device_ids(void)
{
    static const struct {
        const char *urn;
        bool ok;
    } ids[] = {
        { "urn:IGRS:Device:DeviceId:" UUID, true },
        { "URN:igrs:device:deviceid:6A1C2F70-0D5E-4C53-9A41-52D3F3F0A9B1", true },
        { IGRS_DEVICE_ID_NIL, true },
        { "urn:IGRS:Device:DeviceId:", false },
        { "urn:IGRS:Device:DeviceId:6a1c2f70", false },
        { "urn:IGRS:Device:DeviceId:" UUID "0", false },
        { "uuid:" UUID, false },
        { "", false },
        { NULL, false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        g_assert_cmpint(igrs_device_id_uuid(ids[i].urn) != NULL, ==, ids[i].ok);
    g_assert_cmpstr(igrs_device_id_uuid(ids[0].urn), ==, UUID);
    g_assert_true(igrs_device_id_equal(ids[0].urn, ids[1].urn));
    g_assert_cmpuint(igrs_device_id_hash(ids[0].urn), ==, igrs_device_id_hash(ids[1].urn));
    g_assert_false(igrs_device_id_equal(ids[0].urn, ids[2].urn));
    g_assert_true(igrs_device_id_is_nil(ids[2].urn));
    g_autofree char *made = igrs_device_id_new(UUID);
    g_assert_cmpstr(made, ==, ids[0].urn);
}

static void
test_types(void)
{
    IgrsType type;

    g_assert_true(igrs_type_parse(IGRS_MEDIA_SERVER, &type));
    g_assert_cmpstr(type.name, ==, "MediaServer");
    g_assert_cmpuint(type.version, ==, 1);
    g_assert_false(type.is_service);
    g_assert_true(igrs_type_parse("URN:igrs:Service:ServiceType:AVTransport:3", &type));
    g_assert_true(type.is_service);
    g_assert_cmpuint(type.version, ==, 3);

    static const char *const bad[] = {
        "",
        "urn:IGRS:Service:ServiceType:",
        "urn:IGRS:Service:ServiceType:X",
        "urn:IGRS:Service:ServiceType::1",
        "urn:IGRS:Service:ServiceType:X:0",
        "urn:IGRS:Service:ServiceType:X:-1",
        "urn:IGRS:Service:ServiceType:X:",
        "urn:schemas-upnp-org:service:AVTransport:1",
        "urn:IGRS:Service:ServiceType:"
        "0123456789012345678901234567890123456789012345678901234567890123456789:1",
    };
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(igrs_type_parse(bad[i], &type));
    g_autofree char *made = igrs_service_type_new("AVTransport", 1);
    g_assert_cmpstr(made, ==, "urn:IGRS:Service:ServiceType:AVTransport:1");
}

static void
test_matches(void)
{
    static const struct {
        const char *wanted, *offered;
        bool matches;
    } cases[] = {
        { "urn:IGRS:Device:DeviceType:TV:1", "urn:IGRS:Device:DeviceType:TV:1", true },
        { "urn:IGRS:Device:DeviceType:TV:1", "urn:IGRS:Device:DeviceType:TV:2", true },
        { "urn:IGRS:Device:DeviceType:TV:2", "urn:IGRS:Device:DeviceType:TV:1", false },
        { "URN:igrs:Device:DeviceType:TV:1", "urn:IGRS:Device:DeviceType:TV:1", true },
        { "urn:IGRS:Device:DeviceType:TV:1", "urn:IGRS:Device:DeviceType:PC:1", false },
        { "urn:IGRS:Device:DeviceType:TV:1", "urn:IGRS:Service:ServiceType:TV:1", false },
        { "urn:other:x", "urn:other:x", true },
        { "urn:other:x", "URN:other:x", false },
        { "urn:IGRS:DeviceGroup:x", "URN:IGRS:DeviceGroup:x", true },
        { "urn:IGRS:DeviceGroup:x", "urn:IGRS:DeviceGroup:X", false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(igrs_type_matches(cases[i].wanted, cases[i].offered), ==, cases[i].matches);
}

static void
test_services(void)
{
    g_assert_cmpuint(igrs_service_id("AVContentDirectory"), ==, 1);
    g_assert_cmpuint(igrs_service_id("PowerManagement"), ==, 9);
    g_assert_cmpuint(igrs_service_id("Nothing"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/igrs-names/device-ids", test_device_ids);
    g_test_add_func("/wire/igrs-names/types", test_types);
    g_test_add_func("/wire/igrs-names/matches", test_matches);
    g_test_add_func("/wire/igrs-names/services", test_services);
    return g_test_run();
}
