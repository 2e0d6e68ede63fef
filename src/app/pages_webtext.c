/* pages_webtext.c — see pages_webtext.h. A message goes to the main thread; the page goes on when
 * its row is on the disk, and says so when it is not in time: its id is made of the secret and the
 * words, so that the same message sent again is one. An unknown secret and an erased one get the
 * same words after the same work: one look-up of a hash. Called by pages.c. Cost: a look-up on
 * disk; a look at each contact. */
#include <string.h>

#include "access/form.h"
#include "app/awaited.h"
#include "app/pages_screens.h"
#include "app/pages_sign.h"
#include "app/pages_webtext.h"
#include "app/pages_written.h"
#include "app/webtext.h"
#include "base/siphash.h"
#include "directory/hours.h"
#include "gate/gate.h"
#include "say/reference.h"
#include "view/cursor.h"
#include "view/parts.h"
#include "view/webtext.h"

#define PATH "/ecrire"
#define RETRY_S 5
#define SECRET_DIGITS (2 * (size_t)TEXTS_SECRET_BYTES)
#define NUMBER_MAX 32
/* What was typed is shown again also where it is too long. */
#define TYPED_MAX 8192

_Static_assert(VIEW_WEBTEXT_SIGNS == WEBTEXT_SIGNS_MAX, "the counter says what is taken");

static const enum view_webtext_fault fault_of[WEBTEXT_VERDICTS] = {
    [WEBTEXT_OFF] = VIEW_WEBTEXT_NO_SERVICE,  [WEBTEXT_EMPTY] = VIEW_WEBTEXT_EMPTY,
    [WEBTEXT_LONG] = VIEW_WEBTEXT_LONG,       [WEBTEXT_FULL] = VIEW_WEBTEXT_FULL,
    [WEBTEXT_ADDRESS] = VIEW_WEBTEXT_ADDRESS, [WEBTEXT_MINUTE] = VIEW_WEBTEXT_MINUTE,
    [WEBTEXT_OVER] = VIEW_WEBTEXT_OVER};

static unsigned status_of(enum view_webtext_fault fault)
{
    switch (fault) {
    case VIEW_WEBTEXT_WELL:
        return 200;
    case VIEW_WEBTEXT_FULL:
    case VIEW_WEBTEXT_SYSTEM:
        return 503;
    case VIEW_WEBTEXT_ADDRESS:
    case VIEW_WEBTEXT_MINUTE:
        return 429;
    case VIEW_WEBTEXT_ORIGIN:
        return 403;
    case VIEW_WEBTEXT_OVER:
        return 409;
    default:
        return 422;
    }
}

static void say_status(struct pages_answer *answer, enum view_webtext_fault fault)
{
    answer->status = status_of(fault);
    answer->retry_after_s = answer->status == 503 ? RETRY_S : 0;
}

/* ---- what was sent ------------------------------------------------------------------------ */

struct sent {
    char secret[SECRET_DIGITS + 1];
    char typed[TYPED_MAX], name[JOURNAL_WEB_NAME], number[NUMBER_MAX];
    char service[DIRECTORY_ID_BYTES];
    size_t typed_n, name_n, number_n, service_n;
    uint64_t texts_n;
    bool is_end;
    enum view_webtext_fault fault;
};

static bool is_secret(struct text secret)
{
    uint8_t bytes[TEXTS_SECRET_BYTES];
    return secret.n == SECRET_DIGITS && form_hex(bytes, sizeof(bytes), secret);
}

/* A field of one line; false: it does not fit, or holds what no line has. Not there: empty. */
static bool read_line(struct text_out *out, struct text body, const char *name)
{
    char word[TYPED_MAX];
    struct text_out all = {.p = word, .max = sizeof(word)};
    if (!form_field(&all, body, name))
        return true;
    struct text line = text_trim((struct text){word, all.n});
    for (size_t i = 0; i < line.n; i++)
        if ((uint8_t)line.p[i] < ' ' || line.p[i] == 127)
            return false;
    text_put(out, line);
    return !out->is_cut;
}

