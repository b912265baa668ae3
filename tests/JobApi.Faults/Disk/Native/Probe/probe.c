/*
 * A program small enough to be killed at any call: it does what its arguments say, one after the other, and writes a line for each: ok, a
 * number, or the error. Descriptors stay open, one per path.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int descriptor_of(const char *path)
{
    static struct { const char *path; int descriptor; } opened[64];
    int count = 0;

    for (; opened[count].path; count++) {
        if (!strcmp(opened[count].path, path)) return opened[count].descriptor;
    }

    opened[count].path = path;
    return opened[count].descriptor = open(path, O_RDWR | O_CREAT, 0600);
}

static long long write_text(const char *path, const char *offset, const char *text)
{
    long long at = atoll(offset);
    return pwrite(descriptor_of(path), text, strlen(text), at) == (ssize_t)strlen(text) ? 0 : errno ? -1 : -2;
}

static long long fill(const char *path, const char *bytes)
{
    long long left = atoll(bytes);
    char block[4096];
    memset(block, 'x', sizeof block);

    while (left > 0) {
        ssize_t written = write(descriptor_of(path), block, left < (long long)sizeof block ? (size_t)left : sizeof block);
        if (written < 0) return -1;
        left -= written;
    }

    return 0;
}

static long long sync_folder(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY);
    int result = descriptor < 0 ? -1 : fsync(descriptor), error = errno;
    if (descriptor >= 0) close(descriptor);
    errno = error;
    return result;
}

static long long seconds(clockid_t clock)
{
    struct timespec now;
    return clock_gettime(clock, &now) ? -1 : now.tv_sec;
}

static long long free_bytes(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) ? -1 : (long long)(disk.f_bavail * disk.f_frsize);
}

int main(int count, char **words)
{
    for (int i = 1; i < count; i++) {
        const char *verb = words[i];
        long long result;
        errno = 0;

        if (!strcmp(verb, "write")) { result = write_text(words[i + 1], words[i + 2], words[i + 3]); i += 3; }
        else if (!strcmp(verb, "fill")) { result = fill(words[i + 1], words[i + 2]); i += 2; }
        else if (!strcmp(verb, "truncate")) { result = ftruncate(descriptor_of(words[i + 1]), atoll(words[i + 2])); i += 2; }
        else if (!strcmp(verb, "reserve")) { int error = posix_fallocate(descriptor_of(words[i + 1]), 0, atoll(words[i + 2])); result = error ? -1 : 0; errno = error; i += 2; }
        else if (!strcmp(verb, "sync")) result = fsync(descriptor_of(words[++i]));
        else if (!strcmp(verb, "sync-data")) result = fdatasync(descriptor_of(words[++i]));
        else if (!strcmp(verb, "sync-folder")) result = sync_folder(words[++i]);
        else if (!strcmp(verb, "rename")) { result = rename(words[i + 1], words[i + 2]); i += 2; }
        else if (!strcmp(verb, "remove")) result = unlink(words[++i]);
        else if (!strcmp(verb, "folder")) result = mkdir(words[++i], 0700);
        else if (!strcmp(verb, "free")) result = free_bytes(words[++i]);
        else if (!strcmp(verb, "time")) result = seconds(CLOCK_REALTIME);
        else if (!strcmp(verb, "old-time")) { struct timeval now; result = gettimeofday(&now, NULL) ? -1 : now.tv_sec; }
        else if (!strcmp(verb, "uptime")) result = seconds(CLOCK_MONOTONIC);
        else return 2;

        if (result == -1) printf("%s\n", strerrorname_np(errno));
        else if (result == 0) printf("ok\n");
        else printf("%lld\n", result);

        fflush(stdout);
    }

    return 0;
}
