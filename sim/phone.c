/* phone.c — see phone.h. Called by the app (effects) and by run.c (reports). Cost: O(log late). */
#include <stdlib.h>

#include "sim/phone.h"

#define PPM_ONE 1000000

static void emit(void *arg, const struct effect *effect)
{
    struct sim_phone *phone = arg;
    if (!sim_disk_op(phone->disk))
        return;
    phone->effects_n++;
    bool is_promise = effect_class_of(effect->kind) == EFFECT_CLASS_PROMISED;
    uint64_t id = effect->kind == EFFECT_PUBLISH ? effect->publish.event_id : effect->after_id;
    if (is_promise && id > phone->journal->committed_id(phone->journal->arg) && !phone->early_id)
        phone->early_id = id;
    if (!phone->cast || !cast_effect(phone->cast, effect, phone->now_at))
        plan_world_effect(phone->world, effect, phone->now_at);
}

void sim_phone_open(struct sim_phone *phone, uint64_t seed)
{
    struct arena arena = {0};
    phone->port = (struct edges_port){.arg = phone, .emit = emit};
    prng_seed(&phone->chance, seed ^ UINT64_C(0x70686f6e65));
    heap_open(&phone->heap, &arena, SIM_LATE_MAX);
    phone->heap_memory = aligned_alloc(ARENA_ALIGN, (arena.used / ARENA_ALIGN + 1) * ARENA_ALIGN);
    phone->late = calloc(SIM_LATE_MAX, sizeof(*phone->late));
    phone->free = calloc(SIM_LATE_MAX, sizeof(*phone->free));
    assert(phone->heap_memory && phone->late && phone->free);
    arena = (struct arena){.base = phone->heap_memory, .size = arena.used};
    heap_open(&phone->heap, &arena, SIM_LATE_MAX);
    sim_phone_crash(phone);
}

void sim_phone_drop(struct sim_phone *phone)
{
    free(phone->heap_memory);
    free(phone->late);
    free(phone->free);
}

void sim_phone_crash(struct sim_phone *phone)
{
    heap_clear(&phone->heap);
    phone->free_n = SIM_LATE_MAX;
    for (uint32_t i = 0; i < SIM_LATE_MAX; i++)
        phone->free[i] = SIM_LATE_MAX - 1 - i;
}

static bool chance(struct sim_phone *phone, uint32_t ppm)
{
    return ppm && prng_below(&phone->chance, PPM_ONE) < ppm;
}

/* A lost one of these is made good by the core's own timers; the others are repeated by the network
 * until they arrive (SIP retransmits), so that they can only be late. */
static bool may_be_lost(enum command_kind kind)
{
    return kind == CMD_OFFER_CONFIRM || kind == CMD_OFFER_MEDIA || kind == CMD_AGENT_READY ||
           kind == CMD_CALL_ASK_PLACE || kind == CMD_CALL_INFORMED;
}

/* Settings and hours do not come by telephone. */
static bool comes_by_phone(enum command_kind kind)
{
    return may_be_lost(kind) || kind == CMD_CALL_ENDED || kind == CMD_OFFER_END ||
           kind == CMD_CALL_QUEUE || kind == CMD_AGENT_LOST || kind == CMD_AGENT_PAUSE ||
           kind == CMD_AGENT_SIGN_IN || kind == CMD_AGENT_SIGN_OUT;
}

static bool put_late(struct sim_phone *phone, const struct command *cmd)
{
    if (!phone->free_n)
        return false;
    uint32_t slot = phone->free[--phone->free_n];
    phone->late[slot] = *cmd;
    ms_t at = phone->now_at + prng_between(&phone->chance, 1, phone->faults.late_ms_max);
    heap_set(&phone->heap, slot, at, 0);
    phone->late_n++;
    return true;
}

unsigned sim_phone_hear(struct sim_phone *phone, const struct command *cmd)
{
    if (!comes_by_phone(cmd->kind))
        return 1;
    if (may_be_lost(cmd->kind) && chance(phone, phone->faults.lost_ppm)) {
        phone->lost_n++;
        return 0;
    }
    if (chance(phone, phone->faults.late_ppm) && put_late(phone, cmd))
        return 0;
    if (chance(phone, phone->faults.doubled_ppm)) {
        phone->doubled_n++;
        return 2;
    }
    return 1;
}

ms_t sim_phone_next_at(const struct sim_phone *phone)
{
    const struct heap_entry *first = heap_first(&phone->heap);
    return first ? first->at : MS_NEVER;
}

bool sim_phone_due(struct sim_phone *phone, struct command *cmd)
{
    const struct heap_entry *first = heap_first(&phone->heap);
    if (!first || first->at > phone->now_at)
        return false;
    uint32_t slot = first->item;
    *cmd = phone->late[slot];
    heap_remove(&phone->heap, slot);
    phone->free[phone->free_n++] = slot;
    return true;
}
