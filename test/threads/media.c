/* media.c — main changes its mind while the media threads run: under TSan nothing is shared by
 * mistake, nothing is lost, and what is dropped is closed once. */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "media/coder.h"
#include "os/thread.h"
#include "test/support/telephone.h"

#define LINES 12
#define ROUNDS 1500u
#define REFS_MAX 4096

struct house {
    struct studio s;
    struct telephone p[LINES];
    struct media_ref opened[REFS_MAX];
    unsigned opened_n, closed_n, heard_n;
    uint32_t chance;
    uint16_t prompt, music;
};

static uint32_t draw(struct house *h, uint32_t n)
{
    h->chance = h->chance * 1664525u + 1013904223u;
    return (h->chance >> 16) % n;
}

static void house_open(struct house *h, unsigned threads_n)
{
    uint16_t port = studio_free_port();
    struct media_args args = {.threads_n = threads_n,
                              .streams_max = 8 * LINES,
                              .port_first = port,
                              .port_last = (uint16_t)(port + 600),
                              .reports_n = 64};
    memset(h, 0, sizeof(*h));
    assert_int_equal(media_open(&h->s.media, &args), 0);
    h->s.port = media_port(h->s.media);
    h->prompt = studio_prompt(&h->s, 2, 1);
    h->music = studio_prompt(&h->s, 20, 9);
    h->chance = 1;
}

/* Takes reports; each must be about a stream that we opened. */
static void house_hear(struct house *h, int wait_ms)
{
    struct pollfd bell = {.fd = media_fd(h->s.media), .events = POLLIN};
    struct media_report r;
    (void)poll(&bell, 1, wait_ms);
    media_fd_clear(h->s.media);
    while (h->s.port.next(h->s.port.arg, &r)) {
        bool is_ours = false;
        for (unsigned i = 0; i < h->opened_n; i++)
            is_ours = is_ours || (h->opened[i].slot == r.ref.slot && h->opened[i].gen == r.ref.gen);
        assert_true(is_ours);
        h->closed_n += r.kind == MEDIA_CLOSED;
        h->heard_n += r.kind == MEDIA_KEY_BEGUN || r.kind == MEDIA_LIST_ENDED;
    }
}

static void line_open(struct house *h, struct telephone *p)
{
    telephone_open(p, &h->s);
    assert_true(h->opened_n < REFS_MAX);
    h->opened[h->opened_n++] = p->ref;
}

static void line_close(struct house *h, struct telephone *p)
{
    h->s.port.drop(h->s.port.arg, p->ref);
    telephone_close(p);
    p->ref.gen = 0;
}

/* Any order at all, so long as it is a lawful one. */
static void line_change(struct house *h, struct telephone *p)
{
    struct telephone *other = &h->p[draw(h, LINES)];
    p->want.then = (enum media_then)draw(h, 4);
    p->want.direction = (enum media_direction)draw(h, 4);
    p->want.loop_id = h->music;
    p->want.codec = (enum media_codec)draw(h, MEDIA_CODECS);
    p->want.peer = other->ref;
    p->want.join_number = draw(h, 3);
    p->want.list = (struct media_list){
        .number = draw(h, 1000), .n = 1, .stops_on_key = true, .ids = {h->prompt}};
    p->want.keys = (struct media_keys){.number = draw(h, 20), .n = 2, .keys = "7#"};
    p->want.secret.suite =
        (enum media_suite)draw(h, MEDIA_SUITES); /* whether they like it or not */
    p->want.secret.ours[0] = (uint8_t)draw(h, 3);
    int err = h->s.port.set(h->s.port.arg, p->ref, &p->want);
    assert_true(err == 0 || err == EINVAL); /* the peer may live in another thread */
}

static void one_round(struct house *h)
{
    struct telephone *p = &h->p[draw(h, LINES)];
    if (p->ref.gen == 0) {
        line_open(h, p);
        p->want.is_nat = draw(h, 2);
    }
    if (draw(h, 8) == 0) {
        line_close(h, p);
        return;
    }
    line_change(h, p);
    telephone_say(p, 1, STUDIO_FRAME);
    telephone_press(p, draw(h, 12));
    telephone_listen(p, 0);
    p->takes_n = 0;
}

static void change_all_the_time(struct house *h, unsigned threads_n)
{
    house_open(h, threads_n);
    for (unsigned i = 0; i < ROUNDS; i++) {
        one_round(h);
        house_hear(h, i % 4 == 0);
    }
    for (unsigned i = 0; i < LINES; i++)
        if (h->p[i].ref.gen != 0)
            line_close(h, &h->p[i]);
    while (h->closed_n < h->opened_n)
        house_hear(h, 1000);
    assert_int_equal(h->closed_n, h->opened_n);
    assert_int_equal(media_totals(h->s.media).streams_n, 0);
    assert_true(h->heard_n > 0);
    media_drop(h->s.media);
}

static void one_thread_follows_a_main_that_changes_its_mind_all_the_time(void **state)
{
    (void)state;
    static struct house h;
    change_all_the_time(&h, 1);
}

static void three_threads_do_too(void **state)
{
    (void)state;
    static struct house h;
    change_all_the_time(&h, 3);
}

static void a_thread_without_streams_sleeps_and_wakes_at_once(void **state)
{
    (void)state;
    static struct house h;
    house_open(&h, 1);
    for (unsigned i = 0; i < 30; i++) {
        struct telephone *p = &h.p[0];
        struct pollfd ear = {.events = POLLIN};
        line_open(&h, p);
        p->want.then = MEDIA_SILENCE;
        telephone_set(p, &h.s);
        ear.fd = p->rtp_fd;
        assert_int_equal(poll(&ear, 1, 10000), 1);
        line_close(&h, p);
        while (h.closed_n < h.opened_n)
            house_hear(&h, 1000);
    }
    media_drop(h.s.media);
}

