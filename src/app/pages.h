/* pages.h — which request gets which page: the house's side of port/pages.h.
 * Opened by cli/reader.c over a read model; asked by web/. Refuses early and in words. */
#ifndef APP_PAGES_H
#define APP_PAGES_H

#include "app/accounts.h"
#include "app/card_log.h"
#include "app/pages_admin.h"
#include "app/pages_headset.h"
#include "app/pages_trace.h"
#include "app/readmodel.h"
#include "port/committed.h"
#include "port/headsets.h"
#include "port/notice.h"
#include "port/numbers.h"
#include "port/orders.h"
#include "port/pages.h"
#include "port/reload.h"
#include "port/talks.h"
#include "port/texts.h"

/* Events of one answer: without limit=N, and at most. */
#define PAGES_EVENTS_DEFAULT 100
#define PAGES_EVENTS_MAX 500
/* What a client is asked to wait before it comes again. */
#define PAGES_RETRY_S 2

struct pages {
    const struct readmodel *model;          /* borrowed */
    const struct committed_port *committed; /* borrowed: events older than the newest */
    const struct orders_port *orders;       /* borrowed; NULL: nothing can be changed here */
    const struct reload_port *reload;       /* borrowed; NULL: files cannot be read again */
    const struct numbers_port *numbers;     /* borrowed; NULL: none is shown */
    const struct texts_port *texts;         /* borrowed; NULL: nothing is written here */
    struct notice_port notice_sound;        /* all zeros: nothing is known of it */
    const struct tape *trace;               /* borrowed; NULL: no SIP is remembered */
    struct accounts *accounts;              /* borrowed; NULL: nobody can sign in */
    const struct files_port *files;         /* borrowed; NULL: no settings can be changed here */
    const struct headsets_board *headsets;  /* borrowed; NULL: no page is a telephone */
    const struct talks_board *talks;        /* borrowed; NULL: no third one is shown */
    struct pages_trace_room trace_room;
    char location[PAGES_LOCATION_BYTES]; /* of the last answer that sends somebody elsewhere */
    struct pages_admin_room admin_room;
    struct card_log cards;
};

struct pages_port pages_port(struct pages *pages);

#endif
