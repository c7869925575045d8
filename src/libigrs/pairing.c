/* pairing.c -- keys and people of igrs.h: codes to pair by, tokens, sessions that are handed on */
#include "libigrs/inside.h"

#include "igrs/pairing.h"

/* -- Pairing ----------------------------------------------------------------------------------- */

static void
on_pairing_changed(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    IgrsDevice *device = user_data;

    device->pairing_changed(device->pairing_data);
}

void
igrs_device_watch_pairing(IgrsDevice *device, void (*changed)(void *user_data), void *user_data)
{
    g_return_if_fail(device->node != NULL && device->pairing_changed == NULL && changed != NULL);
    device->pairing_changed = changed;
    device->pairing_data = user_data;
    observers_add(igrs_node_pairing_observers(device->node), on_pairing_changed, device);
}

const char *
igrs_device_code(IgrsDevice *device)
{
    g_return_val_if_fail(device->node != NULL, NULL);
    return igrs_node_code(device->node);
}

void
igrs_device_pair(IgrsDevice *device, const char *peer_id, const char *code, IgrsDoneFunc done,
                 void *user_data)
{
    g_return_if_fail(device->node != NULL);
    igrs_node_pair(device->node, peer_id, code, wish_done, wish_new(done, user_data));
}

bool
igrs_device_unpair(IgrsDevice *device, const char *peer_id, char **error)
{
    g_autoptr(GError) problem = NULL;

    g_return_val_if_fail(device->node != NULL, false);
    return igrs_node_unpair(device->node, peer_id, &problem) || tell(problem, error);
}

/* -- People ------------------------------------------------------------------------------------ */

bool
igrs_device_require_token(IgrsDevice *device, uint32_t service_id)
{
    g_return_val_if_fail(device->node == NULL, false);
    g_array_append_val(device->with_token, service_id);
    return true;
}

char *
igrs_device_issue_token(IgrsDevice *device, const char *user, const uint32_t *services,
                        char **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *token = NULL;

    g_return_val_if_fail(device->node != NULL, NULL);
    token = igrs_node_issue_token(device->node, user, services, &problem);
    if (token == NULL) {
        tell(problem, error);
        return NULL;
    }
    return words(token);
}

bool
igrs_device_revoke_token(IgrsDevice *device, const char *token)
{
    g_return_val_if_fail(device->node != NULL, false);
    return igrs_node_revoke_token(device->node, token);
}

/* -- Sessions that are handed on --------------------------------------------------------------- */

typedef struct {
    IgrsKeyFunc applied;
    void *user_data;
} KeyWish;

static void
on_key(const char *key, const GError *error, gpointer user_data)
{
    g_autofree KeyWish *wish = user_data;

    wish->applied(key, error != NULL ? code_of(error) : IGRS_OK,
                  error != NULL ? error->message : "", wish->user_data);
}

void
igrs_explorer_apply_key(IgrsExplorer *explorer, const char *device_id, const char *service,
                        IgrsKeyFunc applied, void *user_data)
{
    KeyWish *wish = g_new(KeyWish, 1);

    *wish = (KeyWish){ applied, user_data };
    igrs_client_apply_key(explorer_client(explorer), device_id, service, on_key, wish);
}

void
igrs_explorer_take_session(IgrsExplorer *explorer, const char *device_id, const char *service,
                           const char *key, IgrsDoneFunc done, void *user_data)
{
    igrs_client_take_session(explorer_client(explorer), device_id, service, key, wish_done,
                             wish_new(done, user_data));
}

void
igrs_explorer_set_user(IgrsExplorer *explorer, const char *user, const char *token)
{
    igrs_client_set_user(explorer_client(explorer), user, token);
}
