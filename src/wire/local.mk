noinst_LIBRARIES += src/wire/libwire.a
src_wire_libwire_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"wire\"
src_wire_libwire_a_CFLAGS = $(AM_CFLAGS) $(XML_CFLAGS)
src_wire_libwire_a_SOURCES = \
    src/wire/http-range.c src/wire/http-range.h

WIRE_LIBS = src/wire/libwire.a $(MODEL_LIBS) $(XML_LIBS)
