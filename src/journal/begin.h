/* begin.h — the service always answers: opening that ends with a journal to write to, whatever
 * stood there. Called by main.c. */
#ifndef JOURNAL_BEGIN_H
#define JOURNAL_BEGIN_H

#include "journal/aside.h"
#include "journal/journal.h"

/* Notes the start. After JOURNAL_CRASHES_MAX crashes in a row, or when the file is damaged, sets it
 * aside and begins a new one. 0, or the errno of journal_open(): EBUSY, ENOTSUP, ENOSPC… */
MUST_CHECK int journal_begin(struct journal **j, const struct journal_args *args, ms_t now_at);

/* The reading at start answered EBADMSG: drops *j, sets its file aside, opens a new one. The caller
 * starts its app anew. */
MUST_CHECK int journal_begin_anew(struct journal **j, const struct journal_args *args, ms_t now_at);

/* The orderly end, also after an error elsewhere at start: drops it and notes that this was no
 * crash. */
void journal_end(struct journal *j, const struct journal_args *args, ms_t now_at);

#endif
