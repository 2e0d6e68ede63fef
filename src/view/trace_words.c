/* trace_words.c — the events of a contact as sentences. Called by trace.c and nobody else.
 * Pure; tables, and what stands in the event. An event of another kind is shown by its name. */
#include "directory/choice.h"
#include "directory/commands.h"
#include "view/parts.h"
#include "view/trace.h"
#include "view/words.h"

#define HARD "\u00a0"
#define COLON "\u00a0: "

static const char *outcome_word(enum outcome outcome)
{
    static const char *const words[OUTCOME_N] = {
        [OUTCOME_NONE] = "aucun",
        [OUTCOME_ANSWERED] = "répondu",
        [OUTCOME_CALLBACK_HONOURED] = "rappel honoré",
        [OUTCOME_CALLBACK_FAILED] = "rappel manqué",
        [OUTCOME_ABANDONED] = "abandon",
        [OUTCOME_ABANDONED_SHORT] = "abandon rapide",
        [OUTCOME_TURNED_AWAY] = "refusé",
        [OUTCOME_CUT_OFF] = "coupé par notre faute",
        [OUTCOME_IVR_RESOLVED] = "informé par une annonce",
        [OUTCOME_IVR_ABANDONED] = "raccroché dans le menu",
        [OUTCOME_OUT_OF_HOURS] = "hors horaires",
        [OUTCOME_TEST] = "essai",
    };
    return words[outcome];
}

static const char *end_word(enum offer_end why)
{
    static const char *const words[OFFER_END_N] = {
        [OFFER_END_FINISHED] = "terminé",
        [OFFER_END_CALLER_LEFT] = "l’usager est parti",
        [OFFER_END_NO_ANSWER] = "pas de réponse",
        [OFFER_END_DECLINED] = "décliné",
        [OFFER_END_FAILED] = "échec",
        [OFFER_END_AGENT_LEFT] = "l’agent a raccroché",
        [OFFER_END_AGENT_LOST] = "la ligne de l’agent s’est coupée",
        [OFFER_END_WITHDRAWN] = "retiré",
        [OFFER_END_PASSED] = "passé à quelqu’un d’autre",
        [OFFER_END_PICKED_UP] = "pris par un autre poste",
        [OFFER_END_NOT_REACHED] = "personne n’a été joint",
    };
    return words[why];
}

static const char *refusal_word(enum refusal why)
{
    static const char *const words[REFUSAL_N] = {
        [REFUSAL_CLOSED_PUBLISHED] = "fermé selon les horaires publiés",
        [REFUSAL_CLOSED_BY_PERSON] = "fermé à la main",
        [REFUSAL_OVERLOAD] = "surcharge",
        [REFUSAL_FULL] = "plus de place",
        [REFUSAL_UNKNOWN_QUEUE] = "file inconnue",
    };
    return words[why];
}

static const char *ring_word(enum ring ring)
{
    static const char *const words[RING_N] = {
        [RING_ADVISOR] = "conseiller désigné",
        [RING_SITE] = "lieu",
        [RING_AREA] = "lieux voisins",
        [RING_NETWORK] = "réseau",
    };
    return words[ring];
}

static const char *told_word(enum told what)
{
    static const char *const words[TOLD_N] = {
        [TOLD_ENTRY] = "annonce à l’entrée",
        [TOLD_DIRECT] = "annonce\u00a0: quelqu’un va répondre tout de suite",
        [TOLD_RHYTHM] = "annonce régulière",
        [TOLD_LONGER] = "annonce\u00a0: c’est plus long que prévu",
        [TOLD_ASKED] = "annonce demandée par l’usager",
        [TOLD_CLOSING_KEPT] = "annonce\u00a0: servi malgré la fermeture",
        [TOLD_CLOSING_CANNOT] = "annonce\u00a0: ne peut pas être servi avant la fermeture",
        [TOLD_AGENT_LOST] = "annonce\u00a0: la ligne de l’agent s’est coupée",
    };
    return words[what];
}

static const char *settled_word(enum settled how)
{
    static const char *const words[SETTLED_N] = {
        [SETTLED_ANSWERED] = "répondue",
        [SETTLED_LAPSED] = "place expirée",
        [SETTLED_NOTHING_ASKED] = "rien n’était demandé",
        [SETTLED_REFUSED] = "refusée",
        [SETTLED_TEST] = "essai",
        [SETTLED_CANCELLED] = "rappel annulé",
        [SETTLED_LATER] = "rappel un autre jour",
        [SETTLED_REJOINED] = "retrouve une demande déjà ouverte",
    };
    return words[how];
}

