/*
 * What would be left after a power cut. The shadow folder holds, under our numbers and never under names,
 *   file.N   the durable bytes of file N,
 *   dir.N    the durable entries of folder N, a line each: type, number, name. The root is folder 1.
 * A program can be killed in the middle of an fsync. Then a part of what it covers is in the shadow, which is one of the states
 * a disk may be left in before fsync returns; lists of entries are replaced in one step.
 */
#include "disk.h"

#include <dirent.h>
#include <stdio.h>

pthread_mutex_t names = PTHREAD_MUTEX_INITIALIZER;

static struct file *files[MAX_FILES];

/* Renames between folders that no fsync has covered yet. */
static struct tie {
    struct tie *next;
    char *one;
    char *other;
} *ties;

/* The slot of an inode; a free one if it has none. Called with the names locked. */
static struct slot *find_slot(uint64_t inode)
{
    for (uint64_t probe = inode * 0x9E3779B97F4A7C15u >> 46;; probe++) {
        struct slot *slot = &control->slots[probe % MAX_FILES];
        if (slot->inode == inode || !slot->inode) return slot;
    }
}

/* Gives a file that was just made a number of its own, whatever had its inode before. */
struct slot *renumber(uint64_t inode)
{
    struct slot *slot = find_slot(inode);

    /* Beyond this the search for a slot slows down, and ends nowhere in the end. */
    if (control->next_id >= MAX_FILES / 4 * 3) {
        fprintf(stderr, "The faulty disk has seen too many files.\n");
        abort();
    }

    slot->stale = 0;
    slot->id = (uint32_t)__atomic_fetch_add(&control->next_id, 1, __ATOMIC_ACQ_REL);
    __atomic_store_n(&slot->inode, inode, __ATOMIC_RELEASE);
    return slot;
}

struct slot *slot_of(uint64_t inode)
{
    struct slot *slot = find_slot(inode);
    return slot->inode ? slot : renumber(inode);
}

struct file *file_of(struct slot *slot)
{
    struct file *file = files[slot->id];

    if (!file) {
        file = calloc(1, sizeof *file);
        file->id = slot->id;
        file->slot = slot;
        file->whole = !slot->stale;
        pthread_mutex_init(&file->syncing, NULL);
        pthread_mutex_init(&file->lock, NULL);
        files[slot->id] = file;
    }

    return file;
}

/* After the write: an fsync that comes between the two need not cover it, and one that took the mark too early would lose it. */
void mark_dirty(struct file *file, off_t start, off_t end)
{
    pthread_mutex_lock(&file->lock);
    struct range *last = file->count ? &file->dirty[file->count - 1] : NULL;

    if (last && start <= last->end && end >= last->start) {
        if (start < last->start) last->start = start;
        if (end > last->end) last->end = end;
    } else {
        if (file->count == file->capacity) {
            file->capacity = file->capacity ? 2 * file->capacity : 64;
            file->dirty = realloc(file->dirty, file->capacity * sizeof *file->dirty);
        }

        file->dirty[file->count++] = (struct range){start, end};
    }

    pthread_mutex_unlock(&file->lock);
}

/* An fsync failed: its pages count as clean from now on, for later programs too. */
void forget_dirty(struct file *file)
{
    pthread_mutex_lock(&file->lock);
    file->whole = 0;
    file->count = 0;
    file->slot->stale = 1;
    pthread_mutex_unlock(&file->lock);
}

static void shadow_path(char *path, const char *what, uint32_t id)
{
    if (snprintf(path, PATH_SIZE, "%s/%s.%u", shadow_root, what, id) >= PATH_SIZE) abort();
}

