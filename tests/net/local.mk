check_LIBRARIES += tests/net/libtalk.a
tests_net_libtalk_a_SOURCES = tests/net/talk.c tests/net/talk.h

NET_TESTS = tests/net/test-certificates tests/net/test-datagram tests/net/test-http-body tests/net/test-http-client \
    tests/net/test-http-host tests/net/test-http-router tests/net/test-http-server \
    tests/net/test-http-upload tests/net/test-https \
    tests/net/test-interfaces
check_PROGRAMS += $(NET_TESTS)
tests_net_test_certificates_LDADD = $(CERTIFICATE_LIBS)
tests_net_test_datagram_LDADD = tests/net/libtalk.a $(NET_LIBS)
tests_net_test_http_body_LDADD = tests/net/libtalk.a $(NET_LIBS)
tests_net_test_http_client_LDADD = tests/net/libtalk.a $(NET_LIBS)
tests_net_test_http_host_LDADD = $(NET_LIBS)
tests_net_test_http_router_LDADD = $(NET_LIBS)
tests_net_test_http_server_LDADD = tests/net/libtalk.a $(NET_LIBS)
tests_net_test_http_upload_LDADD = tests/net/libtalk.a $(NET_LIBS)
tests_net_test_interfaces_LDADD = tests/net/libtalk.a $(NET_LIBS)
tests_net_test_https_LDADD = tests/net/libtalk.a $(CERTIFICATE_LIBS) $(NET_LIBS)