static const char *phase_word(enum offer_phase phase)
{
    static const char *const words[OFFER_PHASE_N] = {
        [OFFER_PHASE_NONE] = "présentation",
        [OFFER_PHASE_RESERVED] = "agent réservé",
        [OFFER_PHASE_DIALLING] = "on appelle l’agent",
        [OFFER_PHASE_OFFERED] = "son téléphone sonne",
        [OFFER_PHASE_JOINED] = "en conversation",
    };
    return words[phase];
}

static const char *ended_word(enum ended_by by)
{
    static const char *const words[ENDED_BY_N] = {
        [ENDED_BY_CALLER] = "l’usager a raccroché",
        [ENDED_BY_AGENT] = "fin de l’appel, par l’agent",
        [ENDED_BY_SYSTEM] = "fin de l’appel, par la maison",
        [ENDED_BY_FAULT] = "appel rompu",
    };
    return words[by];
}

static void say(struct text_out *out, const char *before, const char *word)
{
    text_put(out, text_of(before));
    text_put(out, text_of(word));
}

/* 12,3 s */
static void say_seconds(struct text_out *out, const char *before, ms_t ms)
{
    say(out, before, "");
    text_put_number(out, (uint64_t)ms / 1000);
    text_put(out, TEXT(","));
    text_put_number(out, (uint64_t)ms / 100 % 10);
    text_put(out, TEXT(HARD "s"));
}

static void say_queue(struct text_out *out, const struct view_house *h, uint32_t queue_id)
{
    const struct directory_service *s = view_service(h, queue_id);
    text_put(out, TEXT("file «" HARD));
    if (s)
        text_put(out, text_of(s->name));
    else if (queue_id == DIRECTORY_PRACTICE)
        text_put(out, TEXT(DIRECTORY_PRACTICE_NAME));
    else
        text_put_number(out, queue_id);
    text_put(out, TEXT(HARD "»"));
}

static void say_agent(struct text_out *out, const struct view_house *h, uint32_t agent_id)
{
    const struct directory_agent *a = view_agent_entry(h, agent_id);
    if (a)
        text_put(out, text_of(a->id));
    else
        text_put_number(out, agent_id);
}

static void say_told(struct text_out *out, const struct event *ev)
{
    say(out, told_word(ev->contact_told.what), "");
    if (ev->contact_told.before_n != UINT8_MAX) {
        text_put(out, TEXT(", "));
        text_put_number(out, ev->contact_told.before_n);
        say(out, " avant", "");
    }
    if (ev->contact_told.band != BAND_SILENT)
        say(out, ", attente" COLON, view_words_band(ev->contact_told.band));
}

static void say_listened(struct text_out *out, const struct view_house *h, const struct event *ev)
{
    static const char *const words[LISTENING_N] = {
        [LISTENING_NONE] = "n’écoute plus" COLON,
        [LISTENING_LISTEN] = "écoute" COLON,
        [LISTENING_WHISPER] = "écoute et souffle à l’agent" COLON,
        [LISTENING_JOIN] = "parle avec les deux" COLON,
    };
    if (ev->call_listened.by_alert)
        say(out, "alerte, ", "");
    say(out, words[ev->call_listened.mode], "");
    say_agent(out, h, ev->call_listened.listener_id);
}

/* Which keys; a choice that the flows have no more is told as such. */
static void say_menu_left(struct text_out *out, const struct view_house *h, const struct event *ev)
{
    static const char *const hows[MENU_LEFT_HOW_N] = {
        [MENU_LEFT_HOW_NO_KEY] = "aucune touche",
        [MENU_LEFT_HOW_CHOSEN] = "",
        [MENU_LEFT_HOW_PERSON] = "une personne, par 0",
    };
    const char *how = hows[ev->menu_left.how];
    say(out, "choix au menu" COLON, "");
    for (unsigned i = 0; i < ev->menu_left.steps_n; i++) {
        const char *words =
            directory_choice_words(h->directory, ev->menu_left.flow_id, ev->menu_left.steps[i]);
        say(out, i ? ", " : "", words ? words : "un choix qui n’existe plus");
    }
    say(out, ev->menu_left.steps_n && how[0] ? ", " : "", how);
}

