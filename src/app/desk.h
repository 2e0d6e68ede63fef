/* desk.h — what the agent's screen knows beside the call itself: the card of who is on the line,
 * open or folded; who is to be called today; the agent's own day. Called by app/pages_console.c.
 * Cost: a look at each contact. */
#ifndef APP_DESK_H
#define APP_DESK_H

#include "app/past.h"
#include "app/ways.h"
#include "app/workday.h"
#include "port/numbers.h"
#include "port/pages.h"
#include "view/console.h"

struct desk_of {
    const struct view_house *house;
    const struct past *past;
    const struct workday *workday;
    const struct ways *ways;
    const struct numbers_port *numbers; /* NULL: no times that were chosen */
    const struct pages_request *request;
    const struct directory_agent *agent;
};

/* Folded, unless the query has a reference of this very person ("reference"), or says that the one
 * on the line has given a name ("nom": the contact): a number is not a person (design §3.8). */
struct view_card desk_card(const struct desk_of *of);

struct desk_due {
    struct view_due rows[VIEW_DUE_MAX];
    unsigned n, more_n;
};
/* Promises of the agent's services until the end of the day, the first first. */
void desk_due(const struct desk_of *of, struct desk_due *due);

/* The call of the one they speak with; 0: nobody. */
uint64_t desk_call(const struct view_house *house, const struct directory_agent *agent);

/* Whom they called in addition to the one they speak with. talks NULL: not known. */
struct talk_third desk_third(const struct desk_of *of, const struct talks_board *talks);

struct view_workday desk_day(const struct desk_of *of);

#endif
