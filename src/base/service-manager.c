/* service-manager.c -- see service-manager.h */
#include "base/service-manager.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
service_manager_tell(const char *state)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    gsize length = path != NULL ? strlen(path) : 0;

    if (length < 2 || length >= sizeof address.sun_path || strchr("/@", *path) == NULL)
        return;
    memcpy(address.sun_path, path, length);
    if (*path == '@') /* a name that lies in no folder */
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    /* Where nobody hears it, nobody is told; a manager that is gone is no trouble of ours. */
    sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    close(fd);
}

guint
service_manager_watchdog_ms(void)
{
    const char *time_us = g_getenv("WATCHDOG_USEC"), *pid = g_getenv("WATCHDOG_PID");
    guint64 number;

    if (time_us == NULL || !g_ascii_string_to_unsigned(time_us, 10, 1, G_MAXUINT64, &number, NULL))
        return 0;
    if (pid != NULL && g_ascii_strtoull(pid, NULL, 10) != (guint64)getpid())
        return 0; /* of whoever started us */
    return (guint)CLAMP(number / 2000, 1, G_MAXINT);
}
