noinst_LIBRARIES += src/upnp/libupnp.a
src_upnp_libupnp_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"upnp\"
src_upnp_libupnp_a_SOURCES = \
    src/upnp/asker.c src/upnp/asker.h \
    src/upnp/control-point.c src/upnp/control-point.h \
    src/upnp/device.c src/upnp/device.h \
    src/upnp/ear.c src/upnp/ear.h \
    src/upnp/events.c src/upnp/events.h \
    src/upnp/hosting.c \
    src/upnp/icons.c src/upnp/icons.h \
    src/upnp/invoke.c src/upnp/invoke.h \
    src/upnp/known-devices.c src/upnp/known-devices.h \
    src/upnp/ladder.c src/upnp/ladder.h \
    src/upnp/ssdp.c src/upnp/ssdp.h \
    src/upnp/subscribing.c \
    src/upnp/upnp.h \
    src/upnp/upnp-catalog.c src/upnp/upnp-catalog.h \
    src/upnp/upnp-command.c src/upnp/upnp-command.h \
    src/upnp/upnp-next.c \
    src/upnp/upnp-screen.c src/upnp/upnp-screen.h
nodist_src_upnp_libupnp_a_SOURCES = src/upnp/icons-resource.c

# The icons are carried inside the programs.
UPNP_ICONS = icon-48.png icon-120.png icon-48.jpg icon-120.jpg
src/upnp/icons.gresource.xml: src/upnp/local.mk
	$(AM_V_GEN)$(MKDIR_P) src/upnp && { \
	    echo '<gresources><gresource prefix="/duoping/upnp/icons">'; \
	    for icon in $(UPNP_ICONS); do \
	        echo "<file alias=\"$$icon\">src/upnp/icons/$$icon</file>"; \
	    done; \
	    echo '</gresource></gresources>'; } > $@.new && mv $@.new $@

src/upnp/icons-resource.c: src/upnp/icons.gresource.xml $(UPNP_ICONS:%=src/upnp/icons/%)
	$(AM_V_GEN)$(GLIB_COMPILE_RESOURCES) --sourcedir=$(srcdir) --generate-source \
	    --c-name=upnp_icons --target=$@ src/upnp/icons.gresource.xml

CLEANFILES += src/upnp/icons.gresource.xml src/upnp/icons-resource.c
EXTRA_DIST += $(UPNP_ICONS:%=src/upnp/icons/%)

UPNP_LIBS = src/upnp/libupnp.a $(NET_LIBS)
