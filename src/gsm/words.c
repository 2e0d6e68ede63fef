/* words.c — see words.h. A sentence is a row with its values in braces; what stands in brackets is
 * said only by a sender that takes answers. Invariant: what is GSM_WORDS_SAID is one segment. */
#include "gsm/words.h"

#define PAIR_DIGITS 10
#define MINUTES_OF_AN_HOUR 60

static const struct {
    const char *name, *words;
    bool asks; /* without an answer it is nothing */
} sentences[GSM_KINDS] = {
    [GSM_CALLBACK_ASAP] = {.name = "sms.cb.asap",
                           .words =
                               "{org} : nous vous rappelons entre {from} et {until}, du {number}. "
                               "Demande {ref}.[ Pour annuler, répondez ANNULER.]"},
    [GSM_CALLBACK_SLOT] = {.name = "sms.cb.slot",
                           .words = "{org} : nous vous rappelons {day} entre {from} et {until}, du "
                                    "{number}. Demande {ref}.[ Annuler : ANNULER.]"},
    [GSM_CALLBACK_SOON] = {.name = "sms.cb.soon",
                           .words =
                               "{org} : nous vous appelons dans quelques minutes, du {number}. "
                               "Demande {ref}."},
    [GSM_CALLBACK_MISSED] =
        {.name = "sms.cb.missed",
         .words = "{org} : nous avons appelé, sans succès. Nouvel essai vers {from}. Ou "
                  "appelez le {number}, demande {ref}."},
    [GSM_CALLBACK_LAST] =
        {.name = "sms.cb.last",
         .words = "{org} : {tries} sans réponse. Appelez le {number} avant {until day} "
                  "{until} : vous gardez votre place. Demande {ref}."},
    [GSM_CUT_OFF] = {.name = "sms.cut",
                     .words = "{org} : votre appel a été coupé par notre faute, pardon. Nous vous "
                              "rappelons, du {number}. Demande {ref}."},
    [GSM_REFERENCE] =
        {.name = "sms.ref",
         .words = "{org} : votre demande {ref} est suivie par le service {service}, {place}, "
                  "{number}."},
    [GSM_SURVEY] = {.name = "sms.survey",
                    .words = "{org} : avez-vous eu votre réponse ? Répondez OUI, EN PARTIE ou NON. "
                             "Facultatif. Ne plus recevoir : STOP.",
                    .asks = true},
    [GSM_SURVEY_MISSED] =
        {.name = "sms.survey.unreached",
         .words = "{org} : vous nous avez appelés {weekday} sans nous joindre. Avez-vous "
                  "eu votre réponse depuis ? OUI ou NON. Ne plus recevoir : STOP.",
         .asks = true},
    [GSM_CALLBACK_PLAIN] = {.name = "sms.discreet.cb",
                            .words =
                                "Demande {ref} : rappel entre {from} et {until}, du {number}.[ "
                                "Annuler : ANNULER.]"},
    [GSM_STOP_NOTED] = {.name = "sms.stop.ok",
                        .words =
                            "C'est noté : vous ne recevrez plus de SMS de notre part. Vous pouvez "
                            "toujours nous appeler au {number}."},
    [GSM_RECEIVED] = {.name = "sms.received",
                      .words = "Message bien reçu. Une personne vous répond par SMS."},
    [GSM_CALLBACK_PLAIN_DAY] = {.name = "sms.discreet.cb.day",
                                .words = "Demande {ref} : rappel {day} entre {from} et {until}, du "
                                         "{number}.[ Annuler : ANNULER.]"},
    [GSM_TEST] = {.name = "sms.test", .words = "{org} : ceci est un essai, sans suite. {number}."},
    [GSM_RECEIVED_CLOSED] = {.name = "sms.received.closed",
                             .words = "Fermé. Ouverture {weekday} à {from}. Votre message est "
                                      "gardé, réponse {weekday}."},
    [GSM_NOT_TAKEN] = {.name = "sms.not_taken",
                       .words = "{org} : trop de messages attendent, le vôtre n'est pas pris. "
                                "Appelez le {number}."},
    [GSM_WRITTEN] = {.name = "sms.written", .words = ""},
};

static const char *const weekdays[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                       "vendredi", "samedi", "dimanche"};

/* ---- values ---- */

static void put_two(struct text_out *out, unsigned v)
{
    const char digits[] = {(char)('0' + v / 10 % 10), (char)('0' + v % 10)};
    text_put(out, (struct text){digits, 2});
}

/* "9h", "10h20". */
static void put_hour(struct text_out *out, struct calendar_local at)
{
    text_put_number(out, at.minute / MINUTES_OF_AN_HOUR);
    text_put(out, TEXT("h"));
    if (at.minute % MINUTES_OF_AN_HOUR)
        put_two(out, at.minute % MINUTES_OF_AN_HOUR);
}

