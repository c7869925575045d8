EXTRA_DIST += tests/support/arrived.py tests/support/duoping.py tests/support/igrs.py tests/support/kinds.py \
    tests/support/old_set.py \
    tests/support/others.py tests/support/renderer.py tests/support/upnp.py \
    tests/support/make-formats tests/support/make-media tests/support/press-av-cp
EXTRA_DIST += tests/support/name-probe.h

# What the tests make once and share.
clean-local: clean-made-media
.PHONY: clean-made-media
clean-made-media:
	-rm -rf tests/media tests/media.lock tests/formats tests/formats.lock tests/formats.complete
EXTRA_DIST += tests/support/write-interop
