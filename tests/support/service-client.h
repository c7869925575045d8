/* service-client.h -- calls an action of a Service as a host does, and waits for its answer */
#pragma once

#include "model/service.h"

/* Whose calls they are; NULL: of no session. */
extern const char *service_client_session;

/* "Name=value" texts, in-arguments; ends with NULL. Returns 0 or the code of the error; *out gets
 * the out-arguments as "Name=value\n..." when it is not NULL. */
int service_client_call(Service *service, const char *action, char **out,
                        ...) G_GNUC_NULL_TERMINATED;
/* The value of one out-argument of such an answer; the caller's. */
char *service_client_value(const char *out, const char *name);
