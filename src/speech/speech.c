/* speech.c — the worker: a question, the cache, the program, an answer.
 * Opened by src/cli/serve_speech.c. Invariant: every question that was taken has one answer; there
 * are never more of both together than the rings hold. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ring.h"
#include "os/bell.h"
#include "os/file.h"
#include "os/thread.h"
#include "speech/cache.h"
#include "speech/command.h"
#include "speech/shape.h"
#include "speech/speech.h"

#define COMMAND_BYTES 256

struct speech {
    struct os_thread thread;
    struct os_bell asked, answered;
    struct ring_buffer questions, answers;
    void *memory; /* owned: of both rings */
    _Atomic bool is_ending;
    uint32_t open_n; /* main only: asked and not yet taken back */
    struct os_log *log;
    ms_t timeout_ms;
    bool is_absent, has_told_cache; /* worker only */
    char command[COMMAND_BYTES], cache[OS_PATH_MAX];
};

/* ---- the worker ---- */

static int speak(struct speech *s, const struct speech_question *q, struct speech_answer *a,
                 const char *path)
{
    char file[OS_PATH_MAX], words[SPEECH_WORDS_MAX + 2];
    uint8_t *bytes = NULL;
    size_t n = 0;
    struct wav wav;
    memcpy(words, q->words, q->words_n);
    memcpy(words + q->words_n, "\n", 2);
    int err = os_path_join(file, path, ".new");
    const struct speech_command c = {.command = s->command,
                                     .lang = q->lang,
                                     .words = words,
                                     .file = s->cache[0] ? file : NULL,
                                     .timeout_ms = s->timeout_ms,
                                     .is_ending = &s->is_ending};
    if (!err)
        err = speech_command_run(&bytes, &n, &c);
    if (!err)
        err = wav_read(&wav, bytes, n) == WAV_READ ? 0 : EINVAL;
    if (!err)
        err = speech_shape(&a->samples, &a->n, &wav,
                           &(struct speech_shape){q->before_ms, q->after_ms});
    free(bytes);
    return err;
}

static void keep(struct speech *s, const char *path, const struct speech_answer *a)
{
    char text[128];
    int err = speech_cache_save(path, a->samples, a->n);
    if (!err || s->has_told_cache)
        return;
    s->has_told_cache = true;
    os_log_line(s->log, OS_LOG_WARNING, "speech: nothing can be kept in %s: %s", s->cache,
                strerror_r(err, text, sizeof(text)));
}

static void answer(struct speech *s, const struct speech_question *q, struct speech_answer *a)
{
    char path[OS_PATH_MAX] = "";
    bool is_kept = s->cache[0] && speech_cache_path(path, s->cache, s->command, q);
    *a = (struct speech_answer){.id = q->id};
    if (is_kept && !speech_cache_load(&a->samples, &a->n, path))
        return;
    a->samples = NULL;
    a->err = s->is_absent ? ENOENT : speak(s, q, a, path);
    if (a->err == ENOENT)
        s->is_absent = true; /* not searched again for each sentence */
    if (a->err)
        a->samples = NULL;
    else if (is_kept)
        keep(s, path, a);
}

static void *run(void *arg)
{
    struct speech *s = arg;
    while (!atomic_load(&s->is_ending)) {
        os_bell_arm(&s->asked);
        if (!ring_waiting_n(&s->questions)) {
            if (!atomic_load(&s->is_ending))
                os_bell_wait(&s->asked, -1);
            continue;
        }
        struct speech_answer a;
        answer(s, ring_item(&s->questions, 0), &a);
        ring_release(&s->questions, 1);
        bool has_room = ring_push(&s->answers, &a, 1);
        assert(has_room); /* speech_ask() counts */
        os_bell_ring(&s->answered);
    }
    return NULL;
}

/* ---- main ---- */

