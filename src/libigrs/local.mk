# libigrs, the IGRS stack for other people's programs: the rooms below compiled once more, as shared
# code in a log domain of its own, of which only what src/libigrs/libigrs.map names can be seen.
# What nobody there needs (sections of the AV profile, DIDL-Lite) is left out by the linker.
lib_LTLIBRARIES += src/libigrs/libigrs.la
include_HEADERS = include/igrs.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = src/libigrs/igrs.pc

src_libigrs_libigrs_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/include -DG_LOG_DOMAIN=\"igrs\"
src_libigrs_libigrs_la_CFLAGS = $(AM_CFLAGS) $(XML_CFLAGS) $(MHD_CFLAGS) $(SOUP_CFLAGS) \
    -ffunction-sections -fdata-sections
src_libigrs_libigrs_la_SOURCES = include/igrs.h \
    src/libigrs/device.c \
    src/libigrs/explorer.c \
    src/libigrs/groups.c \
    src/libigrs/inside.h \
    src/libigrs/pairing.c \
    src/libigrs/service.c \
    src/libigrs/words.c \
    $(BASE_SOURCES) \
    $(src_model_libmodel_a_SOURCES) \
    $(src_wire_libwire_a_SOURCES) \
    $(src_net_libnet_a_SOURCES) \
    $(src_igrs_libigrsroom_a_SOURCES)
src_libigrs_libigrs_la_LDFLAGS = $(AM_LDFLAGS) -version-info 1:0:0 -Wl,--gc-sections \
    -Wl,--version-script=$(top_srcdir)/src/libigrs/libigrs.map
src_libigrs_libigrs_la_LIBADD = $(SOUP_LIBS) $(MHD_LIBS) $(XML_LIBS) $(GIO_LIBS)
EXTRA_src_libigrs_libigrs_la_DEPENDENCIES = src/libigrs/libigrs.map
EXTRA_DIST += src/libigrs/libigrs.map
