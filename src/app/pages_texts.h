/* pages_texts.h — pages about text messages: what the gateway tells (signed), and a test. Included
 * by app/pages.c only. */
#ifndef APP_PAGES_TEXTS_H
#define APP_PAGES_TEXTS_H

#include "port/pages.h"
#include "port/texts.h"

/* The answer, or is_later. texts NULL: no gateway is set. */
void pages_texts(const struct texts_port *texts, enum texts_post_kind kind,
                 const struct pages_request *request, struct pages_answer *answer);

#endif
