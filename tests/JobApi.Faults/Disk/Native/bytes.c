/* The calls that change and flush bytes. */
#include "disk.h"

#include <limits.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

/* How many of these bytes may be written at this place (-1: where the descriptor stands); -1 with errno when none. */
static ssize_t allow(struct handle *handle, int descriptor, size_t want, off_t offset)
{
    enum action action = judge(WRITE, handle->path);
    if (action == FAIL) return -1;
    if (action == SHORTEN && want > 1) want /= 2;
    if (__atomic_load_n(&control->room, __ATOMIC_ACQUIRE) < 0) return (ssize_t)want;

    struct stat status;
    if (fstat(descriptor, &status)) return -1;

    if (handle->flags & O_APPEND) {
        offset = status.st_size;
    } else if (offset < 0) {
        offset = lseek(descriptor, 0, SEEK_CUR);
    }

    /* Only growth takes room: what a file has already, it may write over. */
    off_t has = footprint(&status), growth = whole_blocks(offset + (off_t)want) - has;
    if (growth <= 0) return (ssize_t)want;

    off_t allowed = has + take_room(growth) - offset;
    if (allowed > (off_t)want) allowed = (off_t)want;

    if (allowed <= 0) {
        errno = ENOSPC;
        return -1;
    }

    return (ssize_t)allowed;
}

static int flush(struct handle *handle, int descriptor, long call)
{
    enum action action = judge(SYNC, handle->path);
    int result = 0;

    if (action == FAIL) {
        int error = errno;
        if (handle->file) forget_dirty(handle->file);
        errno = error;
        return -1;
    }

    if (action == LIE) return 0;

    if (handle->file) {
        result = sync_file(handle->file, descriptor, call);
    } else {
        result = (int)syscall(call, descriptor);
        pthread_mutex_lock(&names);
        char path[PATH_SIZE];
        absolute_path(descriptor, ".", path);
        if (!result && is_ours(path)) sync_folder(path);
        pthread_mutex_unlock(&names);
    }

    return result ? result : judge(SYNCED, handle->path) == FAIL ? -1 : 0;
}

static ssize_t wrote(struct handle *handle, int descriptor, ssize_t bytes, off_t offset)
{
    if (bytes <= 0) return bytes;

    if (handle->flags & O_APPEND || offset < 0) offset = lseek(descriptor, 0, SEEK_CUR) - bytes;
    mark_dirty(handle->file, offset, offset + bytes);

    return handle->flags & O_DSYNC && flush(handle, descriptor, SYS_fdatasync) ? -1 : bytes;
}

static struct handle *file_handle(int descriptor)
{
    struct handle *handle = handle_of(descriptor);
    return handle && handle->file ? handle : NULL;
}

EXPORT ssize_t write(int descriptor, const void *bytes, size_t count)
{
    struct handle *handle = file_handle(descriptor);
    if (!handle) return syscall(SYS_write, descriptor, bytes, count);

    ssize_t allowed = allow(handle, descriptor, count, -1);
    return allowed < 0 ? -1 : wrote(handle, descriptor, syscall(SYS_write, descriptor, bytes, allowed), -1);
}

EXPORT ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    struct handle *handle = file_handle(descriptor);
    if (!handle) return syscall(SYS_pwrite64, descriptor, bytes, count, offset);

    ssize_t allowed = allow(handle, descriptor, count, offset);
    return allowed < 0 ? -1 : wrote(handle, descriptor, syscall(SYS_pwrite64, descriptor, bytes, allowed, offset), offset);
}

EXPORT ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) { return pwrite(descriptor, bytes, count, offset); }

