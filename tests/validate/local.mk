# A device over src/igrs whose rooms the linker takes apart, to be broken in one way at a time.
EXTRA_PROGRAMS += tests/validate/mutant
check_DATA += tests/validate/mutant$(EXEEXT)
CLEANFILES += tests/validate/mutant$(EXEEXT)
tests_validate_mutant_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_validate_mutant_SOURCES = tests/validate/mutant.c tests/support/paper-screen.c \
    tests/support/paper-screen.h tests/support/paper-files.c tests/support/paper-files.h \
    tests/validate/mutants.h
tests_validate_mutant_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=http_exchange_add_head \
    -Wl,--wrap=http_exchange_reply -Wl,--wrap=http_exchange_reply_text \
    -Wl,--wrap=http_exchange_reply_problem -Wl,--wrap=igrs_air_say -Wl,--wrap=igrs_air_answer \
    -Wl,--wrap=igrs_duplicates_heard -Wl,--wrap=igrs_location_is_at -Wl,--wrap=igrs_sessions_has \
    -Wl,--wrap=igrs_sessions_destroy -Wl,--wrap=igrs_sessions_end_device \
    -Wl,--wrap=igrs_subscriptions_renew -Wl,--wrap=igrs_subscriptions_remove \
    -Wl,--wrap=igrs_type_matches -Wl,--wrap=igrs_pipes_event \
    -Wl,--wrap=clock_now_ms -Wl,--wrap=clock_after -Wl,--wrap=g_random_int_range \
    -Wl,--wrap=igrs_device_id_equal -Wl,--wrap=igrs_subscriptions_changed \
    -Wl,--wrap=igrs_hosting_notify -Wl,--wrap=igrs_seal_is_signed \
    -Wl,--wrap=igrs_seal_take_number -Wl,--wrap=igrs_seal_sign -Wl,--wrap=igrs_secret_equal \
    -Wl,--wrap=http_exchange_is_secure -Wl,--wrap=igrs_node_secure_port \
    -Wl,--wrap=igrs_handshake_bind -Wl,--wrap=igrs_secret_from_base64 -Wl,--wrap=igrs_secret_random \
    -Wl,--wrap=igrs_security_is_paired -Wl,--wrap=igrs_forgers_is_shut_out \
    -Wl,--wrap=igrs_hosting_session_ended \
    -Wl,--wrap=igrs_open_policy_allows -Wl,--wrap=igrs_groups_asked -Wl,--wrap=igrs_groups_quit
tests_validate_mutant_LDADD = $(CERTIFICATE_LIBS) src/igrs/libigrsroom.a src/av/libav.a $(NET_LIBS)

# The example as one of the devices that must pass; tests/libigrs builds it as a vendor does.
EXTRA_PROGRAMS += examples/igrs-lamp
check_DATA += examples/igrs-lamp$(EXEEXT)
CLEANFILES += examples/igrs-lamp$(EXEEXT)
examples_igrs_lamp_CPPFLAGS = -I$(top_srcdir)/include
examples_igrs_lamp_SOURCES = examples/igrs-lamp.c
examples_igrs_lamp_LDFLAGS = $(AM_LDFLAGS) -no-install
examples_igrs_lamp_LDADD = src/libigrs/libigrs.la

VALIDATE_TESTS = tests/validate/test-validate
dist_check_SCRIPTS += $(VALIDATE_TESTS)
