/* rtc.c — browsers as telephones on a loopback port, for rtc.py: the engine and the sessions of a
 * house, driven by lines on standard input, each with one on standard output:
 *   join ID CODECS N, then N bytes   ID 0: a new session; CODECS: pcma, opus
 *                                    → "answer ID N" and N bytes, or "refused why"
 *   do ID tone|echo|silence          → "done"; do ID bridge OTHER: both, with each other
 *   leave ID, forge PORT, counts     → "done"; "forged"; "counts received refused sessions up"
 * On its own: "state ID NAME", "key ID K". Ends with its input. Argument: active or passive. */
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "browser/browser.h"
#include "media/media.h"
#include "media/socket.h"
#include "media/tone.h"
#include "os/clock.h"

#define SESSIONS_MAX 8
#define INPUT_MAX 32768
#define TONE_HZ 440
#define TONE_PEAK 8000
#define TONE_SAMPLES (10 * 8000) /* whole periods, so that it begins anew without a click */
#define FORGED_N 300

static struct media *media;
static struct media_port port;
static struct browsers *browsers;
static uint16_t tone_id;
static char input[INPUT_MAX];
static size_t input_n;
static struct {
    uint64_t id;
    struct media_ref ref;
} known[SESSIONS_MAX];

__attribute__((format(printf, 1, 2))) static void say(const char *form, ...)
{
    va_list list;
    va_start(list, form);
    (void)vprintf(form, list);
    va_end(list);
    (void)fflush(stdout);
}

static void tell(uint64_t id, enum browser_state state, void *arg)
{
    static const char *const names[] = {"joining", "up", "silent", "over", "gone"};
    (void)arg;
    say("state %" PRIx64 " %s\n", id, names[state]);
}

static uint64_t id_of(struct text word)
{
    uint64_t id = 0;
    return text_hex_read(&id, word) ? id : 0;
}

static struct media_ref ref_of(uint64_t id)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++)
        if (known[i].id == id)
            return known[i].ref;
    return (struct media_ref){0};
}

static void remember(uint64_t id, struct media_ref ref)
{
    unsigned i = 0;
    while (i < SESSIONS_MAX - 1 && known[i].id && known[i].id != id)
        i++;
    known[i].id = id;
    known[i].ref = ref;
}

/* ---- orders -------------------------------------------------------------------------------- */

static void join(struct text rest, struct text sdp)
{
    static struct browser_answer answer;
    struct browser_offer offer = {
        .id = id_of(text_word(&rest)), .sdp = sdp, .at = os_clock_boot_ms()};
    bool is_opus = text_equal(text_word(&rest), TEXT("opus"));
    offer.wish = is_opus ? (struct rtc_wish){{SIP_CODEC_OPUS}, 1}
                         : (struct rtc_wish){{SIP_CODEC_PCMA, SIP_CODEC_PCMU}, 2};
    enum browser_verdict v = browser_join(browsers, &offer, &answer);
    if (v != BROWSER_JOINED) {
        say("refused %d %s\n", (int)v, rtc_why(answer.why));
        return;
    }
    remember(answer.id, answer.ref);
    say("answer %" PRIx64 " %zu\n", answer.id, answer.sdp_n);
    (void)fwrite(answer.sdp, 1, answer.sdp_n, stdout);
    (void)fflush(stdout);
}

static int set(uint64_t id, enum media_then then, uint64_t other)
{
    const struct media_want does = {
        .direction = MEDIA_SENDRECV, .then = then, .loop_id = tone_id, .peer = ref_of(other)};
    return browser_set(browsers, id, &does);
}

static void act(struct text rest)
{
    uint64_t id = id_of(text_word(&rest));
    struct text what = text_word(&rest);
    uint64_t other = id_of(text_word(&rest));
    enum media_then then = MEDIA_SILENCE;
    if (text_equal(what, TEXT("tone")))
        then = MEDIA_LOOP;
    else if (text_equal(what, TEXT("echo")))
        then = MEDIA_ECHO;
    else if (text_equal(what, TEXT("bridge")))
        then = MEDIA_BRIDGE;
    int err = set(id, then, other);
    if (!err && then == MEDIA_BRIDGE)
        err = set(other, then, id);
    say(err ? "failed %d\n" : "done\n", err);
}

