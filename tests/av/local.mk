# tests/av
AV_TESTS = tests/av/test-av-transport tests/av/test-connection-manager tests/av/test-content-directory
check_PROGRAMS += $(AV_TESTS)
AV_TEST_SUPPORT = tests/support/service-client.c tests/support/service-client.h
tests_av_test_av_transport_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_av_test_av_transport_SOURCES = tests/av/test-av-transport.c $(AV_TEST_SUPPORT) \
    tests/support/paper-screen.c tests/support/paper-screen.h
tests_av_test_av_transport_LDADD = $(AV_LIBS)
tests_av_test_connection_manager_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_av_test_connection_manager_SOURCES = tests/av/test-connection-manager.c $(AV_TEST_SUPPORT)
tests_av_test_connection_manager_LDADD = $(AV_LIBS)
tests_av_test_content_directory_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_av_test_content_directory_SOURCES = tests/av/test-content-directory.c $(AV_TEST_SUPPORT)
tests_av_test_content_directory_LDADD = $(AV_LIBS)
check_PROGRAMS += tests/av/test-file-access
tests_av_test_file_access_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_av_test_file_access_SOURCES = tests/av/test-file-access.c $(AV_TEST_SUPPORT)
tests_av_test_file_access_LDADD = $(AV_LIBS)
check_PROGRAMS += tests/av/test-handover
tests_av_test_handover_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_av_test_handover_SOURCES = tests/av/test-handover.c $(AV_TEST_SUPPORT) \
    tests/support/paper-screen.c tests/support/paper-screen.h
tests_av_test_handover_LDADD = $(AV_LIBS)