static int open_shadow(uint32_t id)
{
    char path[PATH_SIZE];
    shadow_path(path, "file", id);
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static void copy(int from, int to, off_t start, off_t end)
{
    char buffer[64 * 1024];

    while (start < end) {
        size_t want = (size_t)(end - start) < sizeof buffer ? (size_t)(end - start) : sizeof buffer;
        ssize_t got = syscall(SYS_pread64, from, buffer, want, start);
        if (got <= 0) return;

        if (syscall(SYS_pwrite64, to, buffer, got, start) != got) {
            fprintf(stderr, "The faulty disk cannot write its shadow.\n");
            abort();
        }

        start += got;
    }
}

static void copy_ranges(struct file *file, int descriptor, const struct range *ranges, size_t count)
{
    char self[64];
    struct stat live;
    snprintf(self, sizeof self, "/proc/self/fd/%d", descriptor);

    /* Its own descriptor if that can be read: closing another one would let go of the program's POSIX locks on the file. */
    int own = (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_WRONLY;
    int from = own ? descriptor : (int)syscall(SYS_openat, AT_FDCWD, self, O_RDONLY | O_CLOEXEC, 0), to = open_shadow(file->id);

    if (from < 0 || to < 0 || fstat(from, &live) || syscall(SYS_ftruncate, to, live.st_size)) {
        fprintf(stderr, "The faulty disk cannot copy what was flushed.\n");
        abort();
    }

    for (size_t i = 0; i < count; i++) {
        copy(from, to, ranges[i].start, ranges[i].end < live.st_size ? ranges[i].end : live.st_size);
    }

    if (!own) syscall(SYS_close, from);
    syscall(SYS_close, to);
}

/* The real fsync, and then the copy of what it covered. */
int sync_file(struct file *file, int descriptor, long call)
{
    pthread_mutex_lock(&file->syncing);
    pthread_mutex_lock(&file->lock);
    struct range all = {0, INT64_MAX}, *taken = file->dirty;
    size_t count = file->count;
    int whole = file->whole;
    file->dirty = NULL;
    file->count = file->capacity = 0;
    file->whole = 0;
    pthread_mutex_unlock(&file->lock);

    int result = (int)syscall(call, descriptor);
    int error = errno;

    if (!result && whole) {
        copy_ranges(file, descriptor, &all, 1);
    } else if (!result && count) {
        copy_ranges(file, descriptor, taken, count);
    }

    free(taken);
    pthread_mutex_unlock(&file->syncing);
    errno = error;
    return result;
}

enum { ENTRIES_ONLY = 0, WITH_CHILDREN = 1, WITH_BYTES = 2 };

static void describe(const char *path, const char *list, int how)
{
    char name[PATH_SIZE], draft[PATH_SIZE + 8], child[PATH_SIZE];
    struct stat status;
    if (stat(path, &status)) return;

    DIR *folder = opendir(path);
    if (!folder) return;

    shadow_path(name, list, slot_of(status.st_ino)->id);
    snprintf(draft, sizeof draft, "%s.new", name);
    FILE *out = fopen(draft, "w");
    if (!out) abort();

    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (snprintf(child, sizeof child, "%s/%s", path, entry->d_name) >= PATH_SIZE || lstat(child, &status)) continue;

        uint32_t id = slot_of(status.st_ino)->id;
        fprintf(out, "%c %u %s\n", S_ISDIR(status.st_mode) ? 'd' : 'f', id, entry->d_name);

        if (S_ISDIR(status.st_mode)) {
            if (how & WITH_CHILDREN) describe(child, list, how);
        } else if (how & WITH_BYTES) {
            int from = (int)syscall(SYS_openat, AT_FDCWD, child, O_RDONLY | O_CLOEXEC, 0), to = open_shadow(id);
            copy(from, to, 0, status.st_size);
            syscall(SYS_close, from);
            syscall(SYS_close, to);
        }
    }

    fclose(out);
    closedir(folder);
    if (rename(draft, name)) abort();
}

void tie_folders(const char *one, const char *other)
{
    struct tie *tie = malloc(sizeof *tie);
    *tie = (struct tie){ties, strdup(one), strdup(other)};
    ties = tie;
}

/* A folder's entries become durable, and with them the other ends of renames. Called with the names locked. */
void sync_folder(const char *path)
{
    describe(path, "dir", ENTRIES_ONLY);

    for (struct tie **at = &ties; *at;) {
        struct tie *tie = *at;
        char *partner = !strcmp(tie->one, path) ? tie->other : !strcmp(tie->other, path) ? tie->one : NULL;

        if (!partner) {
            at = &tie->next;
            continue;
        }

        *at = tie->next;
        sync_folder(partner);
        free(tie->one);
        free(tie->other);
        free(tie);
        at = &ties;
    }
}

/* What is there when the disk is first used is durable. */
void adopt(void)
{
    char root[PATH_SIZE];
    struct stat status;
    shadow_path(root, "dir", 1);
    if (!stat(root, &status)) return;

    if (stat(data_root, &status) || renumber(status.st_ino)->id != 1) abort();
    describe(data_root, "dir", WITH_CHILDREN | WITH_BYTES);
}

/* For the harness, after the program's end: lists in live.N what the program saw, as dir.N lists what is durable. */
EXPORT int jobapi_disk_list_live(struct control *mapped, const char *data, const char *shadow)
{
    pthread_mutex_lock(&names);
    control = mapped;
    snprintf(data_root, sizeof data_root, "%s", data);
    snprintf(shadow_root, sizeof shadow_root, "%s", shadow);
    describe(data_root, "live", WITH_CHILDREN);
    control = NULL;
    pthread_mutex_unlock(&names);
    return 0;
}
