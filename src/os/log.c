/* log.c — lines for the operator, bounded.
 * Called by edges and main.c, from any thread. One write(2) a line, so lines never mix; before it a
 * poll(2) that does not wait, because a reader that stopped reading must not stop us.
 * Cost: ~2 µs a line. Invariant: at most lines_max lines in one second of the clock. */
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "os/log.h"

void os_log_open(struct os_log *log, const struct os_log_args *args)
{
    log->fd = args->fd;
    log->level_min = args->level_min;
    log->lines_max = args->lines_max ? args->lines_max : OS_LOG_LINES_PER_S;
    log->wall_at = args->wall_at ? args->wall_at : os_clock_wall_at;
    atomic_init(&log->window, 0);
    atomic_init(&log->left_out_n, 0);
}

/* Takes one line of this second's share. */
static bool take_share(struct os_log *log, ms_t at)
{
    uint64_t second = (uint64_t)(uint32_t)(at / 1000) << 32;
    uint64_t seen = atomic_load(&log->window);
    uint64_t next;
    do {
        uint64_t used = seen >> 32 == second >> 32 ? (uint32_t)seen : 0;
        if (used >= log->lines_max)
            return false;
        next = second | (used + 1);
    } while (!atomic_compare_exchange_weak(&log->window, &seen, next));
    return true;
}

static bool is_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

static size_t cut(int written, size_t room)
{
    if (written < 0)
        return 0;
    return (size_t)written < room ? (size_t)written : room - 1;
}

static size_t put_head(char *line, ms_t at, enum os_log_level level)
{
    static const char *const names[] = {"info", "warning", "alarm"};
    char date[CIVIL_TEXT_BYTES];
    civil_text(date, at);
    return cut(snprintf(line, OS_LOG_LINE_MAX, "%s %s ", date, names[level]), OS_LOG_LINE_MAX);
}

void os_log_line(struct os_log *log, enum os_log_level level, const char *format, ...)
{
    if (!log || level < log->level_min)
        return;
    ms_t at = log->wall_at();
    if (!is_ready(log->fd) || !take_share(log, at)) {
        atomic_fetch_add(&log->left_out_n, 1);
        return;
    }
    char line[OS_LOG_LINE_MAX];
    size_t n = put_head(line, at, level);
    uint64_t left_out = atomic_exchange(&log->left_out_n, 0);
    if (left_out)
        n += cut(snprintf(line + n, sizeof(line) - n, "(%" PRIu64 " lines left out) ", left_out),
                 sizeof(line) - n);
    va_list list;
    va_start(list, format);
    n += cut(vsnprintf(line + n, sizeof(line) - n, format, list), sizeof(line) - n);
    va_end(list);
    line[n++] = '\n';
    ssize_t done = write(log->fd, line, n);
    if (done != (ssize_t)n)
        atomic_fetch_add(&log->left_out_n, 1);
}
