/* headset_port.c — the port of the telephone, asked about pages; all else goes to the telephones
 * behind. And the engine's reports: those about pages are taken here. See headset.h.
 * Called by app/ through port/phone.h, and by phone/ through port/media.h. */
#include <string.h>

#include "browser/headset_parts.h"

/* ---- streams ------------------------------------------------------------------------------ */

struct media_ref headset_stream(void *arg, uint64_t leg_id)
{
    const struct headset *x = headset_of_leg(arg, leg_id);
    return x ? x->ref : (struct media_ref){0};
}

static struct media_ref stream_of(struct headsets *h, uint64_t leg_id)
{
    const struct headset *x = headset_of_leg(h, leg_id);
    return x ? x->ref : !leg_id ? (struct media_ref){0} : h->behind.stream(h->behind.arg, leg_id);
}

static void number(uint32_t *list)
{
    *list += *list == UINT32_MAX ? 2 : 1;
}

static uint32_t sound_page(struct headsets *h, struct headset *x, const struct phone_sound *sound)
{
    struct media_want *want = &x->does;
    struct media_ref to = stream_of(h, sound->peer_id);
    bool is_new =
        sound->then == MEDIA_BRIDGE && (to.slot != want->peer.slot || to.gen != want->peer.gen);
    for (unsigned i = 0; i < MEDIA_HEARS_MAX; i++)
        want->hears[i] = stream_of(h, sound->hears_ids[i]);
    number(&want->list.number);
    want->list.n = sound->n;
    want->list.stops_on_key = sound->stops_on_key;
    memcpy(want->list.ids, sound->ids, sizeof(want->list.ids));
    want->mix_number = sound->mix;
    want->hides_keys = sound->hides_keys;
    want->voice_number = sound->wants_voice ? want->list.number : 0;
    want->then = sound->then;
    want->loop_id = sound->loop_id;
    want->peer = to;
    want->join_number += is_new;
    return headset_put(h, x) ? want->list.number : 0;
}

/* ---- the telephone ------------------------------------------------------------------------ */

static void answer(void *arg, uint64_t leg_id)
{
    const struct headsets *h = arg;
    h->behind.port.answer(h->behind.port.arg, leg_id);
}

static bool early(void *arg, uint64_t leg_id)
{
    const struct headsets *h = arg;
    return h->behind.port.early(h->behind.port.arg, leg_id);
}

static void refuse(void *arg, uint64_t leg_id, uint16_t status)
{
    const struct headsets *h = arg;
    h->behind.port.refuse(h->behind.port.arg, leg_id, status);
}

/* The page comes first: who has put the headset on wants it there. */
static uint64_t call(void *arg, const struct phone_call *call)
{
    struct headsets *h = arg;
    struct headset *x = headset_of_agent(h, call->aor);
    if (!headset_is_there(x))
        return h->behind.port.call(h->behind.port.arg, call);
    if (x->state != HEADSET_IDLE)
        return 0;
    headset_happens(h, x, HEADSET_CALLED);
    return x->leg_id;
}

static uint64_t dial(void *arg, const struct phone_dial *dial)
{
    const struct headsets *h = arg;
    return h->behind.port.dial(h->behind.port.arg, dial);
}

static uint32_t first_trunk(void *arg)
{
    const struct headsets *h = arg;
    return h->behind.port.first_trunk(h->behind.port.arg);
}

static uint32_t sound(void *arg, uint64_t leg_id, const struct phone_sound *sound)
{
    struct headsets *h = arg;
    struct headset *x = headset_of_leg(h, leg_id);
    return x ? sound_page(h, x, sound) : h->behind.port.sound(h->behind.port.arg, leg_id, sound);
}

static bool press(void *arg, uint64_t leg_id, struct text keys)
{
    struct headsets *h = arg;
    struct headset *x = headset_of_leg(h, leg_id);
    if (!x)
        return h->behind.port.press(h->behind.port.arg, leg_id, keys);
    const struct media_want before = x->does;
    if (x->state != HEADSET_UP || !keys.n || keys.n > MEDIA_KEYS_MAX)
        return false;
    for (size_t i = 0; i < keys.n; i++)
        if (!memchr("0123456789*#ABCD", keys.p[i], 16))
            return false;
    number(&x->does.keys.number);
    x->does.keys.n = (uint8_t)keys.n;
    memcpy(x->does.keys.keys, keys.p, keys.n);
    if (headset_put(h, x))
        return true;
    x->does = before;
    return false;
}

/* A page refers nobody: its agent presses keys. */
static void referred(void *arg, uint64_t leg_id, uint16_t status)
{
    struct headsets *h = arg;
    if (!headset_of_leg(h, leg_id))
        h->behind.port.referred(h->behind.port.arg, leg_id, status);
}

static void hang_up(void *arg, uint64_t leg_id)
{
    struct headsets *h = arg;
    struct headset *x = headset_of_leg(h, leg_id);
    if (x)
        headset_happens(h, x, HEADSET_ENDED);
    else
        h->behind.port.hang_up(h->behind.port.arg, leg_id);
}

