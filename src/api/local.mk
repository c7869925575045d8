noinst_LIBRARIES += src/api/libapi.a
src_api_libapi_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"api\"
src_api_libapi_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
src_api_libapi_a_SOURCES = \
    src/api/api.c src/api/api.h src/api/room.h \
    src/api/backup-routes.c \
    src/api/cast-routes.c \
    src/api/device-routes.c \
    src/api/dlna-heads.c src/api/dlna-heads.h \
    src/api/event-feed.c src/api/event-feed.h \
    src/api/feed-routes.c \
    src/api/file-routes.c \
    src/api/group-routes.c \
    src/api/json.c \
    src/api/json-writer.c src/api/json-writer.h \
    src/api/library-routes.c \
    src/api/media-routes.c \
    src/api/people-routes.c src/api/picture-cache.c src/api/picture-cache.h \
    src/api/queue-routes.c \
    src/api/relay-routes.c \
    src/api/request.c \
    src/api/screen-routes.c \
    src/api/screen-test-routes.c \
    src/api/segment-routes.c \
    src/api/server-routes.c \
    src/api/settings-routes.c \
    src/api/servers-routes.c \
    src/api/site.c \
    src/api/stream-routes.c \
    src/api/upload-routes.c \
    src/api/web-screen-routes.c
nodist_src_api_libapi_a_SOURCES = src/api/description.c

# openapi.json is carried inside the program.
src/api/description.gresource.xml: src/api/local.mk
	$(AM_V_GEN)$(MKDIR_P) src/api && { \
	    echo '<gresources><gresource prefix="/duoping/api">'; \
	    echo '<file compressed="false" alias="openapi.json">src/api/openapi.json</file>'; \
	    echo '</gresource></gresources>'; } > $@.new && mv $@.new $@

src/api/description.c: src/api/description.gresource.xml src/api/openapi.json
	$(AM_V_GEN)$(GLIB_COMPILE_RESOURCES) --sourcedir=$(srcdir) --generate-source \
	    --c-name=api_description --target=$@ src/api/description.gresource.xml

CLEANFILES += src/api/description.gresource.xml src/api/description.c
EXTRA_DIST += src/api/openapi.json

API_LIBS = src/api/libapi.a $(APPLIANCE_LIBS) $(WORKER_CLIENT_LIBS) $(MODEL_LIBS) $(JANSSON_LIBS)
