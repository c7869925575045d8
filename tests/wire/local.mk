WIRE_TESTS = tests/wire/test-http-range
check_PROGRAMS += $(WIRE_TESTS)
tests_wire_test_http_range_LDADD = $(WIRE_LIBS)
