/* media-files.h -- small real media for the tests of this room, made by ffmpeg */
#pragma once

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>

static inline char *
media_folder(void)
{
    char *folder = g_dir_make_tmp("duoping-media-XXXXXX", NULL);

    g_assert_nonnull(folder);
    return folder;
}

static inline void
media_folder_remove(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
    g_rmdir(folder);
}

static inline bool
media_can_make(void)
{
    g_autofree char *program = g_find_program_in_path("ffmpeg");
    return program != NULL;
}

/* Runs ffmpeg with the words of arguments; the path of the file made, the caller's. */
static inline char *
media_make(const char *folder, const char *name, const char *arguments)
{
    char *path = g_build_filename(folder, name, NULL);
    g_autofree char *line = g_strdup_printf("ffmpeg -nostdin -loglevel error -y %s '%s'", arguments,
                                            path);
    g_autoptr(GError) error = NULL;
    int status = 0;

    g_spawn_command_line_sync(line, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_true(g_spawn_check_wait_status(status, &error));
    return path;
}

#define MEDIA_SOUND "-f lavfi -i sine=frequency=440:duration=2:sample_rate=48000 -ac 2"
#define MEDIA_FILM "-f lavfi -i testsrc=size=320x180:rate=25:duration=2 " MEDIA_SOUND
#define MEDIA_PICTURE "-f lavfi -i testsrc=size=320x180:rate=1:duration=1 -frames:v 1"
#define MEDIA_MOVING "-f lavfi -i testsrc=size=320x180:rate=5:duration=1"
#define MEDIA_H264 " -pix_fmt yuv420p -c:v libx264 -preset ultrafast -c:a aac "
#define MEDIA_TAGS                                                                                 \
    " -metadata title='歌 A & <b>' -metadata artist=Ärtist -metadata album_artist=Both "           \
    "-metadata album=专辑 -metadata genre=Pop -metadata track=7/12 -metadata disc=2 "              \
    "-metadata date=2012 "
