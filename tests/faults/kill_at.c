// Kills the process, as kill -9 does, just before the call with the number in KILL_AT that would leave a trace outside of
// it: on the disk, or on the network. Preloaded into the program that is tested; it must change nothing else.
// With KILL_COUNT it writes the number of such calls to that file descriptor at the end instead.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic long calls;

static void at(void) {
  const char *limit = getenv("KILL_AT");
  if (++calls == (limit ? atol(limit) : -1)) raise(SIGKILL);
}

__attribute__((destructor)) static void tell(void) {
  const char *descriptor = getenv("KILL_COUNT");
  if (descriptor) dprintf(atoi(descriptor), "calls: %ld\n", calls);
}

#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

int fsync(int fd) { at(); return REAL(fsync, fd); }
int fdatasync(int fd) { at(); return REAL(fdatasync, fd); }
int rename(const char *from, const char *to) { at(); return REAL(rename, from, to); }
int renameat(int a, const char *from, int b, const char *to) { at(); return REAL(renameat, a, from, b, to); }
int unlink(const char *path) { at(); return REAL(unlink, path); }
int mkdir(const char *path, mode_t mode) { at(); return REAL(mkdir, path, mode); }
int connect(int fd, const struct sockaddr *to, socklen_t size) { at(); return REAL(connect, fd, to, size); }
ssize_t send(int fd, const void *bytes, size_t size, int flags) { at(); return REAL(send, fd, bytes, size, flags); }
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) { at(); return REAL(sendmsg, fd, message, flags); }
ssize_t recv(int fd, void *bytes, size_t size, int flags) { at(); return REAL(recv, fd, bytes, size, flags); }

ssize_t write(int fd, const void *bytes, size_t size) {
  if (fd > 2) at();
  return REAL(write, fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (fd > 2) at();
  return REAL(writev, fd, parts, count);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (flags & (O_CREAT | O_TRUNC)) at();
  return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64"))(path, flags, mode);
}
