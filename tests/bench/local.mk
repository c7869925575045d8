EXTRA_DIST += tests/bench/run tests/bench/make_corpus.py tests/bench/upnplib.py \
    tests/bench/bench_stream.py tests/bench/soap.lua
