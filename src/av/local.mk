noinst_LIBRARIES += src/av/libav.a
src_av_libav_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"av\"
src_av_libav_a_SOURCES = \
    src/av/av.h \
    src/av/av-transport.c src/av/av-transport-room.h src/av/av-transport-report.c \
    src/av/av-transport-table.c \
    src/av/connection-manager.c \
    src/av/content-directory-intake.c src/av/content-directory-room.h \
    src/av/content-directory-read.c src/av/content-directory-samsung.c \
    src/av/content-directory-update.c \
    src/av/content-directory.c \
    src/av/file-access.c \
    src/av/handover.c src/av/handover-accept.c src/av/handover-room.h \
    src/av/media-receiver-registrar.c \
    src/av/notice.c \
    src/av/moderator.c src/av/moderator.h \
    src/av/rendering-control.c \
    src/av/screen-media.c src/av/screen-media.h

AV_LIBS = src/av/libav.a $(WIRE_LIBS)
