# The page: its words, and the page itself in a browser.
dist_check_SCRIPTS += tests/web/test-words tests/web/test-parts tests/web/test-page tests/web/test-looks
EXTRA_DIST += tests/web/tap.mjs tests/web/house.mjs tests/web/browser.mjs tests/web/tab.mjs tests/web/page.mjs tests/web/looks.mjs \
    tests/web/words.mjs tests/web/parts.mjs tests/web/pictures.mjs tests/web/make-pictures tests/web/bench.mjs tests/web/bench-page tests/web/walk.mjs \
    tests/web/package.json tests/web/package-lock.json

clean-local: clean-web-tests
.PHONY: clean-web-tests
clean-web-tests:
	rm -rf tests/web/npm tests/web/sample
