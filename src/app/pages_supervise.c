/* pages_supervise.c — see pages_supervise.h. 200 means stored: the order is awaited (awaited.h).
 * Called by pages.c. Cost: a look through the directory for each name. */
#include "acd/acd.h"
#include "app/awaited.h"
#include "app/pages_supervise.h"
#include "app/routes.h"
#include "directory/named.h"
#include "view/cursor.h"

#define MINUTE_MS ((ms_t)60000)
#define MINUTES_OF_DAY (24 * 60)

_Static_assert(API_HELP_MINUTES_MAX *MINUTE_MS == ACD_HELP_MS_MAX && API_HELP_MINUTES_MIN == 1,
               "the bounds of help are those that are published");

static const struct page_words no_service = {404, "there is no such service",
                                             "GET /api/v1/queues lists them",
                                             "aucun service n’a cet identifiant dans l’annuaire"};
static const struct page_words no_agent = {404, "there is no such agent",
                                           "GET /api/v1/agents lists them",
                                           "personne n’a cet identifiant dans l’annuaire"};
static const enum conclusion conclusions[] = {API_CONCLUDE_OUTCOME_VALUES};

bool pages_supervise_is_of_agent(enum command_kind kind)
{
    return kind == CMD_CONVERSATION_CONCLUDE || kind == CMD_AGENT_MOVE ||
           kind == CMD_AGENT_MOVE_BACK;
}

/* As events name who asked: the account of the session; 0: a program, or the owner. */
static uint64_t who_asks(const struct view_house *h)
{
    return h->rights ? h->rights->account_id : 0;
}

/* ---- what is asked for ---------------------------------------------------------------------- */

/* ?site: left out, everybody's. */
static struct page_words read_site(const struct pages_supervise_args *args, uint32_t *site_id)
{
    struct text word;
    *site_id = 0;
    if (!view_query_find(&word, args->request->query, TEXT("site")))
        return (struct page_words){0};
    *site_id = directory_site_named(args->house->directory, word);
    return *site_id
               ? (struct page_words){0}
               : (struct page_words){404, "there is no such site", "leave it out for everybody",
                                     "aucun lieu n’a cet identifiant dans l’annuaire"};
}

static struct page_words read_help(const struct pages_supervise_args *args, struct command *cmd)
{
    struct text word;
    uint64_t minutes;
    cmd->help_ask.by_id = who_asks(args->house);
    cmd->help_ask.for_ms = args->house->directory->help_ms;
    if (view_query_find(&word, args->request->query, TEXT("minutes"))) {
        if (!text_number(word, API_HELP_MINUTES_MAX, &minutes) || !minutes)
            return (struct page_words){400, "minutes is 1 to 240", "leave it out for the usual",
                                       "de 1 à 240 minutes"};
        cmd->help_ask.for_ms = (ms_t)minutes * MINUTE_MS;
    }
    return read_site(args, &cmd->help_ask.site_id);
}

static struct page_words read_of_queue(const struct pages_supervise_args *args, struct command *cmd)
{
    struct text word;
    uint32_t queue_id = directory_service_named(args->house->directory, args->id);
    if (!queue_id)
        return no_service;
    switch (cmd->kind) {
    case CMD_HELP_ASK:
        cmd->help_ask.queue_id = queue_id;
        return read_help(args, cmd);
    case CMD_HELP_END:
        cmd->help_end.queue_id = queue_id;
        cmd->help_end.by_id = who_asks(args->house);
        return read_site(args, &cmd->help_end.site_id);
    case CMD_QUEUE_REOPEN:
        cmd->queue_reopen.queue_id = queue_id;
        cmd->queue_reopen.by_id = who_asks(args->house);
        return (struct page_words){0};
    default:
        cmd->queue_shut.queue_id = queue_id;
        cmd->queue_shut.by_id = who_asks(args->house);
        if (!view_query_find(&word, args->request->query, TEXT("until")))
            return (struct page_words){0};
        return page_instant(args->house, word, &cmd->queue_shut.until_at);
    }
}

