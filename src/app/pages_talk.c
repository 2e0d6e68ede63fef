/* pages_talk.c — see pages_talk.h. Called by pages_console.c. Invariant: the form names the contact
 * that the page showed; the lines do nothing to another one. Nothing of a number that was typed is
 * kept or shown again. */
#include <string.h>

#include "access/form.h"
#include "app/pages_talk.h"
#include "directory/named.h"
#include "directory/sheet.h"

#define WORD_BYTES 24
#define WHO_BYTES (DIRECTORY_ID_BYTES + 16)
#define TYPED_BYTES 64

/* ---- what is asked for -------------------------------------------------------------------- */

static bool read_deed(struct text body, struct order_talk *talk)
{
    static const struct {
        const char *name;
        enum order_talk_deed deed;
    } deeds[] = {{"consulter", ORDER_TALK_CONSULT},
                 {"passer", ORDER_TALK_PASS},
                 {"trois", ORDER_TALK_THREE},
                 {"reprendre", ORDER_TALK_RESUME},
                 {"rendre", ORDER_TALK_BACK},
                 {"entrainement", ORDER_TALK_PRACTICE},
                 {"sms", ORDER_TALK_SMS}};
    char word[WORD_BYTES];
    struct text_out out = {.p = word, .max = sizeof(word)};
    bool is_read = form_field(&out, body, "geste");
    for (unsigned i = 0; is_read && i < ARRAY_LEN(deeds); i++)
        if (text_equal((struct text){word, out.n}, text_of(deeds[i].name)))
            talk->deed = deeds[i].deed;
    return talk->deed != ORDER_TALK_NONE;
}

/* As people write a number, "05 36 49.00-10": the digits. False: there is something else in it. */
static bool read_dialled(struct order_talk *talk, struct text typed)
{
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        bool is_digit = (c >= '0' && c <= '9') || (c == '+' && !talk->dialled_n);
        if (is_digit && talk->dialled_n == sizeof(talk->dialled))
            return false;
        if (is_digit)
            talk->dialled[talk->dialled_n++] = c;
        else if (!memchr(" .-()/", c, 6))
            return false;
    }
    talk->whom = talk->dialled_n ? ORDER_WHOM_NUMBER : ORDER_WHOM_NOBODY;
    return true;
}

/* "agent:a07", "service:sante", "interprete". False: there is no such one. */
static bool read_chosen(const struct directory *d, struct order_talk *talk, struct text who)
{
    struct text rest = who, kind = text_cut(&rest, ':');
    if (text_equal(who, TEXT("interprete"))) {
        talk->whom = ORDER_WHOM_INTERPRETER;
        return true;
    }
    bool is_agent = text_equal(kind, TEXT("agent"));
    if (!is_agent && !text_equal(kind, TEXT("service")))
        return false;
    /* Whoever the directory knows may be called: so it is by the keys. */
    talk->whom = is_agent ? ORDER_WHOM_AGENT : ORDER_WHOM_SERVICE;
    talk->whom_id = is_agent ? directory_agent_named(d, rest) : directory_service_named(d, rest);
    return talk->whom_id != 0;
}

static const struct page_words no_such_deed = {400, "there is no such deed",
                                               "press a button of the screen",
                                               "Ce geste n’existe pas\u00a0: rechargez la page."};
static const struct page_words no_such_one = {404, "there is no such colleague or service",
                                              "load the page again",
                                              "Ce collègue ou ce service n’est plus dans "
                                              "l’annuaire."};
static const struct page_words no_number = {400, "a number is at most 16 digits",
                                            "type digits alone",
                                            "Ce n’est pas un numéro\u00a0: des chiffres, seize au "
                                            "plus."};
static const struct page_words both = {400, "somebody was chosen and a number typed",
                                       "leave one of them out",
                                       "Choisissez quelqu’un, ou écrivez un numéro\u00a0: pas les "
                                       "deux."};
static const struct page_words nobody = {400, "nobody was named",
                                         "choose somebody, or type a "
                                         "number",
                                         "Dites d’abord qui\u00a0: choisissez quelqu’un, ou "
                                         "écrivez un numéro."};