/* What became of a promise. */
static bool say_callback(struct text_out *out, const struct event *ev)
{
    static const char *const results[CALLBACK_RESULT_N] = {
        [CALLBACK_RESULT_MACHINE] = "répondeur",
        [CALLBACK_RESULT_NOBODY] = "personne n’a répondu",
        [CALLBACK_RESULT_FAULT] = "notre faute",
        [CALLBACK_RESULT_CANCELLED] = "ne veut plus de rappel",
    };
    static const char *const persons[CANCELLED_BY_N] = {
        [CANCELLED_BY_PERSON] = "l’usager",
        [CANCELLED_BY_AGENT] = "un agent",
        [CANCELLED_BY_HOUSE] = "la maison",
    };
    switch (ev->kind) {
    case EV_CALLBACK_PROMISED:
        say(out,
            ev->callback_promised.by_house ? "coupé par notre faute, sera rappelé"
                                           : "rappel promis, la place est gardée",
            "");
        return true;
    case EV_CALLBACK_WITHDRAWN:
        say(out, "le rappel n’a pas pu être noté", ", attend de nouveau en ligne");
        return true;
    case EV_SLOT_SOLD:
        say(out, "rappel noté pour une heure choisie",
            ev->slot_sold.agent_id ? ", convenue avec l’agent" : "");
        return true;
    case EV_SLOT_CANCELLED:
        say(out, "heure de rappel rendue, par ", persons[ev->slot_cancelled.by]);
        return true;
    case EV_CALLBACK_DUE:
        say(out, "rappel" COLON, "attend un agent");
        return true;
    case EV_CALLBACK_HELD:
        say(out, "rappel" COLON, "attend l’ouverture");
        return true;
    case EV_CALLBACK_TRIED:
        say(out, "essai de rappel" COLON, results[ev->callback_tried.result]);
        if (!ev->callback_tried.not_before_at)
            say(out, ", ", "c’était le dernier, la place est gardée");
        return true;
    case EV_CALLBACK_CANCELLED:
        say(out, "rappel annulé par ", persons[ev->callback_cancelled.by]);
        return true;
    case EV_CALLBACK_MOVED:
        say(out, "rappel déplacé",
            ev->callback_moved.not_before_at ? ", pas avant l’heure dite" : COLON "dès son tour");
        return true;
    case EV_CALLBACK_RENUMBERED:
        say(out, "rappel", COLON "à un autre numéro");
        return true;
    default:
        return false;
    }
}

/* Who wrote. */
static bool say_text(struct text_out *out, const struct view_house *h, const struct event *ev)
{
    static const char *const backs[TEXT_BACK_N] = {
        [TEXT_BACK_AGENT] = "rendu à la file, à sa place",
        [TEXT_BACK_LEFT] = "l’agent est parti" COLON "de retour dans la file, à sa place",
        [TEXT_BACK_IDLE] = "rien n’a été fait" COLON "de retour dans la file, à sa place",
    };
    static const char *const ends[TEXT_END_N] = {
        [TEXT_END_CLOSED] = "terminé par l’agent",
        [TEXT_END_STOPPED] = "la personne a répondu STOP",
        [TEXT_END_CANCELLED] = "la personne a répondu ANNULER",
        [TEXT_END_QUIET] = "répondu, et plus rien n’est venu",
        [TEXT_END_LAPSED] = "personne n’a répondu à temps",
    };
    switch (ev->kind) {
    case EV_TEXT_OPENED:
        say(out, "message écrit reçu, ", "");
        say_queue(out, h, ev->text_opened.queue_id);
        return true;
    case EV_TEXT_JOINED:
        say(out, "un autre message écrit s’y joint", "");
        return true;
    case EV_TEXT_TAKEN:
        say(out, "pris par l’agent ", "");
        say_agent(out, h, ev->text_taken.agent_id);
        return true;
    case EV_TEXT_ANSWERED:
        say(out, "réponse écrite de l’agent ", "");
        say_agent(out, h, ev->text_answered.agent_id);
        return true;
    case EV_TEXT_TOLD:
        say(out, ev->text_told.is_sent ? "la réponse est partie" : "la réponse n’a pas pu partir",
            "");
        return true;
    case EV_TEXT_RETURNED:
        say(out, backs[ev->text_returned.why], "");
        return true;
    case EV_TEXT_MOVED:
        say(out, "passe à un autre service, à la même place" COLON, "");
        say_queue(out, h, ev->text_moved.queue_id);
        return true;
    case EV_TEXT_ENDED:
        say(out, ends[ev->text_ended.how], "");
        return true;
    default:
        return false;
    }
}

