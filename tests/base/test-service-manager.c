/* test-service-manager.c -- systemd hears what it is told, by a path or by a name that lies in no
 * folder; who is not asked for stays silent */
#include "base/service-manager.h"

#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
listen_at(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    gsize length = strlen(name);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    memcpy(address.sun_path, name, length);
    if (*name == '@')
        address.sun_path[0] = '\0';
    g_assert_cmpint(bind(fd, (const struct sockaddr *)&address,
                         (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)), ==, 0);
    return fd;
}

static void
assert_heard_at(const char *name)
{
    char heard[64];
    int fd = listen_at(name);

    g_setenv("NOTIFY_SOCKET", name, TRUE);
    service_manager_tell("READY=1");
    gssize size = recv(fd, heard, sizeof heard, 0);
    g_assert_cmpmem(heard, size, "READY=1", 7);
    close(fd);
    service_manager_tell("STOPPING=1"); /* it is gone */
}

static void
test_tell(void)
{
    g_autofree char *folder = g_dir_make_tmp("duo-notify-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "notify", NULL);
    g_autofree char *name = g_strdup_printf("@%s", path);
    g_autofree char *long_path = g_strnfill(200, '/');
    const char *const nobody[] = { "", "@", "relative", long_path };

    assert_heard_at(path);
    assert_heard_at(name);
    for (guint i = 0; i < G_N_ELEMENTS(nobody); i++) {
        g_setenv("NOTIFY_SOCKET", nobody[i], TRUE);
        service_manager_tell("READY=1");
    }
    g_unsetenv("NOTIFY_SOCKET");
    service_manager_tell("READY=1");
    g_unlink(path);
    g_rmdir(folder);
}

static void
test_watchdog(void)
{
    g_autofree char *own = g_strdup_printf("%d", (int)getpid());
    g_autofree char *other = g_strdup_printf("%d", (int)getppid());
    const struct {
        const char *time_us, *pid;
        guint every_ms;
    } cases[] = {
        { NULL, NULL, 0 },      { "400000", NULL, 200 }, { "400000", own, 200 },
        { "400000", other, 0 }, { "soon", own, 0 },      { "0", own, 0 },
        { "1", own, 1 },        { "-1", own, 0 },        { "18446744073709551615", own, G_MAXINT },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_unsetenv("WATCHDOG_USEC");
        g_unsetenv("WATCHDOG_PID");
        if (cases[i].time_us != NULL)
            g_setenv("WATCHDOG_USEC", cases[i].time_us, TRUE);
        if (cases[i].pid != NULL)
            g_setenv("WATCHDOG_PID", cases[i].pid, TRUE);
        g_assert_cmpuint(service_manager_watchdog_ms(), ==, cases[i].every_ms);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/service-manager/tell", test_tell);
    g_test_add_func("/base/service-manager/watchdog", test_watchdog);
    return g_test_run();
}
