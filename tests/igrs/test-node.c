/* test-node.c -- journey (c) in one process: discovery, pipe, session, invoke, event, offline */
#include "tests/igrs/two-nodes.h"

#include "base/error.h"
#include "igrs/node.h"

#include <string.h>

typedef struct {
    bool is_there;
    GError *error;
    char *value; /* of the argument asked for */
    const char *wanted;
} Result;

static void
result_clear(Result *result)
{
    g_clear_error(&result->error);
    g_free(result->value);
    *result = (Result){ 0 };
}

static void
on_answered(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Result *result = user_data;

    g_assert_false(result->is_there);
    g_assert_true((answer == NULL) == (error != NULL));
    result->is_there = true;
    if (error != NULL)
        result->error = g_error_copy(error);
    else if (result->wanted != NULL)
        result->value = g_strdup(soap_call_value(answer, result->wanted));
}

static void
begin(TwoNodes *two, const char *action, const char *name, const char *value,
      GCancellable *cancellable, Result *result)
{
    SoapCall *call = soap_call_new(NULL, action);

    if (name != NULL)
        soap_call_add(call, name, value);
    igrs_client_invoke(two->client, LAMP_ID, "Lamp", call, 0, cancellable, on_answered, result);
    g_assert_false(result->is_there); /* later, never at once */
}

static void
invoke(TwoNodes *two, const char *action, const char *name, const char *value, Result *result)
{
    begin(two, action, name, value, NULL, result);
    two_nodes_wait(&result->is_there);
}

static void
assert_done(TwoNodes *two, const char *action, const char *name, const char *value)
{
    Result result = { 0 };

    invoke(two, action, name, value, &result);
    g_assert_no_error(result.error);
    result_clear(&result);
}

static void
assert_fails(TwoNodes *two, const char *action, const char *name, const char *value, GQuark domain,
             int code)
{
    Result result = { 0 };

    invoke(two, action, name, value, &result);
    g_assert_error(result.error, domain, code);
    result_clear(&result);
}

static void
test_discovery(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    const Device *device;
    g_autofree char *location = two_nodes_lamp_location(two);

    two_nodes_wait_events(two, "o");
    device = igrs_node_find_device(two->remote, LAMP_ID);
    g_assert_cmpstr(device->name, ==, "Lamp in the hall");
    g_assert_cmpstr(device->type, ==, IGRS_URN_DEVICE_TYPE "Lamp:1");
    g_assert_cmpstr(device->location, ==, location);
    g_assert_cmpuint(device->services->len, ==, 1);
    const DeviceService *service = g_ptr_array_index(device->services, 0);
    g_assert_cmpuint(service->id, ==, LAMP_SERVICE_ID);
    g_assert_cmpstr(service->name, ==, "Light");
    g_assert_cmpstr(service->type, ==, IGRS_URN_SERVICE_TYPE "Lamp:1");
    g_autoptr(GPtrArray) devices = igrs_node_devices(two->remote);
    g_assert_cmpuint(devices->len, ==, 1);
}

/* A device that missed every advertisement finds the others by searching. */
static void
test_search(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    two_nodes_run(two, 500); /* the advertisements are over */
    igrs_client_free(two->client);
    igrs_node_free(two->remote);
    g_string_truncate(two->events, 0);
    two_nodes_start_remote(two);
    two_nodes_wait_events(two, "o");
}

static void
test_invoke(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Result result = { .wanted = "CurrentPower" };

    assert_fails(two, "GetPower", NULL, NULL, DUO_ERROR, DUO_ERROR_UNAVAILABLE); /* not found yet */
    two_nodes_wait_events(two, "o");
    assert_fails(two, "SetBrightness", "NewBrightness", "70", SERVICE_ERROR, 701);
    assert_done(two, "SetPower", "NewPower", "1");
    assert_done(two, "SetBrightness", "NewBrightness", "70");
    assert_fails(two, "SetBrightness", "NewBrightness", "170", SERVICE_ERROR, SERVICE_OUT_OF_RANGE);
    assert_fails(two, "SetBrightness", NULL, NULL, SERVICE_ERROR, IGRS_MISSING_ARGUMENT);
    assert_fails(two, "SetColour", NULL, NULL, SERVICE_ERROR, IGRS_NO_OPERATION);
    invoke(two, "GetPower", NULL, NULL, &result);
    g_assert_cmpstr(result.value, ==, "1");
    result_clear(&result);
}

