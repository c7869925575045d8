WIRE_TESTS = \
    tests/wire/test-http-message \
    tests/wire/test-http-range \
    tests/wire/test-igrs-names \
    tests/wire/test-soap \
    tests/wire/test-xml
check_PROGRAMS += $(WIRE_TESTS)
tests_wire_test_http_message_LDADD = $(WIRE_LIBS)
tests_wire_test_http_range_LDADD = $(WIRE_LIBS)
tests_wire_test_igrs_names_LDADD = $(WIRE_LIBS)
tests_wire_test_soap_LDADD = $(WIRE_LIBS)
tests_wire_test_xml_LDADD = $(WIRE_LIBS)
