noinst_LIBRARIES += src/wire/libwire.a
src_wire_libwire_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"wire\"
src_wire_libwire_a_CFLAGS = $(AM_CFLAGS) $(XML_CFLAGS)
src_wire_libwire_a_SOURCES = \
    src/wire/http-message.c src/wire/http-message.h \
    src/wire/http-range.c src/wire/http-range.h \
    src/wire/igrs-attributes.c src/wire/igrs-attributes.h \
    src/wire/igrs-body.c src/wire/igrs-body.h \
    src/wire/igrs-description.c src/wire/igrs-description.h \
    src/wire/igrs-message.c src/wire/igrs-message.h \
    src/wire/igrs-message-decode.c src/wire/igrs-message-encode.c \
    src/wire/igrs-message-table.c src/wire/igrs-message-table.h \
    src/wire/igrs-names.c src/wire/igrs-names.h \
    src/wire/igrs-wsdl.c src/wire/igrs-wsdl-decode.c \
    src/wire/isdp.c src/wire/isdp.h \
    src/wire/soap.c src/wire/soap.h \
    src/wire/xml.h src/wire/xml-fields.c src/wire/xml-fields.h src/wire/xml-reader.c src/wire/xml-writer.c

src_wire_libwire_a_SOURCES += \
    src/wire/av-screen.c src/wire/av-screen.h \
    src/wire/content-question.c src/wire/content-question.h \
    src/wire/didl-page.c \
    src/wire/dialect.c src/wire/dialect.h src/wire/dialect-read.c src/wire/dialect-room.h \
    src/wire/dialect-table.c \
    src/wire/didl-decode.c src/wire/didl-encode.c src/wire/didl-resources.c src/wire/didl-room.h \
    src/wire/didl-url.c src/wire/didl.h \
    src/wire/gena.c src/wire/gena.h \
    src/wire/hls.c src/wire/hls.h src/wire/hls-list.c src/wire/hls-list.h \
    src/wire/handover-state.c src/wire/handover-state.h \
    src/wire/media-fragment.c src/wire/media-fragment.h \
    src/wire/subtitles.c src/wire/subtitles.h src/wire/subtitles-room.h \
    src/wire/subtitle-packets.c \
    src/wire/subtitle-words.c src/wire/subtitle-words.h \
    src/wire/last-change.c src/wire/last-change.h \
    src/wire/live-mp4.c src/wire/live-parts.c src/wire/live-parts.h src/wire/live-room.h \
    src/wire/live-webm.c \
    src/wire/media-offer.c src/wire/media-offer.h \
    src/wire/playlist.c src/wire/playlist.h \
    src/wire/protocol-info.c src/wire/protocol-info.h \
    src/wire/search-criteria.c src/wire/search-criteria.h \
    src/wire/ssdp.c src/wire/ssdp.h \
    src/wire/time-seek.c src/wire/time-seek.h \
    src/wire/upnp-description.c src/wire/upnp-description.h \
    src/wire/upnp-remote.c src/wire/upnp-remote.h \
    src/wire/upnp-scpd.c src/wire/upnp-scpd.h \
    src/wire/xml-embedded.c src/wire/xml-embedded.h

WIRE_LIBS = src/wire/libwire.a $(MODEL_LIBS) $(XML_LIBS)
