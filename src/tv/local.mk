bin_PROGRAMS += duoping-tv
duoping_tv_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"tv\"
duoping_tv_SOURCES = src/tv/main.c src/tv/app.c src/tv/app.h
duoping_tv_LDADD = $(AV_LIBS) $(IGRS_LIBS) $(PLAY_LIBS)