/* What an offer came to. */
static bool say_offer(struct text_out *out, const struct view_house *h, const struct event *ev)
{
    switch (ev->kind) {
    case EV_OFFER_MADE:
        say(out, "présentée à l’agent ", "");
        say_agent(out, h, ev->offer_made.agent_id);
        say_seconds(out, ", après ", ev->offer_made.wait_ms);
        if (ev->offer_made.rule == RULE_PASSED || ev->offer_made.rule == RULE_PICKED_UP)
            say(out, ", ", ev->offer_made.rule == RULE_PASSED ? "par transfert" : "prise au vol");
        if (ev->offer_made.rule == RULE_HELP)
            say(out, ", ", "car de l’aide est demandée");
        return true;
    case EV_CONVERSATION_CONCLUDED:
        say(out, "suite donnée" COLON,
            view_words_conclusion(ev->conversation_concluded.conclusion));
        return true;
    case EV_OFFER_ADVANCED:
        say(out, phase_word(ev->offer_advanced.phase), "");
        return true;
    case EV_OFFER_JOINED:
        say(out, "réponse de l’agent ", "");
        say_agent(out, h, ev->offer_joined.agent_id);
        return true;
    case EV_OFFER_MEDIA:
        say(out, ev->offer_media.side == SIDE_CALLER ? "son de l’usager" : "son de l’agent", "");
        return true;
    case EV_OFFER_ENDED:
        say(out, "fin de la présentation" COLON, end_word(ev->offer_ended.why));
        if (ev->offer_ended.talk_ms)
            say_seconds(out, ", conversation de ", ev->offer_ended.talk_ms);
        return true;
    case EV_CONTACT_RETURNED:
        say(out, "retour en tête de file, à la même place" COLON,
            end_word(ev->contact_returned.why));
        return true;
    default:
        return false;
    }
}

static bool say_call(struct text_out *out, const struct view_house *h, const struct event *ev)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        say(out, ev->call_arrived.is_test ? "appel d’essai reçu" : "appel reçu", "");
        return true;
    case EV_CALL_REFUSED:
        say(out, "pas mis en attente, ", "");
        say_queue(out, h, ev->call_refused.queue_id);
        say(out, COLON, refusal_word(ev->call_refused.why));
        return true;
    case EV_CALL_INFORMED:
        say(out, "annonce d’information entendue jusqu’au bout", "");
        return true;
    case EV_CALL_ENDED:
        say(out, ended_word(ev->call_ended.by), "");
        return true;
    case EV_CALL_PENDING:
        say(out, "résultat encore inconnu", "");
        return true;
    case EV_CALL_OUTCOME:
        say(out, "résultat" COLON, outcome_word(ev->call_outcome.outcome));
        return true;
    default:
        return false;
    }
}

static bool say_contact(struct text_out *out, const struct view_house *h, const struct event *ev)
{
    switch (ev->kind) {
    case EV_CONTACT_OPENED:
        say(out, "demande ouverte" COLON "la place est donnée", "");
        return true;
    case EV_CONTACT_QUEUED:
        say_queue(out, h, ev->contact_queued.queue_id);
        return true;
    case EV_RING_OPENED:
        say(out, "le cercle s’élargit" COLON, ring_word(ev->ring_opened.ring));
        if (ev->ring_opened.why == RING_WHY_HELP)
            say(out, ", ", "car de l’aide est demandée");
        return true;
    case EV_CONTACT_TOLD:
        say_told(out, ev);
        return true;
    case EV_CONTACT_DROPPED:
        say(out, "ligne perdue, la place est gardée", "");
        return true;
    case EV_CALL_REJOINS:
        say(out, "la personne rappelle, et reprend sa place d’avant", "");
        return true;
    case EV_PLACE_REGAINED:
        say(out, "la personne rappelle", COLON "même place, même numéro de demande");
        if (ev->place_regained.was_ours)
            say(out, ", après une coupure de notre faute", "");
        return true;
    case EV_CONTACT_SETTLED:
        say(out, "demande close" COLON, settled_word(ev->contact_settled.how));
        return true;
    case EV_REFERENCE_TOLD:
        say(out, "le numéro de demande est dit à l’usager", "");
        return true;
    case EV_RECORDING_REFUSED:
        say(out, "l’usager refuse l’enregistrement et l’écoute", "");
        return true;
    case EV_CALL_LISTENED:
        say_listened(out, h, ev);
        return true;
    case EV_CONTACT_MOVED:
        say(out, "quitte la file, à la même place" COLON, "");
        say_queue(out, h, ev->contact_moved.queue_id);
        return true;
    case EV_MENU_LEFT:
        say_menu_left(out, h, ev);
        return true;
    case EV_CALL_ALERTED:
        say(out, "alerte de l’agent ", "");
        say_agent(out, h, ev->call_alerted.agent_id);
        return true;
    case EV_NEEDS_LIFTED:
        say(out, "les compétences ne sont plus exigées", "");
        return true;
    default:
        return false;
    }
}

void view_trace_words(struct text_out *out, const struct view_house *h, const struct event *ev)
{
    if (!say_contact(out, h, ev) && !say_callback(out, ev) && !say_call(out, h, ev) &&
        !say_offer(out, h, ev) && !say_text(out, h, ev))
        text_put(out, text_of(event_kind_name(ev->kind)));
}