static void put_day(struct text_out *out, struct calendar_local at, bool has_date)
{
    struct civil date = calendar_date(at.day);
    text_put(out, text_of(weekdays[calendar_weekday(at.day)]));
    if (!has_date)
        return;
    text_put(out, TEXT(" "));
    put_two(out, (unsigned)date.day);
    text_put(out, TEXT("/"));
    put_two(out, (unsigned)date.month);
}

/* "05 36 49 00 10"; of another country "+" and digits. */
static void put_number(struct text_out *out, uint64_t e164)
{
    uint64_t national = e164 / 1000000000 == 33 ? e164 % 1000000000 : 0;
    if (!national) {
        text_put(out, TEXT("+"));
        text_put_number(out, e164);
        return;
    }
    for (uint64_t scale = 100000000; scale; scale /= 100) {
        if (scale != 100000000)
            text_put(out, TEXT(" "));
        put_two(out, (unsigned)(national / scale % 100));
    }
}

static void put_reference(struct text_out *out, uint32_t reference)
{
    for (uint32_t scale = 1000000; scale; scale /= 100) {
        if (scale != 1000000)
            text_put(out, TEXT(" "));
        put_two(out, reference / scale % 100);
    }
}

static void put_tries(struct text_out *out, uint32_t n)
{
    text_put_number(out, n);
    text_put(out, n > 1 ? TEXT(" appels") : TEXT(" appel"));
}

static void put_value(struct text_out *out, struct text name, const struct gsm_values *v)
{
    if (text_equal(name, TEXT("org")))
        gsm_fold(out, v->organisation);
    else if (text_equal(name, TEXT("service")))
        gsm_fold(out, v->service);
    else if (text_equal(name, TEXT("place")))
        gsm_fold(out, v->place);
    else if (text_equal(name, TEXT("number")))
        put_number(out, v->number);
    else if (text_equal(name, TEXT("ref")))
        put_reference(out, v->reference);
    else if (text_equal(name, TEXT("tries")))
        put_tries(out, v->tries_n);
    else if (text_equal(name, TEXT("from")))
        put_hour(out, v->from);
    else if (text_equal(name, TEXT("until")))
        put_hour(out, v->until);
    else if (text_equal(name, TEXT("until day")))
        put_day(out, v->until, false);
    else
        put_day(out, v->from, text_equal(name, TEXT("day")));
}

/* ---- sentences ---- */

static void put_words(struct text_out *out, struct text words, const struct gsm_values *v)
{
    while (words.n) {
        struct text name = words, plain = text_cut(&name, '{');
        gsm_fold(out, plain);
        if (plain.n == words.n)
            return;
        words = name;
        put_value(out, text_cut(&words, '}'), v);
    }
}

enum gsm_words_verdict gsm_words(struct text_out *out, enum gsm_kind kind,
                                 const struct gsm_values *values)
{
    struct gsm_size size;
    if (sentences[kind].asks && !values->takes_answers)
        return GSM_WORDS_ASKS;
    struct text asked = text_of(sentences[kind].words), head = text_cut(&asked, '[');
    out->n = 0;
    out->is_cut = false;
    put_words(out, head, values);
    if (values->takes_answers)
        put_words(out, text_cut(&asked, ']'), values);
    if (!gsm_measure(&size, (struct text){out->p, out->n}) || size.coding != GSM_CODING_7BIT)
        return GSM_WORDS_LETTER;
    return out->is_cut || size.segments != 1 ? GSM_WORDS_LONG : GSM_WORDS_SAID;
}

const char *gsm_kind_name(enum gsm_kind kind)
{
    return kind > GSM_KIND_NONE && kind < GSM_KINDS ? sentences[kind].name : "";
}

/* The longest weekday and hours; service and place are looked at when they are known. */
bool gsm_words_fit(struct text organisation)
{
    char room[GSM_UTF8_MAX];
    const struct gsm_values longest = {.organisation = organisation,
                                       .number = 33999999999,
                                       .reference = 99999999,
                                       .tries_n = 10,
                                       .from = {2, 22 * MINUTES_OF_AN_HOUR + 45}, /* a Saturday */
                                       .until = {6, 22 * MINUTES_OF_AN_HOUR + 45},
                                       .takes_answers = true};
    for (unsigned i = GSM_CALLBACK_ASAP; i < GSM_KINDS; i++) {
        struct text_out out = {.p = room, .max = sizeof(room)};
        bool is_known = i != GSM_REFERENCE && i != GSM_WRITTEN;
        if (is_known && gsm_words(&out, (enum gsm_kind)i, &longest) != GSM_WORDS_SAID)
            return false;
    }
    return true;
}
