/* webtext.c — see webtext.h. Invariant: words and the event that says they came commit together;
 * whether a contact is open is asked of the heart, never of a row. */
#include <string.h>

#include "acd/look.h"
#include "app/webtext.h"
#include "base/map.h"
#include "base/prng.h"
#include "base/siphash.h"
#include "gsm/answer.h"
#include "gsm/coding.h"
#include "gsm/message.h"
#include "gsm/words.h"
#include "say/reference.h"

#define MINUTE_MS ((ms_t)60 * 1000)
#define QUARTER_MS (15 * MINUTE_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define LOOKS_PER_TURN 16
#define REFERENCES ((uint64_t)SAY_NUMBER_MAX + 1)
/* Of UTF-8 in one sign of UTF-16, at most. */
#define SIGN_BYTES 3

_Static_assert(WEBTEXT_SIGNS_MAX *SIGN_BYTES <= TEXTS_POST_BYTES, "a post holds a message");
_Static_assert(WEBTEXT_PARTS_MAX *(GSM_WIDE_MAX - 1) >= WEBTEXT_SIGNS_MAX, "so do its parts");
_Static_assert(JOURNAL_SMS_OCTETS >= 2 * GSM_WIDE_MAX, "a row holds a part");

struct page {
    uint64_t contact_id, person_id; /* contact_id 0: free */
    uint64_t last_id;               /* of its last message, in this life */
    uint64_t address;               /* hashed under a key of this life; 0: of another */
    ms_t minute_at;
    uint32_t next_free, minute_n;
    uint8_t hash[JOURNAL_WEB_HASH];
};

struct source {
    uint64_t address;
    ms_t hour_at;
    uint32_t opened_n;
};

struct webtext {
    struct webtext_args args;
    struct prng chance;
    struct siphash_key key;
    ms_t now_at, wall_at;
    struct page *pages;
    struct source *sources;
    struct map ids, hashes;
    uint32_t used, free, looked;
    struct webtext_totals totals;
};

static struct webtext *carve(struct arena *arena)
{
    struct webtext *w = arena_take(arena, 1, sizeof(*w));
    struct webtext none, *to = w ? w : &none;
    to->pages = arena_take(arena, WEBTEXT_MAX, sizeof(*to->pages));
    to->sources = arena_take(arena, WEBTEXT_ADDRESSES, sizeof(*to->sources));
    map_open(&to->ids, arena, WEBTEXT_MAX);
    map_open(&to->hashes, arena, WEBTEXT_MAX);
    return w;
}

size_t webtext_bytes(void)
{
    struct arena arena = {.base = NULL};
    carve(&arena);
    return arena.used;
}

struct webtext *webtext_open(void *memory, const struct webtext_args *args)
{
    struct arena arena = {.base = memory, .size = webtext_bytes(), .is_zeroed = true};
    struct webtext *w = carve(&arena);
    w->args = *args;
    w->free = SLOT_NONE;
    prng_seed(&w->chance, args->seed);
    w->key = (struct siphash_key){prng_next(&w->chance), prng_next(&w->chance)};
    return w;
}

void webtext_follow(struct webtext *w, const struct directory *directory)
{
    w->args.directory = directory;
}

/* ---- who wrote ---------------------------------------------------------------------------- */

/* A map's key: of the hash of a secret, which nobody chooses. Never 0. */
static uint64_t key_of(const uint8_t hash[JOURNAL_WEB_HASH])
{
    uint64_t key;
    memcpy(&key, hash, sizeof(key));
    return key ? key : 1;
}

static struct page *at(const struct webtext *w, const struct map *map, uint64_t key)
{
    uint32_t i = key ? map_get(map, key) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &w->pages[i];
}

static struct page *page_of(const struct webtext *w, const uint8_t hash[JOURNAL_WEB_HASH])
{
    struct page *page = at(w, &w->hashes, key_of(hash));
    return page && !memcmp(page->hash, hash, JOURNAL_WEB_HASH) ? page : NULL;
}

bool webtext_has(const struct webtext *w, uint64_t contact_id)
{
    return at(w, &w->ids, contact_id) != NULL;
}

/* Two hashes of one key: the newer one would take the other's place. */
static bool has_room(const struct webtext *w, const uint8_t hash[JOURNAL_WEB_HASH])
{
    return (w->free != SLOT_NONE || w->used < WEBTEXT_MAX) && !at(w, &w->hashes, key_of(hash));
}

