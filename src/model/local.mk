noinst_LIBRARIES += src/model/libmodel.a
src_model_libmodel_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"model\"
src_model_libmodel_a_SOURCES = \
    src/model/audience.c src/model/audience.h \
    src/model/catalog.c src/model/catalog.h \
    src/model/criteria.c src/model/criteria.h \
    src/model/device.c src/model/device.h \
    src/model/file-tree.h \
    src/model/intake.h \
    src/model/language.c src/model/language.h \
    src/model/live-delay.c src/model/live-delay.h \
    src/model/media.c src/model/media.h \
    src/model/media-details.c src/model/media-details.h \
    src/model/remote-server.c src/model/remote-server.h \
    src/model/playback.c src/model/playback.h \
    src/model/picture.h src/model/probe.h \
    src/model/screen.c src/model/screen.h \
    src/model/sidecar.c src/model/sidecar.h \
    src/model/service.c src/model/service.h \
    src/model/stream.c src/model/stream.h \
    src/model/stream-pump.c src/model/stream-pump.h \
    src/model/stream-waiters.c src/model/stream-waiters.h

MODEL_LIBS = src/model/libmodel.a $(BASE_LIBS)
