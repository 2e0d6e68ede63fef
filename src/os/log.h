/* log.h — lines for the operator in logfmt, at most so many a second, never waiting for the reader:
 *   ts=2026-11-22T10:15:00.123Z level=alarm part=trunk about=sip.operateur.fr msg="does not answer"
 * Called by edges and main.c, from any thread. A line that would have to wait (a full pipe) or that
 * is one too many in its second is left out, counted, and the count is told by a later line.
 * Never in a line: numbers and names of people. */
#ifndef OS_LOG_H
#define OS_LOG_H

#include <stdatomic.h>

#include "os/clock.h"

/* Longest line, with its line end; the rest is cut. */
#define OS_LOG_LINE_MAX 512
#define OS_LOG_LINES_PER_S 100

enum os_log_level { OS_LOG_INFO, OS_LOG_WARNING, OS_LOG_ALARM };

struct os_log {
    int fd; /* borrowed */
    uint32_t lines_max;
    enum os_log_level level_min;
    os_clock_fn *wall_at;
    _Atomic uint64_t window;     /* second in the upper half, lines written in it in the lower */
    _Atomic uint64_t left_out_n; /* since the last line that told it */
};

struct os_log_args {
    int fd;
    uint32_t lines_max;          /* a second; 0: OS_LOG_LINES_PER_S */
    enum os_log_level level_min; /* less serious lines are not written */
    os_clock_fn *wall_at;        /* NULL: the wall clock */
};

void os_log_open(struct os_log *log, const struct os_log_args *args);

/* One line. What is written begins with its part, "part: …" or "part about: …", both single words;
 * after a tab stands a further field as "\tname=value", the last ones. Values that need it are
 * quoted, quotes and backslashes escaped, line ends and other controls become spaces. A NULL log
 * swallows it. */
void os_log_line(struct os_log *log, enum os_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
