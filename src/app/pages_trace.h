/* pages_trace.h — GET /api/v1/trace?contact=ID (or reference=DIGITS): the ladder of one contact.
 * Included by app/pages only; on the reader thread. */
#ifndef APP_PAGES_TRACE_H
#define APP_PAGES_TRACE_H

#include "port/committed.h"
#include "port/pages.h"
#include "port/trace.h"
#include "view/house.h"

/* Calls of one contact that are looked at, and legs (one for each try of an operator). */
#define TRACE_CALLS_MAX 32
#define TRACE_LEGS_MAX 128
/* Events looked at behind the one that opened the contact, or, for a reference, before the last. */
#define TRACE_EVENTS_MAX 200000
/* A masked message: each byte may become a sign of three. */
#define TRACE_MASKED_BYTES (3 * TRACE_MESSAGE_MAX + 1024)
/* Rows of an answer, and the room that one may need: each byte as \u00xx of JSON. */
#define TRACE_ROWS_MAX 5000
#define TRACE_ROW_BYTES (6 * TRACE_MASKED_BYTES + 8192)

struct trace_leg {
    struct trace_head head;
    uint16_t call_id_n;
    char call_id[TRACE_CALL_ID_MAX];
};

/* What one answer needs; kept between them to be no burden of the stack. */
struct pages_trace_room {
    uint64_t contact_id, last_id, calls[TRACE_CALLS_MAX];
    ms_t begin_at;
    uint32_t calls_n, legs_n, rows_n, events_n, open_n;
    bool is_settled, is_cut;
    uint64_t offer_id;           /* the last one of the contact: offers come one after the other */
    uint64_t place;              /* on the tape */
    const struct trace_leg *leg; /* of the message in `record`; NULL: no more */
    size_t record_n;
    struct trace_leg legs[TRACE_LEGS_MAX];
    _Alignas(8) uint8_t record[TAPE_RECORD_MAX];
    char masked[TRACE_MASKED_BYTES];
};

struct pages_trace_args {
    const struct view_house *house;
    const struct committed_port *committed;
    const struct tape *tape; /* NULL: no SIP is remembered */
    const struct pages_request *request;
};

void pages_trace(struct pages_trace_room *room, const struct pages_trace_args *args,
                 struct pages_answer *answer);

#endif