/* As it was typed, its lines ended as elsewhere in the house. */
static void read_words(struct sent *s, struct text body)
{
    struct text_out out = {.p = s->typed, .max = sizeof(s->typed)};
    size_t n = 0;
    if (!form_field(&out, body, "texte")) {
        s->fault = body.n > TYPED_MAX ? VIEW_WEBTEXT_LONG : VIEW_WEBTEXT_EMPTY;
        return;
    }
    for (size_t i = 0; i < out.n; i++)
        if (s->typed[i] != '\r')
            s->typed[n++] = s->typed[i] == '\t' ? ' ' : s->typed[i];
    s->typed_n = n;
    if (n > TEXTS_POST_BYTES)
        s->fault = VIEW_WEBTEXT_LONG;
}

static void read_sent(struct sent *s, const struct pages_request *r)
{
    const struct form_source source = {r->browser.site, r->browser.origin, r->browser.host};
    char word[NUMBER_MAX];
    struct text_out name = {.p = s->name, .max = sizeof(s->name) - 1};
    struct text_out number = {.p = s->number, .max = sizeof(s->number)};
    struct text_out service = {.p = s->service, .max = sizeof(s->service)};
    struct text_out secret = {.p = s->secret, .max = SECRET_DIGITS};
    struct text_out count = {.p = word, .max = sizeof(word)}, end = count;
    *s = (struct sent){.fault = VIEW_WEBTEXT_WELL};
    read_words(s, r->body);
    if (!read_line(&number, r->body, "numero"))
        s->fault = VIEW_WEBTEXT_NO_NUMBER;
    if (!read_line(&name, r->body, "prenom"))
        s->fault = VIEW_WEBTEXT_LONG_NAME;
    if (!read_line(&service, r->body, "service"))
        s->fault = VIEW_WEBTEXT_NO_SERVICE;
    s->is_end = form_field(&end, r->body, "fin");
    if (!form_field(&count, r->body, "n") ||
        !text_number((struct text){word, count.n}, UINT32_MAX, &s->texts_n))
        s->texts_n = 0;
    if (!form_field(&secret, r->body, "cle") || !is_secret((struct text){s->secret, secret.n}))
        s->secret[0] = '\0';
    s->name_n = name.n;
    s->number_n = number.n;
    s->service_n = service.n;
    if (!form_is_ours(&source))
        s->fault = VIEW_WEBTEXT_ORIGIN;
}

/* Eight bytes of where it comes from: of IPv6 the network. */
static uint64_t address_of(const struct pages_request *r)
{
    struct address address;
    uint64_t at = 0;
    struct text bytes = pages_sign_address(&r->browser, &address);
    memcpy(&at, bytes.p, bytes.n < sizeof(at) ? bytes.n : sizeof(at));
    return at;
}

/* The same words sent twice by one form are one message. */
static uint64_t id_of(const struct texts_post *post, uint64_t texts_n)
{
    struct siphash_key key;
    memcpy(&key, post->hash, sizeof(key));
    key.k0 ^= texts_n;
    return siphash(&key, (struct text){post->text, post->text_n}) >> 1 | 1;
}

static struct texts_post post_of(const struct pages_webtext_args *args, const struct sent *s,
                                 struct text secret)
{
    const struct texts_port *t = args->pages->texts;
    struct texts_post post = {.kind = TEXTS_POST_WEB,
                              .address = address_of(args->request),
                              .text_n = (uint16_t)s->typed_n};
    t->hash(t->arg, post.hash, secret);
    memcpy(post.text, s->typed, s->typed_n);
    memcpy(post.name, s->name, s->name_n);
    post.id = id_of(&post, s->texts_n);
    return post;
}

/* ---- where to go -------------------------------------------------------------------------- */

