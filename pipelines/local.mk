# The server's side: what duopingd links. No GStreamer, no libav, nothing that decodes.
noinst_LIBRARIES += pipelines/libworker-client.a
pipelines_libworker_client_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"pipelines\"
pipelines_libworker_client_a_SOURCES = \
    pipelines/thumbnailer.c pipelines/thumbnailer.h \
    pipelines/worker-channel.c pipelines/worker-channel.h \
    pipelines/worker-pool.c pipelines/worker-pool.h \
    pipelines/worker-process.c pipelines/worker-process.h \
    pipelines/worker-protocol.c pipelines/worker-protocol.h
WORKER_CLIENT_LIBS = pipelines/libworker-client.a $(MODEL_LIBS)

# The worker's side: whatever reads media.
WORKER_CFLAGS = $(AM_CFLAGS) $(GST_CFLAGS) $(AVFORMAT_CFLAGS) $(EXIF_CFLAGS) $(SECCOMP_CFLAGS)
noinst_LIBRARIES += pipelines/libworker.a
pipelines_libworker_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"worker\"
pipelines_libworker_a_CFLAGS = $(WORKER_CFLAGS)
pipelines_libworker_a_SOURCES = \
    pipelines/codec-header.c \
    pipelines/demuxer.c \
    pipelines/id3.c pipelines/id3.h \
    pipelines/probe-av.c \
    pipelines/probe-gst.c \
    pipelines/probe-image.c \
    pipelines/probe-parts.h \
    pipelines/probe-streams.c \
    pipelines/probe-tags.c \
    pipelines/probe.c pipelines/probe.h \
    pipelines/sandbox.c pipelines/sandbox.h \
    pipelines/thumbnail.c pipelines/thumbnail.h
WORKER_LIBS = pipelines/libworker.a $(WORKER_CLIENT_LIBS) $(WIRE_LIBS) $(GST_LIBS) $(AVFORMAT_LIBS) \
    $(EXIF_LIBS) $(SECCOMP_LIBS) -lm

pkglibexec_PROGRAMS += pipelines/duoping-worker
pipelines_duoping_worker_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"worker\"
pipelines_duoping_worker_CFLAGS = $(WORKER_CFLAGS)
pipelines_duoping_worker_SOURCES = pipelines/worker-main.c
pipelines_duoping_worker_LDADD = $(WORKER_LIBS)


# The screen's side: what duoping-tv links.
noinst_LIBRARIES += pipelines/libplay.a
pipelines_libplay_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"pipelines\"
pipelines_libplay_a_CFLAGS = $(AM_CFLAGS) $(GST_CFLAGS)
pipelines_libplay_a_SOURCES = \
    pipelines/play-link.c pipelines/play-link.h \
    pipelines/play-protocols.c \
    pipelines/play-still.c pipelines/play-still.h \
    pipelines/play.c pipelines/play.h pipelines/play-media.c pipelines/play-media.h
PLAY_LIBS = pipelines/libplay.a $(WIRE_LIBS) $(GST_LIBS) -lm
