/* robot_words.c — see robot_words.h. Tables and formats only. */
#include <inttypes.h>
#include <string.h>

#include "cli/robot_words.h"

#define P50 500000
#define P99 990000
#define NB "\u00a0"  /* before a colon and a unit */
#define NNB "\u202f" /* before a semicolon */

static const char *const kinds[] = {
    [ROBOT_PLACED] = "placed",   [ROBOT_RINGS] = "received",  [ROBOT_UP] = "answered",
    [ROBOT_SOUND] = "sound",     [ROBOT_KEYS] = "keys",       [ROBOT_NO_KEYS] = "no_keys",
    [ROBOT_UNHEARD] = "unheard", [ROBOT_HUNG_UP] = "hung_up", [ROBOT_ENDED] = "ended",
    [ROBOT_BROKEN] = "broken",   [ROBOT_REFUSED] = "refused", [ROBOT_NO_ROOM] = "no_room",
    [ROBOT_COUNTED] = "counts",
};

static const struct {
    uint16_t status;
    const char *words;
} statuses[] = {
    {401, "le service prend ce numéro pour un de ses postes\u00a0: donnez un autre --from"},
    {403, "le service ne connaît pas cette machine\u00a0: ajoutez-la aux «\u00a0trunks\u00a0» du "
          "répertoire"},
    {404, "personne à ce numéro\u00a0: il n’est pas dans le répertoire"},
    {408, "personne n’a répondu\u00a0: le service tourne-t-il, cette machine est-elle dans ses "
          "«\u00a0trunks\u00a0»\u202f?"},
    {486, "occupé"},
    {488, "aucun format de son en commun (G.711, G.722, Opus)"},
    {503,
     "le service refuse pour l’instant\u00a0: trop d’appels, voies toutes prises, ou il s’arrête"},
};

const char *robot_status_words(uint16_t status)
{
    for (unsigned i = 0; i < ARRAY_LEN(statuses); i++)
        if (statuses[i].status == status)
            return statuses[i].words;
    return "";
}

const char *robot_time_text(char to[ROBOT_TIME_BYTES], ms_t ms)
{
    snprintf(to, ROBOT_TIME_BYTES, "%lld,%03lld" NB "s", (long long)(ms / 1000),
             (long long)(ms % 1000));
    return to;
}

/* −24,3 dB */
static void put_level(FILE *to, int32_t cdb)
{
    int32_t tenths = (cdb < 0 ? 5 - cdb : cdb + 5) / 10;
    fprintf(to, "%s%d,%d" NB "dB", cdb < 0 ? "−" : "", tenths / 10, tenths % 10);
}

static void put_counts(FILE *to, const struct media_counts *c)
{
    fprintf(to,
            "paquets" NB ": %" PRIu64 " envoyés, %" PRIu64 " reçus, %u perdu%s" NNB "; gigue %u" NB
            "ms",
            c->sent_n, c->received_n, c->lost_n, c->lost_n > 1 ? "s" : "", c->jitter_ms);
}

static void put_keys(FILE *to, const char *keys)
{
    fputs("touches envoyées" NB ":", to);
    for (; *keys; keys++)
        fprintf(to, " %c", *keys);
}

static void put_refusal(FILE *to, const struct robot_news *n)
{
    const char *why = robot_status_words(n->status);
    if (n->status == 408)
        fputs("sans réponse", to);
    else
        fprintf(to, "refusé (%u)", n->status);
    if (*why)
        fprintf(to, " — %s", why);
}

