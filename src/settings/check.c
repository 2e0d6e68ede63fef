/* check.c — see check.h. One row a rule; a rule that holds is false.
 * Called once for each reading of a file. */
#include <string.h>

#include "settings/check.h"

static bool area_before_site(const struct settings *s)
{
    return s->queue.ring_area_ms < s->queue.ring_site_ms;
}

static bool network_before_area(const struct settings *s)
{
    return s->queue.ring_network_ms < s->queue.ring_area_ms;
}

static bool priority_behind_normal(const struct settings *s)
{
    return s->priority.priority_ms < s->priority.normal_ms;
}

static bool urgent_behind_priority(const struct settings *s)
{
    return s->priority.urgent_ms < s->priority.priority_ms;
}

static bool ring_is_no_power_of_two(const struct settings *s)
{
    return (s->journal.ring_n & (s->journal.ring_n - 1)) != 0;
}

/* A waiting wish names up to three lanes: with fewer than that for each queue, a full house would
 * refuse people in some queues while others are empty. */
static bool lanes_are_few(const struct settings *s)
{
    return s->acd.lanes_max < (uint64_t)s->acd.queues_max * 3;
}

static bool one_file_for_two(const struct settings *s)
{
    size_t n = strlen(s->journal.path);
    return n == strlen(s->directory.path) && !memcmp(s->journal.path, s->directory.path, n);
}

static const struct {
    bool (*is_wrong)(const struct settings *s);
    struct settings_finding finding;
} rules[] = {
    {area_before_site,
     {"queue", "ring_area", "le cercle des lieux voisins s’ouvre avant celui du lieu",
      "donnez à ring_area au moins la durée de ring_site"}},
    {network_before_area,
     {"queue", "ring_network", "le cercle du réseau s’ouvre avant celui des lieux voisins",
      "donnez à ring_network au moins la durée de ring_area"}},
    {priority_behind_normal,
     {"priority", "priority", "la classe prioritaire a moins d’avance que la classe normale",
      "donnez à priority au moins la durée de normal"}},
    {urgent_behind_priority,
     {"priority", "urgent", "la classe urgente a moins d’avance que la classe prioritaire",
      "donnez à urgent au moins la durée de priority"}},
    {ring_is_no_power_of_two,
     {"journal", "ring_n", "la file du journal n’est pas une puissance de deux",
      "par exemple 65536"}},
    {lanes_are_few,
     {"acd", "lanes_max",
      "il y a moins de trois groupes par file\u00a0: des appels seraient refusés",
      "augmentez lanes_max, ou diminuez queues_max"}},
    {one_file_for_two,
     {"journal", "path", "le journal et l’annuaire ont le même fichier",
      "donnez à chacun le sien"}},
};
static_assert(ARRAY_LEN(rules) <= SETTINGS_FINDINGS_MAX, "every rule can be told");

unsigned settings_check(const struct settings *s, struct settings_finding out[])
{
    unsigned n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(rules); i++)
        if (rules[i].is_wrong(s))
            out[n++] = rules[i].finding;
    return n;
}
