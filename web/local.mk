# The pages, carried inside duopingd. One list: what it names is served, distributed and compiled.
WEB_FILES = \
    web/index.html \
    web/tv.html \
    web/api.js \
    web/app.webmanifest \
    web/app.js \
    web/dom.js \
    web/events.js \
    web/favicon.svg \
    web/first.js \
    web/format.js \
    web/here.js \
    web/icons.svg \
    web/live.js \
    web/made.js \
    web/media.js \
    web/part.js \
    web/push.js \
    web/router.js \
    web/screens.js \
    web/segments.js \
    web/servers.js \
    web/shared.js \
    web/source.js \
    web/store.js \
    web/subtitles.js \
    web/sw.js \
    web/components/bar.js \
    web/components/card.js \
    web/components/closeness.js \
    web/components/compass.js \
    web/components/cover.js \
    web/components/dialog.js \
    web/components/frame.js \
    web/components/grid.js \
    web/components/live-part.js \
    web/components/lyrics.js \
    web/components/menu.js \
    web/components/pairing.js \
    web/components/preview.js \
    web/components/push-sheet.js \
    web/components/queue.js \
    web/components/remote.js \
    web/components/screen-menu.js \
    web/components/search-field.js \
    web/components/slider.js \
    web/components/toast.js \
    web/components/transport.js \
    web/i18n/en.js \
    web/i18n/index.js \
    web/i18n/zh.js \
    web/icons/180.png \
    web/icons/192.png \
    web/icons/512.png \
    web/icons/maskable.png \
    web/people/api.js \
    web/people/enter.js \
    web/people/person.js \
    web/people/trust.js \
    web/people/view.js \
    web/settings/api.js \
    web/settings/form.js \
    web/settings/general.js \
    web/settings/groups.js \
    web/settings/library.js \
    web/settings/log.js \
    web/settings/screens.js \
    web/settings/view.js \
    web/style/base.css \
    web/style/frame.css \
    web/style/library.css \
    web/style/people.css \
    web/style/screens.css \
    web/style/settings.css \
    web/style/stage.css \
    web/style/tv.css \
    web/test/card.jpg \
    web/test/clip.mp4 \
    web/tv/player.js \
    web/tv/tv.js \
    web/tv/words.js \
    web/views/folder.js \
    web/views/home.js \
    web/views/item-parts.js \
    web/views/item.js \
    web/views/parts.js \
    web/views/search.js \
    web/views/servers.js \
    web/views/shelves.js \
    web/views/watch-film.js \
    web/views/watch-picture.js \
    web/views/watch.js

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
