/* pins.h -- the certificates that devices have shown us inside TLS
 *
 * A device that we share no key with is believed the first time; from then on nothing but the same
 * certificate will do (PROFILE section 4). Kept as ".certificates" in the folder of keys, mode
 * 0600: a line a device, its uuid and the SHA-256 as hexadecimal digits. Owned by IgrsSecurity. */
#pragma once

#include "igrs/seal.h"

/* Where a device serves inside TLS. */
typedef struct {
    char *location;         /* https; NULL: nowhere */
    IgrsSecret certificate; /* SHA-256 of what it shows there (DER) */
} IgrsPlace;

#define IGRS_PINS_MAX 1024 /* devices; those beyond are believed each time */

/* SHA-256 of the first certificate of a PEM text (DER). Errors: DUO_ERROR_INVALID;
 * DUO_ERROR_UNSUPPORTED: GLib has no TLS here (glib-networking). */
bool igrs_fingerprint(const char *certificate, IgrsSecret *fingerprint, GError **error);

typedef struct IgrsPins IgrsPins;

/* folder NULL: they are kept in memory alone. Reads it. */
IgrsPins         *igrs_pins_new(const char *folder);
void              igrs_pins_free(IgrsPins *pins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsPins, igrs_pins_free)
void              igrs_pins_read(IgrsPins *pins);

/* NULL: it never was inside TLS. Borrowed until the next change. */
const IgrsSecret *igrs_pins_find(const IgrsPins *pins, const char *device);
/* From now on it is this one. */
void              igrs_pins_put(IgrsPins *pins, const char *device, const IgrsSecret *fingerprint);
