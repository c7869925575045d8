/* last-change.h -- the LastChange variable of AVTransport:1 (2.2.24) and RenderingControl:1
 * (2.2.25)
 *
 * An event that holds several variables: <Event><InstanceID val="0"><Name val="value"/>... Only
 * instance 0 is spoken. Decoding cares for local names alone: sets get the namespace wrong, escape
 * twice, and list instances nobody asked for (FIELD-NOTES C5). */
#pragma once

#include <glib.h>

typedef enum {
    LAST_CHANGE_TRANSPORT, /* urn:schemas-upnp-org:metadata-1-0/AVT/ */
    LAST_CHANGE_RENDERING, /* urn:schemas-upnp-org:metadata-1-0/RCS/ */
} LastChangeKind;

typedef struct {
    const char *name;    /* "TransportState" */
    const char *channel; /* "Master"; NULL: none */
    const char *value;
} LastChangeValue;

/* The caller's. */
char       *last_change_encode(LastChangeKind kind, const LastChangeValue *values, guint count);

typedef struct LastChange LastChange;

/* DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE. */
LastChange *last_change_decode(const char *text, GError **error);
void        last_change_free(LastChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LastChange, last_change_free)
/* The value of a variable, of its Master channel where there are channels; NULL: not in this
 * event. */
const char *last_change_value(const LastChange *change, const char *name);
