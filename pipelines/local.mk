# The server's side: what duopingd links. No GStreamer, no libav, nothing that decodes.
noinst_LIBRARIES += pipelines/libworker-client.a
pipelines_libworker_client_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"pipelines\"
pipelines_libworker_client_a_SOURCES = \
    pipelines/thumbnailer.h \
    pipelines/worker-pool.h \
    pipelines/worker-protocol.c pipelines/worker-protocol.h
WORKER_CLIENT_LIBS = pipelines/libworker-client.a $(MODEL_LIBS)

EXTRA_DIST += pipelines/play.h
