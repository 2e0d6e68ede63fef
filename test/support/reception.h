/* reception.h — the real heart, app and lines over a notebook and a switchboard: two services, an
 * organisation with a public number, four agents, a flow with a menu (premises.h). Codes of agents:
 * 1111, 2111, … 8111. Time is moved by hand. */
#ifndef TEST_SUPPORT_RECEPTION_H
#define TEST_SUPPORT_RECEPTION_H

#include "test/support/notebook.h"
#include "test/support/premises.h"
#include "test/support/switchboard.h"

#define RECEPTION_FIRST_LEG ((uint64_t)1 << 36)
/* Ids of sounds: French as the prompts, English above them. */
#define ENGLISH 4096
#define BEEP 9999
#define RECEPTION_GATE_ROWS 64

struct reception {
    struct notebook book;
    struct board board;
    struct directory *directory;
    struct ivr_flow flow;
    struct lines_flow flows[2];
    struct lines_code codes[PREMISES_AGENTS];
    struct lines_sounds sounds;
    struct person_port *persons; /* borrowed; NULL: none */
    struct record_port *record;  /* the same */
    struct edges_port edges;
    struct acd_limits limits;
    struct acd *acd;
    struct app *app;
    struct lines *lines;
    struct gate *gate; /* lives as long as the test: what the store would keep */
    uint32_t lines_max;
    uint64_t seed, epoch;
    bool commits;         /* each turn commits what it finds */
    ms_t now_at, wall_ms; /* wall_ms: ahead of now_at */
    ms_t language_ms, offer_callback_ms;
    uint32_t slots_max;      /* 0: no half hour is sold */
    uint64_t automatic_e164; /* 0: no machine opens a call back */
    struct settings_gate gate_rules;
    const struct settings_sms *sms;  /* borrowed; NULL: no text message is written */
    struct texts *texts;             /* owned, where there is sms */
    struct talks_board *talks;       /* borrowed; NULL: no page */
    const struct never_port *listed; /* borrowed; NULL: no list of those who are never called */
    struct never *never;             /* owned, where there is listed */
    struct settings_price prices;
    struct settings_short_codes short_codes;
};

static inline enum acd_verdict reception_do(struct reception *r, struct command cmd)
{
    return app_command(r->app, &cmd, r->now_at);
}

static inline void reception_time(struct reception *r)
{
    lines_time(r->lines, r->now_at, r->now_at + r->wall_ms);
    if (r->texts)
        texts_time(r->texts, r->now_at + r->wall_ms);
}

static inline void *reception_zeros(size_t bytes_n)
{
    size_t n = (bytes_n + 63) / 64 * 64;
    return memset(aligned_alloc(64, n), 0, n);
}

/* A process begins; it has not read anything yet. */
static inline void reception_begin(struct reception *r)
{
    free(r->acd);
    free(r->app);
    free(r->lines);
    r->acd = acd_open(aligned_alloc(64, (acd_bytes(&r->limits) + 63) / 64 * 64), &r->limits);
    const struct app_args args = {.acd = r->acd,
                                  .journal = &r->book.port,
                                  .edges = &r->edges,
                                  .epoch = ++r->epoch,
                                  .node = 1};
    r->app = app_open(aligned_alloc(64, (app_bytes(&r->limits) + 63) / 64 * 64), &r->limits, &args);
    size_t n = (lines_bytes(r->lines_max) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, n);
    memset(memory, 0, n);
    const struct gate_args gate = {
        .rules = &r->gate_rules, .prices = &r->prices, .rows_max = RECEPTION_GATE_ROWS};
    if (!r->gate)
        r->gate = gate_open(reception_zeros(gate_bytes(RECEPTION_GATE_ROWS)), &gate);
    gate_follow(r->gate, &r->gate_rules, &r->prices);
    const struct texts_args texts = {.app = r->app,
                                     .gate = r->gate,
                                     .directory = r->directory,
                                     .settings = r->sms,
                                     .seed = r->seed};
    free(r->texts);
    r->texts = r->sms ? texts_open(reception_zeros(texts_bytes()), &texts) : NULL;
    free(r->never);
    r->never = r->listed ? never_open(reception_zeros(never_bytes()), r->app, r->listed) : NULL;
    const struct lines_args lines = {.app = r->app,
                                     .never = r->never,
                                     .texts = r->texts,
                                     .talks = r->talks,
                                     .acd = r->acd,
                                     .directory = r->directory,
                                     .phone = &r->board.port,
                                     .sounds = &r->sounds,
                                     .persons = r->persons,
                                     .record = r->record,
                                     .flows = r->flows,
                                     .codes = r->codes,
                                     .flows_n = 2,
                                     .codes_n = PREMISES_AGENTS,
                                     .lines_max = r->lines_max,
                                     .node = 1,
                                     .gate = r->gate,
                                     .short_codes = r->short_codes,
                                     .language_ms = r->language_ms,
                                     .offer_callback_ms = r->offer_callback_ms,
                                     .slots_max = r->slots_max,
                                     .automatic_e164 = r->automatic_e164,
                                     .seed = r->seed + r->epoch};
    r->lines = lines_open(memory, &lines);
    r->edges = (struct edges_port){.arg = r->lines, .emit = lines_effect};
    reception_time(r);
}

/* The same over what the notebook holds: at first nothing. */
static inline void reception_start(struct reception *r)
{
    reception_begin(r);
    int err = app_start(r->app, r->now_at);
    assert(!err);
}

/* An empty house on a Monday at 10 in Paris: 2026-09-21. */
static inline struct reception *reception_new(uint32_t lines_max)
{
    struct reception *r = calloc(1, sizeof(*r));
    struct settings settings;
    assert(r);
    settings_defaults(&settings);
    r->short_codes = settings.short_codes;
    r->gate_rules = settings.gate;
    r->prices = settings.price;
    notebook_open(&r->book);
    board_open(&r->board, RECEPTION_FIRST_LEG);
    r->directory = premises_directory();
    for (uint32_t i = 0; i < PREMISES_AGENTS; i++) {
        r->codes[i] = (struct lines_code){.agent_i = i, .code = "1111"};
        r->codes[i].code[0] = (char)('1' + i);
    }
    premises_flow(&r->flow);
    r->flows[0] = r->flows[1] = (struct lines_flow){"public", &r->flow};
    r->flows[1].id = "ligne-directe";
    for (unsigned i = 0; i < PROMPT_N; i++) {
        r->sounds.ids[PROMPT_FR][i] = (uint16_t)i;
        r->sounds.ids[PROMPT_EN][i] = (uint16_t)(i + ENGLISH);
    }
    r->sounds.beep = BEEP;
    r->limits = (struct acd_limits){
        .contacts_max = 256, .agents_max = PREMISES_AGENTS, .queues_max = 3, .lanes_max = 16};
    r->lines_max = lines_max;
    r->commits = true;
    r->language_ms = 120000;
    r->offer_callback_ms = 600000;
    r->now_at = 1789977600000;
    return r;
}

static inline void reception_drop(struct reception *r)
{
    free(r->texts);
    free(r->never);
    assert(!r->board.broken);
    free(r->acd);
    free(r->app);
    free(r->lines);
    free(r->gate);
    free(r->directory);
    notebook_drop(&r->book);
    board_drop(&r->board);
    free(r);
}

#endif
