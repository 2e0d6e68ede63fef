/* notice.h — the message of the day as pages show it: the page where it is typed, a line on the
 * board, JSON and text for programs. Called by app/pages_notice.c. Pure. */
#ifndef VIEW_NOTICE_H
#define VIEW_NOTICE_H

#include "base/json.h"
#include "view/deeds.h"
#include "view/html.h"

struct view_house;

#define VIEW_NOTICE_PATH "/supervision/message"
#define VIEW_NOTICE_SOUND VIEW_NOTICE_PATH "/son.wav"
#define VIEW_NOTICE_FIELD "texte"
#define VIEW_DEED_SAY "dire"
#define VIEW_DEED_SILENCE "taire"

/* What callers hear of it. */
enum view_notice_state {
    VIEW_NOTICE_SPEAKING, /* is being made into sound, or nobody knows yet */
    VIEW_NOTICE_SAID,
    VIEW_NOTICE_LONG,   /* nothing: it lasts longer than it may */
    VIEW_NOTICE_UNSAID, /* nothing: no program could speak it */
    VIEW_NOTICE_STATES
};

struct view_notice {
    const char *words;
    ms_t at, until_at;
    uint64_t by_id;
    enum view_notice_state state;
    ms_t sound_ms; /* of what is said */
};

struct view_notice_page {
    const struct view_notice *notice;     /* NULL: none stands */
    const struct view_accounts *accounts; /* NULL: nobody's name is known */
    const char *refusal;
    unsigned letters_max;
    bool is_fragment;
};
void view_notice_page(struct html *h, const struct view_house *house,
                      const struct view_notice_page *page);
/* On the board; nothing when none stands. is_linked: to its page. */
void view_notice_line(struct html *h, const struct view_house *house, bool is_linked);

void view_notice_json(struct text_out *out, const struct view_house *house,
                      const struct view_notice *notice);
void view_notice_text(struct text_out *out, const struct view_house *house,
                      const struct view_notice *notice);

#endif
