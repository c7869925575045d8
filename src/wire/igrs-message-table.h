/* igrs-message-table.h -- the rows that igrs-message-encode.c and igrs-message-decode.c walk */
#pragma once

#include "wire/igrs-body.h"

/* All heads that carry the prefix of our Man, in the order they are sent. */
typedef enum {
    HEAD_VERSION,
    HEAD_TYPE,
    HEAD_TARGET,
    HEAD_SOURCE,
    HEAD_SEQUENCE,
    HEAD_ACKNOWLEDGE,
    HEAD_RETURN_CODE,
    HEAD_DEVICE_TYPE,
    HEAD_DEVICE_NAME,
    HEAD_DEVICE_SECURITY,
    HEAD_SERVICE_ID,
    HEAD_SERVICE_NAME,
    HEAD_SERVICE_TYPE,
    HEAD_GROUP_ID,
    HEAD_GROUP_NAME,
    HEAD_LOCATION,
    HEAD_CERTIFICATE,
    HEAD_CHALLENGE,
    HEAD_AUTH_DATA,
    HEAD_SIGNATURE,
    HEAD_N
} Head;

#define BIT(head) (1u << (head))

typedef enum {
    HEAD_TEXT,
    HEAD_PERCENT,   /* UTF-8, percent-encoded on the wire */
    HEAD_DEVICE_ID, /* a DeviceId URN */
    HEAD_NUMBER,    /* 1..max */
} HeadKind;

typedef struct {
    const char *name; /* on the wire behind a number and '-' */
    size_t name_size;
    HeadKind kind;
    size_t offset; /* in IgrsMessage; HEAD_VERSION and HEAD_TYPE are no members */
    uint32_t max;  /* HEAD_NUMBER */
} IgrsHeadRow;

extern const IgrsHeadRow igrs_head_rows[HEAD_N];

typedef struct {
    const char *name;
    const char *clause;
    IgrsRole role;
    unsigned transports;
    const char *action; /* NULL: header-only */
    unsigned heads;     /* beside those of the role */
    IgrsBody body;
    IgrsMessageType answer;
} IgrsMessageRow;

extern const IgrsMessageRow igrs_message_rows[IGRS_MESSAGE_N];

/* IGRS_NO_MESSAGE when name is none. */
IgrsMessageType igrs_message_find_type(const char *name);
/* What stands in the message's SOAP Body; NULL: nothing. */
const XmlField *igrs_message_body(const IgrsMessage *message);
