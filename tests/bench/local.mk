EXTRA_DIST += tests/bench/run tests/bench/make_corpus.py tests/bench/upnplib.py \
    tests/bench/bench_stream.py tests/bench/soap.lua

# Built when it is asked for: it is no test.
EXTRA_PROGRAMS += tests/bench/codec
tests_bench_codec_LDADD = $(WIRE_LIBS)
CLEANFILES += tests/bench/codec
