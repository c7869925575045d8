/* place-names.c -- see place-names.h
 *
 * The larger a town, the farther it reaches: a photo is of Beijing that was taken in its outskirts,
 * though a village's middle be nearer. A word of both languages is one that everybody in the house
 * reads, finds and sorts by, whatever screen shows it. */
#include "media-db/place-names.h"

#include "media-db/database.h"

#include <math.h>
#include <string.h>

#define FAR_KM 50.0 /* a town that far away is no name for a place */
#define KM_A_DEGREE 111.2

typedef struct {
    float north, east;
    guint8 reach_km;
    guint16 country;
    guint32 name; /* in the text */
} Town;

struct PlaceNames {
    char *text;         /* its lines are ended by NULs */
    GArray *countries;  /* guint32: where in the text a country's name is */
    GArray *towns;      /* Town */
};

/* "48.853 2.349 11 Paris|巴黎" */
static void
add_town(PlaceNames *names, char *line)
{
    char *end;
    Town town = { .country = (guint16)(names->countries->len - 1) };

    town.north = (float)g_ascii_strtod(line, &end);
    town.east = (float)g_ascii_strtod(end, &end);
    town.reach_km = (guint8)g_ascii_strtoull(end, &end, 10);
    g_assert(*end == ' ' && names->countries->len > 0); /* the list is our own */
    town.name = (guint32)(end + 1 - names->text);
    g_array_append_val(names->towns, town);
}

PlaceNames *
place_names_new(void)
{
    PlaceNames *names = g_new(PlaceNames, 1);
    g_autoptr(GBytes) bytes = database_text("places.txt");
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    *names = (PlaceNames){ g_strndup(data, size), g_array_new(FALSE, FALSE, sizeof(guint32)),
                           g_array_new(FALSE, FALSE, sizeof(Town)) };
    for (char *line = names->text, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        g_assert(end != NULL);
        *end = '\0';
        if (g_str_has_prefix(line, "= ")) {
            guint32 at = (guint32)(line + 2 - names->text);
            g_array_append_val(names->countries, at);
        } else if (line[0] != '#') {
            add_town(names, line);
        }
    }
    return names;
}

void
place_names_free(PlaceNames *names)
{
    if (names == NULL)
        return;
    g_free(names->text);
    g_array_unref(names->countries);
    g_array_unref(names->towns);
    g_free(names);
}

/* Over such distances the earth is flat. */
static double
distance_km(const Town *town, double north, double east)
{
    double up = town->north - north, along = fabs(town->east - east);

    if (along > 180)
        along = 360 - along;
    along *= cos(north * G_PI / 180);
    return hypot(up, along) * KM_A_DEGREE;
}

static const Town *
find_town(const PlaceNames *names, double north, double east)
{
    const Town *best = NULL;
    double least = G_MAXDOUBLE;

    for (guint i = 0; i < names->towns->len; i++) {
        const Town *town = &g_array_index(names->towns, Town, i);
        if (fabs(town->north - north) > FAR_KM / KM_A_DEGREE)
            continue;
        double away_km = distance_km(town, north, east);
        if (away_km > FAR_KM || away_km - town->reach_km >= least)
            continue;
        least = away_km - town->reach_km;
        best = town;
    }
    return best;
}

/* "Paris|巴黎": the part in English, or (is_chinese) in Chinese; the caller's, NULL: it has none. */
static char *
part(const char *name, bool is_chinese)
{
    const char *bar = strchr(name, '|');

    if (is_chinese)
        return bar != NULL ? g_strdup(bar + 1) : NULL;
    return bar != NULL ? g_strndup(name, (gsize)(bar - name)) : g_strdup(name);
}

static char *
name_of(const PlaceNames *names, const Town *town)
{
    const char *text = names->text + town->name;
    const char *land = names->text + g_array_index(names->countries, guint32, town->country);
    g_autofree char *name = part(text, false), *country = part(land, false);
    g_autofree char *own_name = part(text, true), *own_country = part(land, true);

    if (own_country == NULL && own_name == NULL)
        return g_strdup_printf("%s, %s", name, country);
    /* in Chinese the country comes first, and a name that has no Chinese form stays as it is */
    return g_strdup_printf("%s, %s · %s%s", name, country,
                           own_country != NULL ? own_country : country,
                           own_name != NULL ? own_name : name);
}

char *
place_names_find(const PlaceNames *names, double north, double east)
{
    const Town *town = find_town(names, north, east);

    if (town != NULL)
        return name_of(names, town);
    return g_strdup_printf("%.1f° %c, %.1f° %c · %s%.1f° %s%.1f°", fabs(north),
                           north < 0 ? 'S' : 'N', fabs(east), east < 0 ? 'W' : 'E',
                           north < 0 ? "南纬" : "北纬", fabs(north), east < 0 ? "西经" : "东经",
                           fabs(east));
}
