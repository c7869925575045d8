# The pages, carried inside duopingd. One list: what it names is served, distributed and compiled.
WEB_FILES = \
    web/index.html

noinst_LIBRARIES += web/libweb.a
web_libweb_a_CFLAGS = $(AM_CFLAGS)
web_libweb_a_SOURCES = web/web-resource.h
nodist_web_libweb_a_SOURCES = web/web-resource.c
WEB_LIBS = web/libweb.a $(GLIB_LIBS)

web/web.gresource.xml: web/local.mk
	$(AM_V_GEN)$(MKDIR_P) web && { \
	    echo '<gresources><gresource prefix="/duoping">'; \
	    for file in $(WEB_FILES); do echo "<file>$$file</file>"; done; \
	    echo '</gresource></gresources>'; } > $@.new && mv $@.new $@

web/web-resource.c: web/web.gresource.xml $(WEB_FILES)
	$(AM_V_GEN)$(GLIB_COMPILE_RESOURCES) --sourcedir=$(srcdir) --generate-source --c-name=web \
	    --target=$@ web/web.gresource.xml

CLEANFILES += web/web.gresource.xml web/web-resource.c
EXTRA_DIST += $(WEB_FILES)
