/* load_print.c — the results of a load, in French for people, as one object for programs.
 * Called by load.c. Invariant: each share stands beside its counts. */
#include <inttypes.h>

#include "cli/load.h"

#define P50 500000
#define P99 990000
#define NB "\u00a0"
#define NNB "\u202f"

static const char *s_of(uint64_t n)
{
    return n > 1 ? "s" : "";
}

static void put_times(FILE *to, const char *what, const struct histogram *h)
{
    if (!h->n)
        return;
    fprintf(to,
            "  %-22s médiane %" PRIu64 NB "ms, 99" NB "%% au plus %" PRIu64 NB
            "ms, le plus long %" PRIu64 NB "ms\n",
            what, histogram_share(h, P50), histogram_share(h, P99), h->max);
}

static void put_refusals(FILE *to, const struct robot_stats *s)
{
    for (uint16_t status = 0; status < ROBOT_STATUS_MAX; status++) {
        const char *why = robot_status_words(status);
        if (!s->refused[status])
            continue;
        fprintf(to, "  refusés (%u)" NB ": %u%s%s\n", status, s->refused[status], *why ? " — " : "",
                why);
    }
    if (s->no_room_n)
        fprintf(to, "  non lancés, faute de place ici" NB ": %" PRIu64 "\n", s->no_room_n);
}

static void put_calls(FILE *to, const struct load_result *r)
{
    const struct robot_stats *s = r->stats;
    uint64_t seconds = (uint64_t)r->lasted_ms / 1000;
    fprintf(to,
            "Appels\n  %" PRIu64 " lancé%s en %" PRIu64 NB "s, %u à la fois au plus%s\n  %" PRIu64
            " décroché%s, %" PRIu64 " entendu%s, %" PRIu64 " sans aucun son, %" PRIu64
            " sans décroché\n",
            s->placed_n, s_of(s->placed_n), seconds, s->calls_most_n,
            r->is_cut ? NNB "; interrompu" : "", s->up_n, s_of(s->up_n), s->heard_n,
            s_of(s->heard_n), s->unheard_n, s->refused_n);
    put_refusals(to, s);
    put_times(to, "décroché après", &s->setup_ms);
    put_times(to, "premier son après", &s->sound_ms);
    fprintf(to,
            "  raccrochés" NB ": par nous %" PRIu64 ", par le service %" PRIu64 ", rompus %" PRIu64
            "\n",
            s->hung_up_n, s->ended_n, s->broken_n);
}

static void put_sound(FILE *to, const struct load_result *r)
{
    const struct robot_stats *s = r->stats;
    fprintf(to,
            "Son\n  paquets" NB ": %" PRIu64 " envoyés, %" PRIu64 " reçus, %" PRIu64 " perdu%s" NNB
            "; gigue au plus %u" NB "ms\n",
            s->sent_n, s->received_n, s->lost_n, s_of(s->lost_n), s->jitter_ms_max);
    robot_spacing_text(to, &r->spacing);
    if (r->calm.n)
        fprintf(to, "  quand aucun appel n’arrivait ni ne partait" NB ":\n");
    robot_spacing_text(to, &r->calm);
    if (r->media.late_ms)
        fprintf(to,
                "  attention" NB ": ce générateur a lui-même manqué de processeur (%" PRIu64 NB
                "ms)\n",
                r->media.late_ms);
}

void load_print_text(FILE *to, const struct load_result *r)
{
    const struct robot_stats *s = r->stats;
    put_calls(to, r);
    put_sound(to, r);
    if (r->agents_n)
        fprintf(to,
                "Postes\n  %u prêt%s sur %u" NNB "; %" PRIu64 " présentation%s, %" PRIu64
                " décrochée%s, %" PRIu64 " panne%s\n",
                s->agents_ready_n, s_of(s->agents_ready_n), r->agents_n, s->offered_n,
                s_of(s->offered_n), s->answered_n, s_of(s->answered_n), s->died_n, s_of(s->died_n));
    fprintf(to, "Lire ces chiffres" NB ": docs/operations.md, «" NB "How to read it" NB "»\n");
}

static void json_times(FILE *to, const char *name, const struct histogram *h)
{
    fprintf(to,
            ",\"%s\":{\"n\":%" PRIu64 ",\"p50\":%" PRIu64 ",\"p99\":%" PRIu64 ",\"max\":%" PRIu64
            "}",
            name, h->n, histogram_share(h, P50), histogram_share(h, P99), h->max);
}

void load_print_json(FILE *to, const struct load_result *r)
{
    const struct robot_stats *s = r->stats;
    fprintf(to,
            "{\"placed\":%" PRIu64 ",\"no_room\":%" PRIu64 ",\"answered\":%" PRIu64
            ",\"heard\":%" PRIu64 ",\"unheard\":%" PRIu64 ",\"refused\":%" PRIu64
            ",\"at_once\":%u,\"lasted_ms\":%lld,\"is_cut\":%s",
            s->placed_n, s->no_room_n, s->up_n, s->heard_n, s->unheard_n, s->refused_n,
            s->calls_most_n, (long long)r->lasted_ms, r->is_cut ? "true" : "false");
    fprintf(to,
            ",\"hung_up\":%" PRIu64 ",\"ended\":%" PRIu64 ",\"broken\":%" PRIu64
            ",\"failed\":%" PRIu64 ",\"by_status\":{",
            s->hung_up_n, s->ended_n, s->broken_n, robot_failed_n(s));
    const char *between = "";
    for (uint16_t status = 0; status < ROBOT_STATUS_MAX; status++) {
        if (!s->refused[status])
            continue;
        fprintf(to, "%s\"%u\":%u", between, status, s->refused[status]);
        between = ",";
    }
    fputc('}', to);
    json_times(to, "setup_ms", &s->setup_ms);
    json_times(to, "first_sound_ms", &s->sound_ms);
    json_times(to, "spacing_us", &r->spacing);
    json_times(to, "calm_spacing_us", &r->calm);
    fprintf(to,
            ",\"rtp\":{\"sent\":%" PRIu64 ",\"received\":%" PRIu64 ",\"lost\":%" PRIu64
            ",\"jitter_ms_max\":%u,\"late_ms\":%" PRIu64 "}",
            s->sent_n, s->received_n, s->lost_n, s->jitter_ms_max, r->media.late_ms);
    fprintf(to,
            ",\"agents\":{\"wanted\":%u,\"ready\":%u,\"failed\":%u,\"offered\":%" PRIu64
            ",\"answered\":%" PRIu64 ",\"died\":%" PRIu64 "}}\n",
            r->agents_n, s->agents_ready_n, s->agents_failed_n, s->offered_n, s->answered_n,
            s->died_n);
}
