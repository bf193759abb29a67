/* A disk that fails on demand: put before the C library with LD_PRELOAD, for the tests of `crates/register/tests/faults` alone.
 *
 * It sees every call that reaches files under one watched folder: those of SQLite, of Rust's library and of the object store alike. It can
 * let the n-th of them fail, and it can write down all of them, so that a test can work out what a power cut would have left.
 * A test speaks to it by opening paths under `/.openward-disk/`; `disk.rs` says which. Deliberately absent: file locks, and any judgement. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define CONTROL "/.openward-disk/"

enum { READS = 1, WRITES = 2, SYNCS = 4, OPENS = 8, CUTS = 16, NAMES = 32, MAPS = 64, GROWS = 128 };

#define FDS 4096
#define PATHS 8192
#define LENGTH 512

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[LENGTH];

/* What is open: the number of the file, 0 where it is not watched; a folder is watched by its path alone. */
static struct { uint32_t file; char path[LENGTH]; char is_folder; } fds[FDS];
/* Which file has which name. A file keeps its number when it is renamed; a new file of an old name has a new one. */
static struct { uint32_t file; char path[LENGTH]; } names[PATHS];
static int names_end;
static uint32_t next_file = 1;

/* The call that is to fail. */
static unsigned long wanted, seen;
static unsigned mask;
static char how;
static int fired;
static char fired_what[LENGTH + 32];

/* What was written down. */
static int recording;
static char *log_bytes;
static size_t log_length, log_room;

static void note(char op, uint32_t file, uint64_t at, const void *bytes, uint32_t length) {
    if (!recording) return;
    size_t need = log_length + 17 + length;
    if (need > log_room) {
        log_room = need * 2;
        log_bytes = realloc(log_bytes, log_room);
        if (!log_bytes) abort();
    }
    char *to = log_bytes + log_length;
    to[0] = op;
    memcpy(to + 1, &file, 4);
    memcpy(to + 5, &at, 8);
    memcpy(to + 13, &length, 4);
    if (length) memcpy(to + 17, bytes, length);
    log_length = need;
}

static void note_names(char op, uint32_t file, const char *one, const char *two) {
    char both[2 * LENGTH];
    size_t a = strlen(one), b = two ? strlen(two) : 0;
    memcpy(both, one, a + 1);
    if (two) memcpy(both + a + 1, two, b);
    note(op, file, 0, both, (uint32_t)(two ? a + 1 + b : a));
}

/* The path below the watched folder, or none. */
static const char *below(const char *path) {
    size_t length = strlen(root);
    if (!path || length == 0 || strncmp(path, root, length) != 0) return NULL;
    if (path[length] == 0) return "";
    return path[length] == '/' ? path + length + 1 : NULL;
}

static int name_at(const char *path) {
    for (int i = 0; i < names_end; i++)
        if (names[i].file && strcmp(names[i].path, path) == 0) return i;
    return -1;
}

static void set_name(const char *path, uint32_t file) {
    int at = name_at(path);
    if (at < 0) {
        for (at = 0; at < names_end && names[at].file; at++) {}
        if (at == PATHS) abort();
        if (at == names_end) names_end++;
    }
    names[at].file = file;
    snprintf(names[at].path, LENGTH, "%s", path);
}

/* Whether this call is the one, and how it fails then. `dead` and `full` last until they are lifted. */
static char fails(unsigned kind, const char *what, const char *path) {
    if (fired && (how == 'd' || how == 'F') && (kind & mask)) return how;
    if (!(kind & mask)) return 0;
    seen++;
    if (fired || wanted == 0 || seen != wanted) return 0;
    fired = 1;
    snprintf(fired_what, sizeof fired_what, "%s %s", what, path);
    return how;
}

static int error_of(char fault) { return fault == 'f' || fault == 'F' ? ENOSPC : EIO; }

