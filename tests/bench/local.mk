EXTRA_DIST += tests/bench/run tests/bench/make_corpus.py tests/bench/upnplib.py \
    tests/bench/bench_malformed.py tests/bench/bench_stream.py tests/bench/browse.py tests/bench/soap.lua \
    tests/bench/marks.py \
    tests/bench/crowd.py tests/bench/delivery.py tests/bench/glass.py tests/bench/library.py tests/bench/invocations.py tests/bench/invoke.lua \
    tests/bench/moves.py tests/bench/page.py tests/bench/streams.py

# Built when they are asked for: they are no tests.
EXTRA_PROGRAMS += tests/bench/client tests/bench/codec tests/bench/crowd \
    tests/bench/million
tests_bench_client_LDADD = $(IGRS_LIBS)
tests_bench_codec_LDADD = $(WIRE_LIBS)
tests_bench_crowd_CPPFLAGS = -I$(top_srcdir)/include
tests_bench_crowd_LDADD = src/libigrs/libigrs.la $(GLIB_LIBS)
tests_bench_million_LDADD = $(MEDIA_DB_LIBS) -lm
CLEANFILES += tests/bench/client tests/bench/codec tests/bench/crowd tests/bench/million
