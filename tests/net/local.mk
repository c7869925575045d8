NET_TESTS = tests/net/test-http-router
check_PROGRAMS += $(NET_TESTS)
tests_net_test_http_router_LDADD = $(NET_LIBS)