static void
test_no_such_service(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Result result = { 0 };

    two_nodes_wait_events(two, "o");
    igrs_client_invoke(two->client, LAMP_ID, "Toaster", soap_call_new(NULL, "Toast"), 0, NULL,
                       on_answered, &result);
    two_nodes_wait(&result.is_there);
    g_assert_error(result.error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    result_clear(&result);
}

static void
test_cancel(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Result result = { 0 }, at_once = { 0 };

    two_nodes_wait_events(two, "o");
    begin(two, "Wait", NULL, NULL, cancellable, &result);
    WAIT_UNTIL(lamp_waits(two->service) == 1);
    g_assert_false(result.is_there);
    g_cancellable_cancel(cancellable);
    begin(two, "Wait", NULL, NULL, cancellable, &at_once);
    two_nodes_wait(&result.is_there);
    two_nodes_wait(&at_once.is_there);
    g_assert_error(result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_error(at_once.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    result_clear(&result);
    result_clear(&at_once);
    g_assert_cmpuint(lamp_answer(two->service), ==, 1); /* into the air */
    two_nodes_run(two, 50);
}

/* The device goes while it still owes an answer. */
static void
test_gone_in_mid_call(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Result result = { 0 };

    two_nodes_wait_events(two, "o");
    begin(two, "Wait", NULL, NULL, NULL, &result);
    WAIT_UNTIL(lamp_waits(two->service) == 1);
    igrs_node_free(two->lamp);
    g_assert_cmpuint(lamp_answer(two->service), ==, 1);
    two->lamp = NULL;
    two_nodes_wait(&result.is_there);
    g_assert_nonnull(result.error);
    result_clear(&result);
}

typedef struct {
    IgrsSubscription *subscription;
    char *power, *brightness;
    bool has_values;     /* both came since the last look */
    bool is_active, is_inactive;
} Follower;

static void
on_notified(const char *name, const char *value, gpointer user_data)
{
    Follower *follower = user_data;

    if (name == NULL) {
        follower->is_active = igrs_subscription_is_active(follower->subscription);
        follower->is_inactive = !follower->is_active;
        return;
    }
    char **place = strcmp(name, "Power") == 0 ? &follower->power : &follower->brightness;
    g_free(*place);
    *place = g_strdup(value);
    follower->has_values = follower->power != NULL && follower->brightness != NULL;
}

static void
follow(TwoNodes *two, Follower *follower)
{
    follower->subscription =
        igrs_client_subscribe(two->client, LAMP_ID, "Lamp", on_notified, follower);
}

static void
forget_values(Follower *follower)
{
    g_clear_pointer(&follower->power, g_free);
    g_clear_pointer(&follower->brightness, g_free);
    follower->has_values = false;
}

static void
follower_clear(Follower *follower)
{
    igrs_subscription_free(follower->subscription);
    forget_values(follower);
}

static void
test_events(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Follower follower = { 0 };

    follow(two, &follower); /* before the device is known */
    two_nodes_wait(&follower.has_values);
    g_assert_cmpstr(follower.power, ==, "0");
    g_assert_cmpstr(follower.brightness, ==, "50");
    two_nodes_wait(&follower.is_active);
    forget_values(&follower);
    lamp_turn(two->service, 80);
    WAIT_UNTIL(g_strcmp0(follower.brightness, "80") == 0);
    g_assert_null(follower.power); /* did not change */
    follower_clear(&follower);
    two_nodes_run(two, 200); /* unsubscribe arrives */
}

/* Our addresses changed, and the device gave up telling the old one. */
static void
test_interfaces_change(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Follower follower = { 0 };

    follow(two, &follower);
    two_nodes_wait(&follower.is_active);
    two_nodes_wait(&follower.has_values);
    forget_values(&follower);
    igrs_sessions_end_all(two->lamp->sessions);
    g_assert_cmpuint(igrs_subscriptions_count(two->lamp->subscriptions), ==, 0);
    observers_notify(net_interfaces_observers(two->interfaces), two->interfaces);
    two_nodes_wait(&follower.has_values);
    g_assert_cmpuint(igrs_subscriptions_count(two->lamp->subscriptions), ==, 1);
    follower_clear(&follower);
}

/* kill -9 and a new start at another port: nobody said byebye, everything goes on. */
static void
test_device_started_again(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Follower follower = { 0 };

    follow(two, &follower);
    two_nodes_wait(&follower.is_active);
    two_nodes_wait(&follower.has_values);
    assert_done(two, "SetPower", "NewPower", "1");
    igrs_node_free(two->lamp);
    forget_values(&follower);
    follower.is_active = false;
    lamp_turn(two->service, 33);
    two_nodes_start_lamp(two);
    two_nodes_wait_events(two, "oc");
    two_nodes_wait(&follower.has_values);
    g_assert_cmpstr(follower.brightness, ==, "33");
    two_nodes_wait(&follower.is_active);
    assert_done(two, "SetPower", "NewPower", "0");
    follower_clear(&follower);
}

/* The one who asks is started again: its old session is over, its new one works. */
static void
test_client_started_again(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    assert_done(two, "SetPower", "NewPower", "1");
    igrs_client_free(two->client);
    igrs_node_free(two->remote);
    g_string_truncate(two->events, 0);
    two_nodes_start_remote(two);
    two_nodes_wait_events(two, "o");
    assert_done(two, "SetPower", "NewPower", "0");
}

/* The service lost the session, then the pipe; whoever invokes does not notice. */
static void
test_forgotten(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    assert_done(two, "SetPower", "NewPower", "1");
    igrs_sessions_end_all(two->lamp->sessions);
    assert_done(two, "SetPower", "NewPower", "0");
    g_assert_cmpuint(igrs_sessions_count(two->lamp->sessions), ==, 1);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_SILENT);
    g_assert_cmpuint(igrs_sessions_count(two->lamp->sessions), ==, 0);
    assert_done(two, "SetPower", "NewPower", "1");
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_OPEN);
}

/* Ending a client ends its session with the service. */
static void
test_session_destroyed(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    assert_done(two, "SetPower", "NewPower", "1");
    g_assert_cmpuint(igrs_sessions_count(two->lamp->sessions), ==, 1);
    igrs_client_free(two->client);
    two->client = NULL;
    WAIT_UNTIL(igrs_sessions_count(two->lamp->sessions) == 0);
}

static void
on_stopped(gpointer user_data)
{
    *(bool *)user_data = true;
}

static void
test_byebye(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Follower follower = { 0 };
    bool is_stopped = false;

    follow(two, &follower);
    two_nodes_wait(&follower.is_active);
    igrs_node_stop(two->lamp, on_stopped, &is_stopped);
    two_nodes_wait_events(two, "of");
    two_nodes_wait(&is_stopped);
    two_nodes_wait(&follower.is_inactive);
    assert_fails(two, "GetPower", NULL, NULL, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    igrs_node_free(two->lamp);
    follower.is_active = false;
    two_nodes_start_lamp(two); /* and comes back */
    two_nodes_wait_events(two, "ofo");
    two_nodes_wait(&follower.is_active);
    follower_clear(&follower);
}

#define ADD(path, function) \
    g_test_add(path, TwoNodes, NULL, two_nodes_set_up, function, two_nodes_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/node/discovery", test_discovery);
    ADD("/igrs/node/search", test_search);
    ADD("/igrs/node/invoke", test_invoke);
    ADD("/igrs/node/no-such-service", test_no_such_service);
    ADD("/igrs/node/cancel", test_cancel);
    ADD("/igrs/node/gone-in-mid-call", test_gone_in_mid_call);
    ADD("/igrs/node/events", test_events);
    ADD("/igrs/node/interfaces-change", test_interfaces_change);
    ADD("/igrs/node/device-started-again", test_device_started_again);
    ADD("/igrs/node/client-started-again", test_client_started_again);
    ADD("/igrs/node/forgotten", test_forgotten);
    ADD("/igrs/node/session-destroyed", test_session_destroyed);
    ADD("/igrs/node/byebye", test_byebye);
    return g_test_run();
}
