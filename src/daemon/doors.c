/* doors.c -- see doors.h */
#include "daemon/doors.h"

#include "appliance/people/owner-notice.h"
#include "base/local-key.h"

struct Doors {
    Library *library; /* borrowed */
    People *people;
    DoorsParts parts; /* folder is NULL while they are closed */
    guint observer;   /* of people */
    OwnerNotice *notice;
};

/* -- Who may see what -------------------------------------------------------------------------- */

Doors *
doors_new(const char *path, Library *library, Clock *clock, GError **error)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new();

    for (const LibraryRoot *root = library_roots(library); root->path != NULL; root++)
        g_ptr_array_add(folders, (gpointer)root->path);
    g_ptr_array_add(folders, NULL);
    People *people = people_new(path, (const char *const *)folders->pdata, clock, error);
    if (people == NULL)
        return NULL;
    Doors *doors = g_new0(Doors, 1);
    doors->library = library;
    doors->people = people;
    return doors;
}

void
doors_free(Doors *doors)
{
    if (doors == NULL)
        return;
    doors_close(doors);
    people_free(doors->people);
    g_free(doors);
}

People *
doors_people(Doors *doors)
{
    return doors->people;
}

Audience *
doors_audience(const char *device, const char *address, gpointer data)
{
    g_auto(Visitor) visitor = { 0 };

    visitor_init(&visitor, ((Doors *)data)->people, NULL, *device != '\0' ? device : NULL, address);
    return g_steal_pointer(&visitor.audience);
}

char *
doors_pass(const char *item_id, const char *address, gpointer data)
{
    Doors *doors = data;
    g_autoptr(Audience) audience = doors_audience("", address, doors);
    bool is_seen = catalog_sees(library_catalog(doors->library), audience, item_id, NULL);

    return is_seen ? NULL : people_pass(doors->people, item_id);
}

/* -- Who may not any more ---------------------------------------------------------------------- */

static bool
is_over(const char *holder, gpointer event)
{
    return people_event_is_about(event, holder);
}

static void
on_people_event(gconstpointer event, gpointer user_data)
{
    Doors *doors = user_data;

    if (event == NULL)
        return;
    http_server_end_held(doors->parts.http, is_over, (gpointer)event);
    if (doors->parts.https != NULL)
        https_end_held(doors->parts.https, is_over, (gpointer)event);
}

/* -- Open and closed --------------------------------------------------------------------------- */

void
doors_open(Doors *doors, const DoorsParts *parts)
{
    g_autoptr(GError) error = NULL;

    doors->parts = *parts;
    doors->observer = observers_add(people_observers(doors->people), on_people_event, doors);
    if (!local_key_write(parts->folder, http_server_port(parts->http),
                         people_local_key(doors->people), &error))
        g_warning("duoping on this computer has to sign in: %s", error->message);
    doors->notice = owner_notice_new(&(OwnerNoticeParts){
        .people = doors->people, .client = parts->client, .interfaces = parts->interfaces,
        .name = parts->name, .http_port = http_server_port(parts->http),
    });
    g_message("the code of the owner, for the page's People: %s",
              people_owner_code(doors->people));
}

void
doors_close(Doors *doors)
{
    if (doors == NULL || doors->parts.folder == NULL)
        return;
    owner_notice_free(doors->notice);
    local_key_remove(doors->parts.folder);
    observers_remove(people_observers(doors->people), doors->observer);
    doors->parts = (DoorsParts){ 0 };
}
