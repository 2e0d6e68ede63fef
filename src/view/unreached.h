/* unreached.h — who was never reached today, as pages show them: for programs and for people.
 * Called by app/pages_unreached.c. Pure; what does not fit sets out->is_cut. */
#ifndef VIEW_UNREACHED_H
#define VIEW_UNREACHED_H

#include "base/json.h"
#include "view/house.h"

struct view_unreached {
    uint64_t contact_id, e164; /* e164 0: not known */
    ms_t first_at, last_at;
    uint32_t reference, queue_id, calls_n; /* reference: with its check digit */
    enum outcome outcome;
    bool is_promised;
};

/* The head of a list, up to the first; whoever calls ends the array and the object. */
void view_unreached_begin(struct json *j, const struct view_house *h, uint32_t people_n,
                          uint32_t lost_n);
void view_unreached_json(struct json *j, const struct view_house *h,
                         const struct view_unreached *u);
/* One line, in French. */
void view_unreached_text(struct text_out *out, const struct view_house *h,
                         const struct view_unreached *u);

#endif
