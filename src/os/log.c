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

/* What is written to: one byte is kept for the line end. */
struct line {
    char bytes[OS_LOG_LINE_MAX];
    size_t n;
};

static void put_char(struct line *line, char c)
{
    if (line->n < sizeof(line->bytes) - 1)
        line->bytes[line->n++] = c;
}

static void put(struct line *line, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_char(line, text[i]);
}

static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7f;
}

static bool needs_quotes(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_control(text[i]) || strchr(" \"\\=", text[i]))
            return true;
    return n == 0;
}

/* A quote that would have no room keeps none: the end of a cut value is its own. */
static void put_value(struct line *line, const char *text, size_t n)
{
    if (!needs_quotes(text, n)) {
        put(line, text, n);
        return;
    }
    put_char(line, '"');
    for (size_t i = 0; i < n && line->n < sizeof(line->bytes) - 3; i++) {
        if (text[i] == '"' || text[i] == '\\')
            put_char(line, '\\');
        put_char(line, is_control(text[i]) ? ' ' : text[i]);
    }
    put_char(line, '"');
}

static void put_field(struct line *line, const char *name, const char *value, size_t n)
{
    put(line, name, strlen(name));
    put_char(line, '=');
    put_value(line, value, n);
}

static size_t word_n(const char *text)
{
    return strcspn(text, " :\t");
}

/* "part: …", "part about: …": what stands before is told, and the rest is returned. An address of
 * IPv6 is no word: what has it is a message. */
static const char *put_part(struct line *line, const char *text)
{
    size_t part_n = word_n(text), about_n = 0;
    const char *about = text + part_n + 1;
    if (text[part_n] == ' ')
        about_n = strcspn(about, " \t");
    bool has_about = about_n > 1 && about[about_n - 1] == ':' && about[about_n] == ' ';
    bool has_part = part_n && text[part_n] == ':' && text[part_n + 1] == ' ';
    if (!has_part && !has_about)
        return text;
    put_field(line, " part", text, part_n);
    if (!has_about)
        return text + part_n + 2;
    put_field(line, " about", about, about_n - 1);
    return about + about_n + 1;
}

static void put_text(struct line *line, const char *text)
{
    text = put_part(line, text);
    size_t n = strcspn(text, "\t");
    put_field(line, " msg", text, n);
    for (text += n; *text; text += n) {
        size_t name_n = strcspn(++text, "=\t");
        put_char(line, ' ');
        put(line, text, name_n);
        text += name_n + (text[name_n] == '=');
        n = strcspn(text, "\t");
        put_char(line, '=');
        put_value(line, text, n);
    }
}

static void put_head(struct line *line, ms_t at, enum os_log_level level)
{
    static const char *const names[] = {"info", "warning", "alarm"};
    char date[CIVIL_TEXT_BYTES];
    civil_text(date, at);
    put_field(line, "ts", date, strlen(date));
    put_field(line, " level", names[level], strlen(names[level]));
}

static void put_count(struct line *line, uint64_t left_out)
{
    char text[24];
    int n = snprintf(text, sizeof(text), "%" PRIu64, left_out);
    put_field(line, " left_out", text, n > 0 ? (size_t)n : 0);
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
    struct line line = {.n = 0};
    char text[OS_LOG_LINE_MAX];
    put_head(&line, at, level);
    uint64_t left_out = atomic_exchange(&log->left_out_n, 0);
    if (left_out)
        put_count(&line, left_out);
    va_list list;
    va_start(list, format);
    int text_n = vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    put_text(&line, text_n < 0 ? format : text);
    line.bytes[line.n++] = '\n';
    ssize_t done = write(log->fd, line.bytes, line.n);
    if (done != (ssize_t)line.n)
        atomic_fetch_add(&log->left_out_n, 1);
}
