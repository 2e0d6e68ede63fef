/* gate.h — may this number be dialled? Asked by app/ before anything goes out, with who wants it.
 * Emergency and social numbers are refused as a target that a machine sets, and always pass, at
 * once, without caps or hours, when a person dials them from a telephone of ours (design §9.8).
 * Calls of agents to outside are closed until a setting opens them, and have caps for a day. Pure.
 * Callbacks, and their budgets in euros, come with their issue: a machine calls nobody yet. */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "base/text.h"
#include "directory/number.h"
#include "settings/settings.h"

enum gate_asker {
    GATE_PERSON,  /* dials from a registered telephone */
    GATE_MACHINE, /* a flow, a callback, a transfer */
    GATE_AGENT,   /* signed in, dials from a telephone of ours: gate_ask() */
    GATE_OFFER,   /* rings the ordinary telephone of an agent, as the directory has it */
};

struct gate_call {
    struct text dialled; /* as dialled; an emergency number has no prefix */
    uint64_t e164;       /* its digits; 0: it has none (short, or unreadable) */
    enum gate_asker asker;
    uint32_t agent_id; /* GATE_AGENT, with day */
    int64_t day;
    bool is_demo; /* by an operator of a demonstration: one of this machine */
};

enum gate_verdict {
    GATE_PASSES,
    GATE_REFUSED_EMERGENCY,  /* a machine calls no emergency number */
    GATE_REFUSED_CLOSED,     /* calls to outside are not open */
    GATE_REFUSED_FICTION,    /* ARCEP 2018-0881: it can neither call nor be called */
    GATE_REFUSED_UNREADABLE, /* no number that can be dialled from anywhere */
    GATE_REFUSED_SURCHARGED,
    GATE_REFUSED_SPECIAL,
    GATE_REFUSED_ABROAD,
    GATE_REFUSED_OVERSEAS, /* open by a setting of its own: it costs more */
    GATE_REFUSED_AGENT_CAP,
    GATE_REFUSED_DAY_CAP,
    GATE_VERDICTS
};

/* The numbers that must always be reached (CPCE L33-1 and D98-8:
 * free routing of emergency calls): 15, 17, 18, 112, 114, 115, 119, 191, 196, 197, 116000, 116006,
 * 116117, 116111, and the social numbers 3114, 3919, 3977. As dialled, without prefix. */
bool gate_is_emergency(struct text dialled);
enum gate_verdict gate_dial(const struct gate_call *call);

/* Agents who called today, at most so many: the next ones are refused as by the cap of the day. */
#define GATE_AGENTS_MAX 1024

/* Calls of agents today. All zeros: none yet. Forgotten by a restart. */
struct gate_day {
    int64_t day; /* of the local calendar */
    uint32_t calls_n, agents_n;
    struct {
        uint32_t agent_id, calls_n;
    } agents[GATE_AGENTS_MAX];
};

/* May this agent call it on this day? Counted in *day when it passes. */
enum gate_verdict gate_ask(struct gate_day *day, const struct settings_gate *rules,
                           const struct gate_call *call);

/* The reason of a refusal, in French; "" for GATE_PASSES. */
const char *gate_why(enum gate_verdict verdict);

#endif
