# The SQL is compiled in; its getter is called by database.c.
MEDIA_DB_SQL = \
    media-db/pinyin.txt \
    media-db/places.txt \
    media-db/schema/0001-objects.sql \
    media-db/schema/0002-mounts.sql \
    media-db/schema/0003-titles.sql \
    media-db/schema/0004-tombstones.sql \
    media-db/schema/0005-details.sql \
    media-db/schema/0006-use.sql \
    media-db/schema/0007-views.sql \
    media-db/schema/0008-unreadable.sql \
    media-db/schema/0009-parts.sql \
    media-db/schema/0010-kinds.sql \
    media-db/schema/0011-places.sql \
    media-db/schema/0012-letters.sql \
    media-db/schema/0013-roots.sql \
    media-db/schema/0014-dlna.sql \
    media-db/queries/by-class.sql \
    media-db/queries/by-inode.sql \
    media-db/queries/by-letter.sql \
    media-db/queries/by-letters.sql \
    media-db/queries/by-phrase.sql \
    media-db/queries/by-title.sql \
    media-db/queries/child-delete.sql \
    media-db/queries/child-insert.sql \
    media-db/queries/child-insert-once.sql \
    media-db/queries/children.sql \
    media-db/queries/container-count.sql \
    media-db/queries/container-insert.sql \
    media-db/queries/container-move.sql \
    media-db/queries/container-touch.sql \
    media-db/queries/container-version.sql \
    media-db/queries/content-find.sql \
    media-db/queries/content-insert.sql \
    media-db/queries/content-of.sql \
    media-db/queries/content-of-delete.sql \
    media-db/queries/content-of-set.sql \
    media-db/queries/content-update.sql \
    media-db/queries/detail.sql \
    media-db/queries/detail-delete.sql \
    media-db/queries/detail-put.sql \
    media-db/queries/disk-objects.sql \
    media-db/queries/disk-of.sql \
    media-db/queries/disks.sql \
    media-db/queries/films-in.sql \
    media-db/queries/folder-by-id.sql \
    media-db/queries/folder-by-path.sql \
    media-db/queries/folder-delete.sql \
    media-db/queries/folder-insert.sql \
    media-db/queries/folder-kinds.sql \
    media-db/queries/folder-kinds-found.sql \
    media-db/queries/folder-kinds-set.sql \
    media-db/queries/folder-path-update.sql \
    media-db/queries/group-by-label.sql \
    media-db/queries/kind-children.sql \
    media-db/queries/kind-count.sql \
    media-db/queries/letters-delete.sql \
    media-db/queries/letters-insert.sql \
    media-db/queries/mounts.sql \
    media-db/queries/object-by-id.sql \
    media-db/queries/object-delete.sql \
    media-db/queries/object-insert.sql \
    media-db/queries/object-update.sql \
    media-db/queries/octets-delete.sql \
    media-db/queries/octets-folders.sql \
    media-db/queries/octets-move.sql \
    media-db/queries/octets-of-folder.sql \
    media-db/queries/octets-put.sql \
    media-db/queries/on-disk.sql \
    media-db/queries/on-disk-name.sql \
    media-db/queries/part-of.sql \
    media-db/queries/parts.sql \
    media-db/queries/picture-children.sql \
    media-db/queries/playlist-delete.sql \
    media-db/queries/playlist-insert.sql \
    media-db/queries/playlist-paths.sql \
    media-db/queries/playlists.sql \
    media-db/queries/playlists-in.sql \
    media-db/queries/root-mark.sql \
    media-db/queries/root-update.sql \
    media-db/queries/sheet.sql \
    media-db/queries/shown-in.sql \
    media-db/queries/sidecar-delete.sql \
    media-db/queries/sidecar-put.sql \
    media-db/queries/sidecars.sql \
    media-db/queries/sidecars-delete.sql \
    media-db/queries/sidecars-of.sql \
    media-db/queries/tally.sql \
    media-db/queries/tally-add.sql \
    media-db/queries/tally-set.sql \
    media-db/queries/tombstone-delete.sql \
    media-db/queries/tombstone-find.sql \
    media-db/queries/tombstone-insert.sql \
    media-db/queries/tombstones-purge.sql \
    media-db/queries/use.sql \
    media-db/queries/use-set.sql \
    media-db/queries/view-music-often.sql \
    media-db/queries/view-music-recent.sql \
    media-db/queries/view-unfinished.sql \
    media-db/queries/view-unreadable.sql \
    media-db/queries/view-video-recent.sql \
    media-db/queries/words-delete.sql \
    media-db/queries/words-insert.sql
