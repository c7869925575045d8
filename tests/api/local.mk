check_PROGRAMS += tests/api/test-json-writer
tests_api_test_json_writer_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_api_test_json_writer_LDADD = $(API_LIBS)
