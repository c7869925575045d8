/* igrs-message.c -- making and freeing messages and their entries; see igrs-message.h */
#include "wire/igrs-message.h"

static void
device_entry_free(gpointer data)
{
    IgrsDeviceEntry *entry = data;

    g_free(entry->id);
    g_free(entry->type);
    g_free(entry->name);
    g_free(entry->location);
    g_free(entry);
}

IgrsServiceEntry *
igrs_service_entry_new(void)
{
    IgrsServiceEntry *entry = g_new0(IgrsServiceEntry, 1);

    entry->security_ids = g_ptr_array_new_with_free_func(g_free);
    return entry;
}

void
igrs_service_entry_free(IgrsServiceEntry *entry)
{
    if (entry == NULL)
        return;
    g_free(entry->device_id);
    g_free(entry->type);
    g_free(entry->name);
    g_ptr_array_unref(entry->security_ids);
    g_free(entry);
}

IgrsGroupEntry *
igrs_group_entry_new(void)
{
    IgrsGroupEntry *entry = g_new0(IgrsGroupEntry, 1);

    entry->members = g_ptr_array_new_with_free_func(g_free);
    return entry;
}

static void
group_entry_free(gpointer data)
{
    IgrsGroupEntry *entry = data;

    g_free(entry->id);
    g_free(entry->name);
    g_free(entry->type);
    g_free(entry->master_id);
    g_ptr_array_unref(entry->members);
    g_free(entry);
}

IgrsMessage *
igrs_message_new(IgrsMessageType type)
{
    IgrsMessage *message = g_new0(IgrsMessage, 1);

    message->type = type;
    message->devices = g_ptr_array_new_with_free_func(device_entry_free);
    message->services = g_ptr_array_new_with_free_func((GDestroyNotify)igrs_service_entry_free);
    message->groups = g_ptr_array_new_with_free_func(group_entry_free);
    return message;
}

void
igrs_message_free(IgrsMessage *message)
{
    static const size_t texts[] = {
#define AT(member) offsetof(IgrsMessage, member)
        AT(target_id),  AT(source_id),    AT(location),    AT(device_security_ids),
        AT(certificate), AT(challenge),   AT(auth_data),   AT(signature),
        AT(device_type), AT(device_name), AT(service_type), AT(service_name),
        AT(group_id),   AT(group_name),   AT(user_id),     AT(service_security_id),
        AT(token),      AT(fault_description), AT(device_id), AT(state),
        AT(session_key_id), AT(document), AT(flaw),
#undef AT
    };

    if (message == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(*(char **)((char *)message + texts[i]));
    soap_call_free(message->call);
    g_ptr_array_unref(message->devices);
    g_ptr_array_unref(message->services);
    g_ptr_array_unref(message->groups);
    g_clear_pointer(&message->unknown, g_ptr_array_unref);
    g_free(message);
}

IgrsMessage *
igrs_message_new_reply(const IgrsMessage *request, uint32_t return_code)
{
    IgrsMessageType type = igrs_message_answer(request->type);

    if (type == IGRS_NO_MESSAGE)
        return NULL;
    IgrsMessage *reply = igrs_message_new(type);
    reply->target_id = g_strdup(request->source_id);
    reply->source_id = g_strdup(request->target_id);
    reply->acknowledge_id = request->sequence_id;
    reply->return_code = return_code;
    reply->client_id = request->client_id;
    reply->service_id = request->service_id;
    return reply;
}

IgrsDeviceEntry *
igrs_message_add_device(IgrsMessage *message, const char *id, const char *type, const char *name,
                        const char *location)
{
    IgrsDeviceEntry *entry = g_new(IgrsDeviceEntry, 1);

    *entry = (IgrsDeviceEntry){ g_strdup(id), g_strdup(type), g_strdup(name), g_strdup(location) };
    g_ptr_array_add(message->devices, entry);
    return entry;
}

IgrsServiceEntry *
igrs_message_add_service(IgrsMessage *message, const char *device_id, uint32_t id, const char *type,
                         const char *name)
{
    IgrsServiceEntry *entry = igrs_service_entry_new();

    entry->device_id = g_strdup(device_id);
    entry->id = id;
    entry->type = g_strdup(type);
    entry->name = g_strdup(name);
    g_ptr_array_add(message->services, entry);
    return entry;
}

IgrsGroupEntry *
igrs_message_add_group(IgrsMessage *message, const char *id, const char *name, const char *type)
{
    IgrsGroupEntry *entry = igrs_group_entry_new();

    entry->id = g_strdup(id);
    entry->name = g_strdup(name);
    entry->type = g_strdup(type);
    g_ptr_array_add(message->groups, entry);
    return entry;
}
