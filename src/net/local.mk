noinst_LIBRARIES += src/net/libnet.a
src_net_libnet_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"net\"
src_net_libnet_a_CFLAGS = $(AM_CFLAGS) $(MHD_CFLAGS) $(SOUP_CFLAGS)
src_net_libnet_a_SOURCES = \
    src/net/base-url.c src/net/base-url.h \
    src/net/datagram.c src/net/datagram.h \
    src/net/http-client.c src/net/http-client.h \
    src/net/http-body.c \
    src/net/http-connections.c src/net/http-connections.h \
    src/net/http-events.c \
    src/net/http-exchange.c src/net/http-exchange.h \
    src/net/http-first-look.c \
    src/net/http-host.c src/net/http-host.h \
    src/net/http-listener.c \
    src/net/http-parking.c src/net/http-parking.h \
    src/net/http-pin.c src/net/http-pin.h \
    src/net/http-pour.c \
    src/net/http-receive.c \
    src/net/http-reply-cache.c src/net/http-reply-cache.h \
    src/net/http-request.c src/net/http-room.h \
    src/net/http-router.c src/net/http-router.h \
    src/net/http-server.c src/net/http-server.h \
    src/net/interfaces.c src/net/interfaces.h \
    src/net/remote-catalog.c src/net/remote-catalog.h

# What programs do of TLS and a library does not; apart from the rest, so that libigrs needs no GnuTLS.
noinst_LIBRARIES += src/net/libcertificates.a
src_net_libcertificates_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"net\"
src_net_libcertificates_a_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
src_net_libcertificates_a_SOURCES = src/net/certificates.c src/net/certificates.h \
    src/net/tls-authorities.c src/net/tls-authorities.h \
    src/net/tls-peer.c src/net/tls-peer.h
CERTIFICATE_LIBS = src/net/libcertificates.a $(BASE_LIBS) $(GNUTLS_LIBS)

NET_LIBS = src/net/libnet.a $(WIRE_LIBS) $(SOUP_LIBS) $(MHD_LIBS)
