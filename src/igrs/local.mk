noinst_LIBRARIES += src/igrs/libigrsroom.a
src_igrs_libigrsroom_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"igrs\"
src_igrs_libigrsroom_a_SOURCES = \
    src/igrs/air.c src/igrs/air.h \
    src/igrs/client.c src/igrs/client.h \
    src/igrs/client-call.c \
    src/igrs/client-keys.c \
    src/igrs/client-subscription.c \
    src/igrs/client-watch.c \
    src/igrs/courier.c src/igrs/courier.h \
    src/igrs/directory.c src/igrs/directory.h \
    src/igrs/device-groups.h \
    src/igrs/devices.c src/igrs/devices.h \
    src/igrs/discovery.c src/igrs/discovery.h src/igrs/discovery-room.h \
    src/igrs/discovery-answer.c \
    src/igrs/discovery-say.c \
    src/igrs/dispatch.c \
    src/igrs/duplicates.c src/igrs/duplicates.h \
    src/igrs/events.c src/igrs/events.h \
    src/igrs/forgers.c src/igrs/forgers.h \
    src/igrs/handshake.c src/igrs/handshake.h \
    src/igrs/groups.c src/igrs/groups.h src/igrs/groups-room.h \
    src/igrs/groups-heard.c \
    src/igrs/groups-own.c \
    src/igrs/groups-store.c \
    src/igrs/hosting.c \
    src/igrs/hosting-sessions.c \
    src/igrs/igrs-catalog.c src/igrs/igrs-catalog.h \
    src/igrs/igrs-screen.c src/igrs/igrs-screen.h \
    src/igrs/igrs.h \
    src/igrs/keys.c src/igrs/keys.h \
    src/igrs/leases.c src/igrs/leases.h \
    src/igrs/location.c src/igrs/location.h \
    src/igrs/node.c src/igrs/node.h \
    src/igrs/node-devices.c \
    src/igrs/node-groups.c src/igrs/node-groups.h \
    src/igrs/node-pairing.c \
    src/igrs/node-pipes.c \
    src/igrs/open-policy.c src/igrs/open-policy.h \
    src/igrs/pairing.h \
    src/igrs/pairing-code.c src/igrs/pairing-code.h \
    src/igrs/passes.c src/igrs/passes.h \
    src/igrs/pins.c src/igrs/pins.h \
    src/igrs/pipe.c src/igrs/pipe.h \
    src/igrs/registry.c src/igrs/registry.h \
    src/igrs/screen-command.c src/igrs/screen-command.h \
    src/igrs/seal.c src/igrs/seal.h \
    src/igrs/security.c src/igrs/security.h src/igrs/security-room.h \
    src/igrs/security-asked.c \
    src/igrs/security-asking.c \
    src/igrs/session.c src/igrs/session.h \
    src/igrs/session-keys.c src/igrs/session-keys.h \
    src/igrs/user-tokens.c src/igrs/user-tokens.h \
    src/igrs/subscriptions.c src/igrs/subscriptions.h

IGRS_LIBS = src/igrs/libigrsroom.a $(NET_LIBS)
