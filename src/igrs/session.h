/* session.h -- who is in session with which of our services (ISO/IEC 14543-5-1 clause 10.5)
 *
 * A session is (SourceDeviceId, ClientId, ServiceId): PROFILE section 5. Owned by IgrsNode. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define IGRS_SESSIONS_MAX 1024
#define IGRS_SESSIONS_PER_DEVICE_MAX 64

typedef struct {
    const char *device_id;
    uint32_t client_id;
    uint32_t service_id;
} IgrsSession;

typedef struct IgrsSessions IgrsSessions;

/* Told of each session that ends, whoever ended it; borrowed for the call. */
typedef void (*IgrsSessionEnded)(const IgrsSession *session, gpointer user_data);

IgrsSessions *igrs_sessions_new(IgrsSessionEnded ended, gpointer user_data);
void          igrs_sessions_free(IgrsSessions *sessions); /* tells nobody */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsSessions, igrs_sessions_free)

/* Creating a session that exists is the same session. Errors: DUO_ERROR_BUSY. */
bool igrs_sessions_create(IgrsSessions *sessions, const IgrsSession *session, GError **error);
bool          igrs_sessions_has(const IgrsSessions *sessions, const IgrsSession *session);
/* False: there is none. */
bool          igrs_sessions_destroy(IgrsSessions *sessions, const IgrsSession *session);
void          igrs_sessions_end_device(IgrsSessions *sessions, const char *device_id);
void          igrs_sessions_end_all(IgrsSessions *sessions);
/* By which user token it was entered (user-tokens.h); 0: by none. */
void          igrs_sessions_set_token(IgrsSessions *sessions, const IgrsSession *session,
                                      uint32_t token);
uint32_t      igrs_sessions_token(const IgrsSessions *sessions, const IgrsSession *session);
void          igrs_sessions_end_token(IgrsSessions *sessions, uint32_t token);
/* For a GHashTable too. */
gboolean      igrs_session_equal(gconstpointer a, gconstpointer b);
guint         igrs_session_hash(gconstpointer session);
guint         igrs_sessions_count(const IgrsSessions *sessions);
