TV_TESTS = tests/tv/test-television
dist_check_SCRIPTS += $(TV_TESTS)
