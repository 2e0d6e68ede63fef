/* demo_story.c — see demo_story.h. One small function for each kind of event that people would
 * notice; the rest is not told. Invariant: nothing is told that no event, and no note of the gate,
 * says. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "acd/look.h"
#include "cli/demo_story.h"
#include "say/say.h"
#include "sim/report_parts.h"
#include "view/words.h"

#define HARD "\u00a0"
#define TRAFFIC_MS ((ms_t)5 * 60 * 1000) /* who waits is told so often */
#define SECOND_MS 1000
#define ALIGN 64
#define NUMBER_BEGINS 5 /* "08 99" */

static const struct acd_limits limits = {
    .contacts_max = 4096, .agents_max = 128, .queues_max = 32, .lanes_max = 8192};

static const struct {
    const char *name;
    const char *calls; /* what one sees of the first call, and of the second */
    const char *again;
} people[CAST_N] = {
    [CAST_NOBODY] = {"", "", ""},
    [CAST_ODETTE] = {"Odette Marchal", "82 ans, sans Internet\u00a0; ne touche aucune touche", ""},
    [CAST_SELAM] = {"Selam Tesfay", "téléphone prépayé", "rechargé, elle rappelle"},
    [CAST_CCAS] = {"CCAS de Valsombre", "ligne partagée, pour une personne qui parle arabe",
                   "la même ligne, pour une autre personne"},
    [CAST_MARIA] = {"Maria Alves", "touche 6, «\u00a0português\u00a0»", ""},
    [CAST_LUCIE] = {"Lucie Garnier", "journaliste, elle compte", "encore"},
    [CAST_JEAN] = {"Jean Roche", "rien ne dit qui appelle", ""},
    [CAST_ROUTER] = {"«\u00a0Le routeur\u00a0»", "vingt appels par seconde, dix secondes durant",
                     ""},
    [CAST_KARIM] = {"Karim Haddad", "", ""},
};

static const char *const services[] = {
    "",         "Santé et remboursements", "Famille, logement, aides",
    "Retraite", "Permis et carte grise",   "Carte d’identité et passeport",
    "Impôts",   "Accueil et orientation"};

/* The agents of the cast, in the order of their ids; those of the profile have no name. */
static const char *const staff[CAST_STAFF_N] = {"Nadège Vasseur", "Yanis Belkacem",
                                                "Solène Le Goff", "Inès Da Silva"};

const char *story_name(enum cast_who who)
{
    return people[who].name;
}

const char *story_clock(char to[16], const struct story *s, ms_t at)
{
    ms_t second = (at + s->offset_ms) / SECOND_MS % 86400;
    snprintf(to, 16, "%02d:%02d:%02d", (int)(second / 3600 % 24), (int)(second / 60 % 60),
             (int)(second % 60));
    return to;
}

int story_open(struct story *s)
{
    size_t n = (acd_bytes(&limits) + ALIGN - 1) / ALIGN * ALIGN;
    s->memory = aligned_alloc(ALIGN, n);
    if (!s->memory)
        return ENOMEM;
    s->acd = acd_open(s->memory, &limits);
    s->told_at = s->from_at;
    return 0;
}

void story_drop(struct story *s)
{
    free(s->memory);
    s->memory = NULL;
}

/* ---- one event in words -------------------------------------------------------------------- */

static const char *agent_name(const struct story *s, uint32_t id)
{
    uint32_t first = cast_first_agent(s->cast);
    return id >= first && id - first < CAST_STAFF_N ? staff[id - first] : "quelqu’un du service";
}

static const struct cast_wish *wish_of(const struct story *s, uint64_t contact_id)
{
    for (unsigned i = 0; i < s->judge.wishes_n; i++)
        if (s->judge.wishes[i].contact_id == contact_id)
            return &s->judge.wishes[i];
    return NULL;
}

/* How many times they have called by now. */
static unsigned calls_of(const struct story *s, enum cast_who who)
{
    unsigned n = 0;
    for (unsigned i = 0; i < s->judge.calls_n; i++)
        n += s->judge.calls[i].who == who;
    return n;
}

static bool arrived(const struct story *s, enum cast_who who, char *to)
{
    unsigned n = calls_of(s, who);
    const char *number = cast_number(who);
    if (who == CAST_ROUTER && n > 1)
        return false; /* the first of many */
    const char *note = n == 1 ? people[who].calls : people[who].again;
    snprintf(to, STORY_TEXT_MAX, "appelle%s%s%s%s", *number ? " du " : ", numéro masqué", number,
             *note ? HARD ": " : "", note);
    return true;
}