static const struct page_words no_such_sheet = {404, "there is no such sheet",
                                                "load the page again",
                                                "Cette fiche n’est plus dans l’annuaire."};

static struct page_words read_whom(const struct directory *d, struct order_talk *talk,
                                   struct text body)
{
    char chosen[WHO_BYTES], typed[TYPED_BYTES];
    struct text_out who = {.p = chosen, .max = sizeof(chosen)};
    struct text_out number = {.p = typed, .max = sizeof(typed)};
    bool has_who = form_field(&who, body, "qui"), has_number = form_field(&number, body, "numero");
    if (has_number && !read_dialled(talk, (struct text){typed, number.n}))
        return no_number;
    bool is_typed = talk->whom == ORDER_WHOM_NUMBER, is_chosen = has_who && who.n;
    if (is_typed && is_chosen)
        return both;
    if (is_chosen && !read_chosen(d, talk, (struct text){chosen, who.n}))
        return no_such_one;
    return talk->deed == ORDER_TALK_CONSULT && !is_typed && !is_chosen ? nobody
                                                                       : (struct page_words){0};
}

/* Which sheet; none: the number of the request. False: there is no such sheet. */
static bool read_sheet(const struct directory *d, struct order_talk *talk, struct text body)
{
    char id[DIRECTORY_ID_BYTES];
    struct text_out out = {.p = id, .max = sizeof(id)};
    if (!form_field(&out, body, "fiche") || !out.n)
        return true;
    const struct directory_sheet *sheet =
        d ? directory_sheet_find(d->sheets, (struct text){id, out.n}) : NULL;
    talk->sheet = sheet ? directory_number_of(sheet->id) : 0;
    return sheet != NULL;
}

static struct page_words read(const struct pages_talk_args *args, struct order_talk *talk)
{
    char digits[WORD_BYTES];
    struct text_out contact = {.p = digits, .max = sizeof(digits)};
    const struct pages_request *r = args->request;
    *talk = (struct order_talk){.agent_id = page_agent(args->house, args->house->rights->agent)};
    bool is_read = read_deed(r->body, talk);
    if (is_read && talk->deed == ORDER_TALK_PRACTICE)
        return (struct page_words){0};
    if (!is_read || !form_field(&contact, r->body, "demande") ||
        !text_number((struct text){digits, contact.n}, UINT64_MAX, &talk->contact_id))
        return no_such_deed;
    if (talk->deed == ORDER_TALK_RESUME || talk->deed == ORDER_TALK_BACK)
        return (struct page_words){0};
    if (talk->deed == ORDER_TALK_SMS)
        return read_sheet(args->house->directory, talk, r->body) ? (struct page_words){0}
                                                                 : no_such_sheet;
    return read_whom(args->house->directory, talk, r->body);
}

bool pages_talk_is_sms(const struct pages_request *request)
{
    struct order_talk talk = {.deed = ORDER_TALK_NONE};
    return read_deed(request->body, &talk) && talk.deed == ORDER_TALK_SMS;
}

/* ---- what came of it ---------------------------------------------------------------------- */