/* "sante,famille". */
static struct page_words read_queues(const struct pages_supervise_args *args, struct command *cmd)
{
    struct text rest = TEXT_NONE;
    unsigned n = 0;
    bool is_named = view_query_find(&rest, args->request->query, TEXT("queues")) && rest.n;
    while (rest.n && n < ACD_QUEUES_PER_AGENT) {
        uint32_t queue_id = directory_service_named(args->house->directory, text_cut(&rest, ','));
        if (!queue_id)
            return no_service;
        for (unsigned i = 0; i < n; i++)
            is_named &= cmd->agent_move.queue_ids[i] != queue_id;
        cmd->agent_move.queue_ids[n++] = queue_id;
    }
    cmd->agent_move.queue_ids_n = (uint8_t)n;
    if (!is_named || rest.n)
        return (struct page_words){400, "queues are services with commas between, 16 at most",
                                   "name each once: ?queues=sante,famille",
                                   "dire les services, séparés par des virgules, chacun une fois, "
                                   "16 au plus"};
    return (struct page_words){0};
}

/* Until the end of the local day, when nobody says: who entered during hours is still served. */
static struct page_words read_move(const struct pages_supervise_args *args, struct command *cmd)
{
    struct text word;
    const struct view_house *h = args->house;
    struct page_words words = read_queues(args, cmd);
    cmd->agent_move.until_at = calendar_instant(h->zone, h->today + 1, 0);
    cmd->agent_move.by_id = who_asks(args->house);
    if (words.status || !view_query_find(&word, args->request->query, TEXT("until")))
        return words;
    return page_instant(h, word, &cmd->agent_move.until_at);
}

static struct page_words read_conclusion(const struct pages_supervise_args *args,
                                         struct command *cmd)
{
    struct text word = TEXT_NONE;
    view_query_find(&word, args->request->query, TEXT("outcome"));
    for (unsigned i = 0; i < ARRAY_LEN(conclusions); i++) {
        cmd->conversation_conclude.conclusion = conclusions[i];
        if (text_equal(word, text_of(conclusion_name(conclusions[i]))))
            return (struct page_words){0};
    }
    return (struct page_words){
        400, "there is no such outcome",
        "answered, to_call_back, passed_on, appointment, directed or "
        "not_understood",
        "suite inconnue\u00a0: answered (répondu), to_call_back (à rappeler), "
        "passed_on (passé à quelqu’un), appointment (rendez-vous), directed "
        "(orienté ailleurs) ou not_understood (pas compris)"};
}

static struct page_words read_of_agent(const struct pages_supervise_args *args, struct command *cmd)
{
    uint32_t agent_id = page_agent(args->house, args->id);
    if (!agent_id)
        return no_agent;
    switch (cmd->kind) {
    case CMD_AGENT_MOVE:
        cmd->agent_move.agent_id = agent_id;
        return read_move(args, cmd);
    case CMD_AGENT_MOVE_BACK:
        cmd->agent_move_back.agent_id = agent_id;
        cmd->agent_move_back.by_id = who_asks(args->house);
        return (struct page_words){0};
    default:
        cmd->conversation_conclude.agent_id = agent_id;
        return read_conclusion(args, cmd);
    }
}

/* ---- what became of it ---------------------------------------------------------------------- */

