/* didl-room.h -- what the files of the DIDL-Lite encoder share, and nobody else sees */
#pragma once

#include "wire/didl.h"

/* The optional properties a filter can name (ContentDirectory:1, 2.5.7 and appendix B). */
enum {
    DIDL_CHILD_COUNT = 1 << 0,
    DIDL_RES = 1 << 1,
    DIDL_SIZE = 1 << 2,
    DIDL_DURATION = 1 << 3,
    DIDL_RESOLUTION = 1 << 4,
    DIDL_BITRATE = 1 << 5,
    DIDL_SAMPLE_RATE = 1 << 6,
    DIDL_CHANNELS = 1 << 7,
    DIDL_BITS = 1 << 8,
    DIDL_DATE = 1 << 9,
    DIDL_CREATOR = 1 << 10,
    DIDL_ARTIST = 1 << 11,
    DIDL_ALBUM = 1 << 12,
    DIDL_GENRE = 1 << 13,
    DIDL_TRACK = 1 << 14,
    DIDL_ART = 1 << 15,
    DIDL_POSITION = 1 << 16,
    DIDL_PLAYED = 1 << 17,
    DIDL_BOOKMARK = 1 << 18,
    DIDL_ALL = (1 << 19) - 1,
};

#define DIDL_NS_SAMSUNG "http://www.sec.co.kr/"

/* didl-encode.c: what scratch holds, as the text of an element that has been started; ends it. */
void didl_write_address(DidlEncoder *encoder);
void didl_write_duration(XmlWriter *writer, int64_t duration_ms);

/* didl-resources.c: every res of an item, and what else tells where its bytes are. */
void didl_write_resources(DidlEncoder *encoder, const MediaObject *object);
/* The picture of an object, as the family wants it. */
void didl_write_art(DidlEncoder *encoder, const MediaObject *object);
