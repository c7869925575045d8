WIRE_TESTS = \
    tests/wire/test-igrs-attributes \
    tests/wire/test-igrs-description \
    tests/wire/test-isdp \
    tests/wire/test-igrs-message \
    tests/wire/test-http-message \
    tests/wire/test-http-range \
    tests/wire/test-igrs-names \
    tests/wire/test-soap \
    tests/wire/test-xml
check_PROGRAMS += $(WIRE_TESTS)
tests_wire_test_http_message_LDADD = $(WIRE_LIBS)
tests_wire_test_http_range_LDADD = $(WIRE_LIBS)
tests_wire_test_igrs_names_LDADD = $(WIRE_LIBS)
tests_wire_test_soap_LDADD = $(WIRE_LIBS)
tests_wire_test_xml_LDADD = $(WIRE_LIBS)

# DIDL-Lite and its relatives.
AV_WIRE_TESTS = tests/wire/test-av-screen tests/wire/test-content-question tests/wire/test-dialect \
    tests/wire/test-didl tests/wire/test-last-change tests/wire/test-media-offer \
    tests/wire/test-protocol-info tests/wire/test-search-criteria tests/wire/test-time-seek
check_PROGRAMS += $(AV_WIRE_TESTS)
tests_wire_test_av_screen_LDADD = $(WIRE_LIBS)
tests_wire_test_content_question_LDADD = $(WIRE_LIBS)
tests_wire_test_dialect_LDADD = $(WIRE_LIBS)
tests_wire_test_media_offer_LDADD = $(WIRE_LIBS)
tests_wire_test_time_seek_LDADD = $(WIRE_LIBS)
tests_wire_test_didl_LDADD = $(WIRE_LIBS)
tests_wire_test_last_change_LDADD = $(WIRE_LIBS)
tests_wire_test_protocol_info_LDADD = $(WIRE_LIBS)
tests_wire_test_search_criteria_LDADD = $(WIRE_LIBS)
tests_wire_test_igrs_message_LDADD = $(WIRE_LIBS)
tests_wire_test_isdp_LDADD = $(WIRE_LIBS)
EXTRA_DIST += tests/wire/data tests/wire/captures.h tests/wire/printed-call.h
tests_wire_test_igrs_description_LDADD = $(WIRE_LIBS)
tests_wire_test_igrs_attributes_LDADD = $(WIRE_LIBS)

# Printed from the tables of the services and read back.
check_PROGRAMS += tests/wire/test-wsdl
tests_wire_test_wsdl_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_wire_test_wsdl_SOURCES = tests/wire/test-wsdl.c tests/support/paper-screen.c \
    tests/support/paper-screen.h
tests_wire_test_wsdl_LDADD = $(AV_LIBS)

# The public vectors.
check_PROGRAMS += tests/wire/test-vectors
tests_wire_test_vectors_LDADD = $(WIRE_LIBS)
EXTRA_DIST += tests/data/igrs/README.md tests/data/igrs/make tests/data/igrs/expected.ini \
    tests/data/igrs/sent tests/data/igrs/taken tests/data/igrs/refused

# UPnP.
UPNP_WIRE_TESTS = tests/wire/test-gena tests/wire/test-ssdp tests/wire/test-upnp-description \
    tests/wire/test-upnp-remote
check_PROGRAMS += $(UPNP_WIRE_TESTS)
tests_wire_test_gena_LDADD = $(WIRE_LIBS)
tests_wire_test_ssdp_LDADD = $(WIRE_LIBS)
tests_wire_test_upnp_description_LDADD = $(WIRE_LIBS)
tests_wire_test_upnp_remote_LDADD = $(WIRE_LIBS)
check_PROGRAMS += tests/wire/test-handover-state
tests_wire_test_handover_state_LDADD = $(WIRE_LIBS)
check_PROGRAMS += tests/wire/test-hls-list
tests_wire_test_hls_list_LDADD = $(WIRE_LIBS)
check_PROGRAMS += tests/wire/test-playlist
tests_wire_test_playlist_LDADD = $(WIRE_LIBS)
check_PROGRAMS += tests/wire/test-live-parts
tests_wire_test_live_parts_LDADD = $(WIRE_LIBS)
EXTRA_DIST += tests/data/live/camera.mp4 tests/data/live/camera.webm
check_PROGRAMS += tests/wire/test-subtitles
tests_wire_test_subtitles_LDADD = $(WIRE_LIBS)
check_PROGRAMS += tests/wire/test-media-fragment
tests_wire_test_media_fragment_LDADD = $(WIRE_LIBS)
check_PROGRAMS += tests/wire/test-hls
tests_wire_test_hls_LDADD = $(WIRE_LIBS)
