PIPELINES_TESTS = tests/pipelines/test-worker-protocol
check_PROGRAMS += $(PIPELINES_TESTS)
tests_pipelines_test_worker_protocol_LDADD = $(WORKER_CLIENT_LIBS)