/* What strangers send: sound, checks and DTLS, none of it proved. */
static void forge(void)
{
    static const uint8_t firsts[] = {0x80, 0x00, 0x16, 0xff};
    const struct media_address here = {.ip = {127, 0, 0, 1}, .ip_n = 4};
    struct media_address there = here;
    struct socket_address to;
    int fd;
    there.port = media_browser_port(media);
    socket_address_of(&to, &there);
    if (socket_open(&fd, &here, 0))
        return;
    for (unsigned i = 0; i < FORGED_N; i++) {
        uint8_t bytes[172] = {firsts[i % 4], 8, 0, (uint8_t)i};
        bool is_sent = socket_send(fd, bytes, sizeof(bytes), &to);
        (void)is_sent;
    }
    close(fd);
    say("forged %d\n", FORGED_N);
}

static void count(void)
{
    struct media_totals totals = media_totals(media);
    struct browser_counts counts;
    browser_counts(browsers, &counts);
    say("counts %" PRIu64 " %" PRIu64 " %u %u\n", totals.received_n, totals.refused_n,
        counts.sessions_n, counts.up_n);
}

/* ---- input --------------------------------------------------------------------------------- */

/* How many bytes stand behind the line of an order. */
static size_t body_n(struct text line)
{
    uint64_t n = 0;
    if (!text_equal(text_word(&line), TEXT("join")))
        return 0;
    text_word(&line);
    text_word(&line);
    return text_number(text_word(&line), INPUT_MAX, &n) ? (size_t)n : 0;
}

static void obey(struct text line, struct text body)
{
    struct text what = text_word(&line);
    if (text_equal(what, TEXT("join")))
        join(line, body);
    else if (text_equal(what, TEXT("do")))
        act(line);
    else if (text_equal(what, TEXT("forge")))
        forge();
    else if (text_equal(what, TEXT("counts")))
        count();
    else if (text_equal(what, TEXT("leave")))
        say(browser_leave(browsers, id_of(text_word(&line))) ? "done\n" : "failed\n");
}

/* False: the input has ended. */
static bool take_input(void)
{
    ssize_t got = read(0, input + input_n, sizeof(input) - input_n);
    if (got <= 0)
        return false;
    input_n += (size_t)got;
    for (;;) {
        struct text rest = {input, input_n};
        const char *end = memchr(input, '\n', input_n);
        struct text line = text_cut(&rest, '\n');
        size_t more_n = end ? body_n(line) : 0;
        if (!end || rest.n < more_n)
            return true;
        obey(line, (struct text){rest.p, more_n});
        input_n = rest.n - more_n;
        memmove(input, rest.p + more_n, input_n);
    }
}

/* ---- the house ----------------------------------------------------------------------------- */

static void take_reports(void)
{
    struct media_report r;
    media_fd_clear(media);
    while (port.next(port.arg, &r)) {
        if (browser_report(browsers, &r, os_clock_boot_ms()) || r.kind != MEDIA_KEY_BEGUN)
            continue;
        for (unsigned i = 0; i < SESSIONS_MAX; i++)
            if (known[i].ref.slot == r.ref.slot && known[i].ref.gen == r.ref.gen)
                say("key %" PRIx64 " %c\n", known[i].id, r.key.key);
    }
}

static bool open_house(bool is_active)
{
    static uint8_t samples[2 * TONE_SAMPLES];
    const struct media_args engine = {
        .streams_max = 64, .has_browsers = true, .bind = {{.ip = {127, 0, 0, 1}, .ip_n = 4}}};
    const struct tone tone = {TONE_HZ, TONE_PEAK, 0, TONE_SAMPLES};
    const struct prompt_sound sound = {samples, TONE_SAMPLES};
    struct browser_args args = {
        .media = &port, .sessions_max = SESSIONS_MAX, .is_active = is_active, .tell = tell};
    tone_write(samples, &tone);
    if (!address_pair_read(&args.self, TEXT("127.0.0.1")) || media_open(&media, &engine) ||
        media_prompts_put(media_prompts(media), &tone_id, &sound) != PROMPT_LOADED)
        return false;
    port = media_port(media);
    args.port = media_browser_port(media);
    return browser_open(&browsers, &args) == 0;
}

int main(int argc, char **argv)
{
    if (argc != 2 || !open_house(!strcmp(argv[1], "active")))
        return 1;
    say("port %u\n", media_browser_port(media));
    struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = media_fd(media), .events = POLLIN}};
    for (bool goes_on = true; goes_on;) {
        ms_t next_at = browser_run(browsers, os_clock_boot_ms());
        ms_t wait_ms = next_at == MS_NEVER ? 1000 : next_at - os_clock_boot_ms();
        wait_ms = wait_ms < 0 ? 0 : wait_ms;
        if (poll(fds, 2, (int)(wait_ms < 1000 ? wait_ms : 1000)) < 0)
            break;
        if (fds[1].revents)
            take_reports();
        if (fds[0].revents)
            goes_on = take_input();
    }
    browser_drop(browsers);
    media_drop(media);
    return 0;
}
