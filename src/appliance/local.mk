noinst_LIBRARIES += src/appliance/libappliance.a
src_appliance_libappliance_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"appliance\"
src_appliance_libappliance_a_CFLAGS = $(AM_CFLAGS) $(QRENCODE_CFLAGS)
src_appliance_libappliance_a_SOURCES = \
    src/appliance/people/owner-notice.c src/appliance/people/owner-notice.h \
    src/appliance/people/people-enter.c \
    src/appliance/people/people-list.c \
    src/appliance/people/people-room.h \
    src/appliance/people/people-store.c \
    src/appliance/people/people-visitor.c \
    src/appliance/people/people.c src/appliance/people/people.h \
    src/appliance/people/qr.c src/appliance/people/qr.h \
    src/appliance/files/beneath.c src/appliance/files/beneath.h \
    src/appliance/files/file-bytes.c \
    src/appliance/files/file-copy.c \
    src/appliance/files/file-place.c \
    src/appliance/files/file-tickets.c src/appliance/files/file-tickets.h \
    src/appliance/files/file-write.c src/appliance/files/file-write.h \
    src/appliance/files/files-room.h \
    src/appliance/files/files.c src/appliance/files/files.h \
    src/appliance/library/import.c src/appliance/library/import.h \
    src/appliance/library/library-catalog.c \
    src/appliance/library/library-file.c src/appliance/library/library-file.h \
    src/appliance/library/library-room.h \
    src/appliance/library/library.c src/appliance/library/library.h \
    src/appliance/library/naming.c src/appliance/library/naming.h \
    src/appliance/library/servers.c src/appliance/library/servers.h \
    src/appliance/library/subtitle-file.c src/appliance/library/subtitle-file.h \
    src/appliance/library/uploads.c src/appliance/library/uploads.h \
    src/appliance/pushes/feed-form.c src/appliance/pushes/feed-form.h \
    src/appliance/pushes/feed.c src/appliance/pushes/feed.h \
    src/appliance/pushes/feeds.c src/appliance/pushes/feeds.h \
    src/appliance/pushes/push.c src/appliance/pushes/push.h \
    src/appliance/pushes/pushes-keep.c \
    src/appliance/pushes/pushes-room.h \
    src/appliance/pushes/pushes.c src/appliance/pushes/pushes.h \
    src/appliance/delivery/fetches.c src/appliance/delivery/fetches.h \
    src/appliance/delivery/media-url.c src/appliance/delivery/media-url.h \
    src/appliance/delivery/push-fetches.c src/appliance/delivery/push-fetches.h \
    src/appliance/delivery/hls-relay.c src/appliance/delivery/hls-relay.h \
    src/appliance/delivery/relay-fetch.c src/appliance/delivery/relay-fetch.h \
    src/appliance/delivery/relay-rules.c src/appliance/delivery/relay-rules.h \
    src/appliance/delivery/relay-stream.c src/appliance/delivery/relay-stream.h \
    src/appliance/delivery/relays.c src/appliance/delivery/relays.h src/appliance/delivery/relays-room.h \
    src/appliance/delivery/segment-run.c src/appliance/delivery/segment-run.h \
    src/appliance/delivery/segments.c src/appliance/delivery/segments.h \
    src/appliance/delivery/stream-address.c \
    src/appliance/delivery/streams.c src/appliance/delivery/streams.h \
    src/appliance/delivery/subtitle-tracks.c src/appliance/delivery/subtitle-tracks.h \
    src/appliance/screens/igrs-finder.c src/appliance/screens/igrs-finder.h \
    src/appliance/screens/screens.c src/appliance/screens/screens.h \
    src/appliance/screens/upnp-finder.c src/appliance/screens/upnp-finder.h \
    src/appliance/screens/web-screen.c \
    src/appliance/screens/web-screens-room.h \
    src/appliance/screens/web-screens.c src/appliance/screens/web-screens.h \
    src/appliance/session/cast-plan-item.c \
    src/appliance/session/cast-plan-room.h \
    src/appliance/session/cast-plan-upload.c \
    src/appliance/session/cast-plan-url.c \
    src/appliance/session/cast-plan.c src/appliance/session/cast-plan.h \
    src/appliance/session/casts-room.h \
    src/appliance/session/casts-start.c \
    src/appliance/session/casts.c src/appliance/session/casts.h \
    src/appliance/session/handover-desk.c src/appliance/session/handover-desk.h \
    src/appliance/session/handover-room.h \
    src/appliance/session/handover-steps.c \
    src/appliance/session/handover.c src/appliance/session/handover.h \
    src/appliance/session/progress.c src/appliance/session/progress.h \
    src/appliance/session/queue-room.h \
    src/appliance/session/queue-run.c \
    src/appliance/session/queue-text.c \
    src/appliance/session/queue.c src/appliance/session/queue.h \
    src/appliance/session/queues-room.h \
    src/appliance/session/queues-store.c \
    src/appliance/session/queues.c src/appliance/session/queues.h \
    src/appliance/session/screen-tests.c src/appliance/session/screen-tests.h \
    src/appliance/session/slide-music.c src/appliance/session/slide-music.h \
    src/appliance/session/use-recorder.c src/appliance/session/use-recorder.h

APPLIANCE_LIBS = src/appliance/libappliance.a $(WORKER_CLIENT_LIBS) $(MEDIA_DB_LIBS) $(AV_LIBS) $(IGRS_LIBS) $(UPNP_LIBS) $(NET_LIBS) $(WIRE_LIBS) $(MODEL_LIBS) $(QRENCODE_LIBS)
