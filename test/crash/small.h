/* small.h — a small service for crash and property tests: everything happens within minutes.
 * Included by test/crash and test/prop. */
#ifndef TEST_CRASH_SMALL_H
#define TEST_CRASH_SMALL_H

#include "sim/run.h"

#define SMALL_MINUTE ((ms_t)60 * 1000)
#define SMALL_HOUR (60 * SMALL_MINUTE)
#define SMALL_MIDNIGHT ((ms_t)1794783600000) /* Monday 16 November 2026 in Paris */

/* Two queues, three agents, short talks, impatient callers, texts, a robot, dying lines. */
static inline struct plan_profile small_profile(uint32_t calls_an_hour)
{
    struct plan_profile p = {.name = "petit", .shapes_n = 1, .services_n = 2, .groups_n = 2};
    p.arrivals[0] = calls_an_hour * 10;
    p.hours[0] = (struct day_hours){1, {{8 * 60, 18 * 60}}};
    p.shapes[0] = (struct plan_shape){.days = 1, .slots_n = 1};
    p.shapes[0].slots[0] = (struct plan_slot){{8 * 60, 18 * 60}, 1000000};
    p.services[0] = (struct plan_service){"a", 600000, {40000, 800}};
    p.services[1] = (struct plan_service){"b", 400000, {20000, 800}};
    p.groups[0] = (struct plan_group){.name = "deux",
                                      .agents_n = 2,
                                      .services_n = 2,
                                      .services = {0, 1},
                                      .language_ppm = 500000,
                                      .text_capacity = 2};
    p.groups[1] =
        (struct plan_group){.name = "un", .agents_n = 1, .services_n = 1, .services = {1}};
    p.groups[0].shift[0] = p.groups[1].shift[0] = p.hours[0];
    p.house = (struct plan_house){.offer_ms = 15000,
                                  .wrap_up_ms = 20000,
                                  .short_ms = 5000,
                                  .no_answer_back_ms = 30000,
                                  .handle_ms = 40000,
                                  .regain_ms = 60000,
                                  .closing_lead_ms = 60000,
                                  .ring_site_ms = 3000,
                                  .ring_area_ms = 6000,
                                  .ring_network_ms = 9000,
                                  .head_start_ms = 60000};
    p.people = (struct plan_people){.patience = {30000, 1000},
                                    .menu = {4000, 600},
                                    .informs_ms = 5000,
                                    .informed_ppm = 80000,
                                    .menu_abandon_ppm = 40000,
                                    .redial_ppm = 600000,
                                    .redial_min_ms = 10000,
                                    .redial_max_ms = 60000,
                                    .redials_max = 3,
                                    .withheld_ppm = 120000,
                                    .hangs_up_ppm = 600000,
                                    .ask_place_ppm = 100000,
                                    .written_ppm = 80000,
                                    .language_ppm = 80000,
                                    .priority_ppm = 80000,
                                    .shared_ppm = 50000,
                                    .shared_lines_n = 1};
    p.staff = (struct plan_staff){.no_answer_ppm = 80000,
                                  .pick_up = {4000, 500},
                                  .wrap_up = {10000, 500},
                                  .line_death_every_ms = 3 * SMALL_MINUTE};
    p.sites_n = 2;
    p.areas_n = 2;
    p.callers_max = 300;
    p.control_every_ms = SMALL_MINUTE;
    p.closing_every_ms = 5 * SMALL_MINUTE;
    p.closing_ms = SMALL_MINUTE;
    return p;
}

/* A run of some minutes from ten o'clock. */
static inline struct sim_args small_args(const struct plan_profile *p, uint64_t seed,
                                         ms_t length_ms)
{
    ms_t from_at = SMALL_MIDNIGHT + 10 * SMALL_HOUR;
    return (struct sim_args){.profile = p,
                             .seed = seed,
                             .midnight_at = SMALL_MIDNIGHT,
                             .offset_ms = SMALL_HOUR,
                             .from_at = from_at,
                             .until_at = from_at + length_ms,
                             .snapshot_events = 40};
}

#endif
