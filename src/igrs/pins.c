/* pins.c -- see pins.h */
#include "igrs/pins.h"

#include "base/error.h"

#include <gio/gio.h>
#include <string.h>

#define NAME ".certificates"
#define FILE_SIZE_MAX (IGRS_PINS_MAX * 128)

struct IgrsPins {
    char *path; /* NULL: none */
    GHashTable *table; /* DeviceId, owned -> IgrsSecret, owned */
};

bool
igrs_fingerprint(const char *certificate, IgrsSecret *fingerprint, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GByteArray) der = NULL;
    gsize size = IGRS_SECRET_SIZE;

    if (!g_tls_backend_supports_tls(g_tls_backend_get_default())) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "this system's GLib knows no TLS: glib-networking is missing");
        return false;
    }
    g_autoptr(GTlsCertificate) parsed = g_tls_certificate_new_from_pem(certificate, -1, &problem);
    if (parsed == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "no certificate: %s", problem->message);
        return false;
    }
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_object_get(parsed, "certificate", &der, NULL);
    g_checksum_update(sum, der->data, der->len);
    g_checksum_get_digest(sum, fingerprint->octets, &size);
    return true;
}

IgrsPins *
igrs_pins_new(const char *folder)
{
    IgrsPins *pins = g_new0(IgrsPins, 1);

    pins->path = folder != NULL ? g_build_filename(folder, NAME, NULL) : NULL;
    pins->table =
        g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, g_free, g_free);
    igrs_pins_read(pins);
    return pins;
}

void
igrs_pins_free(IgrsPins *pins)
{
    if (pins == NULL)
        return;
    g_hash_table_unref(pins->table);
    g_free(pins->path);
    g_free(pins);
}

static void
read_line(IgrsPins *pins, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    IgrsSecret fingerprint;

    if (g_strv_length(words) != 2 || !igrs_secret_from_digits(words[1], &fingerprint))
        return;
    g_autofree char *id = igrs_device_id_new(words[0]);
    if (igrs_device_id_uuid(id) != NULL)
        g_hash_table_replace(pins->table, g_steal_pointer(&id),
                             g_memdup2(&fingerprint, sizeof fingerprint));
}

void
igrs_pins_read(IgrsPins *pins)
{
    g_autofree char *text = NULL;
    gsize size = 0;

    if (pins->path == NULL)
        return;
    g_hash_table_remove_all(pins->table);
    if (!g_file_get_contents(pins->path, &text, &size, NULL) || size > FILE_SIZE_MAX)
        return;
    g_auto(GStrv) lines = g_strsplit(text, "\n", IGRS_PINS_MAX + 1);
    for (guint i = 0; lines[i] != NULL && i < IGRS_PINS_MAX; i++)
        read_line(pins, lines[i]);
}

const IgrsSecret *
igrs_pins_find(const IgrsPins *pins, const char *device)
{
    return g_hash_table_lookup(pins->table, device);
}

static void
write_all(const IgrsPins *pins)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    GHashTableIter iter;
    gpointer id, fingerprint;

    g_hash_table_iter_init(&iter, pins->table);
    while (g_hash_table_iter_next(&iter, &id, &fingerprint)) {
        g_autofree char *digits = igrs_secret_to_digits(fingerprint);
        g_string_append_printf(text, "%s %s\n", igrs_device_id_uuid(id), digits);
    }
    if (!g_file_set_contents_full(pins->path, text->str, (gssize)text->len,
                                  G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
        g_warning("the certificates of devices are forgotten with the next start: %s",
                  error->message);
}

void
igrs_pins_put(IgrsPins *pins, const char *device, const IgrsSecret *fingerprint)
{
    const IgrsSecret *before = igrs_pins_find(pins, device);

    if (before != NULL ? igrs_secret_equal(before, fingerprint)
                       : g_hash_table_size(pins->table) >= IGRS_PINS_MAX)
        return;
    g_hash_table_replace(pins->table, g_strdup(device),
                         g_memdup2(fingerprint, sizeof *fingerprint));
    if (pins->path != NULL)
        write_all(pins);
}
