/* The calls that make, move and remove names. */
#include "disk.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE (1 << 1)
#endif

static int ours(int folder, const char *path, char *absolute)
{
    return control && path && absolute_path(folder, path, absolute) && is_ours(absolute);
}

static void parent_of(const char *path, char *parent)
{
    snprintf(parent, PATH_SIZE, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash) *slash = 0;
}

static int open_ours(const char *path, int flags, mode_t mode)
{
    struct stat before, now;
    int exists = !stat(path, &before), descriptor = -1;

    if (!(flags & O_CREAT) || exists || judge(CREATE, path) != FAIL) {
        descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    }

    if (descriptor < 0 || fstat(descriptor, &now)) return descriptor;

    struct slot *slot = exists ? slot_of(now.st_ino) : renumber(now.st_ino);
    struct file *file = S_ISDIR(now.st_mode) ? NULL : file_of(slot);
    attach(descriptor, path, flags, file);

    if (file && exists && (flags & O_TRUNC) && before.st_size > 0) {
        give_room(footprint(&before));
        mark_dirty(file, 0, INT64_MAX);
    }

    return descriptor;
}

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
    char absolute[PATH_SIZE];
    if (!ours(folder, path, absolute)) return (int)syscall(SYS_openat, folder, path, flags, mode);

    pthread_mutex_lock(&names);
    int descriptor = open_ours(absolute, flags, mode);
    int error = errno;
    pthread_mutex_unlock(&names);
    errno = error;
    return descriptor;
}

#define MODE_AFTER(last) \
    ({ mode_t mode = 0; if (flags & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, last); mode = va_arg(rest, mode_t); va_end(rest); } mode; })

EXPORT int open(const char *path, int flags, ...) { return open_any(AT_FDCWD, path, flags, MODE_AFTER(flags)); }
EXPORT int open64(const char *path, int flags, ...) { return open_any(AT_FDCWD, path, flags, MODE_AFTER(flags)); }
EXPORT int openat(int folder, const char *path, int flags, ...) { return open_any(folder, path, flags, MODE_AFTER(flags)); }
EXPORT int openat64(int folder, const char *path, int flags, ...) { return open_any(folder, path, flags, MODE_AFTER(flags)); }
EXPORT int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
EXPORT int creat64(const char *path, mode_t mode) { return creat(path, mode); }
EXPORT int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
EXPORT int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
EXPORT int __openat_2(int folder, const char *path, int flags) { return open_any(folder, path, flags, 0); }
EXPORT int __openat64_2(int folder, const char *path, int flags) { return open_any(folder, path, flags, 0); }

EXPORT int mkdirat(int folder, const char *path, mode_t mode)
{
    char absolute[PATH_SIZE];
    if (!ours(folder, path, absolute)) return (int)syscall(SYS_mkdirat, folder, path, mode);

    struct stat made;
    pthread_mutex_lock(&names);
    int result = judge(MAKE_FOLDER, absolute) == FAIL ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, absolute, mode);
    int error = errno;
    if (!result && !stat(absolute, &made)) renumber(made.st_ino);
    pthread_mutex_unlock(&names);
    errno = error;
    return result;
}

EXPORT int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

EXPORT int unlinkat(int folder, const char *path, int flags)
{
    char absolute[PATH_SIZE];
    if (!ours(folder, path, absolute)) return (int)syscall(SYS_unlinkat, folder, path, flags);

    struct stat gone;
    pthread_mutex_lock(&names);
    int is_last = !lstat(absolute, &gone) && S_ISREG(gone.st_mode) && gone.st_nlink == 1;
    int result = judge(REMOVE, absolute) == FAIL ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, absolute, flags);
    int error = errno;
    if (!result && is_last) give_room(footprint(&gone));
    pthread_mutex_unlock(&names);
    errno = error;
    return result;
}

EXPORT int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
EXPORT int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

EXPORT int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    char source[PATH_SIZE], target[PATH_SIZE], source_folder[PATH_SIZE], target_folder[PATH_SIZE];

    if (!ours(from_folder, from, source) || !ours(to_folder, to, target)) {
        return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    }

    struct stat replaced;
    parent_of(source, source_folder);
    parent_of(target, target_folder);
    pthread_mutex_lock(&names);
    int frees = !(flags & RENAME_EXCHANGE) && !lstat(target, &replaced) && S_ISREG(replaced.st_mode) && replaced.st_nlink == 1;
    int result = judge(RENAME, target) == FAIL ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, source, AT_FDCWD, target, flags);
    int error = errno;

    if (!result) {
        if (frees) give_room(footprint(&replaced));
        if (strcmp(source_folder, target_folder)) tie_folders(source_folder, target_folder);
    }

    pthread_mutex_unlock(&names);
    errno = error;
    return result;
}

EXPORT int renameat(int from_folder, const char *from, int to_folder, const char *to) { return renameat2(from_folder, from, to_folder, to, 0); }
EXPORT int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

EXPORT int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    char target[PATH_SIZE];
    if (ours(to_folder, to, target) && judge(CREATE, target) == FAIL) return -1;

    /* The file keeps its number; the new name is seen when its folder is flushed. */
    return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

EXPORT int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }
