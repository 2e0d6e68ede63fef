/* pages_written.c — see pages_written.h. What changes something goes to the main thread; the page
 * answers when that is stored (awaited.h), and an answer to a person when its row is.
 * Called by pages.c. Cost: a look at each contact; a look-up on disk for each that is shown. */
#include "acd/acd.h"
#include "app/awaited.h"
#include "app/page_list.h"
#include "app/pages_written.h"
#include "app/texts.h"
#include "base/json_read.h"
#include "directory/named.h"
#include "say/reference.h"
#include "view/api.h"
#include "view/cursor.h"
#include "view/texts.h"

#define TYPE_TEXT "text/plain; charset=utf-8"

static const struct page_words unknown = {404, "no written contact that is open has this reference",
                                          "GET /api/v1/texts lists them",
                                          "aucun message ouvert n’a cette référence"};

/* ---- looking ------------------------------------------------------------------------------ */

static bool find(const struct pages_written_args *args, struct acd_look_text *look)
{
    const struct acd *acd = args->house->acd;
    uint32_t reference;
    if (!page_reference(&reference, args->reference))
        return false;
    for (uint32_t i = 0; i < acd_look_calls_n(acd); i++)
        if (acd_look_text(acd, i, look) && say_reference_of(look->reference) == reference)
            return true;
    return false;
}

/* What this agent took last. */
static bool find_taken(const struct pages_written_args *args, uint32_t agent_id,
                       struct acd_look_text *look)
{
    const struct acd *acd = args->house->acd;
    struct acd_look_text one;
    bool is_any = false;
    for (uint32_t i = 0; i < acd_look_calls_n(acd); i++) {
        if (!acd_look_text(acd, i, &one) || one.agent_id != agent_id)
            continue;
        bool is_later = !is_any || one.taken_at > look->taken_at ||
                        (one.taken_at == look->taken_at && one.contact_id > look->contact_id);
        if (is_later)
            *look = one;
        is_any = true;
    }
    return is_any;
}

static struct view_text row_of(const struct pages_written_args *args,
                               const struct acd_look_text *look)
{
    const struct texts_port *t = args->texts;
    bool is_one = args->what != WRITTEN_LIST;
    return (struct view_text){.look = *look,
                              .reference = say_reference_of(look->reference),
                              .e164 = t ? t->number(t->arg, look->contact_id) : 0,
                              .is_whole = is_one && args->request->principal == PAGES_OWNER,
                              .is_web = pages_written_is_web(t, look->contact_id)};
}

bool pages_written_is_web(const struct texts_port *t, uint64_t contact_id)
{
    struct texts_page page;
    return t && t->page_of && !t->page_of(t->arg, contact_id, &page);
}

/* ---- one, with all that was written ------------------------------------------------------- */

/* Parts of one message come one after the other. */
struct giving {
    pages_written_message_fn *fn;
    void *arg;
    uint64_t id; /* of the message in utf8; 0: none yet */
    struct texts_shown shown;
    struct text_out utf8;
};

static void give_message(struct giving *g)
{
    const struct texts_shown *s = &g->shown;
    bool is_agent = s->kind == TEXTS_KIND_ANSWER;
    const struct view_text_message m = {
        .at = s->at,
        .from = s->is_received ? VIEW_TEXT_PERSON
                : is_agent     ? VIEW_TEXT_AGENT
                               : VIEW_TEXT_HOUSE,
        .utf8 = {g->utf8.p, g->utf8.n},
        .state = s->is_received ? NULL : gsm_state_name((enum gsm_state)s->state),
        .why = s->is_received ? NULL : gsm_why_name((enum gsm_why)s->why),
        .words = s->is_received ? NULL : gsm_state_words((enum gsm_state)s->state)};
    if (g->id)
        g->fn(&m, g->arg);
}

static void put_octets(struct text_out *out, const struct texts_shown *s)
{
    uint8_t septets[GSM_SEPTETS_MAX];
    size_t n = s->n;
    if (s->coding == GSM_CODING_UCS2) {
        gsm_wide_text(out, s->octets, n < JOURNAL_SMS_OCTETS ? n : JOURNAL_SMS_OCTETS);
        return;
    }
    n = n < GSM_SEPTETS_MAX ? n : GSM_SEPTETS_MAX;
    gsm_unpack(septets, s->octets, n);
    gsm_septets_text(out, septets, n);
}

static void take_part(const struct texts_shown *shown, void *arg)
{
    struct giving *g = arg;
    if (shown->id != g->id) {
        give_message(g);
        g->utf8.n = 0;
        g->shown = *shown;
        g->id = shown->id;
    }
    put_octets(&g->utf8, shown);
}

