/* cast_script.c — who calls when in the hour of the cast, and who answers: tables only
 * (demonstration directory §4). Instants from the beginning of the hour; chance moves each by some
 * seconds. Four agents are at the desk until a written instant, so that somebody has to wait for
 * each of them; then they work like everybody else. */
#include "sim/cast_state.h"

/* Bits of skills that no agent of the profile has. */
#define SKILL_ARABIC ((uint64_t)1 << 41)
#define SKILL_PORTUGUESE ((uint64_t)1 << 42)
#define SKILL_INHERITANCE ((uint64_t)1 << 43)
#define ADVISOR_NADEGE 1
#define ADVISOR_YANIS 2

/* The services of haute-lisiere.yaml, in their order. */
enum { SANTE, FAMILLE, RETRAITE, ROUTE, IDENTITE, IMPOTS, ACCUEIL };

#define RING_ADVISOR_MS (15 * MINUTE) /* who has an advisor waits so long for them alone */
#define GAP_MS (25 * MINUTE)          /* 45 in life: the hour would be over */
#define KEEP_MS (48 * 60 * MINUTE)
#define RING_MS (40 * SECOND)
#define SHARE_PERCENT 50
#define ATTEMPTS 3

const struct visit_script cast_visits[CAST_VISITS_N] = {
    {.who = CAST_ODETTE,
     .at_ms = 1 * MINUTE,
     .menu_ms = 24 * SECOND,
     .talk_ms = 4 * MINUTE,
     .wish_ms = 90 * SECOND,
     .service = RETRAITE,
     .portfolio = ADVISOR_NADEGE,
     .machines_n = 1},
    /* Her credit runs out at the sixth minute. */
    {.who = CAST_SELAM,
     .at_ms = 5 * MINUTE,
     .menu_ms = 12 * SECOND,
     .service = FAMILLE,
     .portfolio = ADVISOR_YANIS,
     .leaves_ms = 6 * MINUTE - 12 * SECOND},
    {.who = CAST_SELAM,
     .at_ms = 13 * MINUTE,
     .menu_ms = 9 * SECOND,
     .talk_ms = 4 * MINUTE,
     .service = FAMILLE,
     .portfolio = ADVISOR_YANIS},
    /* For one person, then for another, who speaks French. */
    {.who = CAST_CCAS,
     .at_ms = 6 * MINUTE + 30 * SECOND,
     .menu_ms = 10 * SECOND,
     .talk_ms = 3 * MINUTE,
     .wish_ms = 45 * SECOND,
     .service = FAMILLE,
     .needs = SKILL_ARABIC},
    {.who = CAST_CCAS,
     .at_ms = 10 * MINUTE,
     .menu_ms = 10 * SECOND,
     .talk_ms = 3 * MINUTE,
     .service = FAMILLE},
    {.who = CAST_MARIA,
     .at_ms = 20 * MINUTE,
     .menu_ms = 8 * SECOND,
     .talk_ms = 5 * MINUTE,
     .service = ACCUEIL,
     .needs = SKILL_PORTUGUESE},
    {.who = CAST_LUCIE,
     .at_ms = 26 * MINUTE,
     .menu_ms = 11 * SECOND,
     .leaves_ms = 8 * SECOND,
     .service = IMPOTS,
     .needs = SKILL_INHERITANCE},
    {.who = CAST_LUCIE,
     .at_ms = 27 * MINUTE + 30 * SECOND,
     .menu_ms = 11 * SECOND,
     .leaves_ms = 3 * MINUTE,
     .service = IMPOTS,
     .needs = SKILL_INHERITANCE},
    {.who = CAST_JEAN,
     .at_ms = 31 * MINUTE,
     .menu_ms = 15 * SECOND,
     .talk_ms = 4 * MINUTE,
     .wish_ms = 30 * SECOND,
     .service = IMPOTS,
     .needs = SKILL_INHERITANCE},
    /* Karim writes; the written channel comes later. */
    {.who = CAST_KARIM},
};

const struct staff_script cast_staff[CAST_STAFF_N] = {
    {"conseille Odette", 10 * MINUTE, 0, ADVISOR_NADEGE, {SANTE, RETRAITE}, 2},
    {"arabe, conseille Selam", 16 * MINUTE, SKILL_ARABIC, ADVISOR_YANIS, {FAMILLE, ACCUEIL}, 2},
    {"successions", 36 * MINUTE, SKILL_INHERITANCE, 0, {IMPOTS, ROUTE}, 2},
    {"portugais", 24 * MINUTE, SKILL_PORTUGUESE, 0, {ACCUEIL}, 1},
};

/* 08 99 is surcharged; the others are of fiction, as the demonstration's own access may dial. */
static const struct {
    const char *shown, *given[2];
} numbers[CAST_N] = {
    [CAST_NOBODY] = {"", {NULL}},
    [CAST_ODETTE] = {"05 36 49 12 34", {"05 36 49 12 34"}},
    [CAST_SELAM] = {"06 39 98 12 41", {NULL}},
    [CAST_CCAS] = {"05 36 49 00 60", {"05 36 49 00 60"}},
    [CAST_MARIA] = {"06 39 98 12 40", {NULL}},
    [CAST_LUCIE] = {"01 99 00 12 50", {NULL}},
    [CAST_JEAN] = {"", {"08 99 00 00 00", "06 39 98 12 42"}},
    [CAST_ROUTER] = {"01 99 00 12 99", {NULL}},
    [CAST_KARIM] = {"", {NULL}},
};

const char *cast_number(enum cast_who who)
{
    return numbers[who].shown;
}

const char *cast_given(enum cast_who who, unsigned number_i)
{
    return number_i < ARRAY_LEN(numbers[who].given) ? numbers[who].given[number_i] : NULL;
}

bool cast_is_shared(enum cast_who who)
{
    return who == CAST_CCAS;
}

const char *cast_skill_words(uint64_t needs)
{
    if (needs & SKILL_ARABIC)
        return "arabe";
    if (needs & SKILL_PORTUGUESE)
        return "portugais";
    return needs & SKILL_INHERITANCE ? "successions" : "";
}

uint64_t cast_skill(enum cast_who who)
{
    return who == CAST_MARIA ? SKILL_PORTUGUESE : 0;
}

void cast_house(struct plan_profile *p)
{
    p->house.ring_network_ms = RING_ADVISOR_MS; /* the profile has one area: it has everybody */
    p->staff.line_death_every_ms = 0;
    p->closing_every_ms = 0;
    p->callbacks = (struct plan_callbacks){.attempts_max = ATTEMPTS,
                                           .share_percent = SHARE_PERCENT,
                                           .after_ms = 10 * MINUTE,
                                           .gap_ms = GAP_MS,
                                           .keep_ms = KEEP_MS,
                                           .dial_ms = RING_MS,
                                           .answer = {12 * SECOND, 500}};
}
