IGRS_TESTS = tests/igrs/test-devices tests/igrs/test-discovery tests/igrs/test-events \
    tests/igrs/test-groups tests/igrs/test-pipe tests/igrs/test-registry tests/igrs/test-session \
    tests/igrs/test-session-keys
check_PROGRAMS += $(IGRS_TESTS)
tests_igrs_test_devices_LDADD = $(IGRS_LIBS)
tests_igrs_test_discovery_LDADD = $(IGRS_LIBS)
tests_igrs_test_events_LDADD = $(IGRS_LIBS)
tests_igrs_test_groups_LDADD = $(IGRS_LIBS)
tests_igrs_test_pipe_LDADD = $(IGRS_LIBS)
tests_igrs_test_registry_LDADD = $(IGRS_LIBS)
tests_igrs_test_session_keys_LDADD = $(IGRS_LIBS)
tests_igrs_test_session_LDADD = $(IGRS_LIBS)

# Keys, signatures and the proof of them.
IGRS_SECURITY_TESTS = tests/igrs/test-handshake tests/igrs/test-open-policy tests/igrs/test-seal \
    tests/igrs/test-pins tests/igrs/test-security tests/igrs/test-security-tls
check_PROGRAMS += $(IGRS_SECURITY_TESTS)
EXTRA_DIST += tests/data/igrs/secure-pipe.txt tests/data/igrs/secure-pipe-tls.txt
tests_igrs_test_handshake_LDADD = $(IGRS_LIBS)
tests_igrs_test_open_policy_LDADD = $(IGRS_LIBS)
tests_igrs_test_seal_LDADD = $(IGRS_LIBS)
TWO_SIDES_SOURCES = tests/igrs/two-sides.c tests/igrs/two-sides.h
tests_igrs_test_pins_LDADD = $(IGRS_LIBS)
tests_igrs_test_security_SOURCES = tests/igrs/test-security.c $(TWO_SIDES_SOURCES)
tests_igrs_test_security_LDADD = $(IGRS_LIBS)
tests_igrs_test_security_tls_SOURCES = tests/igrs/test-security-tls.c $(TWO_SIDES_SOURCES)
tests_igrs_test_security_tls_LDADD = $(IGRS_LIBS)

# Two real devices on the loopback interface.
IGRS_NODE_TESTS = tests/igrs/test-directory tests/igrs/test-hostile tests/igrs/test-igrs-screen \
    tests/igrs/test-node tests/igrs/test-node-groups tests/igrs/test-node-sessions \
    tests/igrs/test-pairing tests/igrs/test-passes tests/igrs/test-secure-node \
    tests/igrs/test-tls-node
check_PROGRAMS += $(IGRS_NODE_TESTS)
TWO_NODES_SOURCES = tests/igrs/two-nodes.c tests/igrs/two-nodes.h tests/support/lamp.c \
    tests/support/lamp.h tests/support/wait-until.h
tests_igrs_test_node_SOURCES = tests/igrs/test-node.c $(TWO_NODES_SOURCES)
tests_igrs_test_node_groups_SOURCES = tests/igrs/test-node-groups.c $(TWO_NODES_SOURCES)
tests_igrs_test_node_groups_LDADD = $(IGRS_LIBS)
tests_igrs_test_node_sessions_SOURCES = tests/igrs/test-node-sessions.c $(TWO_NODES_SOURCES)
tests_igrs_test_node_sessions_LDADD = $(IGRS_LIBS)
tests_igrs_test_node_LDADD = $(IGRS_LIBS)
tests_igrs_test_passes_SOURCES = tests/igrs/test-passes.c $(TWO_NODES_SOURCES)
tests_igrs_test_passes_LDADD = $(IGRS_LIBS)
tests_igrs_test_directory_SOURCES = tests/igrs/test-directory.c $(TWO_NODES_SOURCES)
tests_igrs_test_directory_LDADD = $(IGRS_LIBS)
tests_igrs_test_pairing_SOURCES = tests/igrs/test-pairing.c $(TWO_NODES_SOURCES)
tests_igrs_test_pairing_LDADD = $(IGRS_LIBS)
tests_igrs_test_secure_node_SOURCES = tests/igrs/test-secure-node.c $(TWO_NODES_SOURCES)
tests_igrs_test_secure_node_LDADD = $(IGRS_LIBS)
tests_igrs_test_tls_node_SOURCES = tests/igrs/test-tls-node.c $(TWO_NODES_SOURCES)
tests_igrs_test_tls_node_LDADD = $(CERTIFICATE_LIBS) $(IGRS_LIBS)
tests_igrs_test_hostile_SOURCES = tests/igrs/test-hostile.c $(TWO_NODES_SOURCES)
tests_igrs_test_hostile_LDADD = $(IGRS_LIBS)
tests_igrs_test_igrs_screen_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_igrs_test_igrs_screen_SOURCES = tests/igrs/test-igrs-screen.c $(TWO_NODES_SOURCES) \
    tests/support/paper-screen.c tests/support/paper-screen.h
tests_igrs_test_igrs_screen_LDADD = src/igrs/libigrsroom.a src/av/libav.a $(NET_LIBS)