static void put_plain(FILE *to, const struct robot_words *w)
{
    char after[ROBOT_TIME_BYTES];
    const struct robot_news *n = w->news;
    robot_time_text(after, n->after_ms);
    switch (n->kind) {
    case ROBOT_PLACED:
        fputs("appel lancé", to);
        return;
    case ROBOT_RINGS:
        fputs("reçu par le service", to);
        return;
    case ROBOT_UP:
        fprintf(to, "décroché, après %s", after);
        return;
    case ROBOT_SOUND:
        fprintf(to, "premier son, %s après le décroché, à ", after);
        put_level(to, n->level_cdb);
        return;
    case ROBOT_NO_KEYS:
        fputs("touches non envoyées" NB ": le service n’en prend pas", to);
        return;
    case ROBOT_UNHEARD:
        fprintf(to, "aucun son depuis le décroché (%s)", after);
        return;
    case ROBOT_HUNG_UP:
        fprintf(to, "raccroché par nous, %s après le décroché", after);
        return;
    case ROBOT_ENDED:
        fprintf(to, "raccroché par le service, %s après le décroché", after);
        return;
    case ROBOT_BROKEN:
        fprintf(to, "rompu, %s après le décroché" NB ": plus ni son ni réponse", after);
        return;
    default:
        fputs("pas de place pour un appel sur cette machine", to);
        return;
    }
}

void robot_words_text(FILE *to, const struct robot_words *w)
{
    char since[ROBOT_TIME_BYTES];
    fprintf(to, "%11s   ",
            w->news->kind == ROBOT_COUNTED ? "" : robot_time_text(since, w->since_ms));
    if (w->news->kind == ROBOT_COUNTED)
        put_counts(to, &w->news->counts);
    else if (w->news->kind == ROBOT_KEYS)
        put_keys(to, w->keys);
    else if (w->news->kind == ROBOT_REFUSED)
        put_refusal(to, w->news);
    else
        put_plain(to, w);
    fputc('\n', to);
}

void robot_words_json(FILE *to, const struct robot_words *w)
{
    const struct robot_news *n = w->news;
    const struct media_counts *c = &n->counts;
    fprintf(to, "{\"kind\":\"%s\",\"since_ms\":%lld", kinds[n->kind], (long long)w->since_ms);
    if (n->kind != ROBOT_COUNTED && n->kind != ROBOT_PLACED)
        fprintf(to, ",\"after_ms\":%lld", (long long)n->after_ms);
    if (n->kind == ROBOT_SOUND)
        fprintf(to, ",\"level_cdb\":%d", n->level_cdb);
    if (n->kind == ROBOT_REFUSED)
        fprintf(to, ",\"status\":%u", n->status);
    if (n->kind == ROBOT_KEYS)
        fprintf(to, ",\"keys\":\"%s\"", w->keys);
    if (n->kind == ROBOT_COUNTED)
        fprintf(to, ",\"sent\":%" PRIu64 ",\"received\":%" PRIu64 ",\"lost\":%u,\"jitter_ms\":%u",
                c->sent_n, c->received_n, c->lost_n, c->jitter_ms);
    fputs("}\n", to);
}

static void put_tenths(FILE *to, uint64_t us)
{
    uint64_t tenths = (us + 50) / 100;
    fprintf(to, "%" PRIu64 ",%" PRIu64 NB "ms", tenths / 10, tenths % 10);
}

void robot_spacing_text(FILE *to, const struct histogram *spacing)
{
    if (!spacing->n)
        return;
    fprintf(to, "%11s   écart des paquets reçus" NB ": médiane ", "");
    put_tenths(to, histogram_share(spacing, P50));
    fputs(", 99" NB "% au plus ", to);
    put_tenths(to, histogram_share(spacing, P99));
    fputs(", le plus long ", to);
    put_tenths(to, spacing->max);
    fputc('\n', to);
}

void robot_spacing_json(FILE *to, const struct histogram *spacing)
{
    fprintf(to,
            "{\"kind\":\"spacing\",\"n\":%" PRIu64 ",\"p50_us\":%" PRIu64 ",\"p99_us\":%" PRIu64
            ",\"max_us\":%" PRIu64 "}\n",
            spacing->n, histogram_share(spacing, P50), histogram_share(spacing, P99), spacing->max);
}
