/* audience.h -- who asks the library: which of its folders they may see, and whose places they find
 *
 * A value that never changes and is shared between threads; who is given other folders gets another
 * one. NULL is an audience, too: it sees everything, and is nobody in particular. What an audience
 * may not see is not there for it; media-db/sight.h alone holds that. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Audience Audience;

/* folders: every folder of the library, absolute, ends with NULL; seen: those that may be seen of
 * them, NULL: all. person: the id that use of items is kept under; NULL: nobody's. All are
 * copied. */
Audience   *audience_new(const char *person, const char *const *folders, const char *const *seen);
Audience   *audience_ref(Audience *audience); /* NULL is as good */
void        audience_unref(Audience *audience);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audience, audience_unref)

/* A number that no other audience has had; 0 of NULL. */
unsigned    audience_number(const Audience *audience);
const char *audience_person(const Audience *audience);
/* Is there anything that it may not see? */
bool        audience_is_limited(const Audience *audience);
/* May it see what lies at path? The innermost folder decides; what is in none is not seen. */
bool        audience_sees(const Audience *audience, const char *path);