static void an_engine_full_of_life_ends_cleanly(void **state)
{
    (void)state;
    static struct house h;
    house_open(&h, 2);
    for (unsigned i = 0; i < LINES; i++) {
        line_open(&h, &h.p[i]);
        if (i % 3 != 0)
            line_change(&h, &h.p[i]);
    }
    house_hear(&h, 20);
    for (unsigned i = 0; i < LINES; i++) {
        if (i % 2 == 0)
            line_close(&h, &h.p[i]);
        else
            telephone_close(&h.p[i]);
    }
    media_drop(h.s.media); /* some closed, some about to, some alive, some never told anything */
}

/* The form comes while the music plays, and is what is sent from then on. */
static void music_is_coded_by_a_thread_of_its_own_for_all_who_wait(void **state)
{
    (void)state;
    static struct house h;
    house_open(&h, 1);
    struct telephone *p = &h.p[0];
    line_open(&h, p);
    p->want.codec = MEDIA_OPUS;
    p->want.then = MEDIA_LOOP;
    p->want.loop_id = h.music;
    telephone_set(p, &h.s);
    struct prompt_coded *form =
        &prompts_find(media_prompts(h.s.media), h.music)->forms[MEDIA_OPUS - MEDIA_G722];
    const uint8_t *made = NULL;
    for (unsigned i = 0; i < 1000 && !made; i++) {
        struct pollfd ear = {.fd = p->rtp_fd, .events = POLLIN};
        assert_int_equal(poll(&ear, 1, 10000), 1);
        telephone_listen(p, 0);
        p->takes_n = 0;
        made = atomic_load(&form->bytes);
    }
    assert_non_null(made);
    for (unsigned i = 0; i < 3; i++) { /* the first may have been on its way */
        struct pollfd ear = {.fd = p->rtp_fd, .events = POLLIN};
        assert_int_equal(poll(&ear, 1, 10000), 1);
        telephone_listen(p, 0);
    }
    const struct take *last = &p->takes[p->takes_n - 1];
    bool is_of_it = false;
    for (unsigned f = 0; f < 20; f++)
        is_of_it |= !memcmp(last->payload, made + (size_t)f * CODER_OPUS_BYTES, CODER_OPUS_BYTES);
    assert_true(is_of_it);
    line_close(&h, p);
    media_drop(h.s.media);
}

/* ---- who goes first ---- */

/* The policy of the thread "media" of this process; -1: none lives. */
static int policy_of_media(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int policy = -1;
    assert_non_null(tasks);
    for (const struct dirent *d = readdir(tasks); d; d = readdir(tasks)) {
        char path[300], name[16] = "";
        snprintf(path, sizeof(path), "/proc/self/task/%s/comm", d->d_name);
        FILE *f = fopen(path, "r");
        bool is_media = f && fgets(name, sizeof(name), f) && !strcmp(name, "media\n");
        int its = is_media ? sched_getscheduler((pid_t)strtol(d->d_name, NULL, 10)) : -1;
        policy = its < 0 ? policy : its;
        if (f)
            fclose(f);
    }
    closedir(tasks);
    return policy;
}

static int policy_when(bool is_urgent, unsigned threads_n)
{
    uint16_t port = studio_free_port();
    struct media *m;
    struct media_args args = {.threads_n = threads_n,
                              .streams_max = 8,
                              .port_first = port,
                              .port_last = (uint16_t)(port + 60),
                              .is_urgent = is_urgent};
    assert_int_equal(media_open(&m, &args), 0);
    int policy = policy_of_media();
    media_drop(m);
    while (policy_of_media() >= 0) /* the kernel shows who was joined a moment longer */
        sched_yield();
    return policy;
}

static void *wait_for(void *arg)
{
    pthread_mutex_lock(arg);
    pthread_mutex_unlock(arg);
    return NULL;
}

static bool may_be_urged(void)
{
    struct os_thread t;
    pthread_mutex_t end = PTHREAD_MUTEX_INITIALIZER;
    const struct os_thread_args args = {"probe", wait_for, &end};
    pthread_mutex_lock(&end);
    assert_int_equal(os_thread_open(&t, &args), 0);
    int err = os_thread_urge(&t);
    pthread_mutex_unlock(&end);
    os_thread_drop(&t);
    return err == 0;
}

static void threads_go_first_when_asked_and_main_keeps_a_processor(void **state)
{
    (void)state;
    unsigned processors = os_thread_processors();
    bool may_be = may_be_urged() && processors > 1;
    assert_int_equal(policy_when(false, 1), SCHED_OTHER);
    assert_int_equal(policy_when(true, 1), may_be ? SCHED_RR : SCHED_OTHER);
    if (processors <= MEDIA_THREADS_MAX)
        assert_int_equal(policy_when(true, processors), SCHED_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thread_follows_a_main_that_changes_its_mind_all_the_time),
        cmocka_unit_test(three_threads_do_too),
        cmocka_unit_test(a_thread_without_streams_sleeps_and_wakes_at_once),
        cmocka_unit_test(music_is_coded_by_a_thread_of_its_own_for_all_who_wait),
        cmocka_unit_test(an_engine_full_of_life_ends_cleanly),
        cmocka_unit_test(threads_go_first_when_asked_and_main_keeps_a_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