static void go_to(const struct pages_webtext_args *args, struct pages_answer *answer,
                  struct text secret)
{
    struct html h = pages_screen_open(args->request, answer);
    struct text_out out = {.p = args->pages->location, .max = PAGES_LOCATION_BYTES - 1};
    text_put(&out, TEXT(PATH "/"));
    text_put(&out, secret);
    text_put(&out, text_of(html_query(&h)));
    args->pages->location[out.n] = '\0';
    answer->status = 303;
    answer->location = args->pages->location;
}

/* What became of the message that this request waits for. False: not yet. */
static bool is_decided(const struct pages_webtext_args *args, struct pages_answer *answer,
                       enum view_webtext_fault *fault)
{
    struct texts_post_told told;
    enum texts_post_state state =
        awaited_post_look(args->pages->texts, args->request, answer, &told);
    *fault = VIEW_WEBTEXT_SYSTEM;
    if (state == TEXTS_POST_GIVEN)
        return false;
    if (state == TEXTS_POST_STORED)
        *fault = told.id ? VIEW_WEBTEXT_WELL : fault_of[told.verdict];
    return true;
}

/* True: the answer waits for the disk, or it is there already. */
static bool give(const struct pages_webtext_args *args, struct pages_answer *answer,
                 const struct texts_post *post, enum view_webtext_fault *fault)
{
    const struct texts_port *t = args->pages->texts;
    *fault = VIEW_WEBTEXT_WELL;
    if (t->has(t->arg, post->id))
        return false; /* sent twice */
    *fault = VIEW_WEBTEXT_SYSTEM;
    return awaited_post_give(t, args->request, answer, post);
}

/* ---- the form ----------------------------------------------------------------------------- */

/* By index of the service; false: none is written to here. */
static bool offer(const struct pages_webtext_args *args, bool offered[DIRECTORY_SERVICES_MAX])
{
    const struct directory *d = args->house->directory;
    bool is_any = false;
    for (uint32_t i = 0; d && d->texts.has_page && args->pages->texts && i < d->services_n; i++)
        is_any |= offered[i] = directory_is_written(d, i);
    return is_any;
}

static void show_form(const struct pages_webtext_args *args, const struct sent *s,
                      struct pages_answer *answer)
{
    bool offered[DIRECTORY_SERVICES_MAX];
    char secret[SECRET_DIGITS + 1] = "";
    struct text service = TEXT_NONE;
    const struct texts_port *t = args->pages->texts;
    struct html h = pages_screen_open(args->request, answer);
    struct view_webtext_form form = {.fault = s->fault,
                                     .typed = {s->typed, s->typed_n},
                                     .name = {s->name, s->name_n},
                                     .number = {s->number, s->number_n},
                                     .service = {s->service, s->service_n}};
    if (offer(args, offered))
        form.offered = offered;
    if (s->secret[0])
        form.secret = s->secret;
    else if (form.offered && t->draw(t->arg, secret))
        form.secret = secret;
    if (!s->service_n && view_query_find(&service, args->request->query, TEXT("service")))
        form.service = service;
    say_status(answer, s->fault);
    if (!form.offered && !s->fault)
        answer->status = 404;
    if (form.offered && !form.secret)
        say_status(answer, form.fault = VIEW_WEBTEXT_SYSTEM);
    view_webtext_form(&h, args->house, &form);
}

void pages_webtext_form(const struct pages_webtext_args *args, struct pages_answer *answer)
{
    struct sent none = {.fault = VIEW_WEBTEXT_WELL};
    show_form(args, &none, answer);
}

/* Of the service that was chosen; 0: none that is offered. */
static uint32_t queue_of(const struct pages_webtext_args *args, const struct sent *s)
{
    bool offered[DIRECTORY_SERVICES_MAX];
    const struct directory *d = args->house->directory;
    if (!offer(args, offered))
        return 0;
    for (uint32_t i = 0; i < d->services_n; i++)
        if (offered[i] &&
            text_equal(text_of(d->services[i].id), (struct text){s->service, s->service_n}))
            return d->services[i].number;
    return 0;
}

static bool read_number(uint64_t *e164, const struct sent *s)
{
    *e164 = 0;
    return !s->number_n ||
           (gate_read(e164, (struct text){s->number, s->number_n}) == GATE_PASSES && *e164);
}

