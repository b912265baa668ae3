/*
 * A disk that fails on demand, as a library that is loaded before all others (LD_PRELOAD). It stands between a program and the
 * files below one folder, and keeps beside them what a real disk would hold if the power failed now.
 *
 *   JOBAPI_DISK_DATA     the folder, absolute and without links in it
 *   JOBAPI_DISK_SHADOW   where the durable state is kept
 *   JOBAPI_DISK_CONTROL  the file mapped below, through which faults are armed while the program runs
 *
 * The model, on purpose harsher than any one file system:
 *   - Bytes and length of a file become durable with fsync or fdatasync of that file, and in no other way.
 *   - A name (created, renamed, linked, removed) becomes durable with fsync of its folder. Flushing the file itself does not
 *     keep its name, though ext4 would. A rename between two folders is one step: flushing either folder keeps both ends.
 *   - A failed fsync loses what it should have written: the pages count as clean and no later fsync writes them again.
 *   - sync, syncfs and sync_file_range make nothing durable. Writes through shared mappings are not seen.
 * One program at a time works on a disk. A program that is killed leaves the page cache, and with it the disk, as they are.
 */
#ifndef JOBAPI_DISK_H
#define JOBAPI_DISK_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define PATH_SIZE 4096
#define MAX_RULES 16
#define MAX_FILES (1u << 18)

/* What can be counted and made to fail; a bit each in a rule, an index each in the counters. */
enum call { CREATE, WRITE, RESIZE, SYNC, SYNCED, RENAME, REMOVE, MAKE_FOLDER, CALLS };

/* Counters are kept apart by what a path names. */
enum kind { WAL, DATABASE, FOLDER, OTHER, KINDS };

enum action { FAIL = 1, KILL, SHORTEN, LIE };

/* Meets the calls in its mask on paths that end in its text; a text that ends in '/' is met anywhere in a path. */
struct rule {
    uint32_t armed;
    uint32_t calls;
    uint32_t action;
    int32_t error;
    int64_t skip;  /* matches to let pass first */
    int64_t times; /* how often it strikes; negative: for ever */
    int64_t hits;
    char reserved[24];
    char path[64];
};

/* Which of our numbers a file has. The system uses inode numbers again, ours are new for every file. */
struct slot {
    uint64_t inode;
    uint32_t id;
    uint32_t stale; /* an fsync of it failed: what was dirty then never becomes durable */
};

/* The mapped file. The harness knows the offsets. */
struct control {
    uint64_t next_id;          /* 0 */
    int64_t clock_offset;      /* 8: nanoseconds added to the time of day */
    int64_t room;              /* 16: bytes files may still grow by; negative: no bound */
    char reserved[8];
    uint64_t counts[KINDS][CALLS]; /* 32 */
    char padding[512 - 32 - KINDS * CALLS * 8];
    struct rule rules[MAX_RULES]; /* 512 */
    char more_padding[4096 - 512 - MAX_RULES * 128];
    struct slot slots[MAX_FILES]; /* 4096 */
};

struct range {
    off_t start;
    off_t end;
};

/* A file that is or was open, and what of it is not durable. */
struct file {
    uint32_t id;
    struct slot *slot;
    pthread_mutex_t syncing; /* held for a whole fsync, so that none returns before an earlier one has done its part */
    pthread_mutex_t lock;    /* guards what follows */
    int whole;               /* everything counts as dirty: new, or written by a program that is gone */
    struct range *dirty;
    size_t count;
    size_t capacity;
};

/* An open descriptor below the folder, shared by its duplicates. */
struct handle {
    struct file *file; /* null for a folder */
    int flags;
    int references;
    char path[]; /* a folder's ends in '/' */
};

/* control.c */
extern struct control *control;
extern char data_root[PATH_SIZE];
extern char shadow_root[PATH_SIZE];
int absolute_path(int folder, const char *path, char *absolute);
int is_ours(const char *absolute);
void count_call(enum call call, const char *path);
enum action judge(enum call call, const char *path);
off_t whole_blocks(off_t bytes);
off_t footprint(const struct stat *status);
off_t take_room(off_t bytes);
void give_room(off_t bytes);

/* durable.c */
extern pthread_mutex_t names;
uint32_t id_of(uint64_t inode);
struct slot *renumber(uint64_t inode);
struct slot *slot_of(uint64_t inode);
struct file *file_of(struct slot *slot);
void mark_dirty(struct file *file, off_t start, off_t end);
void forget_dirty(struct file *file);
int sync_file(struct file *file, int descriptor, long call);
void sync_folder(const char *path);
void tie_folders(const char *one, const char *other);
void adopt(void);

/* handles.c */
struct handle *handle_of(int descriptor);
void attach(int descriptor, const char *path, int flags, struct file *file);

#endif
