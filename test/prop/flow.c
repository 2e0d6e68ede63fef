/* flow.c — properties of the interpreter, on flows drawn by chance and judged sound by ivr_check():
 *   bounded   after whatever keys, silence alone comes to a queue or to the end, in a bounded
 * number of happenings person    no key at all comes to a queue asked     something is always asked
 * for: a sound, a wait, a queue, the end within    nothing outside the flow is asked for, and no
 * more digits are kept than fit refused   after a queue's refusal silence comes to the end Seeded:
 * a failure prints its seed; --seed N runs it alone. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/prng.h"
#include "ivr/flow_check.h"

#define EVENTS_MAX 60
/* Of silence: each step at most its sentence, and for a menu or an entry its repetitions. */
#define SILENCES_MAX (16 * IVR_STEPS_MAX)

struct life {
    uint64_t seed;
    struct prng chance;
    struct ivr_flow flow;
    struct ivr_call call;
    struct ivr_ask ask;
    enum ivr_do pending;
};

static struct life life;
static unsigned kinds_met[IVR_KINDS];

static uint32_t below(uint32_t n)
{
    return (uint32_t)prng_below(&life.chance, n);
}

static void fail(const char *why)
{
    printf("property FAILED: %s\n  replay: --seed %llu\n", why, (unsigned long long)life.seed);
    exit(1);
}

static void on_abort(int sig)
{
    char text[96];
    int n =
        snprintf(text, sizeof(text), "property FAILED: assert: stopped\n  replay: --seed %llu\n",
                 (unsigned long long)life.seed);
    (void)sig;
    if (write(STDOUT_FILENO, text, (size_t)n))
        _exit(1);
    _exit(1);
}

/* ---- flows ---------------------------------------------------------------------------------- */

/* A step behind this one, or sometimes any. */
static uint8_t some_step(uint8_t i)
{
    uint8_t n = life.flow.steps_n;
    bool is_any = !below(60) || i + 1u >= n;
    return (uint8_t)(is_any ? below(n) : i + 1u + below(n - i - 1u));
}

static void draw_keys(struct ivr_step *s, uint8_t i)
{
    static const char keys[] = "12345679";
    unsigned first = below(5);
    s->choices_n = (uint8_t)(1 + below(IVR_CHOICES_MAX));
    for (unsigned k = 0; k < s->choices_n; k++)
        s->choices[k] = (struct ivr_choice){keys[first + k], some_step(i)};
}

static void draw_cases(struct ivr_step *s, uint8_t i)
{
    s->cases_n = (uint8_t)(1 + below(IVR_CASES_MAX));
    for (unsigned k = 0; k < s->cases_n; k++)
        s->cases[k] = (struct ivr_case){(enum ivr_when)below(4), some_step(i), 1 + below(3)};
}

static struct ivr_step draw_step(uint8_t i)
{
    struct ivr_step s = {.kind = (enum ivr_kind)below(IVR_KINDS),
                         .next = some_step(i),
                         .other = below(3) ? some_step(i) : IVR_NO_STEP,
                         .prompts_n = (uint8_t)(1 + below(IVR_PROMPTS_MAX)),
                         .min = (uint8_t)(1 + below(4)),
                         .max = (uint8_t)(4 + below(IVR_TYPED_MAX - 3)),
                         .tries = (uint8_t)(1 + below(IVR_TRIES_MAX)),
                         .is_mandatory = !below(6),
                         .lang = (ivr_lang)below(4),
                         .slow = (ivr_prompt)below(2),
                         .wrong = (ivr_prompt)below(2),
                         .value = {.kind = (enum ivr_value_kind)below(IVR_VALUES), .number = 1},
                         .queue_id = 1 + below(5),
                         .agent_id = 1 + below(5),
                         .until_at = below(3)};
    for (unsigned k = 0; k < s.prompts_n; k++)
        s.prompts[k] = (ivr_prompt)(1 + below(9));
    s.is_mandatory &= s.kind != IVR_MENU && s.kind != IVR_COLLECT && s.kind != IVR_CLOSED;
    if (!below(4))
        s.is_reference = true, s.min = s.max = 8;
    if (s.kind == IVR_MENU)
        draw_keys(&s, i);
    if (s.kind == IVR_BRANCH)
        draw_cases(&s, i);
    if (s.kind == IVR_QUEUE || s.kind == IVR_TRANSFER)
        s.prompts_n = (uint8_t)below(2);
    return s;
}

static void draw_flow(void)
{
    struct ivr_flow *f = &life.flow;
    memset(f, 0, sizeof(*f));
    f->steps_n = (uint8_t)(2 + below(below(4) ? 12 : IVR_STEPS_MAX - 1));
    f->general = (uint8_t)(f->steps_n - 2);
    f->closed = (uint8_t)(f->steps_n - 1);
    f->max_repeat = (uint8_t)below(4);
    f->weeks = 3;
    f->greeting = (ivr_prompt)below(3);
    f->has_english = below(2);
    for (unsigned i = 0; i < IVR_SAYS; i++)
        f->say[i] = (ivr_prompt)below(3);
    for (uint8_t i = 0; i < f->general; i++)
        f->steps[i] = draw_step(i);
    f->steps[f->general] = (struct ivr_step){.kind = IVR_QUEUE, .queue_id = 9};
    f->steps[f->closed] = (struct ivr_step){.kind = IVR_CLOSED, .prompts = {1}, .prompts_n = 1};
}