/* True: the answer waits. Else s->fault says why not; well: it is there already. */
static bool begin(const struct pages_webtext_args *args, struct pages_answer *answer,
                  struct sent *s)
{
    uint32_t queue_id = queue_of(args, s);
    uint64_t e164;
    if (s->fault)
        return false;
    if (!queue_id)
        s->fault = VIEW_WEBTEXT_NO_SERVICE;
    else if (!read_number(&e164, s))
        s->fault = VIEW_WEBTEXT_NO_NUMBER;
    else if (!s->secret[0])
        s->fault = VIEW_WEBTEXT_ORIGIN;
    if (s->fault)
        return false;
    struct texts_post post = post_of(args, s, (struct text){s->secret, SECRET_DIGITS});
    post.queue_id = queue_id;
    post.e164 = e164;
    return give(args, answer, &post, &s->fault);
}

void pages_webtext_open(const struct pages_webtext_args *args, struct pages_answer *answer)
{
    struct sent s;
    read_sent(&s, args->request);
    bool is_off = !args->pages->texts || !args->house->directory;
    if (is_off)
        s.fault = VIEW_WEBTEXT_NO_SERVICE;
    else if (args->request->order_id ? !is_decided(args, answer, &s.fault)
                                     : begin(args, answer, &s))
        return;
    if (s.fault)
        show_form(args, &s, answer);
    else
        go_to(args, answer, (struct text){s.secret, SECRET_DIGITS});
}

/* ---- the page of one person --------------------------------------------------------------- */

struct reading {
    const struct pages_webtext_args *args;
    struct html *h;
    uint64_t contact_id;
};

static void put_message(const struct view_text_message *m, void *arg)
{
    const struct reading *r = arg;
    view_webtext_message(r->h, r->args->house, m);
}

static void put_messages(struct html *h, void *arg)
{
    struct reading *r = arg;
    r->h = h;
    pages_written_messages(r->args->pages->texts, r->contact_id, put_message, r);
}

/* Those whom somebody is to answer first: with nobody yet, or not answered by who has them. */
static uint32_t before_n(const struct acd *acd, const struct acd_look_text *mine)
{
    struct acd_look_text look;
    uint32_t n = 0;
    for (uint32_t i = 0; i < acd_look_calls_n(acd); i++) {
        if (!acd_look_text(acd, i, &look) || look.queue_id != mine->queue_id || look.is_answered)
            continue;
        n += look.key_at < mine->key_at ||
             (look.key_at == mine->key_at && look.contact_id < mine->contact_id);
    }
    return n;
}

/* 0: the queue is open. */
static ms_t opens_at(const struct view_house *house, uint32_t queue_id)
{
    const struct directory_service *s = view_service(house, queue_id);
    struct acd_look_queue q;
    uint32_t slot = acd_look_queue_slot(house->acd, queue_id);
    bool is_closed = slot != SLOT_NONE && acd_look_queue(house->acd, slot, house->now_at, &q) &&
                     q.hours == HOURS_CLOSED_PUBLISHED;
    return is_closed && s ? directory_opens_at(house->directory, s->weeks, house->now_at) : 0;
}

/* What the figures do not have yet was just kept; what they have no more is over. */
static void look_at(const struct view_house *house, uint64_t contact_id, struct view_webtext *page)
{
    struct acd_look_text look;
    const struct directory_agent *agent;
    page->state = VIEW_WEBTEXT_STORED;
    if (!house->is_ready || contact_id > house->last_id)
        return;
    page->state = VIEW_WEBTEXT_DONE;
    if (!acd_look_text_of(house->acd, contact_id, &look))
        return;
    page->texts_n = look.texts_n;
    page->queue_id = look.queue_id;
    page->state = look.agent_id ? VIEW_WEBTEXT_TAKEN : VIEW_WEBTEXT_WAITS;
    agent = look.agent_id ? view_agent_entry(house, look.agent_id) : NULL;
    page->agent = agent ? agent->name : NULL;
    page->before_n = before_n(house->acd, &look);
    page->opens_at = opens_at(house, look.queue_id);
}