static bool queued(const struct event *ev, char *to)
{
    uint32_t queue = ev->contact_queued.queue_id;
    const char *service = queue < ARRAY_LEN(services) ? services[queue] : "";
    const char *whom = ev->contact_queued.portfolio_id ? ", d’abord pour qui suit son dossier" : "";
    const char *skill = cast_skill_words(ev->contact_queued.needs);
    snprintf(to, STORY_TEXT_MAX, "attend «" HARD "%s" HARD "»%s%s%s", service, whom,
             *skill ? ", compétence" HARD ": " : "", skill);
    return true;
}

static void say(struct say_list *list, enum prompt_id prompt)
{
    if (prompt != PROMPT_NONE) /* nothing honest to say */
        say_add(list, prompt);
}

/* The very words that are spoken in life. */
static bool told(const struct event *ev, char *to)
{
    char words[STORY_TEXT_MAX / 2];
    struct say_list list = {0};
    unsigned before_n = ev->contact_told.before_n;
    bool enters = ev->contact_told.what == TOLD_ENTRY;
    if (!enters && ev->contact_told.what != TOLD_LONGER)
        return false;
    if (!enters)
        say(&list, PROMPT_WAIT_LONGER);
    else
        say(&list, say_before(before_n));
    say(&list, say_band(ev->contact_told.band));
    if (!say_text(words, sizeof(words), &list, PROMPT_FR))
        return false;
    snprintf(to, STORY_TEXT_MAX, "entend «" HARD "%s" HARD "»", words);
    return true;
}

static bool promised(const struct story *s, const struct event *ev, char *to)
{
    char clock[16];
    const struct cast_wish *w = wish_of(s, ev->callback_promised.contact_id);
    snprintf(to, STORY_TEXT_MAX,
             "«" HARD "C’est noté." HARD "» On rappellera à ce numéro, à la place prise à %s",
             story_clock(clock, s, w ? w->key_at : ev->at));
    return true;
}

static bool offered(const struct story *s, const struct event *ev, char *to)
{
    const char *agent = agent_name(s, ev->offer_made.agent_id);
    bool is_back = ev->offer_made.phase == OFFER_PHASE_RESERVED;
    snprintf(to, STORY_TEXT_MAX, "%s%s%s", is_back ? "" : "sonne chez ", agent,
             is_back ? " lit la fiche, avant de rappeler" : "");
    return true;
}

static bool advanced(const struct story *s, const struct event *ev, enum cast_who who, char *to)
{
    unsigned i = cast_accepted(s->cast, who);
    const char *number = cast_given(who, i);
    if (ev->offer_advanced.phase == OFFER_PHASE_DIALLING)
        snprintf(to, STORY_TEXT_MAX, "son téléphone sonne%s%s, l’agent en ligne",
                 number ? ", " : "", number ? number : "");
    else
        snprintf(to, STORY_TEXT_MAX, "on décroche");
    return true;
}

static bool tried(const struct story *s, const struct event *ev, char *to)
{
    char clock[16];
    bool is_machine = ev->callback_tried.result == CALLBACK_RESULT_MACHINE;
    int n = snprintf(to, STORY_TEXT_MAX, "%s, tentative %u",
                     is_machine ? "répondeur" HARD ": l’agent laisse un message"
                                : "personne n’a été joint",
                     ev->callback_tried.attempts_n);
    if (ev->callback_tried.not_before_at && n > 0 && n < STORY_TEXT_MAX)
        snprintf(to + n, STORY_TEXT_MAX - (size_t)n, HARD "; la suivante, pas avant %s",
                 story_clock(clock, s, ev->callback_tried.not_before_at));
    return true;
}

static bool finished(const struct event *ev, char *to)
{
    char duration[SIM_TEXT_MAX];
    if (!ev->offer_ended.talk_ms)
        return false;
    snprintf(to, STORY_TEXT_MAX, "fin de la conversation, après %s",
             sim_duration(duration, ev->offer_ended.talk_ms));
    return true;
}

static bool hung_up(const struct story *s, const struct event *ev, enum cast_who who, char *to)
{
    bool is_cut = who == CAST_SELAM && calls_of(s, who) == 1;
    if (who == CAST_ROUTER || ev->call_ended.by != ENDED_BY_CALLER)
        return false;
    snprintf(to, STORY_TEXT_MAX, "%s",
             is_cut ? "n’a plus de crédit" HARD ": la ligne est coupée" : "raccroche");
    return true;
}

