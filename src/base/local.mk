noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"base\"
src_base_libbase_a_SOURCES = $(BASE_SOURCES) \
    src/base/local-key.c src/base/local-key.h \
    src/base/log.c src/base/log.h \
    src/base/program.c src/base/program.h \
    src/base/service-manager.c src/base/service-manager.h

# What a library may have of it (src/libigrs): no main(), no log of its own.
BASE_SOURCES = \
    src/base/bytes.c src/base/bytes.h \
    src/base/chance.c src/base/chance.h \
    src/base/clock.c src/base/clock.h \
    src/base/error.c src/base/error.h \
    src/base/observers.c src/base/observers.h \
    src/base/post.c src/base/post.h \
    src/base/settings.c src/base/settings.h \
    src/base/sleep-watch.c src/base/sleep-watch.h \
    src/base/stream-hub.c src/base/stream-hub.h \
    src/base/text.c src/base/text.h

# What every program and test links, below its rooms.
BASE_LIBS = src/base/libbase.a $(GLIB_LIBS)
