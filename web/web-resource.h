/* web-resource.h -- the pages, as they are compiled into the program
 *
 * A file web/PATH of the sources is the resource WEB_RESOURCE_PREFIX PATH. It is served at /web/PATH,
 * and the page itself, WEB_RESOURCE_PREFIX "index.html", at / as well. Every page is to be sent with
 * WEB_CONTENT_SECURITY_POLICY: the pages load nothing from elsewhere and hold no inline script or
 * style. */
#pragma once

#include <gio/gio.h>

#define WEB_RESOURCE_PREFIX "/duoping/web/"

#define WEB_CONTENT_SECURITY_POLICY \
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; " \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* The resource with every file; the program's own, never to be freed. Calling it is what makes the
 * linker keep it. */
GResource *web_get_resource(void);
