noinst_LIBRARIES += src/upnp/libupnp.a
src_upnp_libupnp_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"upnp\"
src_upnp_libupnp_a_SOURCES = \
    src/upnp/control-point.c src/upnp/control-point.h \
    src/upnp/device.c src/upnp/device.h \
    src/upnp/events.c src/upnp/events.h \
    src/upnp/hosting.c \
    src/upnp/invoke.c src/upnp/invoke.h \
    src/upnp/ladder.c src/upnp/ladder.h \
    src/upnp/ssdp.c src/upnp/ssdp.h \
    src/upnp/subscribing.c \
    src/upnp/upnp.h \
    src/upnp/upnp-command.c src/upnp/upnp-command.h \
    src/upnp/upnp-screen.c src/upnp/upnp-screen.h

UPNP_LIBS = src/upnp/libupnp.a $(NET_LIBS)
