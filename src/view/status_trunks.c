/* status_trunks.c — the accesses to operators, a line each, on the page of decroche status.
 * Called by status_text.c. Cost: a look-up each. */
#include "view/parts.h"

#define HARD "\u00a0"
#define THIN "\u202f"

/* Whose calls of the last quarter of an hour sounded bad. */
static void put_sound(struct text_out *out, const struct vitals_trunk *t)
{
    if (t->recent_bad_n < VITALS_BAD_MIN ||
        (uint64_t)t->recent_bad_n * VITALS_BAD_ONE_IN < t->recent_judged_n)
        return;
    view_say(out, "  • mauvais son depuis un quart d’heure" HARD ": ");
    text_put_number(out, t->recent_bad_n);
    view_say(out, " appels sur ");
    text_put_number(out, t->recent_judged_n);
    view_say(out, " (note estimée sous 3,6 sur 4,5)\n    → decroche trace montre pour un appel de "
                  "quel côté les paquets se perdent" THIN "; si c’est en amont, le dire à "
                  "l’opérateur\n");
}

static void put_calls(struct text_out *out, const struct vitals_trunk *t)
{
    uint32_t calls_n = (uint32_t)t->calls_in_n + t->calls_out_n;
    text_put_number(out, calls_n);
    view_say(out, calls_n > 1 ? " appels" : " appel");
    if (t->channels) {
        view_say(out, " sur ");
        text_put_number(out, t->channels);
        view_say(out, t->channels > 1 ? " voies" : " voie");
    }
    view_say(out, "\n");
}

void view_put_trunks(struct text_out *out, const struct view_house *h)
{
    static const char *const links[] = {"pas encore interrogé", "répond", "ne répond pas"};
    static const char *const registrations[] = {"", ", enregistré", ", pas enregistré"};
    const struct vitals *v = h->vitals;
    for (uint32_t n = 0; n < v->trunks_n && n < VITALS_TRUNKS_MAX; n++) {
        const struct vitals_trunk *t = &v->trunks[n];
        uint32_t i = h->directory ? directory_trunk_find(h->directory, t->number) : DIRECTORY_NONE;
        if (i == DIRECTORY_NONE)
            continue;
        view_say(out, "Accès ");
        view_say(out, h->directory->trunks[i].id);
        view_say(out, HARD ": ");
        view_say(out, h->directory->trunks[i].is_probed ? links[t->link % ARRAY_LEN(links)]
                                                        : "n’est pas interrogé");
        view_say(out, registrations[t->registration % ARRAY_LEN(registrations)]);
        view_say(out, ", ");
        put_calls(out, t);
        put_sound(out, t);
    }
}
