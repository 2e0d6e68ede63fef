/* note.h — what an agent noted of somebody they speak with: a row of the store, by person, in no
 * event; whoever may open that person's card reads it (ADR 48). Put by app/pages_note.c, kept by
 * store/note.c. */
#ifndef PORT_NOTE_H
#define PORT_NOTE_H

#include "base/types.h"

/* Letters, and bytes with their NUL; past either it is refused. */
#define NOTE_LETTERS_MAX 240
#define NOTE_BYTES 433
/* Of one person: past it the oldest goes. And so long each is kept. */
#define NOTES_PER_PERSON_MAX 20
#define NOTE_KEPT_MS ((ms_t)366 * 24 * 3600 * 1000)

struct note {
    uint64_t id;         /* random, never 0 */
    uint64_t person_id;  /* never 0 */
    uint64_t contact_id; /* in which conversation */
    uint64_t by_id;      /* account */
    ms_t at;
    char words[NOTE_BYTES];
};

#endif