static void die(void *arg, uint64_t leg_id)
{
    struct headsets *h = arg;
    if (!headset_of_leg(h, leg_id))
        h->behind.port.die(h->behind.port.arg, leg_id);
}

static void tap(void *arg, uint64_t leg_id, struct media_tap tap)
{
    struct headsets *h = arg;
    struct headset *x = headset_of_leg(h, leg_id);
    if (!x) {
        h->behind.port.tap(h->behind.port.arg, leg_id, tap);
        return;
    }
    x->does.tap = tap;
    (void)headset_put(h, x);
}

static enum phone_look look(void *arg, uint64_t leg_id)
{
    static const enum phone_look looks[HEADSET_STATES] = {PHONE_LOOK_NONE, PHONE_LOOK_RINGS,
                                                          PHONE_LOOK_UP};
    struct headsets *h = arg;
    const struct headset *x = headset_of_leg(h, leg_id);
    return x ? looks[x->state] : h->behind.port.look(h->behind.port.arg, leg_id);
}

static bool is_there(void *arg, uint64_t aor)
{
    struct headsets *h = arg;
    return headset_is_there(headset_of_agent(h, aor)) ||
           h->behind.port.is_there(h->behind.port.arg, aor);
}

void headset_put_before(struct headsets *h, const struct headset_behind *behind)
{
    h->behind = *behind;
}

struct phone_port headset_port(struct headsets *h)
{
    return (struct phone_port){.arg = h,
                               .answer = answer,
                               .early = early,
                               .refuse = refuse,
                               .call = call,
                               .dial = dial,
                               .first_trunk = first_trunk,
                               .sound = sound,
                               .press = press,
                               .referred = referred,
                               .hang_up = hang_up,
                               .die = die,
                               .tap = tap,
                               .look = look,
                               .is_there = is_there};
}

void headset_hears(const struct phone_report *report, void *arg)
{
    struct headsets *h = arg;
    bool stays = report->kind == PHONE_AWAY && headset_is_there(headset_of_agent(h, report->aor));
    if (!stays)
        h->args.report(report, h->args.report_arg);
}

/* ---- reports of the engine ---------------------------------------------------------------- */

/* About a call: of one that is up. */
static void tell(struct headsets *h, const struct headset *x, const struct media_report *r)
{
    struct phone_report up = {.leg_id = x->leg_id};
    switch (r->kind) {
    case MEDIA_KEY_BEGUN:
        up.kind = PHONE_KEY;
        up.key = r->key.key;
        break;
    case MEDIA_LIST_ENDED:
        up.kind = PHONE_PLAYED;
        up.list.number = r->list.number;
        up.list.is_by_key = r->list.is_by_key;
        break;
    case MEDIA_HEARD:
        if (!r->join_number || r->join_number != x->does.join_number)
            return;
        up.kind = PHONE_HEARD;
        break;
    case MEDIA_VOICE:
        if (r->voice_number != x->does.voice_number)
            return;
        up.kind = PHONE_VOICE;
        up.voice = r->voice_number;
        break;
    default:
        return;
    }
    h->args.report(&up, h->args.report_arg);
}

void headset_take(struct headsets *h, struct headset *x, const struct media_report *r)
{
    if (r->kind == MEDIA_LOST)
        headset_silent(h, x);
    else if (r->kind == MEDIA_BACK)
        headset_back(h, x);
    else if (x->state == HEADSET_UP)
        tell(h, x, r);
}

static enum media_verdict media_open_stream(void *arg, const struct media_opening *how,
                                            struct media_opened *out)
{
    const struct headsets *h = arg;
    return h->args.media->open(h->args.media->arg, how, out);
}

static int media_set(void *arg, struct media_ref ref, const struct media_want *want)
{
    const struct headsets *h = arg;
    return h->args.media->set(h->args.media->arg, ref, want);
}

static void media_drop_stream(void *arg, struct media_ref ref)
{
    const struct headsets *h = arg;
    h->args.media->drop(h->args.media->arg, ref);
}

static bool media_keep_coder(void *arg, struct media_ref ref)
{
    const struct headsets *h = arg;
    return h->args.media->keep_coder(h->args.media->arg, ref);
}

/* The last report of a stream is phone/'s: it counts what was lost of all. */
static bool media_next(void *arg, struct media_report *out)
{
    struct headsets *h = arg;
    for (unsigned i = 0; i < HEADSET_REPORTS_MAX; i++) {
        h->has_more = h->args.media->next(h->args.media->arg, out);
        if (!h->has_more)
            return false;
        if (browser_report(h->browsers, out, h->args.boot_ms())) {
            h->browsers_at = 0;
            continue;
        }
        struct headset *x = headset_of_stream(h, out->ref);
        if (!x || out->kind == MEDIA_CLOSED)
            return true;
        headset_take(h, x, out);
    }
    return false;
}

struct media_port headset_media(struct headsets *h)
{
    return (struct media_port){.arg = h,
                               .open = media_open_stream,
                               .set = media_set,
                               .drop = media_drop_stream,
                               .next = media_next,
                               .why = h->args.media->why,
                               .keep_coder = h->args.media->keep_coder ? media_keep_coder : NULL};
}
