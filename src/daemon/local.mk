bin_PROGRAMS += duopingd
duopingd_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"daemon\"
duopingd_SOURCES = \
    src/daemon/main.c \
    src/daemon/app.c src/daemon/app.h \
    src/daemon/choices.c src/daemon/choices.h \
    src/daemon/counted-probe.c src/daemon/counted-probe.h \
    src/daemon/doors.c src/daemon/doors.h \
    src/daemon/dialect-files.c src/daemon/dialect-files.h \
    src/daemon/file-roots.c src/daemon/file-roots.h \
    src/daemon/https.c src/daemon/https.h \
    src/daemon/igrs-device.c src/daemon/igrs-device.h \
    src/daemon/media-server.c src/daemon/media-server.h \
    src/daemon/options.c src/daemon/options.h \
    src/daemon/session.c src/daemon/session.h \
    src/daemon/state.c src/daemon/state.h
duopingd_LDADD = $(CERTIFICATE_LIBS) $(API_LIBS) $(AV_LIBS) $(UPNP_LIBS) $(WEB_LIBS)
