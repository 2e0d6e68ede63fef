/* console_parts.h — the parts of the agent's screen that have a file of their own. Included by
 * view/console*.c only. */
#ifndef VIEW_CONSOLE_PARTS_H
#define VIEW_CONSOLE_PARTS_H

#include "acd/look.h"
#include "view/console.h"

#define CONSOLE_PATH "/agent"

/* The beginning of a form that orders this, with its token; an id where it may move on the page. */
void console_form(struct html *h, const struct view_house *house, enum view_deed deed);

/* Whom they have, what to say first, what came of it. */
void console_call(struct html *h, const struct view_house *house,
                  const struct view_console *console, const struct acd_look_agent *a);

/* What can be done with the one they speak with; whom they called in addition. */
void console_talk(struct html *h, const struct view_house *house,
                  const struct view_console *console, const struct acd_look_agent *a);

/* The facts of the card: rows of a list. joined_at 0: still waits. */
void console_wait(struct html *h, const struct view_house *house, ms_t asked_at, ms_t joined_at);
void console_promise(struct html *h, const struct view_house *house,
                     const struct acd_look_callback *back);
/* What they chose by keys before; nothing where no menu was heard. */
void console_way(struct html *h, const struct view_house *house, const struct view_way *way);
/* What is said first to who waited long. */
void console_sorry(struct html *h, ms_t wait_ms);
/* What was noted; a box for one more. */
void console_notes(struct html *h, const struct view_house *house,
                   const struct view_console *console);
void console_note(struct html *h, const struct view_house *house,
                  const struct view_console *console, uint64_t contact_id);
/* Half hours in which the person may be called, or the one that was agreed on; that it was just
 * noted. */
void console_slots(struct html *h, const struct view_house *house,
                   const struct view_console *console);
void console_agreed(struct html *h, const struct view_console *console);
void console_card(struct html *h, const struct view_house *house, const struct view_card *card);

/* Who is to be called today; what they did. */
void console_due(struct html *h, const struct view_house *house,
                 const struct view_console *console);
void console_day(struct html *h, const struct view_console *console);

/* Answer sheets; nothing where the directory has none. */
void console_sheets(struct html *h, const struct view_house *house,
                    const struct view_console *console, const struct acd_look_agent *a);

/* Written contacts; nothing for who does not write. */
void console_written(struct html *h, const struct view_house *house,
                     const struct view_console *console, const struct acd_look_agent *a);

#endif
