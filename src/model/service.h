/* service.h -- port: a table of actions and state variables, invoked by a peer
 *
 * One service, two wires: igrs/hosting (InvokeService, WSDL, SendNotification) and upnp/hosting
 * (SOAP, SCPD, GENA) walk the same table. The form is that of a UPnP service description (UDA 1.1,
 * 2.5): an argument is related to a state variable, which gives its type and range. */
#pragma once

#include "base/observers.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A service's own failures; codes are the UPnP numbers (UDA 1.1, 3.2.2 and each AV service). */
#define SERVICE_ERROR (service_error_quark())
GQuark service_error_quark(void);

enum {
    SERVICE_INVALID_ACTION = 401,
    SERVICE_INVALID_ARGS = 402,
    SERVICE_ACTION_FAILED = 501,
    SERVICE_OUT_OF_RANGE = 601,
    SERVICE_NOT_AUTHORIZED = 606,
};

typedef enum {
    SERVICE_STRING,
    SERVICE_URI,
    SERVICE_BOOLEAN,
    SERVICE_UI2,
    SERVICE_UI4,
    SERVICE_I2,
    SERVICE_I4,
    SERVICE_XML, /* out: what is inside of an element, well-formed */
} ServiceType;

typedef struct {
    const char *name;
    ServiceType type;
    bool is_evented;
    const char *const *allowed; /* ends with NULL; NULL: any value */
    int64_t min, max, step;     /* when max > min: the range */
    int refusal; /* the code for a value that is not allowed; 0: SERVICE_OUT_OF_RANGE */
} ServiceVariable;

typedef struct {
    const char *name;
    const char *variable; /* the related state variable; NULL ends the list */
    bool is_out;          /* all in-arguments stand before the out-arguments */
} ServiceArgument;

#define SERVICE_IN(name, variable) { name, variable, false }
#define SERVICE_OUT(name, variable) { name, variable, true }

typedef struct Service Service;
typedef struct ServiceCall ServiceCall;
struct Dialect;

#define SERVICE_ARGUMENTS_MAX 16

typedef struct {
    const char *name;
    /* True: answers from a snapshot before it returns, on any thread. False: main loop only, and
     * may answer later. */
    bool is_read;
    void (*invoke)(Service *service, ServiceCall *call);
    ServiceArgument arguments[SERVICE_ARGUMENTS_MAX + 1];
} ServiceAction;

typedef struct {
    const char *name; /* "AVTransport": each wire makes its own URN of it */
    unsigned version;
    const ServiceVariable *variables; /* ends with a name of NULL */
    const ServiceAction *actions;     /* ends with a name of NULL */
    /* The present value of an evented variable as text, the caller's; main loop only. */
    char *(*value)(Service *service, const char *variable);
    /* Another number whenever a read action may answer otherwise than it did, and for who is
     * answered otherwise (by the asker's address); any thread. NULL: no answer holds for a second
     * asker. */
    uint64_t (*edition)(Service *service, const char *asker);
    /* A session (ASKER_SESSION) ended: what hangs on it goes; main loop only. NULL:
     * nothing does. */
    void (*session_ended)(Service *service, const char *session);
    void (*free)(Service *service);
} ServiceTable;

/* Implementations embed this first. Observers are told the name of an evented variable (const char
 * *) when its value changed. */
struct Service {
    const ServiceTable *table;
    Observers *observers;
};

void service_init(Service *service, const ServiceTable *table);
void service_clear(Service *service); /* for implementations */
void service_free(Service *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Service, service_free)

const ServiceAction   *service_find_action(const ServiceTable *table, const char *name);
const ServiceVariable *service_find_variable(const ServiceTable *table, const char *name);

/* -- For whoever hosts a service ------------------------------------------------------------- */

/* Called once for each call, with the call that was answered; it is freed afterwards. */
typedef void (*ServiceAnswered)(const ServiceCall *call, gpointer user_data);

/* Begins a call; then set each argument that came, then invoke. NULL with
 * SERVICE_INVALID_ACTION. */
ServiceCall *service_call_new(Service *service, const char *action, GError **error);
/* False with SERVICE_INVALID_ARGS: no such in-argument, or given twice. */
bool service_call_set_in(ServiceCall *call, const char *name, const char *value, GError **error);
/* Where the asker reaches us, e.g. "http://192.168.1.2:8380" without a slash at the end: what comes
 * back may name addresses on our server, and these depend on the interface the call came in on. */
void         service_call_set_base_url(ServiceCall *call, const char *base_url);
/* About how many octets of out-arguments the asker takes; 0, as it is at first: as few as any asker
 * does. Who answers with a list ends it there. */
void         service_call_set_reply_max(ServiceCall *call, size_t reply_max);
/* What a wire knows of the asker; what it does not know is not set. */
typedef enum {
    ASKER_ADDRESS, /* in numbers: what comes back may serve it alone, or be fetched on its link */
    ASKER_DEVICE,  /* by an id that it has proven */
    ASKER_CLAIM,   /* by the id that it says it has */
    ASKER_SESSION, /* that it has with the service: a text that no other session has */
    ASKER_FACT_N
} AskerFact;
void         service_call_set_asker(ServiceCall *call, AskerFact fact, const char *text);
/* How the asker's family of sets is to be spoken to (wire/dialect.h); borrowed, and outlives the
 * call. Where a wire knows no families it is not set. */
void         service_call_set_dialect(ServiceCall *call, const struct Dialect *dialect);
/* Checks the arguments against the table and invokes, or answers with the error; takes the call
 * over. An action that is not is_read must be invoked on the main loop. */
void         service_call_invoke(ServiceCall *call, ServiceAnswered answered, gpointer user_data);
/* Drops a call that will not be invoked. */
void         service_call_free(ServiceCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ServiceCall, service_call_free)

const ServiceAction *service_call_action(const ServiceCall *call);
/* The state variable that an argument of the call is related to. */
const ServiceVariable *service_call_variable(const ServiceCall *call,
                                             const ServiceArgument *argument);
/* The answer: NULL when it succeeded. */
const GError        *service_call_error(const ServiceCall *call);
/* The value of an out-argument of an answer that succeeded; never NULL; borrowed. */
const char          *service_call_out(const ServiceCall *call, const char *name);

/* -- For whoever implements an action -------------------------------------------------------- */

/* In-arguments, checked against their type, range and allowed values. A name that is not in the
 * table is a mistake of ours. */
const char *service_call_text(const ServiceCall *call, const char *name);
int64_t     service_call_number(const ServiceCall *call, const char *name);
bool        service_call_flag(const ServiceCall *call, const char *name);
/* As the host set it; "" when it did not. */
const char *service_call_base_url(const ServiceCall *call);
const char *service_call_asker(const ServiceCall *call, AskerFact fact); /* the same */

const struct Dialect *service_call_dialect(const ServiceCall *call); /* NULL when it did not */
size_t      service_call_reply_max(const ServiceCall *call);

void        service_call_put_text(ServiceCall *call, const char *name, const char *value);
void        service_call_put_number(ServiceCall *call, const char *name, int64_t value);
/* takes value */
void        service_call_take_text(ServiceCall *call, const char *name, char *value);

/* Exactly one of these ends the call; out-arguments not put are empty. */
void        service_call_return(ServiceCall *call);
void service_call_fail(ServiceCall *call, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* From any GError: SERVICE_ERROR keeps its code, others become SERVICE_ACTION_FAILED. */
void        service_call_fail_error(ServiceCall *call, const GError *error);
