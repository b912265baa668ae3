/* Which descriptors are open below the folder. */
#include "disk.h"

#define MAX_DESCRIPTORS 65536

static struct handle *handles[MAX_DESCRIPTORS];

struct handle *handle_of(int descriptor)
{
    return descriptor >= 0 && descriptor < MAX_DESCRIPTORS ? __atomic_load_n(&handles[descriptor], __ATOMIC_ACQUIRE) : NULL;
}

static void set(int descriptor, struct handle *handle)
{
    if (descriptor < 0 || descriptor >= MAX_DESCRIPTORS) {
        if (handle) abort();
        return;
    }

    struct handle *before = __atomic_exchange_n(&handles[descriptor], handle, __ATOMIC_ACQ_REL);
    if (before && __atomic_sub_fetch(&before->references, 1, __ATOMIC_ACQ_REL) == 0) free(before);
}

static int share(int from, int to)
{
    struct handle *handle = to < 0 || from == to ? NULL : handle_of(from);
    if (handle) __atomic_add_fetch(&handle->references, 1, __ATOMIC_ACQ_REL);
    if (to >= 0 && from != to) set(to, handle);
    return to;
}

void attach(int descriptor, const char *path, int flags, struct file *file)
{
    size_t length = strlen(path);
    struct handle *handle = calloc(1, sizeof *handle + length + 2);
    handle->file = file;
    handle->flags = flags;
    handle->references = 1;
    memcpy(handle->path, path, length);
    if (!file) handle->path[length] = '/';
    set(descriptor, handle);
}

EXPORT int close(int descriptor)
{
    /* Before the number is free: another thread may be given it at once. */
    if (handle_of(descriptor)) set(descriptor, NULL);
    return (int)syscall(SYS_close, descriptor);
}

EXPORT int dup(int descriptor) { return share(descriptor, (int)syscall(SYS_dup, descriptor)); }

EXPORT int dup2(int descriptor, int target)
{
    return descriptor == target ? (fcntl(descriptor, F_GETFD) < 0 ? -1 : target) : share(descriptor, (int)syscall(SYS_dup3, descriptor, target, 0));
}

EXPORT int dup3(int descriptor, int target, int flags) { return share(descriptor, (int)syscall(SYS_dup3, descriptor, target, flags)); }
