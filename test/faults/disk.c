/*
 * A disk that can be looked at and that fails: loaded before libc (LD_PRELOAD), it journals what a process does to the files under one
 * directory, in the order in which it took place, and refuses what it is told to. journal.ts reads the journal.
 *
 * FAULTY_DISK_ROOT     the directory
 * FAULTY_DISK_JOURNAL  the journal, which several processes may append to
 * FAULTY_DISK_FAULTS   a directory; a file in it is a fault that holds as long as the file is there:
 *   fail-read         reads of the database and its WAL fail with EIO
 *   fail-sync-wal     a sync of the WAL fails with EIO, and the kernel forgets what it could not write (so do ext4 and XFS)
 *   fail-sync-db      the same of the database
 *   die-at-sync-wal   the process is killed when it is about to sync the WAL; with fail-sync-wal right after it failed
 *   ignore-sync       a sync does nothing and reports success
 *
 * Nothing is synced for real: the journal says what was. What SQLite maps into memory (-shm) is not journaled, for it is made anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, TRUNCATE, SYNC_BEGIN, SYNC_END, LOST, RENAME, LINK, UNLINK, MKDIR };

#define MAX_FD 65536

static pthread_mutex_t in_order = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;
static const char *root;
static const char *faults;
static uint64_t last_sync;
/* The path of each open file that is journaled, below the root. Never freed, for another thread may be using it. */
static char *volatile paths[MAX_FD];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void start(void) {
  root = getenv("FAULTY_DISK_ROOT");
  faults = getenv("FAULTY_DISK_FAULTS");
  const char *path = getenv("FAULTY_DISK_JOURNAL");
  if (root != NULL && path != NULL)
    journal = REAL(open64)(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int is_faulty(const char *fault) {
  char path[4096];
  if (faults == NULL)
    return 0;
  snprintf(path, sizeof path, "%s/%s", faults, fault);
  return access(path, F_OK) == 0;
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), of_end = strlen(end);
  return length >= of_end && strcmp(text + length - of_end, end) == 0;
}

/* The part of an absolute path below the root ("" for the root itself), or NULL. */
static const char *below_root(const char *path) {
  size_t length = journal < 0 ? 0 : strlen(root);
  if (length == 0 || path == NULL || strncmp(path, root, length) != 0 || (path[length] != '/' && path[length] != 0))
    return NULL;
  const char *below = path[length] == '/' ? path + length + 1 : path + length;
  return ends_with(below, "-shm") || ends_with(below, "server.lock") ? NULL : below;
}

static const char *path_of(int fd) { return fd >= 0 && fd < MAX_FD ? paths[fd] : NULL; }

static void remember(int fd) {
  char link[64], target[4096];
  if (fd < 0 || fd >= MAX_FD)
    return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, target, sizeof target - 1);
  target[length > 0 ? length : 0] = 0;
  const char *below = below_root(target);
  paths[fd] = below == NULL ? NULL : strdup(below);
}

/* One write, so that records of several processes do not mix. */
static void record(uint32_t kind, const char *path, uint64_t number, const void *data, size_t length) {
  struct {
    uint32_t kind, path_length;
    uint64_t number, length;
  } head = {kind, strlen(path), number, length};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path_length}, {(void *)data, length}};
  if (REAL(writev)(journal, parts, 3) != (ssize_t)(sizeof head + head.path_length + length))
    abort();
}

#define IN_ORDER(result, call, on_success) \
  pthread_mutex_lock(&in_order);           \
  result = call;                           \
  if (result >= 0) {                       \
    int saved = errno;                     \
    on_success;                            \
    errno = saved;                         \
  }                                        \
  pthread_mutex_unlock(&in_order);

static int open_file(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  if (journal < 0)
    return real(path, flags, mode);
  int fd;
  int was_there = access(path, F_OK) == 0;
  IN_ORDER(fd, real(path, flags, mode), {
    remember(fd);
    if (path_of(fd) != NULL && (flags & O_CREAT) && !was_there)
      record(CREATE, path_of(fd), 0, NULL, 0);
    if (path_of(fd) != NULL && (flags & O_TRUNC) && was_there)
      record(TRUNCATE, path_of(fd), 0, NULL, 0);
  });
  return fd;
}

#define OPEN(name)                                              \
  int name(const char *path, int flags, ...) {                  \
    va_list arguments;                                          \
    va_start(arguments, flags);                                 \
    mode_t mode = (flags & O_CREAT) ? va_arg(arguments, int) : 0; \
    va_end(arguments);                                          \
    return open_file(REAL(name), path, flags, mode);            \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd >= 0 && fd < MAX_FD)
    paths[fd] = NULL;
  return REAL(close)(fd);
}

