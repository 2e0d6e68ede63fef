/* premises.h — the house of reception.h: its directory (two services, a public number, eight
 * agents) and a flow with a menu. */
#ifndef TEST_SUPPORT_PREMISES_H
#define TEST_SUPPORT_PREMISES_H

#include <stdlib.h>
#include <string.h>

#include "app/lines.h"
#include "ivr/flow_check.h"

#define PREMISES_AGENTS 8
#define HEALTH directory_number_of("sante")
#define FAMILY directory_number_of("famille")
#define PUBLIC "+33536490010"

/* Its opening hours. */
enum { OFFICE, ALWAYS, NEVER, PREMISES_WEEKS };

static inline struct day_hours premises_span(unsigned from_hour, unsigned to_hour)
{
    return (struct day_hours){.n = 1,
                              .span = {{(uint16_t)(from_hour * 60), (uint16_t)(to_hour * 60)}}};
}

static inline void premises_service(struct directory *d, uint32_t i, const char *id)
{
    struct directory_service *s = &d->services[i];
    memcpy(s->id, id, strlen(id) + 1);
    memcpy(s->name, id, strlen(id) + 1);
    s->number = directory_number_of(id);
    s->weeks = UINT64_C(1) << OFFICE;
    map_put(&d->service_of, s->number, i);
}

/* Office: Monday to Friday 8 to 18. Its number keeps no hours of its own until a test says so. */
static inline struct directory *premises_directory(void)
{
    const struct directory_room room = {.weeks_n = PREMISES_WEEKS,
                                        .exceptions_n = 4,
                                        .services_n = 2,
                                        .agents_n = PREMISES_AGENTS,
                                        .numbers_n = 1};
    struct directory *d =
        directory_open(aligned_alloc(64, (directory_bytes(&room) + 63) / 64 * 64), &room);
    d->organisation.zone = ZONE_EUROPE_PARIS;
    d->organisation.holidays = HOLIDAYS_METROPOLE;
    d->weeks_n = PREMISES_WEEKS;
    for (unsigned day = 0; day < 5; day++)
        d->weeks[OFFICE].day[day] = premises_span(8, 18);
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        d->weeks[ALWAYS].day[day] = premises_span(0, 24);
    d->weeks[ALWAYS].is_always = true;
    d->services_n = 2;
    premises_service(d, 0, "sante");
    premises_service(d, 1, "famille");
    d->agents_n = PREMISES_AGENTS;
    for (uint32_t i = 0; i < PREMISES_AGENTS; i++) {
        d->agents[i].number = i + 1;
        d->agents[i].site = DIRECTORY_NONE;
        d->agents[i].services[1] = 1;
        d->agents[i].services_n = 2;
        map_put(&d->agent_of, i + 1, i);
    }
    d->numbers_n = 1;
    d->numbers[0] = (struct directory_number){
        .shown = "05 36 49 00 10", .flow = "public", .e164 = 33536490010, .week = DIRECTORY_NONE};
    map_put(&d->number_of, d->numbers[0].e164, 0);
    return d;
}

/* 1 health, 2 family, 3 an answer by itself; nothing: health. */
static inline void premises_flow(struct ivr_flow *f)
{
    *f = (struct ivr_flow){
        .steps =
            {{.kind = IVR_PLAY, .prompts_n = 1, .prompts = {PROMPT_GREET_ORG}, .next = 1},
             {.kind = IVR_MENU,
              .prompts_n = 1,
              .prompts = {PROMPT_MENU_MAIN},
              .choices_n = 3,
              .choices = {{'1', 2}, {'2', 3}, {'3', 4}}},
             {.kind = IVR_QUEUE,
              .prompts_n = 1,
              .prompts = {PROMPT_MENU_CHOSEN_SANTE},
              .queue_id = HEALTH},
             {.kind = IVR_QUEUE, .queue_id = FAMILY},
             {.kind = IVR_INFORM, .prompts_n = 1, .prompts = {PROMPT_CLOSED_URGENT}, .next = 5},
             {.kind = IVR_CLOSED,
              .prompts_n = 2,
              .prompts = {PROMPT_CLOSED_WAYS, PROMPT_CLOSED_BYE}}},
        .steps_n = 6,
        .general = 2,
        .closed = 5,
        .max_repeat = 1,
        .say = {PROMPT_MENU_AGAIN, PROMPT_MENU_NO_KEY, PROMPT_MENU_WRONG, PROMPT_MENU_PERSON,
                PROMPT_NOTICE_DATA},
        .has_english = true};
    struct ivr_finding found[IVR_FINDINGS_MAX];
    assert(!ivr_check(f, found));
}

#endif
