APPLIANCE_TESTS = tests/appliance/test-casts tests/appliance/test-screens
check_PROGRAMS += $(APPLIANCE_TESTS)
tests_appliance_test_casts_LDADD = $(APPLIANCE_LIBS)
tests_appliance_test_screens_LDADD = $(APPLIANCE_LIBS)
