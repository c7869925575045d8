# libigrs as its users have it: by its public header alone, and installed.
LIBIGRS_TESTS = tests/libigrs/test-explorer tests/libigrs/test-sharing
check_PROGRAMS += $(LIBIGRS_TESTS)
tests_libigrs_test_explorer_CPPFLAGS = -I$(top_srcdir)/include
tests_libigrs_test_explorer_LDADD = src/libigrs/libigrs.la $(GLIB_LIBS)
tests_libigrs_test_sharing_CPPFLAGS = -I$(top_srcdir)/include
tests_libigrs_test_sharing_LDADD = src/libigrs/libigrs.la $(GLIB_LIBS)
EXTRA_DIST += tests/libigrs/wait.h
dist_check_SCRIPTS += tests/libigrs/test-lamp
