UPNP_TESTS = tests/upnp/test-control-point tests/upnp/test-ear tests/upnp/test-hosting tests/upnp/test-ssdp
tests_upnp_test_control_point_LDADD = tests/net/libtalk.a $(UPNP_LIBS)
check_PROGRAMS += $(UPNP_TESTS)
tests_upnp_test_hosting_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_upnp_test_hosting_SOURCES = tests/upnp/test-hosting.c \
    tests/support/paper-screen.c tests/support/paper-screen.h
tests_upnp_test_hosting_LDADD = tests/net/libtalk.a $(AV_LIBS) $(UPNP_LIBS)
tests_upnp_test_ssdp_LDADD = tests/net/libtalk.a $(UPNP_LIBS)

tests_upnp_test_ear_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_upnp_test_ear_SOURCES = tests/upnp/test-ear.c \
    tests/support/paper-screen.c tests/support/paper-screen.h
tests_upnp_test_ear_LDADD = tests/net/libtalk.a $(AV_LIBS) $(UPNP_LIBS)

# With other people's parts, on hosts of their own.
dist_check_SCRIPTS += tests/upnp/test-controller tests/upnp/test-interop tests/upnp/test-media-renderer \
    tests/upnp/test-media-server tests/upnp/test-servers tests/upnp/test-strict-set

# Families of sets, and networks that come and go.
dist_check_SCRIPTS += tests/upnp/test-families tests/upnp/test-networks tests/upnp/test-players
EXTRA_DIST += tests/data/upnp
