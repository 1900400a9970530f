// Sets the clock that a program sees to the second in CLOCK, for a machine whose clock is wrong. Time goes on as it does.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
  int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, now);
  const char *second = getenv("CLOCK");
  if (clock == CLOCK_REALTIME && second) now->tv_sec = atoll(second);
  return result;
}