static const struct page_words refusals[ORDER_TALKED_N] = {
    [ORDER_TALKED_ALONE] = {409, "you do not speak with that one any more", "look at the screen",
                            "Vous n’êtes plus avec cette personne\u00a0: rien n’a été fait."},
    [ORDER_TALKED_NOT_NOW] = {409, "not in this state of the conversation",
                              "name somebody, or finish the consultation",
                              "Pas maintenant\u00a0: dites d’abord qui appeler, ou terminez la "
                              "consultation. Un service ne se consulte pas\u00a0: on lui passe "
                              "l’appel."},
    [ORDER_TALKED_HELD] = {409, "the person is on hold", "take them back first",
                           "La personne est en attente\u00a0: reprenez-la d’abord (touche H, ou la "
                           "touche de votre téléphone)."},
    [ORDER_TALKED_PROMISE] = {409, "whom we called stays with who called", "promise another call",
                              "Nous avons appelé cette personne\u00a0: elle reste avec vous."},
    [ORDER_TALKED_UNKNOWN] =
        {404, "there is no such one", "choose another",
         "Personne ne répond à ce nom\u00a0: aucun interprète de cette langue, "
         "ou l’annuaire a changé."},
    [ORDER_TALKED_SELF] = {409, "that is you", "choose another", "C’est votre propre poste."},
    [ORDER_TALKED_BUSY] = {409, "this colleague cannot be reached now", "choose another",
                           "Ce collègue n’est pas joignable en ce moment\u00a0: en ligne, ou sans "
                           "téléphone. Choisissez quelqu’un d’autre."},
    [ORDER_TALKED_CLOSED] = {409, "this service takes nobody now", "choose another",
                             "Ce service ne prend personne en ce moment, ou la personne y est "
                             "déjà."},
    [ORDER_TALKED_FAILED] = {503, "no line could be had", "try again",
                             "Aucune ligne n’a pu être ouverte vers ce numéro. Réessayez, ou "
                             "choisissez quelqu’un d’autre."},
    [ORDER_TALKED_WANTED] = {409, "not now: somebody waits, or you are not free",
                             "practise when it is quiet",
                             "Pas maintenant\u00a0: quelqu’un attend, vous êtes seul en poste, ou "
                             "votre téléphone est occupé."},
    [ORDER_TALKED_HIDDEN] = {409, "the number of the person is not known",
                             "ask for it, and say it aloud",
                             "Le numéro de la personne est masqué\u00a0: aucun SMS ne peut lui "
                             "être envoyé."},
    [ORDER_TALKED_SMS_OFF] = {409, "no text message is sent here", "see docs/sms.md",
                              "Cet accueil n’envoie pas de SMS."},
    [ORDER_TALKED_SMS_STOP] = {409, "the person wants no text messages", "tell them by voice",
                               "La personne a demandé par STOP à ne plus recevoir de SMS."},
    [ORDER_TALKED_SMS_UNFIT] = {409, "it does not fit into one message", "change the sheet",
                                "Ce texte ne tient pas en un SMS, ou la fiche a changé."},
    [ORDER_TALKED_SMS_LATE] =
        {503, "the disk takes nothing", "look at /health",
         "Le disque ne prend rien en ce moment\u00a0: aucun SMS n’est parti."},
};

static struct page_words judge(const struct pages_talk_args *args, const struct order_told *told,
                               const struct page_words say[ORDER_TALKED_N])
{
    enum order_talked talked = (enum order_talked)told->verdict;
    enum gate_verdict gate = (enum gate_verdict)told->gate;
    if (talked == ORDER_TALKED)
        return awaited_stored(args->house, args->request, told);
    if (talked == ORDER_TALKED_GATE)
        return (struct page_words){409, gate_name(gate), gate_why(gate), gate_why(gate)};
    return say[talked].status ? say[talked] : say[ORDER_TALKED_NOT_NOW];
}

struct page_words pages_talk_carry(const struct pages_talk_args *args,
                                   const struct order_talk *talk,
                                   const struct page_words say[ORDER_TALKED_N],
                                   struct pages_answer *answer)
{
    const struct pages_request *r = args->request;
    struct order_told told;
    struct page_words words = {0};
    if (r->order_id)
        words = awaited_look(args->orders, r, &told);
    else
        answer->order_id = args->orders->give_talk(args->orders->arg, talk, r->now_ms);
    if (!r->order_id && !answer->order_id)
        words = awaited_too_many;
    if (r->order_id && words.status == 200)
        words = judge(args, &told, say);
    return awaited_goes_on(args->orders, r, answer, &words) ? (struct page_words){0} : words;
}

struct page_words pages_talk(const struct pages_talk_args *args, struct pages_answer *answer)
{
    struct order_talk talk;
    struct page_words words = {0};
    if (!args->request->order_id)
        words = read(args, &talk);
    return words.status ? words : pages_talk_carry(args, &talk, refusals, answer);
}
