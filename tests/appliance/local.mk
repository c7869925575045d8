APPLIANCE_TESTS = tests/appliance/test-casts tests/appliance/test-screens
check_PROGRAMS += $(APPLIANCE_TESTS)
tests_appliance_test_casts_LDADD = $(APPLIANCE_LIBS)
tests_appliance_test_screens_LDADD = $(APPLIANCE_LIBS)
check_PROGRAMS += tests/appliance/test-library
tests_appliance_test_library_LDADD = $(APPLIANCE_LIBS)
