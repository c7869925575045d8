bin_PROGRAMS += duoping
duoping_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"cli\"
duoping_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
duoping_SOURCES = \
    src/cli/main.c src/cli/cli.h \
    src/cli/cast-commands.c \
    src/cli/discover.c \
    src/cli/group-commands.c \
    src/cli/mirror-commands.c \
    src/cli/library-commands.c src/cli/places.c \
    src/cli/pair-commands.c \
    src/cli/queue-commands.c \
    src/cli/screen-commands.c \
    src/cli/session.c \
    src/cli/share.c \
    src/cli/show.c \
    src/cli/talk.c \
    src/cli/watch-commands.c
duoping_LDADD = $(WORKER_CLIENT_LIBS) $(NET_LIBS) $(WIRE_LIBS) $(MODEL_LIBS) $(JANSSON_LIBS)