static struct page_words refusal_of(const struct pages_supervise_args *args,
                                    enum acd_verdict verdict)
{
    switch (verdict) {
    case ACD_REFUSED_UNKNOWN:
        return pages_supervise_is_of_agent(args->kind) ? no_agent : no_service;
    case ACD_REFUSED_STATE:
        return (struct page_words){409, "there is no conversation to speak of",
                                   "say it before the wrap-up ends",
                                   "pas de conversation en cours, ou le post-appel est fini"};
    case ACD_REFUSED_RANGE: /* it was to come when it was read */
        return (struct page_words){400, "this time is over", "name a later one",
                                   "cette heure est passée\u00a0: en dire une plus tard"};
    case ACD_REFUSED_FULL:
        if (args->kind != CMD_HELP_ASK)
            return (struct page_words){503, "nothing can be noted now", "look at /health",
                                       "rien ne peut être noté en ce moment\u00a0: decroche "
                                       "status dit pourquoi"};
        return (struct page_words){
            409, "too many sites ask for help here", "ask for everybody: leave the site out",
            "huit lieux demandent déjà de l’aide ici\u00a0: la demander pour "
            "tous"};
    case ACD_REFUSED_ROBOT:
        return (struct page_words){409, "a robot of the house is not moved", "move somebody else",
                                   "un robot de la maison ne change pas de files"};
    default:
        return (struct page_words){409, "the order was refused", "look at the page again",
                                   "refusé\u00a0: decroche status"};
    }
}

static struct page_words judge(const struct pages_supervise_args *args,
                               const struct order_told *told)
{
    enum acd_verdict verdict = (enum acd_verdict)told->verdict;
    if (verdict == ACD_MORE) /* kept behind a full journal: what becomes of it nobody knows yet */
        return awaited_undecided;
    if (!acd_is_taken(verdict))
        return refusal_of(args, verdict);
    return awaited_stored(args->house, args->request, told);
}

static struct page_words begin(const struct pages_supervise_args *args, struct pages_answer *answer)
{
    struct command cmd = {.kind = args->kind};
    bool is_of_agent = pages_supervise_is_of_agent(args->kind);
    struct page_words words = is_of_agent ? read_of_agent(args, &cmd) : read_of_queue(args, &cmd);
    if (words.status)
        return words;
    answer->order_id = args->orders->give(args->orders->arg, &cmd, args->request->now_ms);
    return answer->order_id ? (struct page_words){0} : awaited_too_many;
}

/* What is true from now on, for people. */
static const char *done_words(enum command_kind kind)
{
    switch (kind) {
    case CMD_HELP_ASK:
        return "aide demandée\u00a0: le cercle suivant est ouvert, et l’aide finira d’elle-même\n";
    case CMD_HELP_END:
        return "fin de l’aide\u00a0; qui attend garde le cercle qui lui est ouvert\n";
    case CMD_QUEUE_SHUT:
        return "fermée à la main\u00a0: pendant les horaires publiés, les appels qu’elle refuse "
               "comptent "
               "comme refusés (turned_away)\u00a0; qui attend est prévenu et reste servi\n";
    case CMD_QUEUE_REOPEN:
        return "rouverte\u00a0: les horaires publiés valent de nouveau\n";
    case CMD_AGENT_MOVE:
        return "fait\u00a0: ces files jusqu’à l’heure dite, ou jusqu’à la fin du jour\n";
    case CMD_AGENT_MOVE_BACK:
        return "fait\u00a0: de nouveau les files de l’annuaire\n";
    default:
        return "suite notée\n";
    }
}

static void give_done(const struct pages_supervise_args *args, struct pages_answer *answer)
{
    answer->type = "text/plain; charset=utf-8";
    text_put(&answer->body, text_of(done_words(args->kind)));
}

struct page_words pages_supervise_order(const struct pages_supervise_args *args,
                                        struct pages_answer *answer)
{
    const struct pages_request *r = args->request;
    struct order_told told;
    struct page_words words =
        r->order_id ? awaited_look(args->orders, r, &told) : begin(args, answer);
    if (r->order_id && words.status == 200)
        words = judge(args, &told);
    (void)awaited_goes_on(args->orders, r, answer, &words); /* told by status 0 */
    return words;
}

bool pages_supervise(const struct pages_supervise_args *args, struct pages_answer *answer)
{
    const struct pages_request *r = args->request;
    struct page_words words = pages_supervise_order(args, answer);
    if (!words.status)
        return true;
    answer->status = words.status;
    if (words.status != 200)
        page_refuse(r, answer, &words);
    else if (r->form == PAGES_TEXT)
        give_done(args, answer);
    return words.status != 200 || r->form == PAGES_TEXT;
}
