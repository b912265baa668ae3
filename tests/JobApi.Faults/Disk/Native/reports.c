/* What the machine says of itself: the time of day, and the room on the disk. */
#include "disk.h"

#include <dlfcn.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <time.h>

#define NANOSECONDS 1000000000L

static int (*real_clock)(clockid_t, struct timespec *);

EXPORT int clock_gettime(clockid_t clock, struct timespec *time)
{
    /* The library's own answers without a system call. */
    if (!real_clock) real_clock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");

    int result = real_clock ? real_clock(clock, time) : (int)syscall(SYS_clock_gettime, clock, time);

    if (!result && control && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t now = time->tv_sec * NANOSECONDS + time->tv_nsec + __atomic_load_n(&control->clock_offset, __ATOMIC_ACQUIRE);
        time->tv_sec = now / NANOSECONDS;
        time->tv_nsec = now % NANOSECONDS;
    }

    return result;
}

EXPORT int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    (void)zone;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;

    *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

EXPORT time_t time(time_t *seconds)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (seconds) *seconds = now.tv_sec;
    return now.tv_sec;
}

static int path_is_ours(const char *path)
{
    char absolute[PATH_SIZE];
    return control && absolute_path(AT_FDCWD, path, absolute) && is_ours(absolute);
}

/* A disk with a bound has that much room and no more. Works on both structures: their members have the same names. */
#define TELL_ROOM(answer, unit)                                                    \
    do {                                                                           \
        int64_t room = __atomic_load_n(&control->room, __ATOMIC_ACQUIRE);          \
        if (room >= 0) (answer)->f_bfree = (answer)->f_bavail = (unsigned long)room / (unit); \
    } while (0)

#define REPORT(name, structure, argument, declared, asks_ours, unit)                         \
    EXPORT int name(declared, struct structure *answer)                                      \
    {                                                                                        \
        static int (*real)(declared, struct structure *);                                    \
        if (!real) real = (int (*)(declared, struct structure *))dlsym(RTLD_NEXT, #name);    \
        int result = real(argument, answer);                                                 \
        if (!result && asks_ours) TELL_ROOM(answer, unit);                                   \
        return result;                                                                       \
    }

REPORT(statvfs, statvfs, path, const char *path, path_is_ours(path), answer->f_frsize)
REPORT(statvfs64, statvfs64, path, const char *path, path_is_ours(path), answer->f_frsize)
REPORT(statfs, statfs, path, const char *path, path_is_ours(path), (unsigned long)answer->f_bsize)
REPORT(statfs64, statfs64, path, const char *path, path_is_ours(path), (unsigned long)answer->f_bsize)
REPORT(fstatvfs, statvfs, descriptor, int descriptor, handle_of(descriptor), answer->f_frsize)
REPORT(fstatvfs64, statvfs64, descriptor, int descriptor, handle_of(descriptor), answer->f_frsize)
REPORT(fstatfs, statfs, descriptor, int descriptor, handle_of(descriptor), (unsigned long)answer->f_bsize)
REPORT(fstatfs64, statfs64, descriptor, int descriptor, handle_of(descriptor), (unsigned long)answer->f_bsize)
