/* dlna-heads.h -- the heads with which DLNA players ask for bytes, and what is answered to each
 *
 * (DLNA guidelines part 1, 7.4; FIELD-NOTES C2.) Private to this room; any thread. */
#pragma once

#include "net/http-server.h"
#include "wire/media-offer.h"

/* Adds the heads of the reply; false: replied already, with what was wrong. */
bool dlna_answer_transfer_mode(HttpExchange *exchange, bool is_image, bool takes_any);
bool dlna_answer_features(HttpExchange *exchange, const MediaOffer *offer);
/* For a file, which is sought by bytes: only the stretch that is all of it can be had by time. */
bool dlna_answer_time_seek(HttpExchange *exchange, int64_t duration_ms, const Stream *stream);
/* Where the first subtitles of a film are, for Samsung sets, which ask while they fetch it. */
void dlna_answer_caption(HttpExchange *exchange, const Dialect *dialect, const MediaObject *object);