static int answer(const char *text) {
    int fd = memfd_create("answer", MFD_CLOEXEC);
    if (fd < 0) return fd;
    if (syscall(SYS_write, fd, text, strlen(text)) < 0) return -1;
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static int save(const char *path) {
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return fd;
    for (size_t done = 0; done < log_length;) {
        long wrote = syscall(SYS_write, fd, log_bytes + done, log_length - done);
        if (wrote <= 0) return -1;
        done += (size_t)wrote;
    }
    return (int)syscall(SYS_close, fd);
}

static int command(const char *text) {
    char reply[LENGTH + 128] = "done";
    if (strncmp(text, "watch", 5) == 0) {
        snprintf(root, LENGTH, "%s", text + 5);
        memset(names, 0, sizeof names);
        names_end = 0;
        for (int i = 0; i < FDS; i++) fds[i].file = 0, fds[i].is_folder = 0;
        wanted = seen = mask = fired = 0;
    } else if (strncmp(text, "fail/", 5) == 0) {
        wanted = seen = fired = 0;
        sscanf(text + 5, "%u/%lu/%c", &mask, &wanted, &how);
    } else if (strcmp(text, "told") == 0) {
        snprintf(reply, sizeof reply, "%lu %d %s", seen, fired, fired ? fired_what : "");
    } else if (strcmp(text, "lift") == 0) {
        wanted = seen = mask = fired = 0;
    } else if (strcmp(text, "record") == 0) {
        log_length = 0;
        recording = 1;
    } else if (strncmp(text, "mark/", 5) == 0) {
        note('K', 0, 0, text + 5, (uint32_t)strlen(text + 5));
    } else if (strncmp(text, "stop", 4) == 0) {
        recording = 0;
        if (save(text + 4) != 0) snprintf(reply, sizeof reply, "not saved");
    } else {
        errno = EINVAL;
        return -1;
    }
    return answer(reply);
}

static int opened(int fd, const char *path, int flags, int was_there) {
    if (fd < 0 || fd >= FDS) return fd;
    struct stat found;
    fds[fd].file = 0;
    fds[fd].is_folder = fstat(fd, &found) == 0 && S_ISDIR(found.st_mode);
    snprintf(fds[fd].path, LENGTH, "%s", path);
    if (fds[fd].is_folder) return fd;
    int at = was_there ? name_at(path) : -1;
    if (at < 0) {
        set_name(path, next_file);
        note_names('C', next_file, path, NULL);
        fds[fd].file = next_file++;
    } else {
        fds[fd].file = names[at].file;
        if (flags & O_TRUNC) note('T', fds[fd].file, 0, NULL, 0);
    }
    return fd;
}

static int open_any(int dir, const char *path, int flags, unsigned mode) {
    if (path && strncmp(path, CONTROL, strlen(CONTROL)) == 0) {
        pthread_mutex_lock(&lock);
        int fd = command(path + strlen(CONTROL));
        pthread_mutex_unlock(&lock);
        return fd;
    }
    const char *rest = below(path);
    if (!rest) {
        long fd = syscall(SYS_openat, dir, path, flags, mode);
        /* A number that is used again by something that is not watched. */
        if (fd >= 0 && fd < FDS && (fds[fd].file || fds[fd].is_folder)) fds[fd].file = 0, fds[fd].is_folder = 0;
        return (int)fd;
    }
    pthread_mutex_lock(&lock);
    struct stat found;
    int was_there = stat(path, &found) == 0;
    char fault = fails(OPENS | (!was_there && (flags & O_CREAT) ? GROWS : 0), "open", rest);
    int fd;
    if (fault) {
        fd = -1;
        errno = error_of(fault);
    } else {
        fd = (int)syscall(SYS_openat, dir, path, flags, mode);
        int error = errno;
        opened(fd, rest, flags, was_there);
        errno = error;
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags) unsigned mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, unsigned); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE(flags) return open_any(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE(flags) return open_any(dir, path, flags | O_LARGEFILE, mode); }

static int is_watched(int fd) { return fd >= 0 && fd < FDS && (fds[fd].file || fds[fd].is_folder); }

int close(int fd) {
    if (is_watched(fd)) {
        pthread_mutex_lock(&lock);
        fds[fd].file = 0;
        fds[fd].is_folder = 0;
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_close, fd);
}

static ssize_t read_any(int fd, void *into, size_t count, off_t at, int has_place) {
    char fault = 0;
    if (is_watched(fd)) {
        pthread_mutex_lock(&lock);
        fault = fails(READS, "read", fds[fd].path);
        pthread_mutex_unlock(&lock);
    }
    if (fault) {
        errno = error_of(fault);
        return -1;
    }
    return has_place ? syscall(SYS_pread64, fd, into, count, at) : syscall(SYS_read, fd, into, count);
}

ssize_t read(int fd, void *into, size_t count) { return read_any(fd, into, count, 0, 0); }
ssize_t pread(int fd, void *into, size_t count, off_t at) { return read_any(fd, into, count, at, 1); }
ssize_t pread64(int fd, void *into, size_t count, off64_t at) { return read_any(fd, into, count, at, 1); }

/* Half of it, in whole hundreds, so that a torn write ends within a sector. */
static size_t half(size_t count) { return count < 200 ? count / 2 : count / 200 * 100; }

static ssize_t write_any(int fd, const void *from, size_t count, off_t at, int has_place) {
    if (!is_watched(fd)) return has_place ? syscall(SYS_pwrite64, fd, from, count, at) : syscall(SYS_write, fd, from, count);
    pthread_mutex_lock(&lock);
    struct stat found;
    int known = fstat(fd, &found) == 0;
    int flags = fcntl(fd, F_GETFL);
    off_t place = has_place ? at : flags & O_APPEND && known ? found.st_size : lseek(fd, 0, SEEK_CUR);
    int grows = known && place + (off_t)count > found.st_size;
    char fault = fails(WRITES | (grows ? GROWS : 0), "write", fds[fd].path);
    size_t goes = fault == 's' || fault == 't' ? half(count) : count;
    ssize_t done = -1;
    if (fault == 0 || fault == 's' || fault == 't') {
        done = has_place ? syscall(SYS_pwrite64, fd, from, goes, at) : syscall(SYS_write, fd, from, goes);
        if (done > 0) note('W', fds[fd].file, (uint64_t)place, from, (uint32_t)done);
    }
    int error = fault && fault != 's' ? error_of(fault) : errno;
    if (fault && fault != 's') done = -1;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t write(int fd, const void *from, size_t count) { return write_any(fd, from, count, 0, 0); }
ssize_t pwrite(int fd, const void *from, size_t count, off_t at) { return write_any(fd, from, count, at, 1); }
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) { return write_any(fd, from, count, at, 1); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!is_watched(fd) || count == 0) return syscall(SYS_writev, fd, parts, count);
    /* A short write is allowed at any time; whoever calls goes on with the rest. */
    int first = 0;
    while (first + 1 < count && parts[first].iov_len == 0) first++;
    return write(fd, parts[first].iov_base, parts[first].iov_len);
}

