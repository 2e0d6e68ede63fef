/* batch.c — one row of the journal.
 * Called by db, walk and verify. Cost: SHA-256 of the body and a decode of each event.
 * Invariant: a batch that passed the check decodes to n events with ids from first_id on. */
#include <errno.h>
#include <string.h>

#include <openssl/evp.h>

#include "journal/batch.h"

#define ID_BYTES 8
#define N_BYTES 4

static void put_le(uint8_t *p, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++, v >>= 8)
        p[i] = (uint8_t)v;
}

int journal_batch_hash(uint8_t hash[JOURNAL_HASH_BYTES], const struct journal_batch *b)
{
    uint8_t head[JOURNAL_HASH_BYTES + ID_BYTES + N_BYTES];
    memcpy(head, b->prev_hash, JOURNAL_HASH_BYTES);
    put_le(head + JOURNAL_HASH_BYTES, b->first_id, ID_BYTES);
    put_le(head + JOURNAL_HASH_BYTES + ID_BYTES, b->n, N_BYTES);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool is_done = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) &&
                   EVP_DigestUpdate(ctx, head, sizeof(head)) &&
                   EVP_DigestUpdate(ctx, b->body, b->body_n) && EVP_DigestFinal_ex(ctx, hash, NULL);
    EVP_MD_CTX_free(ctx);
    return is_done ? 0 : ENOMEM;
}

struct journal_cursor journal_batch_cursor(const struct journal_batch *b)
{
    return (struct journal_cursor){b->body, b->body + b->body_n};
}

bool journal_cursor_next(struct journal_cursor *c, struct event *ev)
{
    if (c->p == c->end)
        return false;
    size_t used = 0;
    enum codec_verdict v = event_decode(ev, c->p, (size_t)(c->end - c->p), &used);
    assert(v == CODEC_OK);
    c->p += used;
    return true;
}

static enum journal_fault fault_of(enum codec_verdict v)
{
    return v == CODEC_OK ? FAULT_NONE : v == CODEC_UNKNOWN ? FAULT_LATER : FAULT_EVENT;
}

static enum journal_fault check_events(const struct journal_batch *b, ms_t at)
{
    struct journal_cursor c = journal_batch_cursor(b);
    struct event ev;
    for (uint32_t i = 0; i < b->n; i++) {
        size_t used = 0;
        enum codec_verdict v = event_decode(&ev, c.p, (size_t)(c.end - c.p), &used);
        if (v != CODEC_OK)
            return fault_of(v);
        if (ev.id != b->first_id + i)
            return FAULT_ID;
        at = ev.at > at ? ev.at : at;
        c.p += used;
    }
    if (c.p != c.end)
        return FAULT_EVENT;
    return at == b->at ? FAULT_NONE : FAULT_INSTANT;
}

int journal_batch_check(enum journal_fault *fault, const struct journal_batch *b, ms_t at_before)
{
    uint8_t hash[JOURNAL_HASH_BYTES];
    int err = journal_batch_hash(hash, b);
    if (err)
        return err;
    *fault = memcmp(hash, b->hash, sizeof(hash)) ? FAULT_HASH : check_events(b, at_before);
    return 0;
}