static bool shed(const struct story *s, const struct event *ev, char *to)
{
    snprintf(to, STORY_TEXT_MAX,
             "%u appels refusés par un 503, faute de ligne, et %u avec une phrase" HARD ": «" HARD
             "refusé" HARD "» pour tous",
             ev->shed.n, calls_of(s, CAST_ROUTER));
    return true;
}

static bool in_words(const struct story *s, const struct event *ev, enum cast_who who, char *to)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        return arrived(s, who, to);
    case EV_CONTACT_QUEUED:
        return queued(ev, to);
    case EV_CONTACT_TOLD:
        return told(ev, to);
    case EV_CALLBACK_PROMISED:
        return promised(s, ev, to);
    case EV_OFFER_MADE:
        return offered(s, ev, to);
    case EV_OFFER_ADVANCED:
        return advanced(s, ev, who, to);
    case EV_OFFER_JOINED:
        snprintf(to, STORY_TEXT_MAX, "parle avec %s", agent_name(s, ev->offer_joined.agent_id));
        return true;
    case EV_OFFER_ENDED:
        return finished(ev, to);
    case EV_CALLBACK_TRIED:
        return tried(s, ev, to);
    case EV_PLACE_REGAINED:
        snprintf(to, STORY_TEXT_MAX, "«" HARD "Vous retrouvez votre place." HARD "»");
        return true;
    case EV_CALL_ENDED:
        return hung_up(s, ev, who, to);
    case EV_CALL_OUTCOME:
        snprintf(to, STORY_TEXT_MAX, "cet appel est compté parmi les «" HARD "%s" HARD "»",
                 view_words_outcome(ev->call_outcome.outcome));
        return who != CAST_ROUTER;
    case EV_SHED:
        return shed(s, ev, to);
    default:
        return false;
    }
}

/* ---- lines --------------------------------------------------------------------------------- */

/* What was keyed before this instant, and what the gate said. */
static bool tell_notes(struct story *s, ms_t before_at, story_line_fn *tell, void *arg)
{
    const struct cast_note *notes;
    unsigned n = cast_notes(s->cast, &notes);
    for (; s->notes_told_n < n && notes[s->notes_told_n].at <= before_at; s->notes_told_n++) {
        const struct cast_note *note = &notes[s->notes_told_n];
        bool passes = note->verdict == GATE_PASSES;
        struct story_line line = {
            .at = note->at, .who = people[note->who].name, .kind = gate_name(note->verdict)};
        /* What is refused may be somebody's: its beginning is enough. */
        snprintf(line.text, sizeof(line.text), "demande un rappel au %.*s%s%s%s",
                 passes ? STORY_TEXT_MAX / 2 : NUMBER_BEGINS, cast_given(note->who, note->number_i),
                 passes ? "" : " …", passes ? "" : HARD ": refusé avec la raison, ",
                 gate_why(note->verdict));
        if (!tell(&line, arg))
            return false;
    }
    return true;
}

static bool tell_traffic(struct story *s, ms_t now_at, story_line_fn *tell, void *arg)
{
    while (s->told_at + TRAFFIC_MS <= now_at && s->told_at < s->until_at) {
        struct acd_look_counts c = acd_look_counts(s->acd);
        s->told_at += TRAFFIC_MS;
        struct story_line line = {.at = s->told_at, .who = "— le service", .kind = "traffic"};
        snprintf(line.text, sizeof(line.text),
                 "appels depuis 9" HARD "h" HARD ": %" PRIu64 HARD "; en attente" HARD ": %u" HARD
                 "; en conversation" HARD ": %u" HARD "; agents libres" HARD ": %u",
                 s->calls_n, c.waiting_n, c.agents_n[AGENT_STATE_JOINED],
                 c.agents_n[AGENT_STATE_READY]);
        if (!tell(&line, arg))
            return false;
    }
    return true;
}

bool story_event(struct story *s, const struct event *ev, story_line_fn *tell, void *arg)
{
    bool goes_on = tell_traffic(s, ev->at, tell, arg) && tell_notes(s, ev->at, tell, arg);
    acd_apply(s->acd, ev);
    cast_judge_event(&s->judge, ev);
    s->calls_n += ev->kind == EV_CALL_ARRIVED && !ev->call_arrived.is_test;
    s->calls_n += ev->kind == EV_SHED ? ev->shed.n : 0;
    enum cast_who who = cast_judge_who(&s->judge, ev);
    struct story_line line = {.at = ev->at,
                              .event_id = ev->id,
                              .who = people[who].name,
                              .kind = event_kind_name(ev->kind)};
    if (!goes_on || who == CAST_NOBODY || !in_words(s, ev, who, line.text))
        return goes_on;
    return tell(&line, arg);
}
