/* measure.h — what the benches share: processor seconds, an instant, the median of several runs.
 * Included by the benches only. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MEASURE_RUNS_MAX 99

/* Of the whole process, system included. */
static inline double measure_cpu_s(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static inline int64_t measure_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Of this thread: what others do meanwhile is not in it. */
static inline int64_t measure_cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline int measure_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* n ≤ MEASURE_RUNS_MAX. */
static inline double measure_median(const double *values, int n)
{
    double sorted[MEASURE_RUNS_MAX];
    memcpy(sorted, values, (size_t)n * sizeof(*values));
    qsort(sorted, (size_t)n, sizeof(*sorted), measure_compare);
    return sorted[n / 2];
}

/* The world failed; a bench that cannot measure says nothing else. */
static inline void measure_die(const char *what)
{
    perror(what);
    exit(1);
}

/* The second number of statm: pages in memory. */
static inline double measure_resident_kib(void)
{
    char line[128] = "", *rest = line;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || !fgets(line, sizeof(line), f))
        measure_die("statm");
    fclose(f);
    strtol(line, &rest, 10);
    return (double)strtol(rest, NULL, 10) * (double)sysconf(_SC_PAGESIZE) / 1024;
}

/* Of the wall clock, which the kernel's stamps have too. */
static inline int64_t measure_wall_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#endif
