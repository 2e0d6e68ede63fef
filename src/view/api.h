/* api.h — the pages of the interface for programs, rendered: state in, text out.
 * Called by app/pages.c. Pure; what does not fit sets out->is_cut. Names of fields are never
 * changed, new ones are appended; schema/api.toml declares them. */
#ifndef VIEW_API_H
#define VIEW_API_H

#include "base/text.h"
#include "view/house.h"

/* {"error":"…","cure":"…"}: the body of every refusal. */
void view_api_error(struct text_out *out, const char *error, const char *cure);
/* The same while the fold catches up, with its progress. */
void view_api_catching_up(struct text_out *out, const struct view_house *h);

void view_api_status(struct text_out *out, const struct view_house *h);
void view_api_queues(struct text_out *out, const struct view_house *h);
void view_api_agents(struct text_out *out, const struct view_house *h);
void view_api_health(struct text_out *out, const struct view_house *h);

/* One event as a JSON object, without what concerns a person (its random id, its reference). */
void view_api_event(struct text_out *out, const struct event *ev);
/* … as one message of an event stream (HTML Living Standard §9.2); room: VIEW_MESSAGE_MAX. */
#define VIEW_MESSAGE_MAX 4000
void view_api_message(struct text_out *out, const struct event *ev, uint64_t journal);

/* Prometheus text format 0.0.4. */
void view_metrics(struct text_out *out, const struct view_house *h);

/* For people, in French; before the figures are ready, what is wrong and how far they are. */
void view_status_text(struct text_out *out, const struct view_house *h);

#endif
