/* fuzz-igrs-description.c -- a description that was read is the same after one more trip */
#include "tests/fuzz/fuzz.h"
#include "wire/igrs-description.h"

FUZZ_TARGET("igrs-description")
{
    g_autoptr(IgrsDescription) description =
        igrs_description_decode((const char *)data, size, NULL);

    if (description == NULL)
        return;
    g_autoptr(Device) device = igrs_description_device(description, "http://h/IGRS");
    g_autofree char *text = igrs_description_encode(description);
    g_autoptr(GError) error = NULL;
    g_autoptr(IgrsDescription) again = igrs_description_decode(text, strlen(text), &error);
    g_assert_no_error(error);
    g_autofree char *twice = igrs_description_encode(again);
    g_assert_cmpstr(text, ==, twice);
}
