/* fuzz-wsdl.c -- a service description that was read is the same after one more trip */
#include "tests/fuzz/fuzz.h"
#include "wire/igrs-description.h"

FUZZ_TARGET("wsdl")
{
    g_autoptr(IgrsServiceDescription) description =
        igrs_service_description_decode((const char *)data, size, NULL);

    if (description == NULL)
        return;
    for (const ServiceAction *action = description->table.actions; action->name != NULL; action++)
        if (g_str_has_suffix(action->name, IGRS_OP_RESPONSE))
            return; /* its element would have the name of another's answer */
    g_autofree char *text = igrs_service_description_encode(
        &description->table, MAX(description->id, 1), description->name, description->location);
    g_autoptr(GError) error = NULL;
    g_autoptr(IgrsServiceDescription) again =
        igrs_service_description_decode(text, strlen(text), &error);
    if (again == NULL && strstr(error->message, "too") != NULL)
        return; /* printed it may be larger than it was */
    g_assert_no_error(error);
    g_autofree char *twice = igrs_service_description_encode(&again->table, again->id, again->name,
                                                             again->location);
    g_assert_cmpstr(text, ==, twice);
}
