PIPELINES_TESTS = tests/pipelines/test-conversion tests/pipelines/test-delivery \
    tests/pipelines/test-mp4-edits tests/pipelines/test-play tests/pipelines/test-probe tests/pipelines/test-sandbox \
    tests/pipelines/test-track-choice \
    tests/pipelines/test-worker-pool tests/pipelines/test-worker-protocol
check_PROGRAMS += $(PIPELINES_TESTS)
dist_check_SCRIPTS += tests/pipelines/test-formats
EXTRA_DIST += tests/pipelines/media-files.h
tests_pipelines_test_conversion_LDADD = $(WORKER_CLIENT_LIBS)
tests_pipelines_test_delivery_LDADD = $(WORKER_CLIENT_LIBS)
tests_pipelines_test_mp4_edits_LDADD = $(WORKER_LIBS)
tests_pipelines_test_probe_LDADD = $(WORKER_LIBS)
tests_pipelines_test_sandbox_LDADD = $(WORKER_LIBS)
tests_pipelines_test_track_choice_LDADD = $(WORKER_CLIENT_LIBS)
tests_pipelines_test_worker_pool_LDADD = $(WORKER_CLIENT_LIBS)
tests_pipelines_test_worker_protocol_LDADD = $(WORKER_CLIENT_LIBS)
tests_pipelines_test_play_CFLAGS = $(AM_CFLAGS) $(GST_CFLAGS)
tests_pipelines_test_play_LDADD = $(PLAY_LIBS)