EXTRA_DIST += media-db/media-db.gresource.xml $(MEDIA_DB_SQL)
MEDIA_DB_BUILT = media-db/media-db-resource.c media-db/media-db-resource.h
BUILT_SOURCES += $(MEDIA_DB_BUILT)
CLEANFILES += $(MEDIA_DB_BUILT)

MEDIA_DB_COMPILE = $(AM_V_GEN)$(MKDIR_P) media-db && $(GLIB_COMPILE_RESOURCES) \
    --sourcedir=$(srcdir)/media-db --c-name media_db --internal --target=$@
media-db/media-db-resource.c: media-db/media-db.gresource.xml $(MEDIA_DB_SQL)
	$(MEDIA_DB_COMPILE) --generate-source $(srcdir)/media-db/media-db.gresource.xml
media-db/media-db-resource.h: media-db/media-db.gresource.xml
	$(MEDIA_DB_COMPILE) --generate-header $(srcdir)/media-db/media-db.gresource.xml

noinst_LIBRARIES += media-db/libmediadb.a
media_db_libmediadb_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"media-db\"
media_db_libmediadb_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(ICU_CFLAGS)
media_db_libmediadb_a_SOURCES = \
    media-db/content-digest.c media-db/content-digest.h \
    media-db/charsets.c media-db/charsets.h \
    media-db/criteria-sql.c \
    media-db/database.c media-db/database-file.c media-db/database.h \
    media-db/database-backup.c media-db/database-backup.h \
    media-db/episode-name.c media-db/episode-name.h \
    media-db/id-set.c media-db/id-set.h \
    media-db/indexer.c media-db/indexer.h media-db/indexer-room.h \
    media-db/indexer-check.c media-db/indexer-news.c media-db/indexer-read.c \
    media-db/indexer-roots.c media-db/indexer-scan.c \
    media-db/indexer-playlists.c media-db/indexer-sidecars.c \
    media-db/indexer-use.c media-db/live-views.c media-db/live-views.h \
    media-db/orders.c media-db/orders.h \
    media-db/pinyin.c media-db/pinyin.h \
    media-db/place-names.c media-db/place-names.h \
    media-db/reader.c media-db/reader.h media-db/reader-room.h media-db/reader-details.c \
    media-db/reader-objects.c media-db/reader-orders.c media-db/reader-pictures.c \
    media-db/search-sql.c media-db/search-sql.h \
    media-db/sight.c media-db/sight.h \
    media-db/text-keys.c media-db/text-keys.h \
    media-db/views.c media-db/views.h \
    media-db/walker.c media-db/walker.h \
    media-db/watcher.c media-db/watcher.h \
    media-db/word-search.c media-db/word-search.h \
    media-db/writer.c media-db/writer.h media-db/writer-room.h media-db/disk-entry.h \
    media-db/writer-care.c media-db/writer-details.c media-db/writer-folders.c \
    media-db/writer-charsets.c media-db/writer-groups.c media-db/writer-places.c media-db/writer-playlists.c \
    media-db/writer-kinds.c media-db/writer-rows.c media-db/writer-tracks.c media-db/writer-use.c media-db/writer-words.c
nodist_media_db_libmediadb_a_SOURCES = $(MEDIA_DB_BUILT)
MEDIA_DB_LIBS = media-db/libmediadb.a $(WIRE_LIBS) $(SQLITE_LIBS) $(ICU_LIBS) -lm
media-db/libmediadb_a-database.$(OBJEXT): media-db/media-db-resource.h
