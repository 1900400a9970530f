// Fails the call with the number in FAIL_AT, with the error in FAIL_WITH, as a full disk, a lost permission or a system without
// descriptors does. Preloaded into the program that is tested; it must change nothing else.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic long calls;

// What a process says to itself, by a pipe or a counter, does not fail on any system.
static int leaves(int fd) {
  struct stat about;
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  if (fd <= 2 || fstat(fd, &about) < 0) return 0;
  if (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) return 1;
  return S_ISSOCK(about.st_mode) && getsockname(fd, (struct sockaddr *)&name, &size) == 0 &&
         (name.ss_family == AF_INET || name.ss_family == AF_INET6);
}

static int fails(void) {
  const char *at = getenv("FAIL_AT"), *with = getenv("FAIL_WITH");
  if (++calls != (at ? atol(at) : -1)) return 0;
  errno = with ? atoi(with) : EIO;
  return 1;
}

// A socket that has nothing yet is asked again once the system says that it has; one that lies about that is a broken system.
static int socket_fails(int fd) {
  return leaves(fd) && fails() && (errno != EAGAIN || (errno = ECONNRESET));
}

// With FAIL_COUNT it writes the number of such calls to stderr at the end.
__attribute__((destructor)) static void tell(void) {
  if (getenv("FAIL_COUNT")) dprintf(2, "calls: %ld\n", calls);
}

#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)
#define OR_REAL(name, ...) (fails() ? -1 : REAL(name, __VA_ARGS__))

int fsync(int fd) { return OR_REAL(fsync, fd); }
int fdatasync(int fd) { return OR_REAL(fdatasync, fd); }
int rename(const char *from, const char *to) { return OR_REAL(rename, from, to); }
int link(const char *from, const char *to) { return OR_REAL(link, from, to); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return OR_REAL(linkat, a, from, b, to, flags); }
int unlink(const char *path) { return OR_REAL(unlink, path); }
int mkdir(const char *path, mode_t mode) { return OR_REAL(mkdir, path, mode); }
int fchmod(int fd, mode_t mode) { return OR_REAL(fchmod, fd, mode); }
int flock(int fd, int how) { return OR_REAL(flock, fd, how); }
int socket(int domain, int type, int protocol) { return domain != AF_UNIX && fails() ? -1 : REAL(socket, domain, type, protocol); }
int connect(int fd, const struct sockaddr *to, socklen_t size) { return OR_REAL(connect, fd, to, size); }
ssize_t send(int fd, const void *bytes, size_t size, int flags) { return socket_fails(fd) ? -1 : REAL(send, fd, bytes, size, flags); }
ssize_t recv(int fd, void *bytes, size_t size, int flags) { return socket_fails(fd) ? -1 : REAL(recv, fd, bytes, size, flags); }

ssize_t read(int fd, void *bytes, size_t size) {
  if (socket_fails(fd)) return -1;
  return REAL(read, fd, bytes, size);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  if (socket_fails(fd)) return -1;
  return REAL(write, fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (socket_fails(fd)) return -1;
  return REAL(writev, fd, parts, count);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (fails()) return -1;
  return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64"))(path, flags, mode);
}
