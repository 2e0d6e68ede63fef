/* pages_note.h — what an agent notes of who is on the line, or was a moment ago; and what others
 * noted of that person, for who may open the card (ADR 48). Included by app/pages_console.c and its
 * tests only. */
#ifndef APP_PAGES_NOTE_H
#define APP_PAGES_NOTE_H

#include "app/awaited.h"
#include "app/pages.h"
#include "app/workday.h"
#include "view/console.h"

struct pages_note_args {
    struct accounts *accounts; /* NULL: nothing can be kept */
    const struct view_house *house;
    const struct pages_request *request;
    const struct workday *workday;
    const struct directory_agent *agent; /* NULL: the account is nobody's post */
};

/* "note", "demande": the contact that the page showed. Status 0: later; 200: on the disk; else why
 * not. typed: what was written, for the page that refuses it; of NOTE_TYPED_MAX bytes. */
#define NOTE_TYPED_MAX 2048
struct page_words pages_note(const struct pages_note_args *args, struct text_out *typed,
                             struct pages_answer *answer);

/* What is shown, and where it lies: with an open card what was noted of this person, the newest
 * first; with a folded one what this account wrote in this very conversation. */
struct pages_notes {
    struct note notes[VIEW_NOTES_MAX];
    struct account by[VIEW_NOTES_MAX];
    struct view_note rows[VIEW_NOTES_MAX];
    unsigned n;
};
void pages_notes(const struct pages_note_args *args, bool is_open, struct pages_notes *out);

#endif
