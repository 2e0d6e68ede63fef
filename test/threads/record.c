/* record.c — the recorder between three threads: main begins, pauses and ends conversations, a
 * media thread copies their sound, the recorder writes: every file is whole, and none has what was
 * said after its end. Under TSan it also proves that nothing is shared but the rings. */
#include <poll.h>
#include <stdatomic.h>

#include "os/thread.h"
#include "record/record.h"
#include "record/window.h"
#include "test/support/shelf.h"

#define RING_N 4096
#define ROUNDS 4
#define CALLS 4

static _Atomic uint32_t current[CALLS]; /* numbers that are spoken on; 0: none */
static _Atomic bool is_over;
static struct tap_ring tap;

static void nap(unsigned ms)
{
    (void)poll(NULL, 0, (int)ms);
}

/* As a media thread does: each packet when it comes, left out when there is no room. */
static void *speak(void *arg)
{
    (void)arg;
    for (uint32_t ticks = 0; !atomic_load(&is_over); ticks += TAP_CODES) {
        for (unsigned i = 0; i < CALLS; i++) {
            struct tap_frame f = {.at = os_clock_boot_ms(),
                                  .recording = atomic_load(&current[i]),
                                  .ssrc = i + 1,
                                  .ticks = ticks,
                                  .side = (uint8_t)(ticks / TAP_CODES % TAP_SIDES),
                                  .n = TAP_CODES};
            memset(f.codes, (int)(i + 1), sizeof(f.codes));
            if (f.recording && !ring_push(&tap.ring, &f, 1))
                atomic_fetch_add(&tap.left_out_n, 1);
        }
        nap(2);
    }
    return NULL;
}

/* Nobody else's sound is in it. */
static void check(const struct shelf *s, uint64_t id, unsigned i)
{
    static uint8_t pairs[40 * RECORD_CHUNK_PAIRS][TAP_SIDES];
    char name[64];
    size_t n;
    snprintf(name, sizeof(name), "%llu" RECORD_SUFFIX, (unsigned long long)id);
    assert_int_equal(shelf_read(s, name, pairs, &n), 0);
    for (size_t k = 0; k < n; k++)
        for (unsigned side = 0; side < TAP_SIDES; side++)
            assert_true(pairs[k][side] == WINDOW_SILENCE || pairs[k][side] == i + 1);
}

static void every_conversation_is_its_own_file(void **state)
{
    (void)state;
    struct shelf s;
    struct record *record;
    struct os_thread media;
    const struct os_thread_args run = {"media", speak, NULL};
    void *memory = malloc(ring_bytes(RING_N, sizeof(struct tap_frame)));
    assert_non_null(memory);
    shelf_open(&s);
    ring_open(&tap.ring, memory, RING_N, sizeof(struct tap_frame));
    struct record_args args = {
        .folder = s.folder, .calls_max = CALLS, .retention_days = 1, .taps = &tap, .taps_n = 1};
    memcpy(args.key, s.key, sizeof(args.key));
    assert_int_equal(record_open(&record, &args), 0);
    struct record_port port = record_port(record);
    assert_int_equal(os_thread_open(&media, &run), 0);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < CALLS; i++) {
            const struct record_begin b = {.id = 1 + round * CALLS + i};
            uint32_t number = port.begin(port.arg, &b);
            assert_true(number > 0);
            atomic_store(&current[i], number);
        }
        nap(40);
        port.key(port.arg, atomic_load(&current[0]));
        port.pause(port.arg, atomic_load(&current[1]), true);
        nap(20);
        for (unsigned i = 0; i < CALLS; i++)
            port.end(port.arg, atomic_exchange(&current[i], 0));
        if (round % 2)
            nap(700); /* room for the next: those that end are still written */
    }
    atomic_store(&is_over, true);
    os_thread_drop(&media);
    record_drop(record);
    for (uint64_t id = 1; id <= ROUNDS * CALLS; id++)
        check(&s, id, (unsigned)((id - 1) % CALLS));
    shelf_drop(&s);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_conversation_is_its_own_file),
    };
    return cmocka_run_group_tests_name("threads/record", tests, NULL, NULL);
}