static void put(struct webtext *w, const struct page *page)
{
    uint32_t i = w->free;
    if (i != SLOT_NONE)
        w->free = w->pages[i].next_free;
    else
        i = w->used++;
    assert(i < WEBTEXT_MAX);
    w->pages[i] = *page;
    map_put(&w->ids, page->contact_id, i);
    map_put(&w->hashes, key_of(page->hash), i);
    w->totals.open_n++;
}

/* Its contact is over: the page of who wrote still shows it, until the store forgets it. */
static void close_page(struct webtext *w, struct page *page)
{
    struct journal_row row = {.kind = JOURNAL_ROW_WEB};
    row.web.contact_id = page->contact_id;
    row.web.closed_at = w->wall_at;
    app_rows(w->args.app, &row, 1);
    map_remove(&w->ids, page->contact_id);
    map_remove(&w->hashes, key_of(page->hash));
    memset(page, 0, sizeof(*page));
    page->next_free = w->free;
    w->free = (uint32_t)(page - w->pages);
    w->totals.open_n--;
}

void webtext_turn(struct webtext *w, ms_t now_at, ms_t wall_at)
{
    struct acd_look_text look;
    w->now_at = now_at;
    w->wall_at = wall_at;
    for (unsigned n = 0; n < LOOKS_PER_TURN && w->used; n++) {
        struct page *page = &w->pages[w->looked++ % w->used];
        bool is_over = page->contact_id && !acd_look_text_of(w->args.acd, page->contact_id, &look);
        if (is_over && app_has_room(w->args.app))
            close_page(w, page);
    }
}

static void tell_heart(struct webtext *w, uint64_t contact_id)
{
    const struct command cmd = {.kind = CMD_TEXT_TOLD,
                                .text_told = {.contact_id = contact_id, .is_sent = true}};
    app_command(w->args.app, &cmd, w->now_at);
}

/* An answer of which the heart was not told before the process died stands on the disk with the
 * event that says it was given. */
void webtext_restore(struct webtext *w, const struct journal_row *row)
{
    struct acd_look_text look;
    struct page page = {.contact_id = row->web.contact_id, .person_id = row->person_id};
    memcpy(page.hash, row->web.hash, sizeof(page.hash));
    if (!page.contact_id || webtext_has(w, page.contact_id) || !has_room(w, page.hash))
        return;
    put(w, &page);
    if (acd_look_text_of(w->args.acd, page.contact_id, &look) && look.is_leaving)
        tell_heart(w, page.contact_id);
}

/* ---- words -------------------------------------------------------------------------------- */

/* Signs of UTF-16, as the counter of a browser has them; SIZE_MAX: this is no text, or one of its
 * letters moves a cursor. */
static size_t signs_n(struct text utf8)
{
    uint8_t octets[2 * WEBTEXT_SIGNS_MAX];
    size_t n;
    for (size_t i = 0; i < utf8.n; i++)
        if (((uint8_t)utf8.p[i] < ' ' && utf8.p[i] != '\n') || utf8.p[i] == 127)
            return SIZE_MAX;
    return gsm_wide(octets, sizeof(octets), &n, utf8) ? n / 2 : SIZE_MAX;
}

static bool is_blank(struct text utf8)
{
    for (size_t i = 0; i < utf8.n; i++)
        if (utf8.p[i] != ' ' && utf8.p[i] != '\n')
            return false;
    return true;
}

static enum webtext_verdict judge_words(struct text utf8)
{
    size_t n = signs_n(utf8);
    if (is_blank(utf8))
        return WEBTEXT_EMPTY;
    return n <= WEBTEXT_SIGNS_MAX ? WEBTEXT_KEPT : WEBTEXT_LONG;
}

struct batch {
    struct journal_row rows[WEBTEXT_PARTS_MAX + 1];
    unsigned n;
};

/* Whole letters off the front that fit into one row. */
static struct text take_part(struct text *rest)
{
    uint8_t octets[JOURNAL_SMS_OCTETS];
    size_t octets_n, n = rest->n < GSM_WIDE_MAX * SIGN_BYTES ? rest->n : GSM_WIDE_MAX * SIGN_BYTES;
    struct text part = {rest->p, n};
    while (part.n) {
        bool is_whole = part.n == rest->n || ((uint8_t)rest->p[part.n] & 0xC0) != 0x80;
        if (is_whole && gsm_wide(octets, sizeof(octets), &octets_n, part))
            break;
        part.n--;
    }
    *rest = text_after(*rest, part.n);
    return part;
}

struct words {
    uint64_t id, contact_id, person_id;
    struct text utf8;
    bool is_ours;
};

