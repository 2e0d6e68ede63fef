/* callbacks.h — promises to call back, as pages show them: one of them, a list, for programs and
 * for people. Called by app/pages_callbacks.c. Pure; what does not fit sets out->is_cut. */
#ifndef VIEW_CALLBACKS_H
#define VIEW_CALLBACKS_H

#include "acd/look.h"
#include "base/json.h"
#include "view/house.h"

/* How far a promise is. */
enum view_callback_state {
    VIEW_CALLBACK_ON_LINE,  /* the person has not hung up yet */
    VIEW_CALLBACK_LATER,    /* not before an instant that has not come */
    VIEW_CALLBACK_HELD,     /* its queue is not open */
    VIEW_CALLBACK_WAITING,  /* for an agent, in its turn */
    VIEW_CALLBACK_RESERVED, /* an agent is kept for it, nobody is dialled */
    VIEW_CALLBACK_DIALLING, /* rings there, or somebody has answered: who? */
    VIEW_CALLBACK_TALKING,
    VIEW_CALLBACK_OVER, /* the last attempt is over, the place is kept */
    VIEW_CALLBACK_SLOT, /* at the time that the person chose: look.not_before_at */
    VIEW_CALLBACK_STATES
};

struct view_callback {
    struct acd_look_callback look;
    uint32_t reference; /* with its check digit */
    uint64_t e164;      /* 0: not known */
    bool is_whole;      /* who asks may see all of the number */
    bool is_by_house;   /* nobody asked: cut off by our fault */
    bool is_slot;       /* no contact stands for it yet; of look only what a row knows */
};

enum view_callback_state view_callback_state(const struct view_house *h,
                                             const struct acd_look_callback *look);
/* For programs; never changed. */
const char *view_callback_state_name(enum view_callback_state state);

/* A list of them: the head, up to the first; whoever calls ends the array and the object. */
void view_callbacks_begin(struct json *j, const struct view_house *h);
void view_callback_json(struct json *j, const struct view_house *h, const struct view_callback *c);
/* One line, in French. */
void view_callback_text(struct text_out *out, const struct view_house *h,
                        const struct view_callback *c);

#endif