/* A step that nobody reaches harms nobody: chance makes many. */
static bool is_sound(void)
{
    struct ivr_finding found[IVR_FINDINGS_MAX];
    unsigned n = ivr_check(&life.flow, found);
    for (unsigned i = 0; i < n; i++)
        if (found[i].fault != IVR_FLOW_UNREACHED)
            return false;
    return true;
}

/* ---- what happens --------------------------------------------------------------------------- */

static void judge(void)
{
    const struct ivr_ask *a = &life.ask;
    if (life.call.step >= life.flow.steps_n || life.call.typed_n > IVR_TYPED_MAX)
        fail("within: the call is outside its flow");
    if (a->prompts_n > IVR_ASK_MAX)
        fail("within: more prompts than fit");
    for (unsigned i = 0; i < a->prompts_n; i++)
        if (!a->prompts[i])
            fail("within: a prompt that is none");
    if (a->what == IVR_DO_PLAY && !a->prompts_n)
        fail("asked: nothing is to be heard");
    if (a->what == IVR_DO_QUEUE && !a->queue_id)
        fail("within: a queue that is none");
    if ((a->what == IVR_DO_WAIT || a->what == IVR_DO_ECHO) && a->wait_ms <= 0)
        fail("asked: a wait without a length");
    kinds_met[life.flow.steps[life.call.step].kind]++;
}

static void happens(enum ivr_event_kind kind, char key)
{
    struct ivr_event event = {.kind = kind,
                              .key = key,
                              .facts = {.wall_at = below(3),
                                        .open_weeks = below(4),
                                        .called = below(4),
                                        .price = (ivr_prompt)below(2),
                                        .is_known = below(2)}};
    if (kind == IVR_REFUSED) {
        event.prompts_n = (uint8_t)below(IVR_PROMPTS_MAX + 1);
        for (unsigned i = 0; i < event.prompts_n; i++)
            event.prompts[i] = 1;
    }
    ivr_step(&life.flow, &life.call, &event, &life.ask);
    judge();
    if (life.ask.what != IVR_DO_NOTHING)
        life.pending = life.ask.what;
    if (life.pending == IVR_DO_NOTHING)
        fail("asked: nothing was asked for");
}

static bool is_over(void)
{
    return life.pending == IVR_DO_QUEUE || life.pending == IVR_DO_END;
}

static void silence(void)
{
    bool is_timed = life.pending == IVR_DO_WAIT || life.pending == IVR_DO_ECHO;
    happens(is_timed ? IVR_TIMER : IVR_PLAYED, 0);
}

static enum ivr_do silence_until_over(void)
{
    for (unsigned i = 0; !is_over(); i++) {
        if (i == SILENCES_MAX)
            fail("bounded: silence does not come to an end");
        silence();
    }
    return life.pending;
}

static void begin(void)
{
    life.pending = IVR_DO_NOTHING;
    happens(IVR_START, 0);
}

/* A flow may end in its closing by itself; then that is the end that was written. */
static bool leads_to_closed(void)
{
    return life.flow.steps[life.call.step].kind == IVR_CLOSED;
}

static void live(void)
{
    static const char keys[] = "0123456789*#ABCD12";
    begin();
    if (silence_until_over() != IVR_DO_QUEUE && !leads_to_closed())
        fail("person: no key at all does not come to a queue");
    begin();
    for (unsigned i = below(EVENTS_MAX); i > 0 && !is_over(); i--) {
        if (below(2))
            happens(IVR_KEY, keys[below(sizeof(keys) - 1)]);
        else if (below(8))
            silence();
        else
            happens(below(2) ? IVR_PLAYED : IVR_TIMER, 0); /* late, or twice */
    }
    if (silence_until_over() != IVR_DO_QUEUE)
        return;
    happens(IVR_REFUSED, 0);
    if (silence_until_over() != IVR_DO_END)
        fail("refused: a refusal does not come to the end");
}

static unsigned lives_wanted(void)
{
    const char *how = getenv("DECROCHE_TEST");
    bool is_quick = how && !strcmp(how, "quick"), is_long = how && !strcmp(how, "long");
    return is_quick ? 20000 : is_long ? 5000000 : 100000;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 2 && !strcmp(argv[1], "--seed") ? strtoull(argv[2], NULL, 10) : 1;
    unsigned wanted_n = argc > 2 ? 1 : lives_wanted(), lived_n = 0, tried_n = 0;
    struct sigaction action = {.sa_handler = on_abort};
    sigaction(SIGABRT, &action, NULL);
    for (; lived_n < wanted_n; seed++, tried_n++) {
        life.seed = seed;
        prng_seed(&life.chance, seed);
        draw_flow();
        if (!is_sound() && argc <= 2)
            continue;
        live();
        lived_n++;
    }
    for (unsigned i = 0; i < IVR_KINDS && argc <= 2; i++)
        if (i != IVR_LANG && i != IVR_BRANCH && !kinds_met[i])
            fail("met: a kind of step was never lived through");
    printf("%u sound flows of %u, every property holds\n", lived_n, tried_n);
    return 0;
}
