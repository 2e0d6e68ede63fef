/* console.h — the agent's screen: what they do, whom they have, who waits for what they serve.
 * Called by app/pages_screens.c. Pure. */
#ifndef VIEW_CONSOLE_H
#define VIEW_CONSOLE_H

#include "view/house.h"
#include "view/html.h"

struct view_console {
    const struct directory_agent *agent; /* NULL: the account is nobody's post */
    uint32_t reference;                  /* of whom they have, with its check digit; 0: nobody */
    const char *refusal;                 /* why what was asked for did not happen; NULL: nothing */
    bool is_fragment;
};

void view_console(struct html *h, const struct view_house *house,
                  const struct view_console *console);

/* What a button orders: the last word of its address, and the pause that it names. */
enum view_deed { DEED_SIGN_IN, DEED_READY, DEED_PAUSE, DEED_SIGN_OUT, DEEDS };
extern const char *const view_deed_names[DEEDS]; /* "poste", "disponible", "pause", "depart" */

#endif
