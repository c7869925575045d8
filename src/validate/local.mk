bin_PROGRAMS += igrs-validate
igrs_validate_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"validate\"
# A row names what it needs; the rest is nothing.
igrs_validate_CFLAGS = $(AM_CFLAGS) -Wno-missing-field-initializers
igrs_validate_SOURCES = \
    src/validate/main.c src/validate/tester.c src/validate/tester.h \
    src/validate/air.c src/validate/ask.c src/validate/inside.c src/validate/judge.c src/validate/report.c \
    src/validate/wire.c src/validate/slow.c src/validate/slow.h \
    src/validate/rules.c src/validate/rules.h \
    src/validate/rules-av.c src/validate/rules-event.c src/validate/rules-files.c src/validate/rules-group.c \
    src/validate/rules-invocation.c src/validate/rules-life.c src/validate/life.h \
    src/validate/rules-answer.c src/validate/rules-description.c src/validate/rules-discovery.c \
    src/validate/rules-judging.c src/validate/rules-pipe.c src/validate/rules-reading.c \
    src/validate/rules-reply.c src/validate/rules-session.c src/validate/rules-secure.c \
    src/validate/rules-tls.c src/validate/rules-transport.c src/validate/secure.c
igrs_validate_LDADD = $(CERTIFICATE_LIBS) $(WIRE_LIBS)
