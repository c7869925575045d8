# The server's side: what duopingd links. No GStreamer, no libav, nothing that decodes.
noinst_LIBRARIES += pipelines/libworker-client.a
pipelines_libworker_client_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"pipelines\"
pipelines_libworker_client_a_SOURCES = \
    pipelines/conversion.c pipelines/conversion.h \
    pipelines/conversion-order.c pipelines/conversion-order.h \
    pipelines/delivery.c pipelines/delivery.h pipelines/delivery-forms.c \
    pipelines/profiles.c pipelines/profiles.h \
    pipelines/thumbnailer.c pipelines/thumbnailer.h \
    pipelines/track-choice.c pipelines/track-choice.h \
    pipelines/worker-channel.c pipelines/worker-channel.h \
    pipelines/worker-errands.c pipelines/worker-errands.h \
    pipelines/worker-pool.c pipelines/worker-pool.h \
    pipelines/worker-process.c pipelines/worker-process.h \
    pipelines/worker-protocol.c pipelines/worker-protocol.h \
    pipelines/worker-spare.c pipelines/worker-spare.h
WORKER_CLIENT_LIBS = pipelines/libworker-client.a $(WIRE_LIBS) $(MODEL_LIBS)

# The worker's side: whatever reads media.
WORKER_CFLAGS = $(AM_CFLAGS) $(GST_CFLAGS) $(AVFORMAT_CFLAGS) $(EXIF_CFLAGS) $(SECCOMP_CFLAGS)
noinst_LIBRARIES += pipelines/libworker.a
pipelines_libworker_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"worker\"
pipelines_libworker_a_CFLAGS = $(WORKER_CFLAGS)
pipelines_libworker_a_SOURCES = \
    pipelines/av-file.c pipelines/av-file.h \
    pipelines/codec-header.c \
    pipelines/demuxer.c \
    pipelines/convert.c pipelines/convert.h pipelines/convert-warm.c \
    pipelines/file-source.c pipelines/file-source.h \
    pipelines/film-keys.c pipelines/film-keys.h \
    pipelines/flac-sheet.c pipelines/flac-sheet.h \
    pipelines/id3.c pipelines/id3.h \
    pipelines/mp4-edits.c pipelines/mp4-edits.h \
    pipelines/picture-box.c pipelines/picture-box.h \
    pipelines/probe-av.c \
    pipelines/probe-dlna.c \
    pipelines/probe-gst.c \
    pipelines/probe-image.c \
    pipelines/probe-room.h \
    pipelines/probe-streams.c \
    pipelines/probe-tags.c \
    pipelines/probe.c pipelines/probe.h \
    pipelines/recipe.c pipelines/recipe.h \
    pipelines/remux.c pipelines/remux.h \
    pipelines/sandbox.c pipelines/sandbox.h \
    pipelines/segment-muxer.c pipelines/segment-muxer.h \
    pipelines/segment-sinks.c pipelines/segment-sinks.h \
    pipelines/subtitle-overlay.c pipelines/subtitle-overlay.h \
    pipelines/subtitle-track.c pipelines/subtitle-track.h \
    pipelines/thumbnail.c pipelines/thumbnail.h \
    pipelines/unpack.c pipelines/unpack.h \
    pipelines/worker-twin.c pipelines/worker-twin.h
nodist_pipelines_libworker_a_SOURCES = pipelines/recipes-resource.c
WORKER_LIBS = pipelines/libworker.a $(WORKER_CLIENT_LIBS) $(GST_LIBS) $(AVFORMAT_LIBS) \
    $(EXIF_LIBS) $(SECCOMP_LIBS) -lm

# The recipes, carried inside the worker: behind its walls it opens no file of ours.
RECIPES = \
    pipelines/recipes/aac.launch \
    pipelines/recipes/copy-aac.launch \
    pipelines/recipes/copy-aac-alone.launch \
    pipelines/recipes/copy-flac.launch \
    pipelines/recipes/copy-h264.launch \
    pipelines/recipes/copy-h264-mp4.launch \
    pipelines/recipes/copy-mp3.launch \
    pipelines/recipes/copy-vorbis.launch \
    pipelines/recipes/copy-vp8.launch \
    pipelines/recipes/flac.launch \
    pipelines/recipes/h264.launch \
    pipelines/recipes/h264-live.launch \
    pipelines/recipes/h264-v4l2.launch \
    pipelines/recipes/h264-va.launch \
    pipelines/recipes/lpcm.launch \
    pipelines/recipes/mirror-mp4.launch \
    pipelines/recipes/mirror-picture.launch \
    pipelines/recipes/mirror-sound.launch \
    pipelines/recipes/mirror-ts.launch \
    pipelines/recipes/mp3.launch \
    pipelines/recipes/mp4.launch \
    pipelines/recipes/ts.launch \
    pipelines/recipes/vorbis.launch \
    pipelines/recipes/vp8.launch \
    pipelines/recipes/webm.launch
EXTRA_DIST += $(RECIPES)
BUILT_SOURCES += pipelines/recipes-resource.h
CLEANFILES += pipelines/recipes.gresource.xml pipelines/recipes-resource.c pipelines/recipes-resource.h
pipelines/recipes.gresource.xml: pipelines/local.mk
	$(AM_V_GEN)$(MKDIR_P) pipelines && { \
	    echo '<gresources><gresource prefix="/duoping/recipes">'; \
	    for file in $(RECIPES); do \
	        echo "<file alias=\"$${file##*/}\">$$file</file>"; done; \
	    echo '</gresource></gresources>'; } > $@.new && mv $@.new $@
RECIPES_COMPILE = $(AM_V_GEN)$(GLIB_COMPILE_RESOURCES) --sourcedir=$(srcdir) --c-name recipes \
    --internal --target=$@ pipelines/recipes.gresource.xml
pipelines/recipes-resource.c: pipelines/recipes.gresource.xml $(RECIPES)
	$(RECIPES_COMPILE) --generate-source
pipelines/recipes-resource.h: pipelines/recipes.gresource.xml
	$(RECIPES_COMPILE) --generate-header

pipelines/libworker_a-recipe.$(OBJEXT): pipelines/recipes-resource.h

pkglibexec_PROGRAMS += pipelines/duoping-worker
pipelines_duoping_worker_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"worker\"
pipelines_duoping_worker_CFLAGS = $(WORKER_CFLAGS)
pipelines_duoping_worker_SOURCES = \
    pipelines/by-hand.c pipelines/by-hand.h \
    pipelines/capture.c pipelines/capture.h \
    pipelines/worker-main.c
pipelines_duoping_worker_LDADD = $(WORKER_LIBS)


# The screen's side: what duoping-tv links.
noinst_LIBRARIES += pipelines/libplay.a
pipelines_libplay_a_CPPFLAGS = $(AM_CPPFLAGS) -DG_LOG_DOMAIN=\"pipelines\"
pipelines_libplay_a_CFLAGS = $(AM_CFLAGS) $(GST_CFLAGS)
pipelines_libplay_a_SOURCES = \
    pipelines/play-link.c pipelines/play-link.h \
    pipelines/play-live.c pipelines/play-live.h \
    pipelines/play-protocols.c \
    pipelines/play-still.c pipelines/play-still.h \
    pipelines/play.c pipelines/play.h pipelines/play-media.c pipelines/play-media.h
PLAY_LIBS = pipelines/libplay.a $(WIRE_LIBS) $(GST_LIBS) -lm
