# Every test speaks TAP; tests/run-test adds the option that makes a GLib test do so.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_COMPILER = $(top_srcdir)/tests/run-test
AM_TESTS_ENVIRONMENT = \
    G_TEST_SRCDIR='$(abs_top_srcdir)/tests'; export G_TEST_SRCDIR; \
    G_TEST_BUILDDIR='$(abs_top_builddir)/tests'; export G_TEST_BUILDDIR; \
    TOP_SRCDIR='$(abs_top_srcdir)'; export TOP_SRCDIR; \
    TOP_BUILDDIR='$(abs_top_builddir)'; export TOP_BUILDDIR; \
    EXAMPLE_CC='$(CC) $(INSTRUMENT)'; export EXAMPLE_CC; \
    G_DEBUG=fatal-criticals; export G_DEBUG; \
    LSAN_OPTIONS='suppressions=$(abs_top_srcdir)/tests/lsan.supp:print_suppressions=0'; \
    export LSAN_OPTIONS;

EXTRA_DIST += tests/run-test tests/lsan.supp
dist_check_SCRIPTS += tests/check-dist tests/check-layers

include tests/support/local.mk
include tests/base/local.mk
include tests/model/local.mk
include tests/wire/local.mk
include tests/net/local.mk
include tests/media-db/local.mk
include tests/pipelines/local.mk
include tests/av/local.mk
include tests/igrs/local.mk
include tests/upnp/local.mk
include tests/libigrs/local.mk
include tests/appliance/local.mk
include tests/api/local.mk
include tests/tv/local.mk
include tests/validate/local.mk
include tests/web/local.mk
include tests/fuzz/local.mk
include tests/journeys/local.mk
include tests/bench/local.mk
