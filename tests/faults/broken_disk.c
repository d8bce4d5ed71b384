/* Loaded before the C library, it makes a disk fail on command: while the folder that BROKEN_DISK
 * names holds a file called read, write or sync, that fails with EIO for every database. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_broken(int fd, const char *what)
{
    char path[4096], target[4096];
    const char *folder = getenv("BROKEN_DISK");
    if (folder == NULL)
        return 0;
    snprintf(path, sizeof path, "%s/%s", folder, what);
    if (access(path, F_OK) != 0)
        return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return 0;
    target[length] = '\0';
    if (strstr(target, ".sqlite3") == NULL)
        return 0;
    errno = EIO;
    return 1;
}

#define FAILING(what, type, name, parameters, arguments)                       \
    type name parameters                                                       \
    {                                                                          \
        static type(*real) parameters;                                         \
        if (real == NULL)                                                      \
            real = (type(*) parameters)dlsym(RTLD_NEXT, #name);                \
        return is_broken(fd, what) ? -1 : real arguments;                      \
    }

FAILING("read", ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
FAILING("read", ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
FAILING("read", ssize_t, pread64, (int fd, void *to, size_t n, off64_t at), (fd, to, n, at))
FAILING("write", ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
FAILING("write", ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at))
FAILING("write", ssize_t, pwrite64, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at))
FAILING("sync", int, fsync, (int fd), (fd))
FAILING("sync", int, fdatasync, (int fd), (fd))