static void put_words(struct batch *b, const struct webtext *w, const struct words *words)
{
    struct text rest = words->utf8;
    for (unsigned part = 0; rest.n && part < WEBTEXT_PARTS_MAX; part++) {
        struct journal_row *row = &b->rows[b->n++];
        size_t octets_n = 0;
        *row = (struct journal_row){.kind = JOURNAL_ROW_SMS, .person_id = words->person_id};
        row->sms.id = words->id;
        row->sms.contact_id = words->contact_id;
        row->sms.is_received = !words->is_ours;
        row->sms.part = (uint8_t)part;
        row->sms.kind = words->is_ours ? (uint8_t)GSM_WRITTEN : (uint8_t)GSM_ANSWER_WORDS;
        row->sms.state = GSM_DELIVERED;
        row->sms.coding = GSM_CODING_UCS2;
        row->sms.changed_at = w->wall_at;
        struct text one = take_part(&rest);
        if (!gsm_wide(row->sms.octets, sizeof(row->sms.octets), &octets_n, one))
            octets_n = 0; /* judged before */
        row->sms.n = (uint16_t)octets_n;
    }
}

/* ---- bounds ------------------------------------------------------------------------------- */

static uint64_t hash_address(const struct webtext *w, uint64_t address)
{
    uint64_t hash = siphash(&w->key, (struct text){(const char *)&address, sizeof(address)});
    return hash ? hash : 1;
}

static uint32_t open_from(const struct webtext *w, uint64_t address)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->used; i++)
        n += w->pages[i].contact_id && w->pages[i].address == address;
    return n;
}

static struct source *source_of(struct webtext *w, uint64_t address)
{
    struct source *s = &w->sources[address % WEBTEXT_ADDRESSES];
    if (s->address != address || w->now_at - s->hour_at >= HOUR_MS)
        *s = (struct source){.address = address, .hour_at = w->now_at};
    return s;
}

static bool is_too_fast(struct webtext *w, struct page *page)
{
    if (w->now_at - page->minute_at >= MINUTE_MS) {
        page->minute_at = w->now_at;
        page->minute_n = 0;
    }
    return page->minute_n >= WEBTEXT_MINUTE_MAX;
}

/* ---- somebody writes ---------------------------------------------------------------------- */

static bool is_offered(const struct directory *d, uint32_t queue_id)
{
    for (uint32_t i = 0; d->texts.has_page && i < d->services_n; i++)
        if (d->services[i].number == queue_id)
            return directory_is_written(d, i);
    return false;
}

/* Refused before the queue: that counts, as a call that is shed does. */
static enum webtext_verdict shed(struct webtext *w)
{
    const struct command cmd = {.kind = CMD_SHED,
                                .shed = {.n = 1, .quarter_at = w->now_at - w->now_at % QUARTER_MS}};
    app_command(w->args.app, &cmd, w->now_at);
    return WEBTEXT_FULL;
}

static void put_row(struct batch *b, const struct webtext *w, const struct texts_post *post,
                    const struct command *cmd)
{
    struct journal_row *row = &b->rows[b->n++];
    *row = (struct journal_row){.kind = JOURNAL_ROW_WEB, .person_id = cmd->text_arrive.person_id};
    row->web.contact_id = APP_CONTACT_NEW;
    row->web.e164 = post->e164;
    row->web.opened_at = w->wall_at;
    row->web.queue_id = post->queue_id;
    row->web.reference = cmd->text_arrive.reference;
    memcpy(row->web.hash, post->hash, sizeof(row->web.hash));
    memcpy(row->web.name, post->name, sizeof(row->web.name));
}

static enum webtext_verdict open_new(struct webtext *w, const struct texts_post *post)
{
    struct batch b = {.n = 0};
    struct page page = {.person_id = prng_next(&w->chance) | 1,
                        .last_id = post->id,
                        .address = hash_address(w, post->address),
                        .minute_at = w->now_at,
                        .minute_n = 1};
    struct source *source = source_of(w, page.address);
    const struct directory *d = w->args.directory;
    if (!is_offered(d, post->queue_id))
        return WEBTEXT_OFF;
    if (source->opened_n >= WEBTEXT_HOUR_MAX || open_from(w, page.address) >= d->texts.address_max)
        return WEBTEXT_ADDRESS;
    if (w->totals.open_n >= d->texts.open_max || !has_room(w, post->hash))
        return shed(w);
    const struct command cmd = {
        .kind = CMD_TEXT_ARRIVE,
        .text_arrive = {.leg_node = w->args.node,
                        .queue_id = post->queue_id,
                        .person_id = page.person_id,
                        .reference = (uint32_t)prng_below(&w->chance, REFERENCES),
                        .is_web = true}};
    put_words(&b, w,
              &(struct words){
                  post->id, APP_CONTACT_NEW, page.person_id, {post->text, post->text_n}, false});
    put_row(&b, w, post, &cmd);
    if (app_with_rows(w->args.app, &cmd, &(struct app_rows){b.rows, b.n}, w->now_at) != ACD_DONE)
        return shed(w);
    page.contact_id = b.rows[b.n - 1].web.contact_id;
    memcpy(page.hash, post->hash, sizeof(page.hash));
    put(w, &page);
    source->opened_n++;
    w->totals.opened_n++;
    return WEBTEXT_KEPT;
}

