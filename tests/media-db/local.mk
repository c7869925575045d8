check_PROGRAMS += tests/media-db/test-charsets tests/media-db/test-queries
tests_media_db_test_queries_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_media_db_test_queries_LDADD = $(MEDIA_DB_LIBS)
tests_media_db_test_charsets_LDADD = $(MEDIA_DB_LIBS)
check_PROGRAMS += tests/media-db/test-episode-name
tests_media_db_test_episode_name_LDADD = $(MEDIA_DB_LIBS)
check_PROGRAMS += tests/media-db/test-place-names
tests_media_db_test_place_names_LDADD = $(MEDIA_DB_LIBS)
