/* kept.h — the calls in course as rows that outlive us, and taken up again by who comes after: an
 * upgrade, a restart, a crash. Called by main.c.
 * Kept are legs that are up, and telephones of ours that ring. A connection does not outlive us:
 * legs over TCP and TLS are taken up without one, and meet the next (meet.c). Only what the next
 * process needs to go on: dialog, offer and answer, port of the sound and its keys, session timer.
 * A row is cleared when its leg is over: a number is in it, and maybe keys. */
#ifndef PHONE_KEPT_H
#define PHONE_KEPT_H

#include "base/rows.h"
#include "phone/phone.h"

/* Bytes of a row, its head included: twice what a leg needs in practice. One whose every part is as
 * long as it may be, by way of very many servers, has no room and is not kept. */
#define PHONE_ROW_BYTES 2624

/* Borrowed until phone_drop(); one row for each leg. NULL: nothing is kept. */
void phone_keep_calls(struct phone *p, const struct rows *rows);
/* How many rows there must be for what is to be written now. */
uint32_t phone_kept_n(const struct phone *p);
/* Rows of the legs that have changed since the last time. At the end of a turn. Cost: about 2 µs a
 * changed leg. */
void phone_keep_turn(struct phone *p);

/* The instant that what follows happens at. */
void phone_time(struct phone *p, ms_t now_at);
/* Takes up the leg of a row: same port, same dialog. Those that were joined with an earlier leg
 * (has_near) come after all others. Its id; 0: not one of those, of another form, or it cannot be:
 * then it hears a BYE, where that is possible. Before the first turn. */
uint64_t phone_resume(struct phone *p, struct text row, bool has_near);
/* All of them: is it somebody's? Who is nobody's is let go. */
typedef bool phone_claim_fn(uint64_t leg_id, void *arg);
void phone_resume_end(struct phone *p, phone_claim_fn *claims, void *arg);

#endif
