/* conversion-order.c -- see conversion-order.h */
#include "pipelines/conversion-order.h"

#define TEXT(field) { #field, MEDIA_FIELD_TEXT, offsetof(ConversionOrder, field) }
#define NUMBER(field) { #field, MEDIA_FIELD_NUMBER, offsetof(ConversionOrder, field) }

const MediaField conversion_fields[] = {
    TEXT(mux),            TEXT(video),         TEXT(audio),        NUMBER(copies_video),
    NUMBER(copies_audio), NUMBER(start_ms),    NUMBER(length_ms),  NUMBER(audio_track),
    NUMBER(width),        NUMBER(height),      NUMBER(frame_rate), NUMBER(video_kbit),
    NUMBER(audio_kbit),   NUMBER(channels),    NUMBER(sample_rate), NUMBER(gain_cdb),
    NUMBER(is_software),  NUMBER(is_remux),    NUMBER(is_growing), NUMBER(whole_size),
    NUMBER(is_unpacked),  NUMBER(is_picture),  NUMBER(is_live),    NUMBER(has_words),
    TEXT(cuts),           NUMBER(drawn_track),
    { NULL, MEDIA_FIELD_TEXT, 0 },
};

void
conversion_order_encode(const ConversionOrder *order, GByteArray *out)
{
    for (const MediaField *field = conversion_fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT)
            bytes_put_text(out, media_field_text(order, field));
        else
            bytes_put_u64(out, (uint64_t)media_field_number(order, field));
    }
}

bool
conversion_order_decode(Bytes *bytes, ConversionOrder *order)
{
    for (const MediaField *field = conversion_fields; field->name != NULL; field++) {
        const char *text;
        uint64_t number;
        if (field->type == MEDIA_FIELD_TEXT) {
            if (!bytes_text(bytes, &text))
                return false;
            media_field_set_text(order, field, text);
        } else {
            if (!bytes_u64(bytes, &number))
                return false;
            media_field_set_number(order, field, (int64_t)number);
        }
    }
    return true;
}
