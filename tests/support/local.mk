EXTRA_DIST += tests/support/duoping.py tests/support/igrs.py tests/support/make-media
EXTRA_DIST += tests/support/name-probe.h
