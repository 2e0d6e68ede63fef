/* pages_reload.h — /api/v1/reload: POST has the files read again, GET says what became of it.
 * Included by app/pages.c only. */
#ifndef APP_PAGES_RELOAD_H
#define APP_PAGES_RELOAD_H

#include "port/pages.h"
#include "port/reload.h"

/* 200: accepted, in force. 422: refused, with every mistake. 503: not read yet. Or is_later. */
void pages_reload(const struct reload_port *reload, const struct pages_request *r,
                  struct pages_answer *answer);

#endif
