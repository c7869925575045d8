noinst_LIBRARIES += src/appliance/libappliance.a
src_appliance_libappliance_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"appliance\"
src_appliance_libappliance_a_SOURCES = \
    src/appliance/library.h \
    src/appliance/screens.c src/appliance/screens.h

APPLIANCE_LIBS = src/appliance/libappliance.a $(MODEL_LIBS)
