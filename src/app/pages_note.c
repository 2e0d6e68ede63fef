/* pages_note.c — see pages_note.h. A note is a row and a line of the log of accounts in one append;
 * the page answers when both are on the disk. Called on the reader thread. Invariant: of a person
 * whose card is folded nothing is shown that somebody else wrote, or in another conversation. */
#include "access/form.h"
#include "app/accounts.h"
#include "app/card_log.h"
#include "app/page_line.h"
#include "app/pages_note.h"
#include "say/reference.h"

#define DIGITS_BYTES 24

static const struct page_words nobody = {409, "you speak with somebody else, or nobody",
                                         "during a call, or in the wrap-up",
                                         "Une note s’écrit pendant l’appel ou juste "
                                         "après\u00a0: ce n’est plus cette personne."};
static const struct page_words withheld = {409, "the number of the person is withheld",
                                           "give them the number of their request",
                                           "Le numéro de la personne est masqué\u00a0: rien ne "
                                           "relierait cette note à elle. Donnez-lui son numéro "
                                           "de demande."};
static const struct page_words no_words = {400, "the note has no words", "write some",
                                           "La note est vide\u00a0: écrivez quelques mots."};
static const struct page_words long_words = {400, "a note has 240 letters at most", "shorten it",
                                             "240\u00a0lettres au plus\u00a0: raccourcissez la "
                                             "note."};
static const struct page_words broken_words = {400, "the note is no plain text", "write UTF-8",
                                               "Le texte n’est pas lisible."};

_Static_assert(NOTE_LETTERS_MAX == 240, "the words say how many");

/* ---- writing ------------------------------------------------------------------------------ */

static struct page_words read_words(struct note *note, struct text words)
{
    switch (page_line_read(note->words, sizeof(note->words), words, NOTE_LETTERS_MAX)) {
    case PAGE_LINE_EMPTY:
        return no_words;
    case PAGE_LINE_LONG:
        return long_words;
    case PAGE_LINE_BROKEN:
        return broken_words;
    case PAGE_LINE_READ:
        break;
    }
    return (struct page_words){0};
}

/* Of whom: the one that the page showed, and nobody else. */
static struct page_words read_note(const struct pages_note_args *args, struct text_out *typed,
                                   struct note *note, uint32_t *reference)
{
    char digits[DIGITS_BYTES];
    struct text_out contact = {.p = digits, .max = sizeof(digits)};
    struct workday_talk talk = {0};
    uint64_t contact_id = 0;
    bool is_read = form_field(typed, args->request->body, "note");
    bool is_named = form_field(&contact, args->request->body, "demande") &&
                    text_number((struct text){digits, contact.n}, UINT64_MAX, &contact_id);
    if (args->agent)
        talk = workday_talk(args->workday, args->house->acd, args->agent->number);
    if (!is_named || !talk.contact_id || talk.contact_id != contact_id)
        return nobody;
    if (!talk.person_id)
        return withheld;
    *reference = talk.reference;
    *note = (struct note){.person_id = talk.person_id,
                          .contact_id = talk.contact_id,
                          .by_id = args->house->rights->account_id,
                          .at = args->request->now_at};
    return is_read ? read_words(note, (struct text){typed->p, typed->n}) : long_words;
}

static struct page_words store(struct accounts *a, const struct pages_note_args *args,
                               struct note *note, uint32_t reference)
{
    const struct accounts_port *port = a->args.port;
    struct accounts_pending *p = accounts_take(a, args->request, ACCOUNTS_CHANGE);
    if (!p)
        return awaited_too_many;
    bool is_made = port->random(port->arg, &note->id, sizeof(note->id));
    note->id |= 1; /* never 0 */
    accounts_row(p, JOURNAL_ROW_NOTE)->note = *note;
    struct account_audit line = {
        .at = note->at, .who = note->by_id, .about = note->id, .deed = ACCOUNT_NOTED};
    card_log_detail(&line, say_reference_of(reference));
    if (is_made && accounts_post(a, p, &line))
        return (struct page_words){0};
    accounts_drop(a, p);
    return awaited_silent;
}

struct page_words pages_note(const struct pages_note_args *args, struct text_out *typed,
                             struct pages_answer *answer)
{
    struct note note;
    uint32_t reference = 0;
    struct page_words words = awaited_silent;
    if (!args->accounts)
        return words;
    if (args->request->order_id) {
        answer->order_id = args->request->order_id;
        words = awaited_rows(args->accounts, args->request);
        if (!form_field(typed, args->request->body, "note"))
            typed->n = 0;
    } else {
        words = read_note(args, typed, &note, &reference);
        if (!words.status)
            words = store(args->accounts, args, &note, reference);
        if (!words.status)
            answer->order_id = args->accounts->last_order_id;
    }
    answer->is_later = !words.status;
    return words;
}

/* ---- reading ------------------------------------------------------------------------------ */

static void put(const struct accounts_port *port, struct pages_notes *out, const struct note *note,
                bool is_mine)
{
    unsigned n = out->n++;
    bool is_known = port->by_id && !port->by_id(port->arg, note->by_id, &out->by[n]);
    out->notes[n] = *note;
    out->rows[n] = (struct view_note){.id = note->id,
                                      .at = note->at,
                                      .by = is_known ? out->by[n].name : "",
                                      .words = out->notes[n].words,
                                      .is_mine = is_mine};
}

void pages_notes(const struct pages_note_args *args, bool is_open, struct pages_notes *out)
{
    const struct accounts_port *port = args->accounts ? args->accounts->args.port : NULL;
    struct workday_talk talk = workday_talk(args->workday, args->house->acd, args->agent->number);
    out->n = 0;
    struct accounts_note_of of = {.person_id = talk.person_id, .now_at = args->request->now_at};
    struct note note;
    for (; port && port->note && talk.person_id && of.n < NOTES_PER_PERSON_MAX; of.n++) {
        if (out->n == VIEW_NOTES_MAX || port->note(port->arg, &of, &note))
            return;
        bool is_mine =
            note.contact_id == talk.contact_id && note.by_id == args->house->rights->account_id;
        if (is_open || is_mine)
            put(port, out, &note, is_mine);
    }
}
