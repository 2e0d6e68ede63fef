/* doctor_chance.c — has the machine enough randomness? Tags, nonces, keys and tokens are made of
 * it; a virtual machine without a source of its own may start without any. Called by doctor.c. Asks
 * the kernel without waiting; nothing of what it gives is kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cli/doctor.h"

#define CPU_PATH "/proc/cpuinfo"
#define CPU_BYTES ((size_t)16384) /* the first processor stands first */
#define SOURCE_PATH "/sys/class/misc/hw_random/rng_current"
#define SOURCE_BYTES 64

/* Never waits: a kernel that is not ready says so. */
static bool is_ready(void)
{
    uint8_t byte;
    ssize_t n = getrandom(&byte, sizeof(byte), GRND_NONBLOCK);
    bool is_there = n == 1 || errno != EAGAIN;
    explicit_bzero(&byte, sizeof(byte));
    return is_there;
}

/* At most n − 1 bytes, ended by a NUL; empty: it cannot be read. */
static void read_head(char *to, size_t n, const char *path)
{
    FILE *f = fopen(path, "re");
    size_t got = f ? fread(to, 1, n - 1, f) : 0;
    to[got] = '\0';
    if (f)
        fclose(f);
}

void doctor_chance(struct doctor *d)
{
    char source[SOURCE_BYTES], *cpu = calloc(1, CPU_BYTES);
    d->subject = DOCTOR_CHANCE;
    if (cpu)
        read_head(cpu, CPU_BYTES, CPU_PATH);
    read_head(source, sizeof(source), SOURCE_PATH);
    source[strcspn(source, "\n")] = '\0';
    bool is_guest = cpu && doctor_cpu_has(cpu, "hypervisor");
    bool has_device = source[0] && strcmp(source, "none");
    bool has_source =
        has_device || (cpu && (doctor_cpu_has(cpu, "rdrand") || doctor_cpu_has(cpu, "rng")));
    free(cpu);
    switch (doctor_judge_chance(is_ready(), has_source, is_guest)) {
    case DOCTOR_FAULT:
        doctor_find(d, DOCTOR_FAULT,
                    "le noyau n’a pas encore d’aléa\u00a0: le service attendrait au démarrage");
        doctor_cure(d, "une machine virtuelle\u00a0: lui donner un virtio-rng (libvirt\u00a0: <rng "
                       "model=\"virtio\">)\u00a0; sinon attendre, ou installer rng-tools5");
        return;
    case DOCTOR_ATTENTION:
        doctor_find(d, DOCTOR_ATTENTION,
                    "cette machine virtuelle n’a aucune source d’aléa à elle\u00a0: après un "
                    "redémarrage, le service peut attendre");
        doctor_cure(
            d, "lui donner un virtio-rng (libvirt\u00a0: <rng model=\"virtio\">, Proxmox\u00a0: "
               "VirtIO RNG), ou un processeur qui a rdrand");
        return;
    default:
        doctor_find(d, DOCTOR_WELL, "l’aléa du noyau est prêt%s%s", has_device ? ", source " : "",
                    has_device ? source : "");
    }
}