static int open_rings(struct speech *s)
{
    size_t questions_n = ring_bytes(SPEECH_QUESTIONS_MAX, sizeof(struct speech_question));
    size_t answers_n = ring_bytes(SPEECH_QUESTIONS_MAX, sizeof(struct speech_answer));
    questions_n = (questions_n + RING_CACHE_LINE - 1) / RING_CACHE_LINE * RING_CACHE_LINE;
    s->memory = calloc(1, questions_n + answers_n);
    if (!s->memory)
        return ENOMEM;
    ring_open(&s->questions, s->memory, SPEECH_QUESTIONS_MAX, sizeof(struct speech_question));
    ring_open(&s->answers, (char *)s->memory + questions_n, SPEECH_QUESTIONS_MAX,
              sizeof(struct speech_answer));
    return 0;
}

static bool copy(char *to, size_t max, const char *from)
{
    size_t n = strlen(from) + 1;
    if (n > max)
        return false;
    memcpy(to, from, n);
    return true;
}

static bool needs_file(const struct speech *s)
{
    return strstr(s->command, "{file}") != NULL;
}

static int open_all(struct speech *s, const struct speech_args *args)
{
    char text[128];
    const struct os_thread_args thread = {.name = "speech", .run = run, .arg = s};
    int err = open_rings(s);
    err = err ? err : os_bell_open(&s->asked);
    err = err ? err : os_bell_open(&s->answered);
    if (err)
        return err;
    err = s->cache[0] ? speech_cache_open(s->cache) : 0;
    if (err) { /* it speaks all the same */
        os_log_line(args->log, OS_LOG_WARNING, "speech: %s cannot be used: %s", s->cache,
                    strerror_r(err, text, sizeof(text)));
        s->cache[0] = '\0';
        s->is_absent = needs_file(s); /* it would write where nobody looks */
    }
    return os_thread_open(&s->thread, &thread);
}

int speech_open(struct speech **out, const struct speech_args *args)
{
    struct speech *s = calloc(1, sizeof(*s));
    *out = NULL;
    if (!s)
        return ENOMEM;
    s->asked.fd = s->answered.fd = -1;
    s->log = args->log;
    s->timeout_ms = args->timeout_ms;
    int err = speech_command_check(args->command);
    if (!err && (!copy(s->command, sizeof(s->command), args->command) ||
                 !copy(s->cache, sizeof(s->cache), args->cache)))
        err = ENAMETOOLONG;
    if (!err && needs_file(s) && !s->cache[0])
        err = EINVAL;
    err = err ? err : open_all(s, args);
    if (err) {
        speech_drop(s);
        return err;
    }
    *out = s;
    return 0;
}

void speech_drop(struct speech *s)
{
    struct speech_answer a;
    if (!s)
        return;
    atomic_store(&s->is_ending, true);
    if (s->thread.is_running) {
        os_bell_ring_always(&s->asked);
        os_thread_drop(&s->thread);
    }
    while (s->memory && speech_next(s, &a))
        speech_answer_drop(&a);
    os_bell_drop(&s->asked);
    os_bell_drop(&s->answered);
    free(s->memory);
    free(s);
}

bool speech_ask(struct speech *s, const struct speech_question *q)
{
    assert(q->words_n <= SPEECH_WORDS_MAX);
    if (s->open_n == SPEECH_QUESTIONS_MAX)
        return false;
    bool has_room = ring_push(&s->questions, q, 1);
    assert(has_room);
    s->open_n++;
    os_bell_ring(&s->asked);
    return true;
}

bool speech_next(struct speech *s, struct speech_answer *a)
{
    if (!ring_waiting_n(&s->answers))
        return false;
    memcpy(a, ring_item(&s->answers, 0), sizeof(*a));
    ring_release(&s->answers, 1);
    s->open_n--;
    return true;
}

void speech_answer_drop(struct speech_answer *a)
{
    free(a->samples);
    a->samples = NULL;
}

void speech_wait(struct speech *s, int wait_ms)
{
    os_bell_arm(&s->answered);
    if (!ring_waiting_n(&s->answers))
        os_bell_wait(&s->answered, wait_ms);
}
