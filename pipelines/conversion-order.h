/* conversion-order.h -- what a worker is told to make of a file, as a record
 *
 * A pure codec; the same on the server's and the worker's side. */
#pragma once

#include "model/media.h"

typedef struct {
    const char *mux;          /* recipe of the container; NULL: the stream alone */
    const char *video, *audio; /* recipes, named after their codecs; NULL: left out */
    int64_t copies_video, copies_audio; /* 1: it is of that codec and goes as it is */
    int64_t start_ms;         /* in the file */
    int64_t length_ms;        /* from there; 0: to the end */
    int64_t audio_track;      /* among the sounds of the file */
    int64_t width, height;    /* the picture is made to fit in; 0: any */
    int64_t frame_rate;       /* frames in 1000 seconds, at most; 0: any */
    int64_t video_kbit, audio_kbit; /* a second, at most; 0: as the recipe says */
    int64_t channels, sample_rate;  /* at most; 0: any */
    int64_t gain_cdb;         /* ReplayGain, in hundredths of a dB */
    int64_t is_software;      /* no hardware, even where there is some */
    int64_t is_remux;         /* all of it goes as it is, into the container */
    int64_t is_unpacked;      /* its container is libavformat's to read (pipelines/unpack) */
    int64_t is_picture;       /* a picture file, of which a JPEG is made that fits */
    int64_t drawn_track; /* among the subtitles of the file, from 1 on: pictures that go into the
                            picture; 0: none do */
    /* Where it is cut into segments behind start_ms: milliseconds in the file, ascending, a blank
     * between two; "": there is one alone; NULL: no segments are made (segment-muxer.h) */
    const char *cuts;
    int64_t is_growing; /* the file is still being written; a descriptor that comes along hangs
                           up when it is whole */
    int64_t whole_size;       /* what it will have then; 0: not known */
    int64_t is_live;          /* the file is a pipe of what happens now: nothing waits */
    int64_t has_words;        /* the picture gets what is said in the file that comes along, SubRip
                                 whose time begins at start_ms */
} ConversionOrder;

extern const MediaField conversion_fields[]; /* ends with a name of NULL */

void conversion_order_encode(const ConversionOrder *order, GByteArray *out);
/* Texts are borrowed from bytes. False when it is no such order. */
bool conversion_order_decode(Bytes *bytes, ConversionOrder *order);
