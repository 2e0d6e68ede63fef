/* callbacks_house.h — the small house in which prop/callbacks.c lives: two queues that call back,
 * a priority, four agents who serve both. */
#ifndef TEST_SUPPORT_CALLBACKS_HOUSE_H
#define TEST_SUPPORT_CALLBACKS_HOUSE_H

#include "acd/acd.h"

#define QUEUES 2
#define AGENTS 4
#define ATTEMPTS 3
#define SHARE 50
#define GAP ((ms_t)600000)
#define KEEP ((ms_t)3600000)
/* Three for each queue, one priority, one for each agent. */
#define CALLBACKS_COMMANDS (3u * QUEUES + 1 + AGENTS)

static inline struct command callbacks_queue_command(uint32_t queue_id, uint32_t which)
{
    if (which == 0)
        return (struct command){.kind = CMD_QUEUE_SET,
                                .queue_set = {.queue_id = queue_id,
                                              .offer_ms = 60000,
                                              .wrap_up_ms = 10000,
                                              .regain_ms = 600000,
                                              .handle_ms = 60000,
                                              .short_ms = 10000}};
    if (which == 1)
        return (struct command){.kind = CMD_QUEUE_CALLBACKS,
                                .queue_callbacks = {.queue_id = queue_id,
                                                    .attempts_max = ATTEMPTS,
                                                    .share_percent = SHARE,
                                                    .gap_ms = GAP,
                                                    .keep_ms = KEEP,
                                                    .dial_ms = 300000}};
    return (struct command){.kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = queue_id, .hours = HOURS_OPEN}};
}

static inline struct command callbacks_command(uint32_t i)
{
    if (i < 3 * QUEUES)
        return callbacks_queue_command(1 + i / 3, i % 3);
    if (i == 3 * QUEUES)
        return (struct command){.kind = CMD_PRIORITY_SET,
                                .priority_set = {.priority = 1, .head_start_ms = 60000}};
    return (struct command){.kind = CMD_AGENT_SET,
                            .agent_set = {.agent_id = i - 3 * QUEUES,
                                          .capacity = {1},
                                          .capacity_n = 1,
                                          .queue_ids = {1, 2},
                                          .queue_ids_n = 2}};
}

#endif
