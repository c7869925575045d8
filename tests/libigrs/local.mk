# libigrs as its users have it: by its public header alone, and installed.
check_PROGRAMS += tests/libigrs/test-explorer
tests_libigrs_test_explorer_CPPFLAGS = -I$(top_srcdir)/include
tests_libigrs_test_explorer_LDADD = src/libigrs/libigrs.la $(GLIB_LIBS)
dist_check_SCRIPTS += tests/libigrs/test-lamp
