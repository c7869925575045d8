/* test-place-names.c -- places by the names of towns, or by degrees where nobody lives */
#include "media-db/place-names.h"

static const struct {
    double north, east;
    const char *name;
} cases[] = {
    { 48.8583, 2.2945, "Paris, France · 法国巴黎" },     /* the Eiffel tower */
    { 48.8049, 2.1204, "Versailles, France · 法国Versailles" },
    { 39.9999, 116.2755, "Beijing, China · 中国北京" },  /* the Summer Palace, 16 km out */
    { 30.6598, 104.0633, "Chengdu, China · 中国成都" },
    { -33.8568, 151.2153, "Sydney, Australia · 澳大利亚悉尼" },
    { 35.6586, 139.7454, "Tokyo, Japan · 日本东京" },
    { 48.8583, -32.2945, "48.9° N, 32.3° W · 北纬48.9° 西经32.3°" }, /* at sea */
    { -89.9, 0, "89.9° S, 0.0° E · 南纬89.9° 东经0.0°" },
    { 0.01, 179.99, "0.0° N, 180.0° E · 北纬0.0° 东经180.0°" },
    { -16.45, 179.7, "Labasa, Fiji · 斐济Labasa" },
};

static void
test_find(void)
{
    g_autoptr(PlaceNames) names = place_names_new();

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = place_names_find(names, cases[i].north, cases[i].east);
        g_assert_cmpstr(name, ==, cases[i].name);
    }
}

/* Anything a tag may say of a place finds a name. */
static void
test_anywhere(void)
{
    g_autoptr(PlaceNames) names = place_names_new();

    for (int i = 0; i < 500; i++) {
        g_autofree char *name = place_names_find(names, g_test_rand_double_range(-90, 90),
                                                 g_test_rand_double_range(-180, 180));
        g_assert_true(g_utf8_validate(name, -1, NULL));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/media-db/place-names/find", test_find);
    g_test_add_func("/media-db/place-names/anywhere", test_anywhere);
    return g_test_run();
}