void pages_written_messages(const struct texts_port *t, uint64_t contact_id,
                            pages_written_message_fn *fn, void *arg)
{
    char room[TEXTS_PARTS_MAX * GSM_WIDE_MAX * 4];
    struct giving g = {.fn = fn, .arg = arg, .utf8 = {.p = room, .max = sizeof(room)}};
    int err = t ? t->thread(t->arg, contact_id, take_part, &g) : 0;
    (void)err; /* what could be read is shown; /health says what the disk has */
    give_message(&g);
}

/* Where the messages of a card go. */
struct card {
    const struct pages_written_args *args;
    struct pages_answer *answer;
    struct json *j;
};

static void put_message(const struct view_text_message *m, void *arg)
{
    const struct card *c = arg;
    if (c->args->request->form == PAGES_TEXT)
        view_text_message_line(&c->answer->body, c->args->house, m);
    else
        view_text_message_json(c->j, m);
}

static void give_card(const struct pages_written_args *args, struct pages_answer *a,
                      const struct acd_look_text *look)
{
    struct json j = {.out = &a->body};
    struct card c = {.args = args, .answer = a, .j = &j};
    const struct view_text row = row_of(args, look);
    if (args->request->form == PAGES_TEXT) {
        a->type = TYPE_TEXT;
        view_text_line(&a->body, args->house, &row);
        pages_written_messages(args->texts, look->contact_id, put_message, &c);
        return;
    }
    view_text_json(&j, args->house, &row);
    json_array(&j, "messages");
    pages_written_messages(args->texts, look->contact_id, put_message, &c);
    json_array_end(&j);
    json_object_end(&j);
    text_put(&a->body, TEXT("\n"));
}

static void show(const struct pages_written_args *args, struct pages_answer *a)
{
    struct acd_look_text look;
    if (find(args, &look))
        give_card(args, a, &look);
    else
        page_refuse(args->request, a, &unknown);
}

/* It is no more this agent's. */
static void give_gone(const struct pages_written_args *args, struct pages_answer *a)
{
    const struct page_gone gone =
        args->what == WRITTEN_BACK || args->what == WRITTEN_MOVE
            ? (struct page_gone){args->reference, "waiting", "rendu à la file, à sa place"}
            : (struct page_gone){args->reference, "closed", "terminé"};
    page_gone(args->request, a, &gone);
}

/* ---- the list ----------------------------------------------------------------------------- */

static void put_rows(const struct pages_written_args *args, struct pages_answer *a,
                     const struct page_list *l)
{
    struct acd_look_text look;
    struct json j = {.out = &a->body};
    bool is_text = args->request->form == PAGES_TEXT;
    if (!is_text)
        view_texts_begin(&j, args->house);
    for (unsigned i = 0; i < l->n; i++) {
        acd_look_text(args->house->acd, l->rows[i].slot, &look);
        const struct view_text row = row_of(args, &look);
        if (is_text) {
            view_text_line(&a->body, args->house, &row);
        } else {
            view_text_json(&j, args->house, &row);
            json_object_end(&j);
        }
    }
    if (is_text)
        page_list_end_text(l, a, "aucun message écrit n’attend\n", "texts");
    else
        page_list_end_json(l, &j, a);
}

/* Places are in the order of contacts, for none has a head start. */
static void give_list(const struct pages_written_args *args, struct pages_answer *a)
{
    struct page_list l;
    struct acd_look_text look;
    if (!page_list_open(&l, args->request, a))
        return;
    for (uint32_t i = 0; i < acd_look_calls_n(args->house->acd); i++)
        if (acd_look_text(args->house->acd, i, &look) && look.contact_id > l.after_id)
            page_list_put(&l, look.contact_id, i);
    put_rows(args, a, &l);
}

/* ---- who asks ----------------------------------------------------------------------------- */

/* The agent of the query, as the heart has it; words when it is nobody. */
static struct page_words read_agent(const struct pages_written_args *args,
                                    struct acd_look_agent *look)
{
    const struct view_house *h = args->house;
    struct text word;
    uint32_t number;
    if (!view_query_find(&word, args->request->query, TEXT("agent")))
        return (struct page_words){400, "say which agent: ?agent=ID", "GET /api/v1/agents",
                                   "dire quel agent"};
    number = directory_agent_named(h->directory, word);
    for (uint32_t i = 0; number && i < acd_look_agents_n(h->acd); i++)
        if (acd_look_agent(h->acd, i, look) && look->id == number)
            return (struct page_words){0};
    return (struct page_words){404, "there is no such agent", "GET /api/v1/agents lists them",
                               "l’annuaire n’a pas cet agent"};
}

