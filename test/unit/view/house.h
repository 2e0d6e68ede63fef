/* house.h — something to render: one queue, two agents, a named service with an awkward name. */
#ifndef TEST_UNIT_VIEW_HOUSE_H
#define TEST_UNIT_VIEW_HOUSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view/api.h"
#include "view/words.h"

#define HOUSE_PAGE_BYTES 200000
/* Monday 16 November 2026, 10:00 in Paris. */
#define HOUSE_NOW_AT ((ms_t)1794819600000)
#define HOUSE_SERVICE "etat-civil"
#define HOUSE_NAME "État civil, \"papiers\"\\\n"

struct house {
    struct acd *acd;
    struct directory *directory;
    struct vitals vitals;
    struct view_alarms alarms;
    struct kpi_counts day, queue_day[4];
    struct view_agent agents[8];
    struct view_house view;
    uint64_t next_id, call_id;
    struct text_out out;
    char page[HOUSE_PAGE_BYTES];
};

static inline void house_do(struct house *h, struct command cmd)
{
    struct event_batch batch = {.next_id = h->next_id};
    acd_step(h->acd, &cmd, HOUSE_NOW_AT - 65000, &batch);
    h->next_id = batch.next_id;
}

static inline void house_directory(struct house *h)
{
    const struct directory_room room = {.services_n = 1, .agents_n = 1, .trunks_n = 1};
    void *memory = aligned_alloc(64, (directory_bytes(&room) + 63) / 64 * 64);
    assert_non_null(memory);
    h->directory = directory_open(memory, &room);
    struct directory_service *s = &h->directory->services[0];
    memcpy(s->id, HOUSE_SERVICE, sizeof(HOUSE_SERVICE));
    memcpy(s->name, HOUSE_NAME, sizeof(HOUSE_NAME));
    s->number = directory_number_of(s->id);
    h->directory->services_n = 1;
    map_put(&h->directory->service_of, s->number, 0);
    struct directory_agent *a = &h->directory->agents[0];
    memcpy(a->id, "a1", sizeof("a1"));
    memcpy(a->name, "Zoé", sizeof("Zoé"));
    a->number = directory_number_of(a->id);
    h->directory->agents_n = 1;
    map_put(&h->directory->agent_of, a->number, 0);
    memcpy(h->directory->organisation.name, "La maison", sizeof("La maison"));
    h->directory->organisation.zone = ZONE_EUROPE_PARIS;
}

/* One agent rings, one caller waits behind. */
static inline struct house *house_open(void)
{
    static const struct acd_limits limits = {64, 8, 4, 64};
    struct house *h = calloc(1, sizeof(*h));
    assert_non_null(h);
    h->next_id = 1;
    h->acd = acd_open(aligned_alloc(64, (acd_bytes(&limits) + 63) / 64 * 64), &limits);
    house_directory(h);
    uint32_t queue = h->directory->services[0].number, agent = h->directory->agents[0].number;
    house_do(h, (struct command){
                    .kind = CMD_QUEUE_SET,
                    .queue_set = {.queue_id = queue, .offer_ms = 20000, .wrap_up_ms = 90000}});
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = queue, .hours = HOURS_OPEN}});
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = agent,
                                               .capacity = {1},
                                               .capacity_n = 1,
                                               .queue_ids = {queue},
                                               .queue_ids_n = 1}});
    house_do(h, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = agent}});
    house_do(h, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = agent}});
    for (unsigned i = 1; i <= 2; i++) {
        house_do(h, (struct command){.kind = CMD_CALL_ARRIVED,
                                     .call_arrived = {.leg_id = i, .person_id = i}});
        uint64_t call_id = acd_last_id(h->acd);
        house_do(h, (struct command){.kind = CMD_CALL_QUEUE,
                                     .call_queue = {.call_id = call_id, .queue_id = queue}});
    }
    h->view = (struct view_house){.now_at = HOUSE_NOW_AT,
                                  .last_id = acd_last_id(h->acd),
                                  .is_ready = true,
                                  .acd = h->acd,
                                  .directory = h->directory,
                                  .zone = ZONE_EUROPE_PARIS,
                                  .vitals = &h->vitals,
                                  .alarms = &h->alarms,
                                  .today = calendar_local(ZONE_EUROPE_PARIS, HOUSE_NOW_AT).day,
                                  .day = &h->day,
                                  .queue_day = h->queue_day,
                                  .agents = h->agents};
    return h;
}

/* The agent has the caller on the line, then hangs up. */
static inline void house_talks(struct house *h)
{
    struct acd_look_agent a;
    struct acd_look_call call;
    acd_look_agent(h->acd, 0, &a);
    for (uint32_t i = 0; i < acd_look_calls_n(h->acd); i++)
        if (acd_look_call(h->acd, i, &call) && call.contact_id == a.contact_id)
            break;
    house_do(h, (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {call.offer_id}});
    house_do(h, (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {call.offer_id}});
    house_do(h, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {call.offer_id}});
    h->call_id = call.call_id;
}

static inline void house_drop(struct house *h)
{
    free(h->acd);
    free(h->directory);
    free(h);
}

/* A page, as a string. */
typedef void house_page_fn(struct text_out *out, const struct view_house *h);
static inline const char *house_page(struct house *h, house_page_fn *render)
{
    h->out = (struct text_out){.p = h->page, .max = sizeof(h->page) - 1};
    render(&h->out, &h->view);
    assert_false(h->out.is_cut);
    h->page[h->out.n] = '\0';
    return h->page;
}

static inline void must_say(const char *page, const char *what)
{
    if (!strstr(page, what))
        fail_msg("it does not say: %s\n%s", what, page);
}

#endif
