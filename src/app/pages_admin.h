/* pages_admin.h — /administration and what stands below it: which page, and what its forms ask for
 * (ADR 42). For administrators of the whole house. Included by app/pages.c only. */
#ifndef APP_PAGES_ADMIN_H
#define APP_PAGES_ADMIN_H

#include "app/accounts.h"
#include "port/files.h"
#include "port/pages.h"
#include "view/admin.h"

/* Bytes of a text that a form brings, and of one that a form shows to be typed over: what is sent
 * back has escapes, and must fit into a request. */
#define PAGES_ADMIN_TEXT_MAX 61440
#define PAGES_ADMIN_SHOWN_MAX 30000
/* Fields of a form with their names and values. */
struct pages_admin_room {
    char text[PAGES_ADMIN_TEXT_MAX];
    struct files_item item, was;
    struct view_compared compared;
    struct files_trial trial;
};

struct pages_admin_args {
    const struct files_port *files;
    struct accounts *accounts; /* NULL: none are kept */
    const struct view_house *house;
    const struct pages_request *request;
    const struct accounts_session *session; /* who asks; NULL: the owner, or a program */
    struct text page;                       /* of the path; empty: /administration itself */
    char *location;                         /* PAGES_LOCATION_BYTES, until the answer was sent */
    struct pages_admin_room *room;
};

/* False: there is no such page. */
bool pages_admin(const struct pages_admin_args *args, struct pages_answer *answer);

#endif