/* False: there is none; the same work whether there was. */
static bool find(const struct pages_webtext_args *args, struct texts_page *found)
{
    const struct texts_port *t = args->pages->texts;
    uint8_t hash[JOURNAL_WEB_HASH];
    if (!t)
        return false;
    t->hash(t->arg, hash, args->secret);
    return !t->page(t->arg, hash, found) && is_secret(args->secret);
}

static void show_unknown(const struct pages_webtext_args *args, struct pages_answer *answer)
{
    struct html h = pages_screen_open(args->request, answer);
    answer->status = 404;
    view_webtext_unknown(&h, args->house);
}

static void show_page(const struct pages_webtext_args *args, const struct texts_page *found,
                      const struct sent *s, struct pages_answer *answer)
{
    char secret[SECRET_DIGITS + 1] = "";
    struct html h = pages_screen_open(args->request, answer);
    struct reading reading = {args, &h, found->contact_id};
    struct view_webtext page = {
        .fault = s->fault,
        .reference = say_reference_of(found->reference),
        .queue_id = found->queue_id,
        .secret = secret,
        .typed = {s->typed, s->fault ? s->typed_n : 0},
        .keep_ms = args->house->directory ? args->house->directory->texts.keep_ms : 0,
        .messages = put_messages,
        .arg = &reading};
    memcpy(secret, args->secret.p, SECRET_DIGITS);
    look_at(args->house, found->contact_id, &page);
    say_status(answer, s->fault);
    view_webtext(&h, args->house, &page);
}

void pages_webtext_show(const struct pages_webtext_args *args, struct pages_answer *answer)
{
    struct texts_page found;
    const struct sent none = {.fault = VIEW_WEBTEXT_WELL};
    if (find(args, &found))
        show_page(args, &found, &none, answer);
    else
        show_unknown(args, answer);
}

/* « J’ai terminé ». True: the answer waits. */
static bool finish(const struct pages_webtext_args *args, const struct texts_page *found,
                   struct pages_answer *answer, enum view_webtext_fault *fault)
{
    const struct orders_port *o = args->pages->orders;
    const struct command cmd = {
        .kind = CMD_TEXT_END,
        .text_end = {.contact_id = found->contact_id, .how = TEXT_END_CANCELLED}};
    struct order_told told;
    struct page_words words = awaited_silent;
    if (o && args->request->order_id) {
        words = awaited_look(o, args->request, &told);
        if (words.status == 200 && told.verdict == ACD_DONE)
            words = awaited_stored(args->house, args->request, &told);
    } else if (o) {
        answer->order_id = o->give(o->arg, &cmd, args->request->now_ms);
        words = answer->order_id ? (struct page_words){0} : awaited_too_many;
    }
    if (o && awaited_goes_on(o, args->request, answer, &words))
        return true;
    *fault = words.status == 200 ? VIEW_WEBTEXT_WELL : VIEW_WEBTEXT_SYSTEM;
    return false;
}

static bool write_again(const struct pages_webtext_args *args, struct sent *s,
                        struct pages_answer *answer)
{
    if (args->request->order_id)
        return !is_decided(args, answer, &s->fault);
    if (s->fault)
        return false;
    const struct texts_post post = post_of(args, s, args->secret);
    return give(args, answer, &post, &s->fault);
}

void pages_webtext_more(const struct pages_webtext_args *args, struct pages_answer *answer)
{
    struct texts_page found;
    struct sent s;
    if (!find(args, &found)) {
        show_unknown(args, answer);
        return;
    }
    read_sent(&s, args->request);
    bool is_from_here = s.fault != VIEW_WEBTEXT_ORIGIN;
    if (s.is_end && is_from_here ? finish(args, &found, answer, &s.fault)
                                 : write_again(args, &s, answer))
        return;
    if (s.fault)
        show_page(args, &found, &s, answer);
    else
        go_to(args, answer, args->secret);
}
