/* secure.c — see secure.h. Called by stream.c when main wants something else, by the others for
 * each packet of an encrypted stream. Cost: seal.c's; a new key draws six. Invariant: a stream that
 * should be encrypted is never in the clear. */
#include <string.h>

#include "media/thread.h"

static struct srtp_pair *pair_of(struct media_thread *t, const struct stream *s)
{
    return &t->secrets[s->slot - t->first_slot];
}

void secure_end(struct media_thread *t, struct stream *s)
{
    if (s->secure)
        explicit_bzero(pair_of(t, s), sizeof(struct srtp_pair));
    s->secure = NULL;
}

static void begin_in(struct media_thread *t, struct srtp_pair *p, const struct media_secret *want)
{
    p->is_broken = !srtp_begin(&p->in, &t->box, want->suite, want->theirs);
    p->told = (struct media_rolls){0};
    if (want->goes_on)
        srtp_go_on(&p->in, &want->rolls);
}

void secure_apply(struct media_thread *t, struct stream *s)
{
    const struct media_secret *want = &s->order->want.secret;
    struct srtp_pair *p = pair_of(t, s);
    if (want->suite == MEDIA_PLAIN) {
        secure_end(t, s);
        return;
    }
    bool is_new = !s->secure || p->is.suite != want->suite;
    bool is_theirs_new = is_new || memcmp(p->is.theirs, want->theirs, sizeof(p->is.theirs)) != 0;
    bool is_ours_new = is_new || memcmp(p->is.ours, want->ours, sizeof(p->is.ours)) != 0;
    if (is_theirs_new)
        begin_in(t, p, want);
    if (is_ours_new)
        p->is_broken |= !srtp_begin(&p->out, &t->box, want->suite, want->ours);
    p->is = *want;
    s->secure = p;
}

size_t secure_out(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n)
{
    struct srtp_pair *p = s->secure;
    return p->is_broken ? 0 : srtp_protect(&p->out, &t->box, bytes, n);
}

size_t secure_out_control(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n)
{
    struct srtp_pair *p = s->secure;
    return p->is_broken ? 0 : srtcp_protect(&p->out, &t->box, bytes, n);
}

size_t secure_in(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n)
{
    struct srtp_pair *p = s->secure;
    size_t is_n = p->is_broken ? 0 : srtp_unprotect(&p->in, &t->box, bytes, n);
    if (p->in.rolled.n != p->told.n || p->in.rolled.ssrc != p->told.ssrc) {
        p->told = p->in.rolled;
        report_add(t, s, MEDIA_ROLLED);
    }
    return is_n;
}

size_t secure_in_control(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n)
{
    struct srtp_pair *p = s->secure;
    return p->is_broken ? 0 : srtcp_unprotect(&p->in, &t->box, bytes, n);
}
