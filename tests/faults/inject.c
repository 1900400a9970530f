// Runs a program and has one of its system calls fail, whichever way the call is made: by libc, by a library of its own, or by
// the runtime. Beyond a preloaded library it reaches all of them; beyond strace it counts over all threads, and leaves out the
// loader, the runtime's start, and the programs that are started by the program.
//
//   inject REPORT AT ERROR PROGRAM ARGUMENT...
//
// REPORT gets a line for each call that counts, `NUMBER NAME PATH-OR-DESCRIPTOR`, and `failed` behind the one that failed.

#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

// What the first argument is.
enum first { FD, PATH, AT_PATH, OTHER };

static const struct call { long number; const char *name; enum first first; } CALLS[] = {
#define CALL(name, first) { SYS_##name, #name, first },
#ifdef SYS_open
  CALL(open, PATH) CALL(stat, PATH) CALL(lstat, PATH) CALL(access, PATH) CALL(readlink, PATH) CALL(rename, PATH)
  CALL(link, PATH) CALL(unlink, PATH) CALL(mkdir, PATH) CALL(rmdir, PATH) CALL(chmod, PATH) CALL(chown, PATH)
  CALL(lchown, PATH) CALL(symlink, PATH) CALL(poll, OTHER) CALL(epoll_wait, FD) CALL(fork, OTHER) CALL(vfork, OTHER)
#endif
  CALL(openat, AT_PATH) CALL(newfstatat, AT_PATH) CALL(statx, AT_PATH) CALL(faccessat, AT_PATH) CALL(readlinkat, AT_PATH)
  CALL(renameat2, AT_PATH) CALL(renameat, AT_PATH) CALL(linkat, AT_PATH) CALL(unlinkat, AT_PATH) CALL(mkdirat, AT_PATH)
  CALL(fchmodat, AT_PATH) CALL(fchownat, AT_PATH) CALL(utimensat, AT_PATH) CALL(statfs, PATH)
  CALL(fstat, FD) CALL(fchmod, FD) CALL(fchown, FD) CALL(ftruncate, FD) CALL(fallocate, FD) CALL(fsync, FD)
  CALL(fdatasync, FD) CALL(flock, FD) CALL(fcntl, FD) CALL(getdents64, FD) CALL(lseek, FD) CALL(ioctl, FD) CALL(close, FD)
  CALL(read, FD) CALL(pread64, FD) CALL(readv, FD) CALL(write, FD) CALL(pwrite64, FD) CALL(writev, FD) CALL(dup, FD)
  CALL(dup3, FD) CALL(getcwd, OTHER) CALL(chdir, PATH) CALL(copy_file_range, FD)
  CALL(socket, OTHER) CALL(connect, FD) CALL(bind, FD) CALL(listen, FD) CALL(accept4, FD) CALL(getsockname, FD)
  CALL(getpeername, FD) CALL(getsockopt, FD) CALL(setsockopt, FD) CALL(sendto, FD) CALL(sendmsg, FD) CALL(recvfrom, FD)
  CALL(recvmsg, FD) CALL(shutdown, FD) CALL(socketpair, OTHER) CALL(pipe2, OTHER) CALL(eventfd2, OTHER)
  CALL(epoll_create1, OTHER) CALL(epoll_ctl, FD) CALL(epoll_pwait, FD) CALL(ppoll, OTHER)
  CALL(clone, OTHER) CALL(clone3, OTHER) CALL(execve, PATH) CALL(wait4, OTHER) CALL(waitid, OTHER) CALL(kill, OTHER)
  CALL(mmap, OTHER) CALL(brk, OTHER) CALL(mremap, OTHER) CALL(getrandom, OTHER)
};

static FILE *report;
static pid_t first;
static long at, with, calls;
static int begun, signal_stacks;

static const struct call *known(long number) {
  for (size_t n = 0; n < sizeof CALLS / sizeof *CALLS; n++)
    if (CALLS[n].number == number) return &CALLS[n];
  return NULL;
}

// The text at an address of the traced task.
static void text_at(pid_t task, unsigned long address, char *text, size_t size) {
  struct iovec to = { text, size - 1 }, from = { (void *)address, size - 1 };
  ssize_t got = process_vm_readv(task, &to, 1, &from, 1, 0);
  if (got < 0) {
    // The string may end right before a page that is not there.
    from.iov_len = 4096 - address % 4096 < size - 1 ? 4096 - address % 4096 : size - 1;
    got = process_vm_readv(task, &to, 1, &from, 1, 0);
  }
  text[got < 0 ? 0 : got] = 0;
  text[strcspn(text, "\n")] = 0;
}

// What a process says to itself, or to another of this machine, goes through no network.
static int is_local(pid_t task, int fd) {
  struct sockaddr_storage name = { 0 };
  socklen_t size = sizeof name;
  int process = (int)syscall(SYS_pidfd_open, task, 0);
  if (process < 0) process = (int)syscall(SYS_pidfd_open, first, 0);
  int copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
  int is_local = getsockname(copy, (struct sockaddr *)&name, &size) == 0 && name.ss_family == AF_UNIX;
  close(copy);
  close(process);
  return is_local;
}

