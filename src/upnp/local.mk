noinst_LIBRARIES += src/upnp/libupnp.a
src_upnp_libupnp_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"upnp\"
src_upnp_libupnp_a_SOURCES = \
    src/upnp/device.c src/upnp/device.h \
    src/upnp/events.c src/upnp/events.h \
    src/upnp/hosting.c \
    src/upnp/ssdp.c src/upnp/ssdp.h \
    src/upnp/subscribing.c \
    src/upnp/upnp.h

UPNP_LIBS = src/upnp/libupnp.a $(NET_LIBS)
