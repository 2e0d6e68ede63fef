/* pages_webtext.h — the pages on which people write to a service (ADR 54): anybody's, without a
 * session. What is said to be kept is on the disk. Included by app/pages.c only. */
#ifndef APP_PAGES_WEBTEXT_H
#define APP_PAGES_WEBTEXT_H

#include "app/pages.h"
#include "view/house.h"

struct pages_webtext_args {
    const struct view_house *house;
    struct pages *pages;
    const struct pages_request *request;
    struct text secret; /* of the path */
};

/* /ecrire: the form, and what it sends. */
void pages_webtext_form(const struct pages_webtext_args *args, struct pages_answer *answer);
void pages_webtext_open(const struct pages_webtext_args *args, struct pages_answer *answer);
/* /ecrire/SECRET: the page of one person, and what they write there. */
void pages_webtext_show(const struct pages_webtext_args *args, struct pages_answer *answer);
void pages_webtext_more(const struct pages_webtext_args *args, struct pages_answer *answer);

#endif
