/*
 * Calls that a program looks up by name in the C library itself, as .NET does for methods imported from it. Such a look-up passes by a library that
 * was loaded first, so it is answered here.
 */
#include "disk.h"

#include <dlfcn.h>
#include <stdio.h>

static void *real_dlsym(void *library, const char *name)
{
    static void *(*real)(void *, const char *);
    static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"};

    for (size_t i = 0; !real && i < sizeof versions / sizeof *versions; i++) {
        real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    }

    if (!real) abort();
    return real(library, name);
}

EXPORT void *dlsym(void *restrict library, const char *restrict name)
{
    static const struct { const char *name; void *call; } ours[] = {
        {"open", (void *)open}, {"close", (void *)close}, {"fsync", (void *)fsync}, {"fdatasync", (void *)fdatasync},
        {"mkdir", (void *)mkdir}, {"rename", (void *)rename}, {"unlink", (void *)unlink}, {"link", (void *)link},
        {"write", (void *)write}, {"pwrite", (void *)pwrite}, {"ftruncate", (void *)ftruncate},
    };

    if (control && library != RTLD_NEXT) {
        for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
            if (!strcmp(ours[i].name, name)) return ours[i].call;
        }
    }

    return real_dlsym(library, name);
}
