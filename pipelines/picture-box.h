/* picture-box.h -- a picture in a graph is made to fit into a box
 *
 * What comes is known when it comes: the size is chosen then, on the graph's thread. */
#pragma once

#include <gst/gst.h>
#include <stdint.h>

typedef struct {
    int64_t width, height; /* 0: any */
    int step;              /* widths and heights are multiples of it */
} PictureBox;

/* What reaches the pad "sink" of scaler leaves filter, a capsfilter behind it, with square pixels
 * and within box: smaller, never larger. filter is borrowed and lives as long as scaler. */
void picture_box_keep(const PictureBox *box, GstElement *scaler, GstElement *filter);
