/* status_gate.c — what went out today, and which caps were hit: a line of text for people, an
 * object for programs. Called by status_text.c and api_status.c. Cost: a walk over purses and
 * verdicts. */
#include "view/parts.h"

#define HARD "\u00a0"
#define COST_OF_EURO 10000
#define COST_OF_CENT 100

static void put_euros(struct text_out *out, uint64_t cost)
{
    uint64_t cents = (cost + COST_OF_CENT / 2) / COST_OF_CENT;
    text_put_number(out, cents / 100);
    view_say(out, cents % 100 < 10 ? ",0" : ",");
    text_put_number(out, cents % 100);
    view_say(out, HARD "€");
}

static void put_purse(struct text_out *out, const struct gate_look *g, enum gate_purse purse)
{
    view_say(out, gate_purse_words(purse));
    view_say(out, HARD);
    text_put_number(out, g->calls_n[purse]);
    if (!g->calls_max[purse])
        return;
    view_say(out, " sur ");
    text_put_number(out, g->calls_max[purse]);
}

void view_put_gate_text(struct text_out *out, const struct view_house *h)
{
    const struct gate_look *g = &h->vitals->gate;
    bool is_first = true;
    for (unsigned p = 0; p < GATE_PURSES; p++) {
        if (!g->calls_n[p])
            continue;
        view_say(out, is_first ? "Sorties du jour" HARD ": " : " · ");
        put_purse(out, g, (enum gate_purse)p);
        is_first = false;
    }
    if (g->calls_n[GATE_PURSE_ALL]) {
        view_say(out, ", environ ");
        put_euros(out, g->costs[GATE_PURSE_ALL]);
        if (g->costs_max[GATE_PURSE_ALL]) {
            view_say(out, " sur ");
            put_euros(out, g->costs_max[GATE_PURSE_ALL]);
        }
    }
    view_say(out, is_first ? "" : "\n");
    for (unsigned v = 0; v < GATE_VERDICTS; v++) {
        if (!(g->reached >> v & 1))
            continue;
        view_say(out, "  • atteint" HARD ": ");
        view_say(out, gate_why((enum gate_verdict)v));
        view_say(out, "\n");
    }
}

static void put_cap(struct json *j, const char *name, uint64_t cap)
{
    if (cap)
        json_number(j, name, cap);
    else
        json_null(j, name);
}

void view_put_gate(struct json *j, const struct view_house *h)
{
    const struct gate_look *g = &h->vitals->gate;
    json_object(j, "gate");
    json_array(j, "purses");
    for (unsigned p = 0; p < GATE_PURSES; p++) {
        json_object(j, NULL);
        json_string(j, "purse", gate_purse_name((enum gate_purse)p));
        json_number(j, "calls", g->calls_n[p]);
        put_cap(j, "calls_max", g->calls_max[p]);
        json_number(j, "cost", g->costs[p]);
        put_cap(j, "cost_max", g->costs_max[p]);
        json_object_end(j);
    }
    json_array_end(j);
    json_array(j, "reached");
    for (unsigned v = 0; v < GATE_VERDICTS; v++) {
        if (!(g->reached >> v & 1))
            continue;
        json_object(j, NULL);
        json_string(j, "cap", gate_name((enum gate_verdict)v));
        json_string(j, "why", gate_why((enum gate_verdict)v));
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
}
