IGRS_TESTS = tests/igrs/test-devices tests/igrs/test-pipe tests/igrs/test-session
check_PROGRAMS += $(IGRS_TESTS)
tests_igrs_test_devices_LDADD = $(IGRS_LIBS)
tests_igrs_test_pipe_LDADD = $(IGRS_LIBS)
tests_igrs_test_session_LDADD = $(IGRS_LIBS)
