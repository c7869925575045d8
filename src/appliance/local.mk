noinst_LIBRARIES += src/appliance/libappliance.a
src_appliance_libappliance_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"appliance\"
src_appliance_libappliance_a_CFLAGS = $(AM_CFLAGS) $(QRENCODE_CFLAGS)
src_appliance_libappliance_a_SOURCES = \
    src/appliance/beneath.c src/appliance/beneath.h \
    src/appliance/cast-plan.c src/appliance/cast-plan.h src/appliance/cast-plan-room.h \
    src/appliance/cast-plan-item.c src/appliance/cast-plan-upload.c \
    src/appliance/cast-plan-url.c \
    src/appliance/casts.c src/appliance/casts.h src/appliance/casts-room.h \
    src/appliance/casts-start.c \
    src/appliance/feed.c src/appliance/feed.h \
    src/appliance/feed-form.c src/appliance/feed-form.h \
    src/appliance/feeds.c src/appliance/feeds.h \
    src/appliance/fetches.c src/appliance/fetches.h \
    src/appliance/file-bytes.c \
    src/appliance/file-copy.c \
    src/appliance/file-place.c \
    src/appliance/file-tickets.c src/appliance/file-tickets.h \
    src/appliance/file-write.c src/appliance/file-write.h \
    src/appliance/files.c src/appliance/files.h src/appliance/files-room.h \
    src/appliance/handover.c src/appliance/handover.h src/appliance/handover-room.h \
    src/appliance/handover-steps.c src/appliance/handover-desk.c src/appliance/handover-desk.h \
    src/appliance/igrs-finder.c src/appliance/igrs-finder.h \
    src/appliance/import.c src/appliance/import.h \
    src/appliance/media-url.c src/appliance/media-url.h \
    src/appliance/naming.c src/appliance/naming.h \
    src/appliance/owner-notice.c src/appliance/owner-notice.h \
    src/appliance/people.c src/appliance/people.h src/appliance/people-room.h \
    src/appliance/people-enter.c src/appliance/people-list.c src/appliance/people-store.c \
    src/appliance/people-visitor.c \
    src/appliance/library.c src/appliance/library.h \
    src/appliance/library-catalog.c src/appliance/library-room.h \
    src/appliance/library-file.c src/appliance/library-file.h \
    src/appliance/qr.c src/appliance/qr.h \
    src/appliance/progress.c src/appliance/progress.h \
    src/appliance/push.c src/appliance/push.h \
    src/appliance/push-fetches.c src/appliance/push-fetches.h \
    src/appliance/pushes.c src/appliance/pushes.h src/appliance/pushes-room.h \
    src/appliance/pushes-keep.c \
    src/appliance/queue.c src/appliance/queue.h src/appliance/queue-room.h \
    src/appliance/queue-text.c \
    src/appliance/queue-run.c \
    src/appliance/queues.c src/appliance/queues.h src/appliance/queues-room.h \
    src/appliance/queues-store.c \
    src/appliance/relay-fetch.c src/appliance/relay-fetch.h \
    src/appliance/relay-rules.c src/appliance/relay-rules.h \
    src/appliance/relay-stream.c src/appliance/relay-stream.h \
    src/appliance/relays.c src/appliance/relays.h \
    src/appliance/screens.c src/appliance/screens.h \
    src/appliance/screen-tests.c src/appliance/screen-tests.h \
    src/appliance/stream-address.c \
    src/appliance/streams.c src/appliance/streams.h \
    src/appliance/subtitle-file.c src/appliance/subtitle-file.h \
    src/appliance/subtitle-tracks.c src/appliance/subtitle-tracks.h \
    src/appliance/uploads.c src/appliance/uploads.h \
    src/appliance/upnp-finder.c src/appliance/upnp-finder.h \
    src/appliance/segments.c src/appliance/segments.h \
    src/appliance/segment-run.c src/appliance/segment-run.h \
    src/appliance/servers.c src/appliance/servers.h \
    src/appliance/use-recorder.c src/appliance/use-recorder.h \
    src/appliance/web-screen.c src/appliance/web-screens.c src/appliance/web-screens.h \
    src/appliance/web-screens-room.h

APPLIANCE_LIBS = src/appliance/libappliance.a $(WORKER_CLIENT_LIBS) $(MEDIA_DB_LIBS) $(AV_LIBS) $(IGRS_LIBS) $(UPNP_LIBS) $(NET_LIBS) $(WIRE_LIBS) $(MODEL_LIBS) $(QRENCODE_LIBS)
