/* serve_calls.c — the calls in course outlive the process: rows in a file beside the socket of this
 * machine, written as they change, and read once by who starts next
 * (docs/adr/0020-calls-that-survive.md). Called by serve_open.c and serve.c. Cost: some 2 µs a call
 * that a turn has touched; no system call but one now and then to take room. Losing the file loses
 * calls, never a place: the journal has that. Invariants: at any instant one file has the rows, so
 * that a death while they are taken up loses no call; rows that no start has lived through are
 * tried CALLS_TRIES_MAX times, so that one that kills us does not do it for ever; a full disk keeps
 * no calls and ends none. */
#include <errno.h>
#include <string.h>

#include "cli/house.h"
#include "phone/kept.h"

#define SUFFIX ".calls"
#define SUFFIX_NEXT ".calls.next"       /* ours, until what was taken up stands in it */
#define SUFFIX_TRIED ".calls.tried"     /* theirs, from the moment that we read it */
#define LAYOUT UINT64_C(0x31736c6c6163) /* "calls1" */
#define HEAD_BYTES 4096
#define STRIDE (PHONE_ROW_BYTES + LINES_ROW_BYTES)
/* Who was left alone for longer has hung up: they are let go, and keep their place. */
#define RESUME_MS_MAX ((ms_t)60000)
/* Fewer than what sets the journal aside (JOURNAL_CRASHES_MAX). */
#define CALLS_TRIES_MAX 2

struct head {
    uint64_t layout;
    uint32_t stride, rows_n;
    ms_t alive_at;    /* of the wall clock */
    uint32_t tries_n; /* starts that have read these rows, and have not lived a turn since */
    uint32_t none;
};

/* ---- writing ------------------------------------------------------------------------------ */

static void give_up(struct house *h, int err)
{
    char why[64];
    os_log_line(&h->log, OS_LOG_WARNING,
                "serve: %s: %s — calls in course would not survive a restart", h->calls.path,
                strerror_r(err, why, sizeof(why)));
    phone_keep_calls(h->phone, NULL);
    lines_keep(h->lines, NULL);
    os_shared_drop(&h->calls.file);
    const char *const names[] = {h->calls.path, h->calls.next};
    for (unsigned i = 0; i < ARRAY_LEN(names); i++) /* what is no longer true is not read */
        err = os_file_unlink(names[i]);
}

static void set_rows(struct house_calls *c, uint32_t n)
{
    uint8_t *p = c->file.p + HEAD_BYTES;
    c->legs = (struct rows){.p = p, .stride = STRIDE, .row_bytes = PHONE_ROW_BYTES, .n = n};
    c->lines = (struct rows){
        .p = p + PHONE_ROW_BYTES, .stride = STRIDE, .row_bytes = LINES_ROW_BYTES, .n = n};
}

/* There is room for each leg and each line that there is. */
static int make_room(struct house *h)
{
    struct house_calls *c = &h->calls;
    uint32_t legs_n = phone_kept_n(h->phone), lines_n = lines_kept_n(h->lines);
    uint32_t n = legs_n > lines_n ? legs_n : lines_n;
    if (n <= c->legs.n && c->file.ready_n)
        return 0;
    int err = os_shared_grow(&c->file, HEAD_BYTES + (size_t)n * STRIDE);
    if (!err)
        set_rows(c, (uint32_t)((c->file.ready_n - HEAD_BYTES) / STRIDE));
    return err;
}

static void keep(struct house *h)
{
    struct house_calls *c = &h->calls;
    int err = c->file.p ? make_room(h) : 0;
    if (err)
        give_up(h, err);
    if (!c->file.p)
        return;
    phone_keep_turn(h->phone);
    lines_keep_turn(h->lines);
    const struct head head = {.layout = LAYOUT,
                              .stride = STRIDE,
                              .rows_n = c->legs.n,
                              .alive_at = h->wall_at,
                              .tries_n = c->tries_n};
    memcpy(c->file.p, &head, sizeof(head));
}

void house_keep_calls(struct house *h)
{
    h->calls.tries_n = 0; /* a turn with them was lived through */
    keep(h);
}

/* ---- reading ------------------------------------------------------------------------------ */

static bool is_head(const struct head *head, size_t n)
{
    return n >= sizeof(*head) && head->layout == LAYOUT && head->stride == STRIDE && head->rows_n &&
           head->rows_n <= PHONE_LEGS_MAX;
}

/* What an earlier process left; 0 rows: nothing that could be read. */
static void read_rows(struct house_calls *c)
{
    struct head head;
    size_t n = 0;
    if (os_file_read(c->tried, &head, sizeof(head), &n) || !is_head(&head, n))
        return;
    c->tries_n += head.tries_n;
    if (c->tries_n > CALLS_TRIES_MAX ||
        os_pages_open(&c->former, HEAD_BYTES + (size_t)head.rows_n * STRIDE))
        return;
    if (os_file_read(c->tried, c->former.p, c->former.n, &n) || n <= HEAD_BYTES) {
        os_pages_drop(&c->former);
        return;
    }
    c->former_n = (uint32_t)((n - HEAD_BYTES) / STRIDE);
    c->alive_at = head.alive_at;
}