static enum webtext_verdict join(struct webtext *w, struct page *page,
                                 const struct texts_post *post)
{
    struct batch b = {.n = 0};
    const struct command cmd = {.kind = CMD_TEXT_JOIN, .text_join = {page->contact_id}};
    if (is_too_fast(w, page))
        return WEBTEXT_MINUTE;
    put_words(&b, w,
              &(struct words){
                  post->id, page->contact_id, page->person_id, {post->text, post->text_n}, false});
    if (app_with_rows(w->args.app, &cmd, &(struct app_rows){b.rows, b.n}, w->now_at) != ACD_DONE)
        return WEBTEXT_OVER;
    page->last_id = post->id;
    page->minute_n++;
    w->totals.joined_n++;
    return WEBTEXT_KEPT;
}

bool webtext_post(struct webtext *w, const struct texts_post *post, enum webtext_verdict *verdict)
{
    struct page *page = page_of(w, post->hash);
    *verdict = judge_words((struct text){post->text, post->text_n});
    if (!app_has_room(w->args.app))
        return false;
    if (*verdict == WEBTEXT_KEPT && (!page || page->last_id != post->id))
        *verdict = page ? join(w, page, post) : open_new(w, post);
    w->totals.refused_n[*verdict] += *verdict != WEBTEXT_KEPT;
    return true;
}

/* ---- an agent answers --------------------------------------------------------------------- */

uint64_t webtext_reply(struct webtext *w, const struct texts_post *post, enum acd_verdict *refused,
                       enum webtext_verdict *verdict)
{
    struct batch b = {.n = 0};
    const struct page *page = at(w, &w->ids, post->contact_id);
    struct text utf8 = {post->text, post->text_n};
    *refused = page ? ACD_DONE : ACD_REFUSED_UNKNOWN;
    *verdict = judge_words(utf8);
    if (page && !app_has_room(w->args.app))
        *refused = ACD_REFUSED_FULL;
    if (*refused != ACD_DONE || *verdict != WEBTEXT_KEPT)
        return 0;
    uint64_t id = prng_next(&w->chance) >> 1 | 1;
    const struct command cmd = {
        .kind = CMD_TEXT_ANSWER,
        .text_answer = {.contact_id = post->contact_id, .agent_id = post->agent_id}};
    put_words(&b, w, &(struct words){id, post->contact_id, page->person_id, utf8, true});
    *refused = app_with_rows(w->args.app, &cmd, &(struct app_rows){b.rows, b.n}, w->now_at);
    if (*refused != ACD_DONE)
        return 0;
    tell_heart(w, post->contact_id);
    w->totals.answered_n++;
    return id;
}

/* ---- words of refusals -------------------------------------------------------------------- */

static const struct {
    const char *name, *words;
} verdicts[WEBTEXT_VERDICTS] = {
    [WEBTEXT_KEPT] = {"kept", "gardé"},
    [WEBTEXT_OFF] = {"off", "on n’écrit pas à ce service par le site"},
    [WEBTEXT_EMPTY] = {"empty", "rien n’y est écrit"},
    [WEBTEXT_LONG] = {"long", "500 signes au plus"},
    [WEBTEXT_FULL] = {"full", "trop de messages attendent"},
    [WEBTEXT_ADDRESS] = {"address", "trop de messages depuis cette connexion"},
    [WEBTEXT_MINUTE] = {"minute", "trop de messages en une minute"},
    [WEBTEXT_OVER] = {"over", "cette demande est close ou a trop de messages"},
};

const char *webtext_verdict_name(enum webtext_verdict verdict)
{
    return verdicts[verdict].name;
}

const char *webtext_verdict_words(enum webtext_verdict verdict)
{
    return verdicts[verdict].words;
}

struct webtext_totals webtext_totals(const struct webtext *w)
{
    return w->totals;
}
