/* fuzz-dialect.c -- a key file of dialects: whatever it says, families are found and asked */
#include "tests/fuzz/fuzz.h"
#include "wire/media-offer.h"

FUZZ_TARGET("dialect")
{
    static const MediaFacts film = { .kind = MEDIA_VIDEO,
                                     .mime = "video/mp2t",
                                     .format = "mpegts" };
    g_autoptr(Dialects) dialects = dialects_new();
    const Dialect *dialect;

    dialects_read(dialects, (const char *)data, size, "fuzz", NULL);
    for (guint i = 0; (dialect = dialects_get(dialects, i)) != NULL; i++) {
        MediaOffer offer;
        char info[PROTOCOL_INFO_MAX];
        g_assert_true(dialects_named(dialects, dialect->name) == dialect);
        media_offer_file(&offer, dialect, &film, dlna_file);
        media_offer_print(&offer, info);
    }
}
