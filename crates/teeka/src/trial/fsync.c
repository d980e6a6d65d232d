/* A disk whose syncs fail, for `teeka drill fsync`: preloaded into a process, it stands between it and its files. The first
   letter of the file TEEKA_SYNC_ORDERS says what comes of a sync: `s` some fail, `a` all fail, `c` the power is cut; otherwise
   none does. Where one fails, each write to that file since its last good sync is there, or gone, or torn; every descriptor
   that wrote hears of it once, as of Linux. A cut does the same to all open files, and ends the process. What a rename did stays. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096, FILES = 1 << 16 };

/* What stood where a write went. */
struct before {
    struct before *older;
    off_t at;
    size_t wrote, stood;
    char bytes[];
};

/* A file, by its number: numbers are used again, so a file that is empty begins anew. */
struct file {
    dev_t device;
    ino_t number;
    unsigned losses;
    struct before *unsynced;
};

static struct file files[FILES];
/* For each descriptor, one more than the losses of its file that it has heard of. */
static unsigned heard[DESCRIPTORS];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static unsigned long long chance;

static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t), (*real_pwrite)(int, const void *, size_t, off_t);

__attribute__((constructor)) static void begin(void) {
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    const char *seed = getenv("TEEKA_SYNC_SEED");
    chance = (seed ? strtoull(seed, 0, 10) : 0) * 0x9e3779b97f4a7c15 + 1;
}

static unsigned draw(unsigned below) {
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance >> 33) % below;
}

static char order(void) {
    const char *path = getenv("TEEKA_SYNC_ORDERS");
    char letter = 0;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        if (read(fd, &letter, 1) != 1) letter = 0;
        real_close(fd);
    }
    return letter;
}

/* Threads that are still, when the power is cut: nobody reads what is being lost. One of them may hold the allocator's lock. */
static unsigned still;
static int is_cut;

static void forget(struct file *file) {
    if (is_cut) file->unsynced = 0;
    for (struct before *one; (one = file->unsynced); free(one)) file->unsynced = one->older;
}

static struct file *found(const struct stat *about) {
    size_t at = (about->st_ino * 2654435761u + about->st_dev) % FILES;
    for (size_t n = 0; n < FILES; n++, at = (at + 1) % FILES) {
        struct file *file = &files[at];
        if (file->number == about->st_ino && file->device == about->st_dev) return file;
        if (!file->number) {
            file->number = about->st_ino, file->device = about->st_dev;
            return file;
        }
    }
    abort();
}

static int lies_on_disk(int fd, struct stat *about) {
    return fd >= 0 && fd < DESCRIPTORS && !fstat(fd, about) && (S_ISREG(about->st_mode) || S_ISDIR(about->st_mode));
}

/* The file of a descriptor, which has heard of everything that was lost before it was used. */
static struct file *opened(int fd, const struct stat *about) {
    struct file *file = found(about);
    if (!about->st_size) forget(file);
    if (!heard[fd]) heard[fd] = file->losses + 1;
    return file;
}

static void note(int fd, const struct stat *about, off_t at, size_t wrote) {
    struct file *file = opened(fd, about);
    size_t stood = at < about->st_size ? (size_t)(about->st_size - at) : 0;
    if (stood > wrote) stood = wrote;
    struct before *one = malloc(sizeof *one + stood);
    if (!one) abort();
    ssize_t had = stood ? pread(fd, one->bytes, stood, at) : 0;
    *one = (struct before){ file->unsynced, at, wrote, had > 0 ? (size_t)had : 0 };
    file->unsynced = one;
}

/* Loses by chance what was not synced, newest first. A descriptor that only appends cannot put back what stood there. */
static void lose(int fd, struct file *file, off_t size) {
    static const char nothing[1 << 16];
    if (fcntl(fd, F_GETFL) & O_APPEND) forget(file);
    for (struct before *one = file->unsynced; one; one = one->older) {
        size_t kept = (size_t[]){ one->wrote, 0, draw((unsigned)one->wrote + 1) }[draw(3)];
        for (size_t at = kept; at < one->wrote && one->at + (off_t)at < size;) {
            size_t length = at < one->stood ? one->stood - at : one->wrote - at;
            if (length > sizeof nothing) length = sizeof nothing;
            real_pwrite(fd, at < one->stood ? one->bytes + at : nothing, length, one->at + (off_t)at);
            at += length;
        }
    }
    forget(file);
    file->losses++;
}

static void stay(int signal) {
    (void)signal;
    __atomic_add_fetch(&still, 1, __ATOMIC_SEQ_CST);
    for (;;) pause();
}

static void stop_others(void) {
    struct sigaction action = { .sa_handler = stay };
    sigaction(SIGUSR2, &action, 0);
    unsigned others = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        long id = strtol(task->d_name, 0, 10);
        if (id && id != syscall(SYS_gettid) && !syscall(SYS_tgkill, getpid(), id, SIGUSR2)) others++;
    }
    is_cut = 1;
    for (int n = 0; n < 2000 && __atomic_load_n(&still, __ATOMIC_SEQ_CST) < others; n++) usleep(1000);
}

static void cut(void) {
    struct stat about;
    stop_others();
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        if (lies_on_disk(fd, &about) && S_ISREG(about.st_mode) && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
            lose(fd, found(&about), about.st_size);
    kill(getpid(), SIGKILL);
    pause();
}

static int synced(int fd, int (*sync)(int)) {
    struct stat about;
    if (!lies_on_disk(fd, &about)) return sync(fd);
    pthread_mutex_lock(&turn);
    struct file *file = opened(fd, &about);
    char letter = order();
    if (letter == 'c') cut();
    if (letter == 'a' || (letter == 's' && draw(2))) lose(fd, file, about.st_size);
    int outcome = -1;
    if (heard[fd] != file->losses + 1) {
        heard[fd] = file->losses + 1;
        errno = EIO;
    } else if (!(outcome = sync(fd))) {
        forget(file);
    }
    pthread_mutex_unlock(&turn);
    return outcome;
}

int fsync(int fd) { return synced(fd, real_fsync); }

int fdatasync(int fd) { return synced(fd, real_fdatasync); }

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) heard[fd] = 0;
    return real_close(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t many, off_t at) {
    struct stat about;
    if (!lies_on_disk(fd, &about)) return real_pwrite(fd, bytes, many, at);
    pthread_mutex_lock(&turn);
    if (!fstat(fd, &about)) note(fd, &about, at, many);
    ssize_t wrote = real_pwrite(fd, bytes, many, at);
    pthread_mutex_unlock(&turn);
    return wrote;
}

ssize_t pwrite(int fd, const void *bytes, size_t many, off_t at) { return pwrite64(fd, bytes, many, at); }

ssize_t write(int fd, const void *bytes, size_t many) {
    struct stat about;
    if (!lies_on_disk(fd, &about)) return real_write(fd, bytes, many);
    pthread_mutex_lock(&turn);
    if (!fstat(fd, &about)) note(fd, &about, fcntl(fd, F_GETFL) & O_APPEND ? about.st_size : lseek(fd, 0, SEEK_CUR), many);
    ssize_t wrote = real_write(fd, bytes, many);
    pthread_mutex_unlock(&turn);
    return wrote;
}
