/* feed-form.h -- a feed in another form, made by a worker while it comes, for one reader
 *
 * A thread reads the feed as any screen does and hands it to the worker; when the worker is slow,
 * what it has not taken is left out by the feed. */
#pragma once

#include "appliance/pushes/feed.h"
#include "pipelines/conversion-order.h"

typedef struct FeedForm FeedForm;

typedef struct {
    const char *worker; /* NULL: worker_program() */
    const char *title;
    const char *mime; /* of what is made */
    const ConversionOrder *order;
} FeedFormParts;

/* Main loop; takes source over, and has it read until the form is over. */
FeedForm *feed_form_new(Stream *source, const FeedFormParts *parts);
/* Main loop. The stream, if it still is, ends. */
void      feed_form_free(FeedForm *form);
/* Once: what is made; the caller's. */
Stream   *feed_form_stream(FeedForm *form);
/* The stream was freed: nobody reads it any more. Any thread. */
bool      feed_form_is_left(FeedForm *form);
