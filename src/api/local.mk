noinst_LIBRARIES += src/api/libapi.a
src_api_libapi_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"api\"
src_api_libapi_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
src_api_libapi_a_SOURCES = \
    src/api/json-writer.c src/api/json-writer.h

EXTRA_DIST += src/api/openapi.json

API_LIBS = src/api/libapi.a $(MODEL_LIBS) $(JANSSON_LIBS)
