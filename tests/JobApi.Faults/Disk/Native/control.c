/* The mapped file: arming, counting, room; and which paths are ours. */
#include "disk.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

struct control *control;
char data_root[PATH_SIZE];
char shadow_root[PATH_SIZE];

static struct control *map(const char *path)
{
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (descriptor < 0) return NULL;

    void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    syscall(SYS_close, descriptor);
    return mapped == MAP_FAILED ? NULL : mapped;
}

/* A program that was told of a disk and cannot have it must not run as if nothing could fail. */
__attribute__((constructor)) static void start(void)
{
    const char *data = getenv("JOBAPI_DISK_DATA"), *shadow = getenv("JOBAPI_DISK_SHADOW"), *path = getenv("JOBAPI_DISK_CONTROL");
    if (!data || !shadow || !path) return;

    snprintf(data_root, sizeof data_root, "%s", data);
    snprintf(shadow_root, sizeof shadow_root, "%s", shadow);
    struct control *mapped = map(path);

    if (!mapped) {
        fprintf(stderr, "The faulty disk cannot map %s.\n", path);
        abort();
    }

    control = mapped;
    adopt();
}

int absolute_path(int folder, const char *path, char *absolute)
{
    char joined[2 * PATH_SIZE], base[PATH_SIZE] = "";

    if (path[0] != '/') {
        if (folder == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t length = readlink(link, base, sizeof base - 1);
            if (length < 0) return 0;
            base[length] = 0;
        }
    }

    if (snprintf(joined, sizeof joined, "%s/%s", base, path) >= PATH_SIZE) return 0;

    /* By the text alone, as the folder has no links in it. */
    size_t length = 0;
    char *rest = joined, *part;
    absolute[0] = 0;

    while ((part = strsep(&rest, "/"))) {
        if (!*part || !strcmp(part, ".")) continue;

        if (!strcmp(part, "..")) {
            while (length > 0 && absolute[--length] != '/') { }
        } else {
            length += (size_t)sprintf(absolute + length, "/%s", part);
        }

        absolute[length] = 0;
    }

    return 1;
}

int is_ours(const char *absolute)
{
    size_t length = strlen(data_root);
    return control && !strncmp(absolute, data_root, length) && (absolute[length] == '/' || !absolute[length]);
}

static int ends_in(const char *path, const char *end)
{
    size_t length = strlen(path), wanted = strlen(end);
    return length >= wanted && !strcmp(path + length - wanted, end);
}

static int matches(const struct rule *rule, const char *path)
{
    return ends_in(rule->path, "/") ? strstr(path, rule->path) != NULL : ends_in(path, rule->path);
}

void count_call(enum call call, const char *path)
{
    enum kind kind = ends_in(path, "-wal") ? WAL : ends_in(path, ".db") ? DATABASE : ends_in(path, "/") ? FOLDER : OTHER;
    __atomic_fetch_add(&control->counts[kind][call], 1, __ATOMIC_RELAXED);
}

/* Counts a call and tells what becomes of it: 0 nothing, FAIL with errno set, SHORTEN or LIE. From KILL nobody returns. */
enum action judge(enum call call, const char *path)
{
    int error = errno;
    count_call(call, path);

    for (struct rule *rule = control->rules; rule < control->rules + MAX_RULES; rule++) {
        if (!__atomic_load_n(&rule->armed, __ATOMIC_ACQUIRE) || !(rule->calls >> call & 1) || !matches(rule, path)) continue;
        if (__atomic_fetch_sub(&rule->skip, 1, __ATOMIC_ACQ_REL) > 0) continue;
        if (rule->times >= 0 && __atomic_fetch_sub(&rule->times, 1, __ATOMIC_ACQ_REL) <= 0) {
            __atomic_store_n(&rule->times, 0, __ATOMIC_RELEASE);
            continue;
        }

        __atomic_fetch_add(&rule->hits, 1, __ATOMIC_ACQ_REL);

        if (rule->action == KILL) {
            for (;;) {
                kill(getpid(), SIGKILL);
                pause();
            }
        }

        errno = rule->action == FAIL ? rule->error : error;
        return rule->action;
    }

    errno = error;
    return 0;
}

off_t whole_blocks(off_t bytes) { return (bytes + 4095) / 4096 * 4096; }

/* What a file takes of the disk; more than its length when room was reserved for it. */
off_t footprint(const struct stat *status)
{
    off_t reserved = (off_t)status->st_blocks * 512;
    return whole_blocks(reserved > status->st_size ? reserved : status->st_size);
}

/* As many of these bytes as there is room for; they are taken. */
off_t take_room(off_t bytes)
{
    int64_t room = __atomic_load_n(&control->room, __ATOMIC_ACQUIRE), taken;

    do {
        if (room < 0 || bytes <= 0) return bytes;
        taken = bytes < room ? bytes : room;
    } while (!__atomic_compare_exchange_n(&control->room, &room, room - taken, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));

    return taken;
}

void give_room(off_t bytes)
{
    int64_t room = __atomic_load_n(&control->room, __ATOMIC_ACQUIRE);

    while (room >= 0 && bytes > 0 &&
           !__atomic_compare_exchange_n(&control->room, &room, room + bytes, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) { }
}
