/* message.c — see message.h. Invariant: no event leads out of an end, or back. */
#include "gsm/message.h"

#define PAUSE_MS_MIN ((ms_t)2000)
#define PAUSE_MS_MAX ((ms_t)600000)
#define DOUBLINGS_MAX 16u

#define NO GSM_STATES
/* A receipt may overtake the answer of the gateway: it is as good. */
static const enum gsm_state table[GSM_STATES][GSM_EVENTS] = {
    /* ACCEPTED, REFUSED, TROUBLE, EXPIRED, ARRIVED, LOST, UNTOLD */
    [GSM_QUEUED] = {GSM_SENT, GSM_FAILED, GSM_QUEUED, GSM_FAILED, GSM_DELIVERED, GSM_FAILED, NO},
    [GSM_SENT] = {NO, NO, NO, NO, GSM_DELIVERED, GSM_FAILED, GSM_FAILED},
    [GSM_DELIVERED] = {NO, NO, NO, NO, NO, NO, NO},
    [GSM_FAILED] = {NO, NO, NO, NO, NO, NO, NO},
};

enum gsm_state gsm_next(enum gsm_state state, enum gsm_event event)
{
    return table[state][event];
}

bool gsm_is_end(enum gsm_state state)
{
    return state == GSM_DELIVERED || state == GSM_FAILED;
}

enum gsm_why gsm_why_of(enum gsm_event event)
{
    static const enum gsm_why whys[GSM_EVENTS] = {[GSM_REFUSED] = GSM_WHY_REFUSED,
                                                  [GSM_EXPIRED] = GSM_WHY_EXPIRED,
                                                  [GSM_LOST] = GSM_WHY_LOST,
                                                  [GSM_UNTOLD] = GSM_WHY_UNTOLD};
    return whys[event];
}

ms_t gsm_pause_ms(uint32_t tries_n, uint64_t chance)
{
    uint32_t doublings = tries_n ? tries_n - 1 : 0;
    ms_t pause_ms = PAUSE_MS_MIN << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
    if (pause_ms > PAUSE_MS_MAX)
        pause_ms = PAUSE_MS_MAX;
    ms_t spread_ms = pause_ms / 4;
    return pause_ms - pause_ms / 8 + (ms_t)(chance % (uint64_t)spread_ms);
}

static const struct {
    const char *name, *words;
} states[GSM_STATES] = {[GSM_QUEUED] = {"queued", "en attente"},
                        [GSM_SENT] = {"sent", "parti"},
                        [GSM_DELIVERED] = {"delivered", "remis"},
                        [GSM_FAILED] = {"failed", "non remis"}};
static const struct {
    const char *name, *words;
} whys[GSM_WHYS] = {[GSM_WHY_NONE] = {"", ""},
                    [GSM_WHY_REFUSED] = {"refused", "refusé par la passerelle"},
                    [GSM_WHY_EXPIRED] = {"expired", "trop tard pour être utile"},
                    [GSM_WHY_LOST] = {"lost", "l’opérateur n’a pas pu le remettre"},
                    [GSM_WHY_UNTOLD] = {"untold", "parti, aucun accusé n’est venu"}};

const char *gsm_state_name(enum gsm_state state)
{
    return state < GSM_STATES ? states[state].name : "";
}

const char *gsm_state_words(enum gsm_state state)
{
    return state < GSM_STATES ? states[state].words : "";
}

const char *gsm_why_name(enum gsm_why why)
{
    return why < GSM_WHYS ? whys[why].name : "";
}

const char *gsm_why_words(enum gsm_why why)
{
    return why < GSM_WHYS ? whys[why].words : "";
}
