/* frame.h — what stands around every screen: the head, the way to the main part, where one is, the
 * language. Called by the screens of view/. */
#ifndef VIEW_FRAME_H
#define VIEW_FRAME_H

#include "view/house.h"
#include "view/html.h"

enum view_section {
    VIEW_SECTION_NONE,
    VIEW_SECTION_AGENT,
    VIEW_SECTION_SUPERVISION,
    VIEW_SECTION_ADMINISTRATION
};

struct view_frame {
    const char *title;
    const char *before; /* in the title of the window alone: « Erreur : »; NULL: nothing */
    enum view_section section;
    const char *script;  /* a module of /assets; NULL: none */
    const char *here;    /* path of this page, for the switch of language */
    const char *kind;    /* class of the body; "" : none */
    const char *refresh; /* where the browser goes at once; NULL: it stays */
    bool is_unlisted;    /* search engines keep nothing of it, and follow nothing */
};

/* Up to the beginning of the main part; its end and what stands behind. */
void view_frame_begin(struct html *h, const struct view_house *house, const struct view_frame *f);
void view_frame_end(struct html *h, const struct view_house *house, const struct view_frame *f);

/* What each form of a page brings back, so that it is known to be ours. */
void view_frame_csrf(struct html *h, const struct view_house *house);

#endif