static int sync_any(int fd, long call) {
    if (!is_watched(fd)) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    char fault = fails(SYNCS, fds[fd].is_folder ? "sync-folder" : "sync", fds[fd].path);
    int done = fault ? -1 : (int)syscall(call, fd);
    int error = fault ? error_of(fault) : errno;
    if (done == 0 && fds[fd].is_folder) note_names('D', 0, fds[fd].path, NULL);
    if (done == 0 && !fds[fd].is_folder) note('S', fds[fd].file, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int fsync(int fd) { return sync_any(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_any(fd, SYS_fdatasync); }

static int cut_any(int fd, off_t size) {
    if (!is_watched(fd)) return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    struct stat found;
    int grows = fstat(fd, &found) == 0 && size > found.st_size;
    char fault = fails(CUTS | (grows ? GROWS : 0), "cut", fds[fd].path);
    int done = fault ? -1 : (int)syscall(SYS_ftruncate, fd, size);
    int error = fault ? error_of(fault) : errno;
    if (done == 0) note('T', fds[fd].file, (uint64_t)size, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t size) { return cut_any(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut_any(fd, size); }

static void *map_any(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    if (fd >= 0 && is_watched(fd)) {
        pthread_mutex_lock(&lock);
        char fault = fails(MAPS, "map", fds[fd].path);
        pthread_mutex_unlock(&lock);
        if (fault) {
            errno = ENOMEM;
            return MAP_FAILED;
        }
    }
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) { return map_any(at, length, protection, flags, fd, offset); }
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) { return map_any(at, length, protection, flags, fd, offset); }

static int name_any(char op, const char *what, const char *from, const char *to, unsigned mode) {
    const char *one = below(from), *two = to ? below(to) : NULL;
    if (!one || (to && !two)) {
        switch (op) {
        case 'R': return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
        case 'L': return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
        case 'U': return (int)syscall(SYS_unlinkat, AT_FDCWD, from, 0);
        default: return (int)syscall(SYS_mkdirat, AT_FDCWD, from, mode);
        }
    }
    pthread_mutex_lock(&lock);
    char fault = fails(NAMES | (op == 'M' ? GROWS : 0), what, two ? two : one);
    int done = -1;
    if (!fault) switch (op) {
        case 'R': done = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); break;
        case 'L': done = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); break;
        case 'U': done = (int)syscall(SYS_unlinkat, AT_FDCWD, from, 0); break;
        default: done = (int)syscall(SYS_mkdirat, AT_FDCWD, from, mode); break;
    }
    int error = fault ? error_of(fault) : errno;
    if (done == 0) {
        int at = name_at(one);
        uint32_t file = at < 0 ? 0 : names[at].file;
        if (at >= 0 && op != 'L' && op != 'M') names[at].file = 0;
        if (two && file) set_name(two, file);
        note_names(op, file, one, two);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int rename(const char *from, const char *to) { return name_any('R', "rename", from, to, 0); }
int link(const char *from, const char *to) { return name_any('L', "link", from, to, 0); }
int unlink(const char *path) { return name_any('U', "unlink", path, NULL, 0); }
int mkdir(const char *path, mode_t mode) { return name_any('M', "mkdir", path, NULL, mode); }

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags) {
    if (from_dir == AT_FDCWD && to_dir == AT_FDCWD && below(from) && below(to)) return name_any('L', "link", from, to, 0);
    return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
}
