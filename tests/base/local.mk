BASE_TESTS = tests/base/test-bytes tests/base/test-clock tests/base/test-observers \
    tests/base/test-program tests/base/test-settings tests/base/test-sleep-watch \
    tests/base/test-service-manager tests/base/test-stream-hub tests/base/test-text
check_PROGRAMS += $(BASE_TESTS)
tests_base_test_bytes_LDADD = $(BASE_LIBS)
tests_base_test_clock_LDADD = $(BASE_LIBS)
tests_base_test_observers_LDADD = $(BASE_LIBS)
tests_base_test_program_LDADD = $(BASE_LIBS)
tests_base_test_service_manager_LDADD = $(BASE_LIBS)
tests_base_test_settings_LDADD = $(BASE_LIBS)
tests_base_test_sleep_watch_LDADD = $(BASE_LIBS)
tests_base_test_stream_hub_LDADD = $(BASE_LIBS)
tests_base_test_text_LDADD = $(BASE_LIBS)
