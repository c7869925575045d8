check_PROGRAMS += tests/appliance/test-screens
tests_appliance_test_screens_LDADD = $(APPLIANCE_LIBS)
