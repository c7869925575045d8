# A target more is a line here and a folder in corpus/; see fuzz.h.
check_PROGRAMS += tests/fuzz/fuzz
tests_fuzz_fuzz_SOURCES = \
    tests/fuzz/fuzz-answer.c \
    tests/fuzz/fuzz-charset.c \
    tests/fuzz/fuzz-codec-header.c \
    tests/fuzz/fuzz-details.c \
    tests/fuzz/fuzz-dialect.c \
    tests/fuzz/fuzz-didl.c \
    tests/fuzz/fuzz-episode-name.c \
    tests/fuzz/fuzz-flac-sheet.c \
    tests/fuzz/fuzz-gena.c \
    tests/fuzz/fuzz-hls.c \
    tests/fuzz/fuzz-hls-list.c \
    tests/fuzz/fuzz-handover-state.c \
    tests/fuzz/fuzz-http-message.c \
    tests/fuzz/fuzz-http-range.c \
    tests/fuzz/fuzz-id3.c \
    tests/fuzz/fuzz-igrs-description.c \
    tests/fuzz/fuzz-igrs-message.c \
    tests/fuzz/fuzz-isdp.c \
    tests/fuzz/fuzz-last-change.c \
    tests/fuzz/fuzz-live.c \
    tests/fuzz/fuzz-media-fragment.c \
    tests/fuzz/fuzz-subtitle-packets.c \
    tests/fuzz/fuzz-subtitles.c \
    tests/fuzz/fuzz-picture.c \
    tests/fuzz/fuzz-playlist.c \
    tests/fuzz/fuzz-protocol-info.c \
    tests/fuzz/fuzz-scpd.c \
    tests/fuzz/fuzz-search.c \
    tests/fuzz/fuzz-settings.c \
    tests/fuzz/fuzz-signature.c \
    tests/fuzz/fuzz-soap.c \
    tests/fuzz/fuzz-ssdp.c \
    tests/fuzz/fuzz-time-seek.c \
    tests/fuzz/fuzz-upnp-remote.c \
    tests/fuzz/fuzz-worker.c \
    tests/fuzz/fuzz-wsdl.c \
    tests/fuzz/fuzz-xml.c \
    tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/memory-file.h tests/fuzz/told-status.h
tests_fuzz_fuzz_CFLAGS = $(AM_CFLAGS) $(AVFORMAT_CFLAGS)
tests_fuzz_fuzz_LDADD = $(IGRS_LIBS) $(MEDIA_DB_LIBS) $(WORKER_LIBS)
if FUZZING
tests_fuzz_fuzz_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
tests_fuzz_fuzz_SOURCES += tests/fuzz/replay.c
endif
EXTRA_DIST += tests/fuzz/corpus
EXTRA_DIST += tests/fuzz/run-long
