/* place-names.h -- what people call a place: the town that it is in or near
 *
 * From places.txt, which is compiled in: towns of 15,000 people and more, in English and
 * Chinese. */
#pragma once

#include <glib.h>

typedef struct PlaceNames PlaceNames;

PlaceNames *place_names_new(void); /* about a megabyte, until it is freed */
void        place_names_free(PlaceNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlaceNames, place_names_free)

/* "Paris, France · 法国巴黎"; where no town is near, rounded degrees, likewise in both languages. The
 * caller's. Degrees north and east. */
char       *place_names_find(const PlaceNames *names, double north, double east);
