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

/* What a button orders: the last word of its address, and what its fields name. */
enum view_deed {
    DEED_SIGN_IN,
    DEED_READY,
    DEED_PAUSE, /* "motif" */
    DEED_SIGN_OUT,
    DEED_MORE_TIME,
    DEED_CONCLUDE, /* "suite": the name of a conclusion */
    DEEDS
};
extern const char *const view_deed_names[DEEDS]; /* "poste", "disponible", "pause"… */

#endif
