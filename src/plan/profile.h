/* profile.h — what a simulated service lives through: who calls when, who answers, how people are.
 * Filled by config/profile.c from a file, or by a bench; read by plan/world. Plain data. */
#ifndef PLAN_PROFILE_H
#define PLAN_PROFILE_H

#include "base/week.h"

#define PLAN_NAME_MAX 64
#define PLAN_SERVICES_MAX 32
#define PLAN_GROUPS_MAX 32
#define PLAN_GROUP_SERVICES_MAX 16 /* ACD_QUEUES_PER_AGENT */
#define PLAN_SHAPES_MAX 7
#define PLAN_SLOTS_MAX 96
#define PLAN_AGENTS_MAX 20000u
#define PLAN_CALLERS_MAX (1u << 20)
#define PLAN_ARRIVALS_MAX 5000000u /* a day */
#define PLAN_SITES_MAX 10000u

/* A lognormal or Weibull law by its mean and coefficient of variation (base/prng.h). */
struct plan_law {
    ms_t mean_ms;
    uint32_t cv_milli;
};

/* A queue of its own. */
struct plan_service {
    char name[PLAN_NAME_MAX];
    uint32_t share_ppm;     /* of the calls; all services together: 1,000,000 */
    struct plan_law handle; /* talk; lognormal */
};

/* Agents alike. */
struct plan_group {
    char name[PLAN_NAME_MAX];
    uint32_t agents_n;
    unsigned services_n;
    uint8_t services[PLAN_GROUP_SERVICES_MAX]; /* indexes */
    uint32_t language_ppm;                     /* of them speak the other language */
    struct day_hours shift[WEEK_DAYS];
    uint8_t text_capacity; /* texts at once; 0: none */
};

struct plan_slot {
    struct day_span span;
    uint32_t share_ppm; /* of the day's calls */
};

/* When, within a day, calls come. */
struct plan_shape {
    uint8_t days; /* bit 0 is Monday */
    unsigned slots_n;
    struct plan_slot slots[PLAN_SLOTS_MAX];
};

/* What the house does with callers: the settings of every queue. */
struct plan_house {
    ms_t offer_ms, wrap_up_ms, short_ms, no_answer_back_ms, handle_ms, regain_ms, closing_lead_ms;
    ms_t ring_site_ms, ring_area_ms, ring_network_ms;
    ms_t head_start_ms; /* of the priority callers */
};

/* How callers are. Shares are of calls. */
struct plan_people {
    struct plan_law patience; /* Weibull, from asking on */
    struct plan_law menu;     /* lognormal: time to the choice */
    ms_t informs_ms;          /* length of a recorded answer */
    uint32_t informed_ppm;    /* content with a recorded answer */
    uint32_t menu_abandon_ppm;
    uint32_t redial_ppm;
    ms_t redial_min_ms, redial_max_ms;
    uint8_t redials_max;
    uint32_t withheld_ppm, landline_ppm, shared_ppm, written_ppm, language_ppm, priority_ppm;
    uint32_t ask_place_ppm; /* press the key that tells the wait */
    uint32_t hangs_up_ppm;  /* conversations that the caller ends, not the agent */
    uint32_t shared_lines_n;
};

/* How agents are. */
struct plan_staff {
    uint32_t absent_ppm;    /* a day */
    uint32_t no_answer_ppm; /* offers left ringing */
    struct plan_law pick_up, wrap_up;
    ms_t rest_ms, meal_ms;    /* two rests a long shift, one meal; 0: none */
    ms_t line_death_every_ms; /* one line in all, on average, while somebody works; 0: never */
};

/* Callbacks: how the house offers and makes them, and what becomes of them. */
struct plan_callbacks {
    uint8_t attempts_max; /* 0: the house calls nobody back */
    uint8_t share_percent;
    ms_t after_ms; /* offered to who has waited so long, or hears that it will */
    ms_t gap_ms, keep_ms, dial_ms;
    uint32_t accept_ppm;              /* of those to whom it is offered */
    uint32_t nobody_ppm, machine_ppm; /* of the attempts */
    uint32_t redial_ppm;              /* of those promised: they call once more all the same */
    struct plan_law answer;           /* until they take the telephone up; lognormal */
};

struct plan_profile {
    char name[PLAN_NAME_MAX];
    uint32_t arrivals[WEEK_DAYS];
    struct day_hours hours[WEEK_DAYS]; /* published */
    unsigned shapes_n, services_n, groups_n;
    struct plan_shape shapes[PLAN_SHAPES_MAX];
    struct plan_service services[PLAN_SERVICES_MAX];
    struct plan_group groups[PLAN_GROUPS_MAX];
    struct plan_house house;
    struct plan_people people;
    struct plan_staff staff;
    struct plan_callbacks callbacks;
    uint32_t sites_n, areas_n;         /* callers and agents are spread over them */
    uint32_t callers_max;              /* people alive at once in the simulation; 0: by arrivals */
    ms_t closing_every_ms, closing_ms; /* a queue closed by a person, now and then; 0: never */
    ms_t control_every_ms;             /* calls of our own robot; 0: none */
};

/* The agents of all groups. */
uint32_t plan_agents_n(const struct plan_profile *profile);
/* Room for people, when the profile does not say. */
uint32_t plan_callers_max(const struct plan_profile *profile);
/* The shape of this day, NULL when none says it (then nobody calls). */
const struct plan_shape *plan_shape_of(const struct plan_profile *profile, unsigned weekday);

#endif
