API_TESTS = tests/api/test-json-writer tests/api/test-openapi
check_PROGRAMS += $(API_TESTS)
tests_api_test_json_writer_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_api_test_json_writer_LDADD = $(API_LIBS)
tests_api_test_openapi_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_api_test_openapi_LDADD = $(API_LIBS)

dist_check_SCRIPTS += tests/api/test-api tests/api/test-cli tests/api/test-duopingd tests/api/test-settings
