/* board_pages.h — pages behind the board: one service, one agent, with what a supervisor may do
 * there (ADR 37, ADR 41). Each deed is a form of its own, so that all works without a script.
 * Called by app/pages_board.c. Pure. */
#ifndef VIEW_BOARD_PAGES_H
#define VIEW_BOARD_PAGES_H

#include "view/house.h"
#include "view/html.h"
#include "view/unreached.h"

/* Deeds as their forms name them, in the field « geste ». */
#define VIEW_DEED_FIELD "geste"
#define VIEW_DEED_HELP "aide"
#define VIEW_DEED_HELP_END "fin"
#define VIEW_DEED_SHUT "fermer"
#define VIEW_DEED_REOPEN "rouvrir"
#define VIEW_DEED_MOVE "deplacer"
#define VIEW_DEED_MOVE_BACK "retour"
#define VIEW_DEED_LISTEN "ecouter"
#define VIEW_DEED_WHISPER "souffler"
#define VIEW_DEED_JOIN "rejoindre"
#define VIEW_DEED_UNLISTEN "quitter"
/* Other fields: a site of the directory, minutes, an hour of today, « oui »; of each service of a
 * move: this and its id. */
#define VIEW_FIELD_SITE "lieu"
#define VIEW_FIELD_MINUTES "minutes"
#define VIEW_FIELD_UNTIL "jusqua"
#define VIEW_FIELD_CONFIRMED "confirme"
#define VIEW_FIELD_SERVICE "vers_"
#define VIEW_FIELD_QUEUE "service"
#define VIEW_FIELD_CONTACT "demande" /* the one whom the page showed on the line */

#define VIEW_BOARD_PATH "/supervision"
#define VIEW_UNREACHED_PATH "/supervision/injoints"
#define VIEW_SERVICE_PATH "/supervision/services/"
#define VIEW_AGENT_PATH "/supervision/agents/"
#define VIEW_ALERTS_PATH "/supervision/alertes"
#define VIEW_ALARM_LETTER 'a' /* before the number of what is wrong with the house */

struct view_board_one {
    const struct view_accounts *accounts; /* NULL: nobody's name is known */
    const char *refusal;                  /* what could not be done, in words; NULL: nothing */
    uint32_t index;                       /* of the service or agent in the directory */
    uint32_t slot;    /* of its queue, or of the agent, in acd/look.h; an agent may have none */
    bool is_fragment; /* the part that changes alone */
    bool rings;       /* the telephone of who looks, to listen to this agent */
};

void view_board_service(struct html *h, const struct view_house *house,
                        const struct view_board_one *one);
void view_board_agent(struct html *h, const struct view_house *house,
                      const struct view_board_one *one);

/* Agents' alerts of a day and a night, the newest first, and who saw them. */
struct view_board_alerts {
    const struct view_accounts *accounts;
    bool is_fragment;
};
void view_board_alerts(struct html *h, const struct view_house *house,
                       const struct view_board_alerts *page);
/* It stands on the board, or in that list, so long. */
#define VIEW_ALERT_MS ((ms_t)24 * 3600 * 1000)

/* Who was never reached today, the oldest first; each called back by a button. */
struct view_board_unreached {
    const struct view_unreached *rows;
    unsigned n;
    uint32_t people_n, lost_n; /* of the day; lost: found no room */
    uint64_t next_id;          /* more stand behind this one; 0: none */
    const char *refusal;
    struct text called; /* reference of who will be called back, since this page asked; or empty */
    bool is_fragment;
};
void view_board_unreached(struct html *h, const struct view_house *house,
                          const struct view_board_unreached *list);

#endif