static int fails_to_read(int fd) {
  const char *path = path_of(fd);
  return path != NULL && (ends_with(path, ".db") || ends_with(path, "-wal")) && is_faulty("fail-read");
}

#define PREAD(name, offset_type)                                         \
  ssize_t name(int fd, void *data, size_t length, offset_type offset) {  \
    if (fails_to_read(fd)) {                                             \
      errno = EIO;                                                       \
      return -1;                                                         \
    }                                                                    \
    return REAL(name)(fd, data, length, offset);                         \
  }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

#define PWRITE(name, offset_type)                                              \
  ssize_t name(int fd, const void *data, size_t length, offset_type offset) {  \
    const char *path = path_of(fd);                                            \
    if (path == NULL)                                                          \
      return REAL(name)(fd, data, length, offset);                             \
    ssize_t written;                                                           \
    IN_ORDER(written, REAL(name)(fd, data, length, offset), record(WRITE, path, offset, data, written)); \
    return written;                                                            \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t length) {
  const char *path = path_of(fd);
  if (path == NULL)
    return REAL(write)(fd, data, length);
  ssize_t written;
  IN_ORDER(written, REAL(write)(fd, data, length),
           record(WRITE, path, lseek(fd, 0, SEEK_CUR) - written, data, written));
  return written;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (path_of(fd) == NULL)
    return REAL(writev)(fd, parts, count);
  ssize_t all = 0;
  for (int i = 0; i < count; i++) {
    ssize_t written = write(fd, parts[i].iov_base, parts[i].iov_len);
    if (written < 0)
      return all > 0 ? all : written;
    all += written;
    if ((size_t)written < parts[i].iov_len)
      break;
  }
  return all;
}

#define FTRUNCATE(name, offset_type)                                                          \
  int name(int fd, offset_type length) {                                                      \
    const char *path = path_of(fd);                                                           \
    if (path == NULL)                                                                         \
      return REAL(name)(fd, length);                                                          \
    int result;                                                                               \
    IN_ORDER(result, REAL(name)(fd, length), record(TRUNCATE, path, length, NULL, 0));        \
    return result;                                                                            \
  }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

static int synced(int fd, int (*real)(int)) {
  const char *path = path_of(fd);
  if (path == NULL)
    return real(fd);
  int is_wal = ends_with(path, "-wal");
  if (is_faulty("ignore-sync"))
    return 0;
  int fails_wal = is_wal && is_faulty("fail-sync-wal");
  if (is_wal && !fails_wal && is_faulty("die-at-sync-wal"))
    kill(getpid(), SIGKILL);
  int fails = fails_wal || (ends_with(path, ".db") && is_faulty("fail-sync-db"));
  pthread_mutex_lock(&in_order);
  uint64_t id = ((uint64_t)getpid() << 32) | ++last_sync;
  record(SYNC_BEGIN, path, id, NULL, 0);
  pthread_mutex_unlock(&in_order);
  record(fails ? LOST : SYNC_END, path, id, NULL, 0);
  if (fails && is_wal && is_faulty("die-at-sync-wal"))
    kill(getpid(), SIGKILL);
  errno = fails ? EIO : 0;
  return fails ? -1 : 0;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

#define TWO_PATHS(name, kind)                                                                    \
  int name(const char *from, const char *to) {                                                   \
    const char *old_path = below_root(from), *new_path = below_root(to);                         \
    if (old_path == NULL || new_path == NULL)                                                    \
      return REAL(name)(from, to);                                                               \
    int result;                                                                                  \
    IN_ORDER(result, REAL(name)(from, to), record(kind, old_path, 0, new_path, strlen(new_path))); \
    return result;                                                                               \
  }
TWO_PATHS(rename, RENAME)
TWO_PATHS(link, LINK)

#define ONE_PATH(declaration, path, call, kind)                         \
  int declaration {                                                     \
    const char *below = below_root(path);                               \
    if (below == NULL)                                                  \
      return call;                                                      \
    int result;                                                         \
    IN_ORDER(result, call, record(kind, below, 0, NULL, 0));            \
    return result;                                                      \
  }
ONE_PATH(unlink(const char *path), path, REAL(unlink)(path), UNLINK)
ONE_PATH(remove(const char *path), path, REAL(remove)(path), UNLINK)
ONE_PATH(mkdir(const char *path, mode_t mode), path, REAL(mkdir)(path, mode), MKDIR)
