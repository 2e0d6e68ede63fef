/* serve_notice.c — the message of the day from the disk to the line: the reader tells what stands
 * there (committed by construction, also at the start), main has it spoken and says until when;
 * what became of its words goes back to the reader, who shows it and lets it be heard.
 * Called by serve.c and serve_sounds.c. Cost: a look at a counter each turn. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"
#include "cli/voice.h"

/* Nobody hears what stood before while the new words are being spoken. */
static void silence(struct house *h)
{
    h->sounds->notice_until_at = 0;
    for (unsigned lang = 0; lang < PROMPT_LANGS; lang++)
        h->sounds->ids[lang][PROMPT_NOTICE_TODAY] = MEDIA_PROMPT_NONE;
}

static void put_sound(struct house *h, struct notice_sound *sound)
{
    free(atomic_exchange(&h->accounts.notice.sound, sound));
}

/* Without samples. NULL: no memory, and the page says that it is not known. */
static struct notice_sound *sound_new(const struct house *h, int err, size_t n)
{
    struct notice_sound *s = calloc(1, sizeof(*s) + n * sizeof(s->samples[0]));
    if (s) {
        s->id = h->accounts.notice.now.id;
        s->err = err;
        s->n = n;
    }
    return s;
}

void house_notice_turn(struct house *h)
{
    struct house_notice *n = &h->accounts.notice;
    uint64_t turn = latest_turn(&n->latest);
    if (turn == n->turn || !latest_get(&n->latest, &n->now, sizeof(n->now)))
        return;
    n->turn = turn;
    n->now.words[NOTICE_BYTES - 1] = '\0';
    silence(h);
    if (!n->now.words[0] || n->now.until_at <= h->wall_at)
        return;
    const struct voice_words words = {PROMPT_NOTICE_TODAY, n->now.id, NOTICE_SOUND_MS_MAX,
                                      n->now.words};
    if (!voice_say(h->voice, &words))
        put_sound(h, sound_new(h, ENOMEM, 0));
}

void house_notice_spoken(struct house *h, const struct voice_found *f)
{
    struct house_notice *n = &h->accounts.notice;
    if (f->about != n->now.id || !n->now.words[0]) { /* another by now, or none */
        silence(h);
        return;
    }
    struct notice_sound *s = sound_new(h, f->err, f->n);
    if (s && f->samples)
        memcpy(s->samples, f->samples, f->n * sizeof(*f->samples));
    if (!f->err)
        h->sounds->notice_until_at = n->now.until_at;
    else
        os_log_line(&h->log, OS_LOG_ALARM, "voice: the message of the day is not played: %s",
                    f->err == EFBIG ? "it lasts more than 12 s" : "nothing can speak it");
    put_sound(h, s);
}

/* The reader's. */
static const struct notice_sound *sound_of(void *arg)
{
    struct house_notice *n = arg;
    struct notice_sound *newer = atomic_exchange(&n->sound, NULL);
    if (newer) {
        free(n->shown);
        n->shown = newer;
    }
    return n->shown;
}

struct notice_port house_notice_port(struct house *h)
{
    return (struct notice_port){&h->accounts.notice, sound_of};
}

void house_drop_notice(struct house *h)
{
    free(atomic_exchange(&h->accounts.notice.sound, NULL));
    free(h->accounts.notice.shown);
    h->accounts.notice.shown = NULL;
}
