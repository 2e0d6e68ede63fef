/* doctor_limits.c — what the machine lets a service have: open files, core files, memory.
 * Called by doctor.c. Limits are those of the running service when there is one, else ours:
 * systemd gives its own to a unit. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "acd/acd.h"
#include "app/app.h"
#include "app/lines.h"
#include "cli/doctor.h"
#include "cli/house.h"

#define KIB 1024ull
#define MIB (1ull << 20)
#define LINE_BYTES 512
/* An event that waits in the ring of the writer, rounded up (docs/floors.md: 65,536 in 10 MB). */
#define RING_ITEM_BYTES 160
/* What is not counted room by room: prompts, code, libraries, stacks of threads. */
#define BESIDE_BYTES (64ull << 20)

static struct rlimit limit_of(const struct doctor *d, __rlimit_resource_t which, bool *is_known)
{
    struct rlimit limit = {0};
    *is_known = !prlimit(d->service_pid, which, NULL, &limit);
    if (!*is_known) /* another user's service: ours say something at least */
        *is_known = !getrlimit(which, &limit) && !d->service_pid;
    return limit;
}

static const char *whose(const struct doctor *d)
{
    return d->service_pid ? "du service" : "de cet utilisateur";
}

static void look_at_files(struct doctor *d)
{
    bool is_known;
    struct rlimit limit = limit_of(d, RLIMIT_NOFILE, &is_known);
    uint32_t legs_max = d->settings.phone.legs_max;
    struct address_pair self;
    bool has_families = address_pair_read(&self, text_of(d->settings.phone.address)) &&
                        self.of[0].family && self.of[1].family;
    unsigned long long wanted = doctor_files_wanted(legs_max, has_families);
    if (!is_known) {
        doctor_find(d, DOCTOR_ATTENTION, "les limites du service ne peuvent pas être lues");
        doctor_cure(d, "lancer cette commande comme l’utilisateur du service, ou comme root");
        return;
    }
    enum doctor_level level = doctor_judge_files(limit.rlim_max, wanted);
    doctor_find(d, level,
                "fichiers ouverts\u00a0: %llu au plus (limite %s), il en faut %llu pour %u lignes",
                (unsigned long long)limit.rlim_max, whose(d), wanted, legs_max);
    if (level)
        doctor_cure(d,
                    "LimitNOFILE=%llu dans l’unité systemd (ulimit -Hn), ou baisser "
                    "phone.legs_max",
                    wanted);
}

/* The first line; empty when it cannot be read. */
static void read_first(char line[LINE_BYTES], const char *path)
{
    FILE *f = fopen(path, "re");
    line[0] = '\0';
    if (f && fgets(line, LINE_BYTES, f))
        line[strcspn(line, "\n")] = '\0';
    if (f)
        fclose(f);
}

/* A pipe gets a core whatever the limit is (core(5)). */
static void look_at_cores(struct doctor *d)
{
    bool is_known;
    char pattern[LINE_BYTES];
    struct rlimit limit = limit_of(d, RLIMIT_CORE, &is_known);
    read_first(pattern, "/proc/sys/kernel/core_pattern");
    bool is_piped = pattern[0] == '|', is_allowed = is_known && limit.rlim_max > 0;
    if (!is_piped && !is_allowed) {
        doctor_find(d, DOCTOR_WELL, "aucun fichier core ne peut être écrit");
        return;
    }
    doctor_find(d, DOCTOR_ATTENTION,
                "un fichier core serait écrit après une panne (%s)\u00a0: il contiendrait des "
                "numéros d’appelants, les codes et le jeton",
                is_piped ? "kernel.core_pattern est un tube" : "la limite n’est pas 0");
    doctor_cure(d, is_piped ? "sysctl kernel.core_pattern=core, et LimitCORE=0 dans l’unité"
                            : "LimitCORE=0 dans l’unité systemd (ulimit -Hc 0)");
}

/* ---- memory ---- */

/* The core, its twin of the reader thread, lines, the ring of the writer. */
static uint64_t need_of(const struct settings *s)
{
    const struct acd_limits limits = house_limits(s);
    return 2 * acd_bytes(&limits) + app_bytes(&limits) + lines_bytes(s->phone.legs_max) +
           (uint64_t)s->journal.ring_n * RING_ITEM_BYTES + BESIDE_BYTES;
}

static uint64_t available(void)
{
    char line[LINE_BYTES];
    uint64_t kib = 0;
    FILE *f = fopen("/proc/meminfo", "re");
    while (f && !kib && fgets(line, sizeof(line), f)) {
        struct text rest = text_of(line);
        if (text_equal(text_word(&rest), TEXT("MemAvailable:")) &&
            !text_number(text_word(&rest), UINT64_MAX / KIB, &kib))
            kib = 0;
    }
    if (f)
        fclose(f);
    return kib * KIB;
}

static void look_at_memory(struct doctor *d)
{
    uint64_t need = need_of(&d->settings), there = available();
    if (d->service_pid) {
        doctor_find(d, DOCTOR_WELL,
                    "mémoire\u00a0: le service tourne et a la sienne, %llu Mio disponibles",
                    (unsigned long long)(there / MIB));
        return;
    }
    enum doctor_level level = doctor_judge_memory(need, there);
    doctor_find(d, level, "mémoire\u00a0: %llu Mio au plus pour ces réglages, %llu Mio disponibles",
                (unsigned long long)(need / MIB), (unsigned long long)(there / MIB));
    if (level)
        doctor_cure(d, "baisser acd.contacts_max, acd.agents_max, phone.legs_max ou "
                       "journal.ring_n, ou ajouter de la mémoire");
}

void doctor_limits(struct doctor *d)
{
    d->subject = DOCTOR_LIMITS;
    look_at_files(d);
    look_at_cores(d);
    look_at_memory(d);
}