static void where(pid_t task, const struct call *call, const __uint64_t *args, char *text, size_t size) {
  char link[64];
  ssize_t length;
  *text = 0;
  if (call->first == PATH) text_at(task, args[0], text, size);
  if (call->first == AT_PATH) text_at(task, args[1], text, size);
  if (call->first == FD || (call->first == AT_PATH && !*text)) {
    snprintf(link, sizeof link, "/proc/%d/fd/%d", task, (int)args[0]);
    length = readlink(link, text, size - 1);
    text[length < 0 ? 0 : length] = 0;
    if (!strncmp(text, "socket:", 7) && is_local(task, (int)args[0])) snprintf(text, size, "socket:local");
    struct stat about;
    if (stat(link, &about) == 0 && S_ISDIR(about.st_mode)) snprintf(text + length, size - (size_t)length, "/");
    if (args[0] <= 2) snprintf(text, size, "fd %d", (int)args[0]);
    // Of this one it is the command that tells what may fail.
    if (call->number == SYS_fcntl) snprintf(text + strlen(text), size - strlen(text), " command %d", (int)args[1]);
  }
}

// Without memory the end of the heap stays where it is, which is what an argument of 0 asks for.
#if defined(__x86_64__)
static void set_end(pid_t task, unsigned long end) {
  struct user_regs_struct all;
  ptrace(PTRACE_GETREGS, task, 0, &all);
  all.rdi = end;
  ptrace(PTRACE_SETREGS, task, 0, &all);
}

static void set(pid_t task, int is_entry, long value) {
  struct user_regs_struct all;
  ptrace(PTRACE_GETREGS, task, 0, &all);
  if (is_entry) all.orig_rax = (unsigned long)value; else all.rax = (unsigned long)value;
  ptrace(PTRACE_SETREGS, task, 0, &all);
}
#elif defined(__aarch64__)
static void set(pid_t task, int is_entry, long value) {
  int number = (int)value;
  struct user_regs_struct all;
  struct iovec one = { &number, sizeof number }, regs = { &all, sizeof all };
  if (is_entry) { ptrace(PTRACE_SETREGSET, task, NT_ARM_SYSTEM_CALL, &one); return; }
  ptrace(PTRACE_GETREGSET, task, NT_PRSTATUS, &regs);
  all.regs[0] = (unsigned long)value;
  ptrace(PTRACE_SETREGSET, task, NT_PRSTATUS, &regs);
}

// What is answered stands where it was asked for.
static void set_end(pid_t task, unsigned long end) { if (!end) set(task, 0, 0); }
#else
#error "this processor is not known"
#endif

// The task whose call is to end with the error, and the end of the heap that it asked for.
static pid_t failing;
static unsigned long heap_end;

static void entered(pid_t task, const struct __ptrace_syscall_info *info) {
  char place[512];
  const struct call *call = known((long)info->entry.nr);
  // The second one is the end of the runtime's start: the stack for its handler of overflows.
  if (!begun) { begun = info->entry.nr == SYS_sigaltstack && ++signal_stacks == 2; return; }
  if (!call) return;
  where(task, call, info->entry.args, place, sizeof place);
  calls++;
  fprintf(report, "%ld %s %s%s\n", calls, call->name, place, calls == at ? " failed" : "");
  if (calls != at) return;
  failing = task;
  if (call->number == SYS_brk) { heap_end = info->entry.args[0]; set_end(task, 0); return; }
  // Linux closes in any case, whatever it says of it.
  if (call->number != SYS_close) set(task, 1, -1);
}

static int stopped(pid_t task, int status, int *leaves) {
  struct __ptrace_syscall_info info;
  int signal = WSTOPSIG(status), event = status >> 16;
  if (signal == (SIGTRAP | 0x80)) {
    if (ptrace(PTRACE_GET_SYSCALL_INFO, task, sizeof info, &info) < 0) return 0;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) entered(task, &info);
    if (info.op == PTRACE_SYSCALL_INFO_EXIT && task == failing) {
      if (heap_end) set_end(task, heap_end); else set(task, 0, -with);
      failing = 0;
      heap_end = 0;
    }
    return 0;
  }
  // A program that the program has started is not looked into.
  if (event == PTRACE_EVENT_EXEC && begun) *leaves = 1;
  if (event) return 0;
  // A new task begins with a stop.
  return signal == SIGSTOP || signal == SIGTRAP ? 0 : signal;
}

// Ctrl-C is for the program, and for the tracer only through it.
static void forward(int signal) { kill(first, signal); }

int main(int count, char **words) {
  if (count < 5) return 125;
  report = fopen(words[1], "w");
  at = atol(words[2]);
  with = atol(words[3]);
  first = fork();
  if (first == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    execvp(words[4], words + 4);
    _exit(126);
  }
  signal(SIGINT, forward);
  int status, result = 125;
  waitpid(first, &status, 0);
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC |
                 PTRACE_O_EXITKILL;
  if (!report || ptrace(PTRACE_SETOPTIONS, first, 0, options) < 0) return 125;
  ptrace(PTRACE_SYSCALL, first, 0, 0);
  for (pid_t task; (task = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
    if (task < 0) continue;
    if (WIFSTOPPED(status)) {
      int leaves = 0, signal = stopped(task, status, &leaves);
      ptrace(leaves ? PTRACE_DETACH : PTRACE_SYSCALL, task, 0, signal);
    } else if (task == first) {
      result = status;
      break;
    }
  }
  fclose(report);
  if (WIFSIGNALED(result)) {
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    signal(WTERMSIG(result), SIG_DFL);
    kill(getpid(), WTERMSIG(result));
  }
  return WEXITSTATUS(result);
}
