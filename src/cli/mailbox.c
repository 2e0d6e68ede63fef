/* mailbox.c — see mailbox.h. Invariant: the stage is changed by compare and exchange, so that a
 * reader that gives up and main that begins never both have a slot. */
#include <sys/random.h>

#include "cli/mailbox.h"
#include "gsm/message.h"

enum { STAGE_FREE, STAGE_GIVEN, STAGE_TAKING, STAGE_DONE, STAGE_LEFT };

int mailbox_open(struct mailbox *m, const struct sql_args *sql)
{
    m->bell.fd = -1;
    int err = store_outbox_open(&m->outbox, sql);
    m->reads = store_outbox_port(&m->outbox);
    if (!err)
        err = store_threads_open(&m->threads, sql);
    return err ? err : os_bell_open(&m->bell);
}

void mailbox_drop(struct mailbox *m)
{
    store_outbox_drop(&m->outbox);
    store_threads_drop(&m->threads);
    os_bell_drop(&m->bell);
}

/* ---- the reader --------------------------------------------------------------------------- */

static uint64_t give(void *arg, const struct texts_post *post, ms_t now_ms)
{
    struct mailbox *m = arg;
    unsigned i = 0;
    while (i < TEXTS_POSTS_MAX && atomic_load(&m->slots[i].stage) != STAGE_FREE)
        i++;
    if (i == TEXTS_POSTS_MAX)
        return 0;
    m->slots[i].number = ++m->last_number;
    m->slots[i].post = *post;
    if (post->kind == TEXTS_POST_RECEIVED &&
        m->reads.person(m->reads.arg, post->e164, &m->slots[i].post.person_id))
        m->slots[i].post.person_id = 0;
    m->slots[i].told = (struct texts_post_told){.given_ms = now_ms};
    atomic_store(&m->slots[i].stage, STAGE_GIVEN);
    os_bell_ring_always(&m->bell);
    return m->last_number;
}

static bool is_stored(struct mailbox *m, const struct texts_post *post,
                      const struct texts_post_told *told)
{
    uint8_t state = GSM_QUEUED;
    uint16_t tries_n;
    if (!told->id)
        return true; /* refused */
    int err = m->reads.look(m->reads.arg, told->id, &state, &tries_n);
    return !err && (post->kind != TEXTS_POST_RECEIPT || gsm_is_end((enum gsm_state)state));
}

static enum texts_post_state look(void *arg, uint64_t number, struct texts_post_told *told)
{
    struct mailbox *m = arg;
    for (unsigned i = 0; i < TEXTS_POSTS_MAX; i++) {
        int stage = atomic_load(&m->slots[i].stage);
        if (!number || stage == STAGE_FREE || m->slots[i].number != number)
            continue;
        if (stage != STAGE_DONE) {
            told->given_ms = m->slots[i].told.given_ms;
            return TEXTS_POST_GIVEN;
        }
        *told = m->slots[i].told;
        return is_stored(m, &m->slots[i].post, told) ? TEXTS_POST_STORED : TEXTS_POST_DONE;
    }
    return TEXTS_POST_UNKNOWN;
}

static void forget(void *arg, uint64_t number)
{
    struct mailbox *m = arg;
    for (unsigned i = 0; i < TEXTS_POSTS_MAX; i++) {
        int given = STAGE_GIVEN, taking = STAGE_TAKING;
        if (m->slots[i].number != number)
            continue;
        if (!atomic_compare_exchange_strong(&m->slots[i].stage, &given, STAGE_FREE) &&
            !atomic_compare_exchange_strong(&m->slots[i].stage, &taking, STAGE_LEFT))
            atomic_store(&m->slots[i].stage, STAGE_FREE);
    }
}

static uint64_t find(void *arg, const char *remote)
{
    struct mailbox *m = arg;
    uint64_t id = 0;
    return m->reads.find(m->reads.arg, remote, &id) ? 0 : id;
}

static bool has(void *arg, uint64_t id)
{
    struct mailbox *m = arg;
    uint8_t state;
    uint16_t tries_n;
    return m->reads.look(m->reads.arg, id, &state, &tries_n) == 0;
}

static uint64_t number(void *arg, uint64_t contact_id)
{
    struct mailbox *m = arg;
    uint64_t e164 = 0;
    struct texts_page page;
    if (!store_threads_number(&e164, &m->threads, contact_id))
        return e164;
    return store_webs_of(&page, &m->threads.webs, contact_id) ? 0 : page.e164;
}

static bool draw(void *arg, char to[2 * TEXTS_SECRET_BYTES + 1])
{
    uint64_t secret[TEXTS_SECRET_BYTES / sizeof(uint64_t)];
    (void)arg;
    if (getrandom(secret, sizeof(secret), 0) != (ssize_t)sizeof(secret))
        return false;
    for (unsigned i = 0; i < ARRAY_LEN(secret); i++)
        text_hex(to + i * 2 * sizeof(*secret), secret[i], 2 * sizeof(*secret));
    to[2 * TEXTS_SECRET_BYTES] = '\0';
    return true;
}

static void hash(void *arg, uint8_t to[JOURNAL_WEB_HASH], struct text secret)
{
    (void)arg;
    store_webs_hash(to, secret);
}

static int page(void *arg, const uint8_t of[JOURNAL_WEB_HASH], struct texts_page *out)
{
    struct mailbox *m = arg;
    return store_webs_find(out, &m->threads.webs, of);
}

static int page_of(void *arg, uint64_t contact_id, struct texts_page *out)
{
    struct mailbox *m = arg;
    return store_webs_of(out, &m->threads.webs, contact_id);
}

/* tidy: parameters — dictated by port/texts.h */
static int thread(void *arg, uint64_t contact_id, texts_shown_fn *fn, void *fn_arg)
{
    struct mailbox *m = arg;
    return store_threads_texts(&m->threads, contact_id, fn, fn_arg);
}

struct texts_port mailbox_port(struct mailbox *m)
{
    return (struct texts_port){.arg = m,
                               .give = give,
                               .look = look,
                               .forget = forget,
                               .find = find,
                               .has = has,
                               .number = number,
                               .thread = thread,
                               .draw = draw,
                               .hash = hash,
                               .page = page,
                               .page_of = page_of};
}

/* ---- main --------------------------------------------------------------------------------- */

bool mailbox_take(struct mailbox *m, mailbox_fn *fn, void *arg)
{
    bool is_any = false;
    for (unsigned i = 0; i < TEXTS_POSTS_MAX; i++) {
        int given = STAGE_GIVEN, taking = STAGE_TAKING;
        if (!atomic_compare_exchange_strong(&m->slots[i].stage, &given, STAGE_TAKING))
            continue;
        bool is_done = fn(&m->slots[i].post, &m->slots[i].told, arg);
        if (!atomic_compare_exchange_strong(&m->slots[i].stage, &taking,
                                            is_done ? STAGE_DONE : STAGE_GIVEN))
            atomic_store(&m->slots[i].stage, STAGE_FREE); /* who asked has left */
        is_any |= is_done;
    }
    return is_any;
}

bool mailbox_waits(struct mailbox *m)
{
    for (unsigned i = 0; i < TEXTS_POSTS_MAX; i++)
        if (atomic_load(&m->slots[i].stage) != STAGE_FREE)
            return true;
    return false;
}