/* Aside first: a start that dies over them leaves them there, and nobody in their place. */
static void read_former(struct house_calls *c)
{
    bool is_again = os_file_rename(c->path, c->tried) != 0 && os_file_exists(c->tried);
    c->tries_n = 1;
    c->tries_n += is_again;
    read_rows(c);
    int err = is_again ? os_file_unlink(c->tried) : 0;
    (void)err; /* then they are tried once more */
}

int house_open_calls(struct house *h)
{
    struct house_calls *c = &h->calls;
    const char *socket = h->settings.web.socket, *base = *socket ? socket : h->journal_path;
    c->file.fd = -1;
    int err = os_path_join(c->path, base, SUFFIX);
    err = err ? err : os_path_join(c->next, base, SUFFIX_NEXT);
    err = err ? err : os_path_join(c->tried, base, SUFFIX_TRIED);
    if (err)
        return cli_cannot(h->args, h->journal_path, err, "make the path shorter");
    read_former(c);
    size_t n = HEAD_BYTES + (size_t)h->settings.phone.legs_max * STRIDE;
    err = os_shared_open(&c->file, c->next, n);
    err = err ? err : make_room(h);
    phone_keep_calls(h->phone, &c->legs);
    lines_keep(h->lines, &c->lines);
    if (err)
        give_up(h, err);
    return 0;
}

/* From now on a death leaves our rows, not theirs. */
static void put_in_place(struct house *h)
{
    struct house_calls *c = &h->calls;
    keep(h);
    int err = c->file.p ? os_file_rename(c->next, c->path) : 0;
    if (err)
        give_up(h, err);
    err = os_file_unlink(c->tried);
    (void)err; /* there was none; or it is overwritten by the next start */
}

/* At an end in order everybody was let go: their rows would be of nobody. */
void house_drop_calls(struct house *h)
{
    struct house_calls *c = &h->calls;
    int err = c->file.p && !h->is_leaving ? os_file_unlink(c->path) : 0;
    (void)err; /* then the next start asks each of them, and hears that it is over */
    os_pages_drop(&c->former);
    os_shared_drop(&c->file);
}

/* ---- taking up ---------------------------------------------------------------------------- */

static struct text former_row(const struct house_calls *c, uint32_t i, bool is_line)
{
    uint8_t *p = (uint8_t *)c->former.p + HEAD_BYTES;
    const struct rows legs = {p, STRIDE, PHONE_ROW_BYTES, c->former_n};
    const struct rows lines = {p + PHONE_ROW_BYTES, STRIDE, LINES_ROW_BYTES, c->former_n};
    const uint8_t *bytes = NULL;
    size_t n = rows_get(is_line ? &lines : &legs, i, &bytes);
    return (struct text){(const char *)bytes, n};
}

static uint32_t take_legs(struct house *h, bool has_near)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < h->calls.former_n; i++) {
        struct text row = former_row(&h->calls, i, false);
        n += row.n && phone_resume(h->phone, row, has_near);
    }
    return n;
}

static uint32_t take_lines(struct house *h, enum lines_resumed which)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < h->calls.former_n; i++) {
        struct text row = former_row(&h->calls, i, true);
        n += row.n && lines_resume(h->lines, row, which);
    }
    return n;
}

static void take_up(struct house *h)
{
    struct house_calls *c = &h->calls;
    uint32_t at = 0;
    uint64_t call_id;
    ms_t away_ms = h->wall_at - c->alive_at;
    phone_time(h->phone, h->now_at);
    uint32_t legs_n = take_legs(h, false) + take_legs(h, true), lines_n = 0;
    if (away_ms >= 0 && away_ms <= RESUME_MS_MAX)
        for (unsigned i = LINES_CALLERS; i <= LINES_OTHERS; i++)
            lines_n += take_lines(h, (enum lines_resumed)i);
    phone_resume_end(h->phone, lines_have_leg, h->lines);
    while (lines_next_call(h->lines, &at, &call_id))
        app_keep(h->app, call_id);
    if (legs_n)
        os_log_line(&h->log, OS_LOG_INFO,
                    "serve: %u lines go on after %lld ms, %u could not and are let go", lines_n,
                    (long long)away_ms, legs_n - lines_n);
}

void house_resume(struct house *h)
{
    struct house_calls *c = &h->calls;
    if (c->former_n)
        take_up(h);
    put_in_place(h);
    os_pages_drop(&c->former);
    c->former_n = 0;
}
