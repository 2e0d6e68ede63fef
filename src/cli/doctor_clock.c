/* doctor_clock.c — is the machine's clock right, and will it stay so? What the kernel says of its
 * synchronisation, what it still has to make good, where its time comes from, and whether it was
 * set back since the journal was written. Called by doctor.c. Asks the kernel and one file; sets
 * nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>

#include "cli/doctor.h"
#include "os/clock.h"

#define SOURCE_PATH "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define SOURCE_BYTES 64
#define NS_PER_US 1000
#define NS_PER_MS 1000000

static void look_at_synchronisation(struct doctor *d)
{
    struct timex asked = {.modes = 0};
    int state = adjtimex(&asked);
    enum doctor_level level = doctor_judge_clock(state, asked.maxerror);
    int64_t offset_us = asked.status & STA_NANO ? asked.offset / NS_PER_US : asked.offset;
    if (state < 0)
        doctor_find(d, level, "l’horloge ne peut pas être interrogée (adjtimex)");
    else if (level)
        doctor_find(d, level,
                    "l’horloge n’est pas synchronisée\u00a0: heures d’ouverture et attentes "
                    "mesurées peuvent être fausses");
    else
        doctor_find(d, level, "l’horloge est synchronisée, à %ld ms près",
                    asked.maxerror / 1000 + 1);
    if (level)
        doctor_cure(d, "chrony ou systemd-timesyncd\u00a0: timedatectl dit ce qui manque");
    if (level || !doctor_judge_offset(offset_us))
        return;
    doctor_find(d, DOCTOR_ATTENTION, "l’horloge a encore %lld ms à rattraper",
                llabs((long long)offset_us) / 1000);
    doctor_cure(d,
                "attendre, puis relancer\u00a0; si l’écart reste, chronyc tracking ou timedatectl "
                "timesync-status dit vers quel serveur");
}

static void look_at_source(struct doctor *d)
{
    char name[SOURCE_BYTES] = "";
    FILE *f = fopen(SOURCE_PATH, "re");
    if (f && fgets(name, sizeof(name), f))
        name[strcspn(name, "\n")] = '\0';
    if (f)
        fclose(f);
    if (!doctor_judge_source(name)) {
        doctor_find(d, DOCTOR_WELL, "la source du noyau est %s",
                    name[0] ? name : "inconnue (un conteneur ne la voit pas)");
        return;
    }
    doctor_find(d, DOCTOR_ATTENTION,
                "la source du noyau est %s\u00a0: lente ou grossière, le son peut être irrégulier",
                name);
    doctor_cure(d, "tsc ou kvm-clock\u00a0: cat /sys/devices/system/clocksource/clocksource0/"
                   "available_clocksource, et le réglage de l’hôte (paramètre du noyau "
                   "clocksource=)");
}

/* The journal, or what SQLite wrote beside it since. */
static void look_at_steps(struct doctor *d)
{
    static const char *const suffixes[] = {"", "-wal"};
    char path[CONFIG_PATH_BYTES], name[CONFIG_PATH_BYTES + 8];
    int64_t ahead_ms = INT64_MIN;
    if (!config_path_beside(path, d->args->settings, d->settings.journal.path))
        return;
    for (unsigned i = 0; i < ARRAY_LEN(suffixes); i++) {
        struct stat st;
        snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        if (stat(name, &st))
            continue;
        int64_t at = st.st_mtim.tv_sec * INT64_C(1000) + st.st_mtim.tv_nsec / NS_PER_MS;
        int64_t this_ms = at - os_clock_wall_at();
        ahead_ms = this_ms > ahead_ms ? this_ms : ahead_ms;
    }
    if (!doctor_judge_ahead(ahead_ms))
        return;
    doctor_find(d, DOCTOR_ATTENTION,
                "l’horloge est en retard d’au moins %lld s\u00a0: le journal fut écrit plus tard "
                "qu’il n’est maintenant",
                (long long)(ahead_ms / 1000));
    doctor_cure(d,
                "date et timedatectl disent laquelle est juste\u00a0; le service, lui, ne recule "
                "jamais\u00a0: ses instants restent au dernier écrit jusqu’à ce que l’heure le "
                "rattrape");
}

void doctor_clock(struct doctor *d)
{
    d->subject = DOCTOR_CLOCK;
    look_at_synchronisation(d);
    look_at_source(d);
    look_at_steps(d);
}
