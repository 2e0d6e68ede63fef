/* pages_screens.h — pages for people: which screen, in which language; what it loads; that
 * something is new. Included by app/pages.c only. */
#ifndef APP_PAGES_SCREENS_H
#define APP_PAGES_SCREENS_H

#include "port/headsets.h"
#include "port/pages.h"
#include "port/talks.h"
#include "view/house.h"
#include "view/html.h"

/* A screen is told of news no sooner than so long after the last: at most two looks a second. */
#define PAGES_NEWS_MS ((ms_t)500)

/* A page that begins: French, unless the address or the browser says otherwise. */
struct html pages_screen_open(const struct pages_request *request, struct pages_answer *answer);

/* Does the address say so: ?name=value? */
bool pages_screen_says(const struct pages_request *request, struct text name, struct text value);

/* A file of web/. False: there is none of this name. */
bool pages_screen_asset(struct text name, const struct pages_request *request,
                        struct pages_answer *answer);
/* A stream of what is new; the first of it comes at once. */
void pages_screen_live(const struct view_house *house, struct pages_answer *answer);
/* What main tells pages beside the journal; NULL: no page is a telephone; no third one is shown. */
struct pages_screen_boards {
    const struct headsets_board *headsets;
    const struct talks_board *talks;
};
void pages_screen_news(struct text_out *out, const struct view_house *house,
                       const struct pages_screen_boards *boards, struct pages_stream *stream);

void pages_screen_board(const struct view_house *house, const struct view_accounts *accounts,
                        const struct pages_request *request, struct pages_answer *answer);
/* Why not, as a page, by answer->status. False: there are no words for it. */
bool pages_screen_refuse(const struct view_house *house, const struct pages_request *request,
                         struct pages_answer *answer);

#endif