static ssize_t write_parts(int descriptor, const struct iovec *parts, int count, off_t offset)
{
    struct handle *handle = file_handle(descriptor);

    if (!handle || count <= 0 || count > IOV_MAX) {
        return offset < 0 ? syscall(SYS_writev, descriptor, parts, count) : syscall(SYS_pwritev, descriptor, parts, count, offset, 0);
    }

    size_t total = 0;
    for (int i = 0; i < count; i++) total += parts[i].iov_len;

    ssize_t allowed = allow(handle, descriptor, total, offset);
    if (allowed < 0) return -1;

    struct iovec shortened[count];
    size_t left = (size_t)allowed;
    memcpy(shortened, parts, sizeof shortened);

    for (int i = 0; i < count; i++) {
        if (shortened[i].iov_len > left) shortened[i].iov_len = left;
        left -= shortened[i].iov_len;
    }

    ssize_t written = offset < 0 ? syscall(SYS_writev, descriptor, shortened, count) : syscall(SYS_pwritev, descriptor, shortened, count, offset, 0);
    return wrote(handle, descriptor, written, offset);
}

EXPORT ssize_t writev(int descriptor, const struct iovec *parts, int count) { return write_parts(descriptor, parts, count, -1); }
EXPORT ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) { return write_parts(descriptor, parts, count, offset); }
EXPORT ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off_t offset) { return write_parts(descriptor, parts, count, offset); }

EXPORT ssize_t copy_file_range(int from, off_t *from_offset, int to, off_t *to_offset, size_t count, unsigned flags)
{
    /* A copy that the program makes by reading and writing is seen; it falls back to that. */
    if (file_handle(to)) {
        errno = EXDEV;
        return -1;
    }

    return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, count, flags);
}

EXPORT ssize_t sendfile(int to, int from, off_t *offset, size_t count)
{
    if (file_handle(to)) {
        errno = EINVAL;
        return -1;
    }

    return syscall(SYS_sendfile, to, from, offset, count);
}

EXPORT ssize_t sendfile64(int to, int from, off_t *offset, size_t count) { return sendfile(to, from, offset, count); }

/* 1: go on. Growth by a new length takes room like growth by a write. */
static int allow_length(struct handle *handle, int descriptor, off_t length, off_t *before)
{
    struct stat status;
    if (judge(RESIZE, handle->path) == FAIL || fstat(descriptor, &status)) return 0;

    off_t growth = whole_blocks(length) - footprint(&status), taken = take_room(growth);
    *before = status.st_size;

    if (growth > 0 && taken < growth) {
        give_room(taken);
        errno = ENOSPC;
        return 0;
    }

    return 1;
}

EXPORT int ftruncate(int descriptor, off_t length)
{
    struct handle *handle = file_handle(descriptor);
    if (!handle) return (int)syscall(SYS_ftruncate, descriptor, length);

    off_t before;
    if (!allow_length(handle, descriptor, length, &before)) return -1;

    int result = (int)syscall(SYS_ftruncate, descriptor, length);

    if (!result) {
        give_room(whole_blocks(before) - whole_blocks(length));
        mark_dirty(handle->file, before < length ? before : length, INT64_MAX);
    }

    return result;
}

EXPORT int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

EXPORT int fallocate(int descriptor, int mode, off_t offset, off_t length)
{
    struct handle *handle = file_handle(descriptor);
    off_t before;

    if (handle && !allow_length(handle, descriptor, offset + length, &before)) return -1;

    int result = (int)syscall(SYS_fallocate, descriptor, mode, offset, length);
    if (handle && !result) mark_dirty(handle->file, offset, offset + length);

    return result;
}

EXPORT int fallocate64(int descriptor, int mode, off_t offset, off_t length) { return fallocate(descriptor, mode, offset, length); }

/* Answers with the error instead of setting it. */
EXPORT int posix_fallocate(int descriptor, off_t offset, off_t length)
{
    int error = errno, result = fallocate(descriptor, 0, offset, length) ? errno : 0;
    errno = error;
    return result;
}

EXPORT int posix_fallocate64(int descriptor, off_t offset, off_t length) { return posix_fallocate(descriptor, offset, length); }

EXPORT int fsync(int descriptor)
{
    struct handle *handle = handle_of(descriptor);
    return handle ? flush(handle, descriptor, SYS_fsync) : (int)syscall(SYS_fsync, descriptor);
}

EXPORT int fdatasync(int descriptor)
{
    struct handle *handle = handle_of(descriptor);
    return handle ? flush(handle, descriptor, SYS_fdatasync) : (int)syscall(SYS_fdatasync, descriptor);
}
