/* words.c -- what went wrong, as those outside are told: a code and a sentence */
#include "libigrs/inside.h"

#include "base/error.h"
#include "wire/igrs-names.h"

#include <string.h>

/* The return codes of PROFILE section 2. */
static const int codes[DUO_ERROR_N] = {
    [DUO_ERROR_INVALID] = IGRS_BAD_REQUEST,         [DUO_ERROR_TOO_LARGE] = IGRS_TOO_LARGE,
    [DUO_ERROR_NOT_FOUND] = IGRS_NOT_FOUND,         [DUO_ERROR_DENIED] = IGRS_DENIED,
    [DUO_ERROR_CONFLICT] = IGRS_CONFLICT,           [DUO_ERROR_UNSUPPORTED] = IGRS_NO_OPERATION,
    [DUO_ERROR_BUSY] = IGRS_BUSY,                   [DUO_ERROR_TIMEOUT] = IGRS_TIMEOUT,
    [DUO_ERROR_UNAVAILABLE] = IGRS_NOT_FOUND,       [DUO_ERROR_FAILED] = IGRS_FAILED,
    [DUO_ERROR_NO_ROOM] = IGRS_FAILED,
};

int
code_of(const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return 0;
    if (error->domain == SERVICE_ERROR)
        return error->code;
    return error->domain == DUO_ERROR && error->code < DUO_ERROR_N ? codes[error->code]
                                                                   : IGRS_FAILED;
}

char *
words(const char *text)
{
    return strdup(text);
}

bool
tell(const GError *problem, char **error)
{
    if (error != NULL)
        *error = words(problem->message);
    return false;
}

struct Wish {
    IgrsDoneFunc done;
    void *user_data;
};

Wish *
wish_new(IgrsDoneFunc done, void *user_data)
{
    Wish *wish = g_new(Wish, 1);

    *wish = (Wish){ done, user_data };
    return wish;
}

void
wish_done(const GError *error, gpointer data)
{
    g_autofree Wish *wish = data;

    if (wish->done != NULL)
        wish->done(error != NULL ? code_of(error) : IGRS_OK, error != NULL ? error->message : "",
                   wish->user_data);
}
