/* doorkeeper.h — pages with accounts over a store, a thread of passwords and a directory that a
 * test holds in its hands: for tests of who may what. */
#ifndef TEST_SUPPORT_DOORKEEPER_H
#define TEST_SUPPORT_DOORKEEPER_H

#include "test/support/doorkeeper_disk.h"
#include "test/support/doorkeeper_place.h"

static inline uint64_t door_verify(void *arg, struct text password, const char *hash)
{
    struct door *d = arg;
    (void)password;
    if (d->is_worker_full)
        return 0;
    d->verifies_n++;
    memset(d->verified, 0, sizeof(d->verified));
    memcpy(d->verified, hash, strlen(hash));
    return d->verifies_n;
}

static inline uint64_t door_make(void *arg, struct text password)
{
    return door_verify(arg, password, "made");
}

static inline enum password_state door_look(void *arg, uint64_t job_id, struct password_told *told)
{
    struct door *d = arg;
    (void)job_id;
    *told = d->told;
    return d->is_worker_busy ? PASSWORD_GIVEN : PASSWORD_DONE;
}

static inline void door_forget(void *arg, uint64_t job_id)
{
    (void)arg;
    (void)job_id;
}

static inline uint64_t door_give(void *arg, const struct command *cmd, ms_t now_ms)
{
    struct door *d = arg;
    (void)cmd;
    (void)now_ms;
    return UINT64_C(1) << 40 | ++d->orders_n;
}

static inline uint64_t door_give_headset(void *arg, const struct order_headset *headset,
                                         ms_t now_ms)
{
    struct door *d = arg;
    (void)headset;
    (void)now_ms;
    return UINT64_C(1) << 40 | ++d->orders_n;
}

static inline void door_open_ports(struct door *d)
{
    d->port = (struct accounts_port){.arg = d,
                                     .find = door_find,
                                     .session = door_session,
                                     .session_id = door_session_id,
                                     .scope = door_scope,
                                     .next = door_next,
                                     .nth_session = door_nth,
                                     .count = door_count,
                                     .audit = door_audit,
                                     .has_audit = door_has_audit,
                                     .post = door_post,
                                     .post_arg = d,
                                     .random = door_random,
                                     .hash = door_hash};
    d->passwords = (struct password_port){.arg = d,
                                          .verify = door_verify,
                                          .make = door_make,
                                          .look = door_look,
                                          .forget = door_forget};
    d->orders =
        (struct orders_port){.arg = d, .give = door_give, .give_headset = door_give_headset};
}

/* Somebody of this login is on the disk, with a session whose cookie is DOOR_COOKIE. */
static inline void door_admit(struct door *d, unsigned roles, bool is_whole)
{
    d->has_account = d->has_session = true;
    d->account = (struct account){.id = 9,
                                  .login = "c.martin",
                                  .name = "C. <Martin>",
                                  .roles = (uint8_t)roles,
                                  .is_whole = is_whole};
    d->session = (struct account_session){.id = DOOR_ID,
                                          .account_id = 9,
                                          .born_at = DOOR_AT,
                                          .made_at = DOOR_AT,
                                          .seen_at = DOOR_AT,
                                          .ends_at = DOOR_AT + 3600000};
    memcpy(d->hash, "$good$", 7);
    door_hash(NULL, d->session.hash, (struct text){DOOR_SECRET, SESSION_SECRET_BYTES});
}

static inline struct door *door_open(void)
{
    struct door *d = calloc(1, sizeof(*d));
    struct directory *directory = door_directory();
    const struct readmodel_args args = {
        .acd = {64, 8, 4, 64}, .kpi = {96, 64}, .directory = directory};
    size_t n = (readmodel_bytes(&args) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, n);
    assert_non_null(d);
    assert_non_null(memory);
    d->model = readmodel_open(memset(memory, 0, n), &args);
    readmodel_caught_up(d->model);
    d->directory = directory;
    d->accounts = calloc(1, sizeof(*d->accounts));
    assert_non_null(d->accounts);
    door_open_ports(d);
    const struct accounts_args mine = {.port = &d->port, .passwords = &d->passwords};
    assert_true(accounts_open(d->accounts, &mine));
    d->pages = (struct pages){.model = d->model,
                              .committed = &d->committed,
                              .orders = &d->orders,
                              .accounts = d->accounts};
    d->pages_port = pages_port(&d->pages);
    return d;
}

static inline void door_drop(struct door *d)
{
    free(d->model);
    free(d->directory);
    free(d->accounts);
    free(d);
}

/* From afar, by a proxy that speaks TLS, from a page of ours. */
static inline struct pages_request door_request(enum pages_method method, const char *path)
{
    struct pages_request r = {.method = method,
                              .principal = PAGES_STRANGER,
                              .now_at = DOOR_AT,
                              .now_ms = DOOR_MS,
                              .browser = {.cookie = TEXT(DOOR_COOKIE),
                                          .host = TEXT("a.fr"),
                                          .origin = TEXT("https://a.fr"),
                                          .site = TEXT("same-origin"),
                                          .proto = TEXT("https"),
                                          .clients = TEXT("192.0.2.1"),
                                          .is_forwarded = true}};
    bool is_read = address_read_ip(&r.browser.peer, TEXT("127.0.0.1"));
    assert_true(is_read);
    r.query = text_of(path);
    r.path = text_cut(&r.query, '?');
    return r;
}

static inline unsigned door_ask(struct door *d, const struct pages_request *request)
{
    d->answer = (struct pages_answer){.body = {.p = d->page, .max = DOOR_BYTES - 1}};
    d->pages_port.answer(d->pages_port.arg, request, &d->answer);
    d->page[d->answer.body.n] = '\0';
    return d->answer.status;
}

/* Comes again while the answer is later, as web/ does. */
static inline unsigned door_await(struct door *d, struct pages_request *r)
{
    unsigned status = door_ask(d, r);
    for (unsigned i = 0; d->answer.is_later && i < 10; i++) {
        r->order_id = d->answer.order_id;
        status = door_ask(d, r);
    }
    return status;
}

/* What a form of this session brings. */
static inline struct text door_csrf(void)
{
    static char csrf[2 * SESSION_HASH_BYTES];
    char bytes[5 + sizeof(uint64_t)] = {'c', 's', 'r', 'f', ':'};
    uint8_t hash[SESSION_HASH_BYTES];
    uint64_t id = DOOR_ID;
    memcpy(bytes + 5, &id, sizeof(id));
    door_hash(NULL, hash, (struct text){bytes, sizeof(bytes)});
    for (unsigned i = 0; i < SESSION_HASH_BYTES; i++)
        text_hex(csrf + 2 * i, hash[i], 2);
    return (struct text){csrf, sizeof(csrf)};
}

#endif
