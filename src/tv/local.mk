bin_PROGRAMS += duoping-tv
duoping_tv_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"tv\"
duoping_tv_SOURCES = src/tv/main.c src/tv/app.c src/tv/app.h \
    src/tv/handing.c src/tv/handing.h \
    src/tv/music.c src/tv/music.h \
    src/tv/media-renderer.c src/tv/media-renderer.h
duoping_tv_LDADD = $(CERTIFICATE_LIBS) $(AV_LIBS) $(IGRS_LIBS) $(UPNP_LIBS) $(PLAY_LIBS)