static struct page_words why_not_taken(const struct acd_look_agent *agent, enum acd_verdict verdict)
{
    if (verdict == ACD_NOTHING)
        return (struct page_words){404, "nobody waits who wrote to a queue of this agent",
                                   "ask again later", "aucun message n’attend dans ses files"};
    if (verdict == ACD_REFUSED_ROBOT)
        return (struct page_words){409, "a robot answers nobody in writing", "ask for an agent",
                                   "un robot ne répond pas par écrit"};
    if (!agent->texts_max)
        return (struct page_words){409, "this agent does not write", "give it the skill `ecrit`",
                                   "cet agent n’a pas la compétence «\u00a0ecrit\u00a0»"};
    if (verdict == ACD_REFUSED_FULL)
        return (struct page_words){409, "this agent has as many as sms.texts_at_once allows",
                                   "close one, or give one back",
                                   "cet agent en a autant qu’il peut\u00a0: en terminer ou en "
                                   "rendre un"};
    if (agent->state == AGENT_STATE_SIGNED_OUT)
        return (struct page_words){409, "the agent is not signed in", "sign in first",
                                   "l’agent n’est pas en poste"};
    return (struct page_words){409, "the agent is with a caller, or its telephone rings",
                               "when the call is over",
                               "l’agent est avec un usager, ou son téléphone sonne"};
}

static const struct page_words not_theirs = {409, "this agent does not have it",
                                             "POST /api/v1/texts/next takes the first that waits",
                                             "cet agent n’a pas pris ce message"};
static const struct page_words on_its_way = {
    409, "its answer has not left yet: whether it was answered is not known",
    "come again in a moment, or give it back",
    "sa réponse n’est pas encore partie\u00a0: revenir dans un moment, ou le rendre"};

/* ---- orders ------------------------------------------------------------------------------- */

static const struct page_words no_service = {404, "there is no such service",
                                             "GET /api/v1/queues lists them",
                                             "l’annuaire n’a pas ce service"};
static const struct page_words there_already = {409, "it is in that queue already",
                                                "name another service",
                                                "ce message est déjà dans ce service"};
static const struct page_words no_room = {409, "the house has no room for it there now",
                                          "come again in a moment",
                                          "la file de ce service est pleine pour l’instant"};

/* Where to; 0: there is no such service. */
static uint32_t service_of(const struct pages_written_args *args)
{
    struct text id;
    bool is_said = view_query_find(&id, args->request->query, TEXT("service"));
    return is_said ? directory_service_named(args->house->directory, id) : 0;
}

static struct page_words judge(const struct pages_written_args *args,
                               const struct acd_look_agent *agent, const struct order_told *told)
{
    enum acd_verdict verdict = (enum acd_verdict)told->verdict;
    struct acd_look_text look;
    switch (verdict) {
    case ACD_DONE:
        return awaited_stored(args->house, args->request, told);
    case ACD_MORE:
        return awaited_undecided;
    default:
        break;
    }
    if (args->what == WRITTEN_NEXT)
        return why_not_taken(agent, verdict);
    if (args->what == WRITTEN_MOVE && verdict == ACD_NOTHING)
        return there_already;
    if (args->what == WRITTEN_MOVE && verdict == ACD_REFUSED_FULL)
        return no_room;
    if (verdict == ACD_REFUSED_UNKNOWN || !find(args, &look))
        return unknown;
    return look.agent_id == agent->id ? on_its_way : not_theirs;
}

static struct page_words begin(const struct pages_written_args *args,
                               const struct acd_look_agent *agent, struct pages_answer *a)
{
    const struct orders_port *o = args->orders;
    struct acd_look_text look;
    struct command cmd = {.kind = CMD_TEXT_TAKE, .text_take = {agent->id}};
    if (args->what != WRITTEN_NEXT && !find(args, &look))
        return unknown;
    if (args->what == WRITTEN_CLOSE)
        cmd = (struct command){.kind = CMD_TEXT_END,
                               .text_end = {look.contact_id, agent->id, TEXT_END_CLOSED}};
    if (args->what == WRITTEN_BACK)
        cmd =
            (struct command){.kind = CMD_TEXT_RETURN, .text_return = {look.contact_id, agent->id}};
    if (args->what == WRITTEN_MOVE)
        cmd = (struct command){.kind = CMD_TEXT_MOVE,
                               .text_move = {look.contact_id, agent->id, service_of(args)}};
    if (args->what == WRITTEN_MOVE && !cmd.text_move.queue_id)
        return no_service;
    a->order_id = o->give(o->arg, &cmd, args->request->now_ms);
    return a->order_id ? (struct page_words){0} : awaited_too_many;
}

