/* alloc.c — nothing is allocated on the way of a packet: music, keys, bridges between all codecs,
 * RTCP, strangers.
 * The allocator of the C library is counted; where a sanitizer has its own, the test is skipped. */
#include "test/support/telephone.h"

#define PACKETS_MIN 10000u

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

static unsigned allocations_n;

#ifndef HAS_SANITIZER
#define SEEN __attribute__((visibility("default")))

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

SEEN void *malloc(size_t n)
{
    allocations_n++;
    return __libc_malloc(n);
}

SEEN void *calloc(size_t n, size_t size)
{
    allocations_n++;
    return __libc_calloc(n, size);
}

SEEN void *realloc(void *p, size_t n)
{
    allocations_n++;
    return __libc_realloc(p, n);
}
#endif

/* 20 ms of everything that can happen to packets. */
static void live(struct studio *s, struct telephone *p, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        telephone_say(&p[i], 1, STUDIO_FRAME);
        if (s->at % 300 < 20)
            telephone_press(&p[i], i % 12);
    }
    studio_run(s, 20);
    for (unsigned i = 0; i < n; i++)
        telephone_listen(&p[i], s->at);
    s->reports_n = 0;
}

static void ten_thousand_packets_allocate_nothing(void **state)
{
    (void)state;
    static struct studio s;
    static struct telephone p[12];
    struct seal_box box;
    assert_int_equal(seal_box_open(&box), 0);
    studio_open(&s);
    uint16_t music = studio_prompt(&s, 50, 1), prompt = studio_prompt(&s, 5, 60);
    for (unsigned i = 0; i < ARRAY_LEN(p); i++)
        telephone_open(&p[i], &s);
    for (unsigned i = 0; i < ARRAY_LEN(p); i++) {
        p[i].want.then = i < 4 || i >= 8 ? MEDIA_BRIDGE : MEDIA_LOOP;
        p[i].want.peer = p[i ^ 1].ref;
        p[i].want.loop_id = music;
        p[i].want.wants_counts = true;
        telephone_law(&p[i], i & 1 ? MEDIA_PCMA : MEDIA_PCMU);
        if (i >= 8)
            p[i].want.codec = (enum media_codec)(MEDIA_PCMA + (i - 8 + i % 2 * 2) % MEDIA_CODECS);
        else if (i & 1) /* one of each pair; one of each suite */
            telephone_secure(&p[i], &box, (enum media_suite)(MEDIA_CM_80 + i / 2));
    }
    unsigned before = 0;
    for (uint32_t round = 1; media_totals(s.media).sent_n < PACKETS_MIN; round++) {
        for (unsigned i = 0; i < ARRAY_LEN(p); i++) {
            p[i].takes_n = 0;
            p[i].want.keys = (struct media_keys){.number = round, .n = 1, .keys = "5"};
            p[i].want.list =
                (struct media_list){.number = round, .n = i & 2 ? 1 : 0, .ids = {prompt}};
            telephone_set(&p[i], &s);
        }
        for (unsigned i = 0; i < 50; i++)
            live(&s, p, ARRAY_LEN(p));
        if (round == 1) /* a form of the prompt is made, in life by a thread of its own */
            before = allocations_n;
    }
    assert_true(media_totals(s.media).received_n > PACKETS_MIN);
    assert_int_equal(allocations_n, before);
    for (unsigned i = 0; i < ARRAY_LEN(p); i++)
        assert_int_equal(p[i].unproved_n, 0);
    seal_box_drop(&box);
    for (unsigned i = 0; i < ARRAY_LEN(p); i++)
        telephone_close(&p[i]);
    studio_close(&s);
#ifdef HAS_SANITIZER
    skip();
#else
    assert_true(allocations_n > 0); /* they are counted */
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_packets_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