struct page_words pages_written_change(const struct pages_written_args *args,
                                       struct pages_answer *a)
{
    const struct pages_request *r = args->request;
    struct acd_look_agent agent;
    struct order_told told;
    struct page_words words = args->orders ? read_agent(args, &agent) : awaited_silent;
    if (words.status)
        return words;
    words = r->order_id ? awaited_look(args->orders, r, &told) : begin(args, &agent, a);
    if (r->order_id && words.status == 200)
        words = judge(args, &agent, &told);
    return awaited_goes_on(args->orders, r, a, &words) ? (struct page_words){0} : words;
}

static void change(const struct pages_written_args *args, struct pages_answer *a)
{
    struct acd_look_agent agent;
    struct acd_look_text look;
    struct page_words words = pages_written_change(args, a);
    if (!words.status)
        return;
    if (words.status != 200)
        page_refuse(args->request, a, &words);
    else if (args->what != WRITTEN_NEXT)
        give_gone(args, a);
    else if (!read_agent(args, &agent).status && find_taken(args, agent.id, &look))
        give_card(args, a, &look);
    else
        page_refuse(args->request, a, &unknown); /* over meanwhile: the person wrote STOP */
}

/* ---- an answer ---------------------------------------------------------------------------- */

static struct page_words read_answer(const struct pages_written_args *args,
                                     const struct acd_look_agent *agent, struct texts_post *post)
{
    struct acd_look_text look;
    struct text value;
    struct text_out out = {.p = post->text, .max = sizeof(post->text)};
    if (!find(args, &look))
        return unknown;
    bool is_read =
        args->typed ? args->typed->n <= out.max
                    : json_find(&value, args->request->body, "text") && json_unescape(&out, value);
    if (args->typed && is_read)
        text_put(&out, *args->typed);
    if (!is_read)
        return (struct page_words){400, "the body is {\"text\": \"…\"}, 1536 bytes at most",
                                   "write what the person is to read",
                                   "dire la réponse à envoyer, 1536 octets au plus"};
    post->contact_id = look.contact_id;
    post->agent_id = agent->id;
    post->text_n = (uint16_t)out.n;
    return (struct page_words){0};
}

static struct page_words judge_answer(const struct texts_post_told *told)
{
    switch ((enum acd_verdict)told->verdict) {
    case ACD_DONE:
        return told->id ? (struct page_words){.status = 200}
                        : (struct page_words){409, told->why, told->say, told->say};
    case ACD_REFUSED_UNKNOWN:
        return unknown;
    case ACD_REFUSED_STATE:
        return not_theirs;
    default:
        return awaited_too_many;
    }
}

struct page_words pages_written_answer(const struct pages_written_args *args,
                                       struct pages_answer *a)
{
    static const struct page_words mute = {503, "no gateway of text messages is set",
                                           "set sms.driver", "aucune passerelle de SMS"};
    const struct texts_port *t = args->texts;
    const struct pages_request *r = args->request;
    struct texts_post post = {.kind = TEXTS_POST_ANSWER};
    struct texts_post_told told;
    struct acd_look_agent agent;
    struct page_words words = t ? read_agent(args, &agent) : mute;
    if (!words.status && r->order_id) {
        enum texts_post_state state = awaited_post_look(t, r, a, &told);
        if (state == TEXTS_POST_GIVEN)
            return (struct page_words){0};
        words = state == TEXTS_POST_STORED ? judge_answer(&told) : awaited_silent;
    } else if (!words.status) {
        words = read_answer(args, &agent, &post);
    }
    if (!words.status && awaited_post_give(t, r, a, &post))
        return (struct page_words){0};
    return words.status ? words : awaited_too_many;
}

static void answer_person(const struct pages_written_args *args, struct pages_answer *a)
{
    struct acd_look_text look;
    struct page_words words = pages_written_answer(args, a);
    if (!words.status)
        return;
    if (words.status == 200 && find(args, &look))
        give_card(args, a, &look);
    else
        page_refuse(args->request, a, words.status == 200 ? &unknown : &words);
}

void pages_written(const struct pages_written_args *args, struct pages_answer *answer)
{
    switch (args->what) {
    case WRITTEN_LIST:
        give_list(args, answer);
        return;
    case WRITTEN_SHOW:
        show(args, answer);
        return;
    case WRITTEN_ANSWER:
        answer_person(args, answer);
        return;
    default:
        change(args, answer);
    }
}
