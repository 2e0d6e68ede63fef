/* doctor.h — what `decroche doctor` found, and who looks at what. Included by src/cli/doctor*.c and
 * their tests. Nothing of the service is changed; whatever is asked has a bound in time. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/args.h"
#include "config/directory.h"
#include "config/set.h"

#define DOCTOR_FINDINGS_MAX 256
#define DOCTOR_TEXT_BYTES 512

enum doctor_level { DOCTOR_WELL, DOCTOR_ATTENTION, DOCTOR_FAULT, DOCTOR_LEVELS };

/* In the order in which they are told. */
enum doctor_subject {
    DOCTOR_FILES,
    DOCTOR_RIGHTS,
    DOCTOR_DISK,
    DOCTOR_PORTS,
    DOCTOR_LIMITS,
    DOCTOR_CLOCK,
    DOCTOR_CHANCE,
    DOCTOR_NAMES,
    DOCTOR_TRUNKS,
    DOCTOR_TLS,
    DOCTOR_PROMPTS,
    DOCTOR_NEVER,
    DOCTOR_SUBJECTS
};

struct doctor_finding {
    enum doctor_level level;
    enum doctor_subject subject;
    char what[DOCTOR_TEXT_BYTES], cure[DOCTOR_TEXT_BYTES]; /* cure: empty when all is well */
};

struct doctor {
    const struct cli_args *args;
    struct settings settings;
    struct config_set *set;      /* owned; NULL: a file is wrong */
    struct directory *guessed;   /* owned; what could be read of a wrong directory, or NULL */
    struct directory *directory; /* of one of both; NULL: there is none */
    int service_pid;             /* that serves on web.socket; 0: none */
    int service_uid;             /* its user; of service_pid */
    enum doctor_subject subject; /* that is being looked at */
    unsigned n, more_n;          /* more_n: past DOCTOR_FINDINGS_MAX; counted as faults */
    struct doctor_finding found[DOCTOR_FINDINGS_MAX];
};

/* A finding about d->subject; then, when something is to be done, its cure. */
void doctor_find(struct doctor *d, enum doctor_level level, const char *what, ...)
    __attribute__((format(printf, 3, 4)));
void doctor_cure(struct doctor *d, const char *cure, ...) __attribute__((format(printf, 2, 3)));

/* Each looks at its part and tells at least one finding. */
void doctor_rights(struct doctor *d);
void doctor_disk(struct doctor *d);
void doctor_ports(struct doctor *d);
void doctor_limits(struct doctor *d);
void doctor_clock(struct doctor *d);
void doctor_chance(struct doctor *d); /* randomness, of which tags, keys and nonces are made */
void doctor_trunks(struct doctor *d); /* names, then the trunks themselves */
void doctor_tls(struct doctor *d);
void doctor_prompts(struct doctor *d);
void doctor_never(struct doctor *d); /* the list of those who are never called, and its key */

/* ---- judgements, apart from the world ---- */

#define DOCTOR_FREE_FAULT_BYTES (100ull << 20)
#define DOCTOR_FREE_ATTENTION_BYTES (1ull << 30)
/* The service waits so long for a commit, then it goes on without (docs/adr). */
#define DOCTOR_SYNC_FAULT_US 100000
#define DOCTOR_SYNC_ATTENTION_US 20000
#define DOCTOR_CLOCK_ERROR_US 1000000
/* How far from the right time it may believe to be, and a file from the present. */
#define DOCTOR_CLOCK_OFFSET_US 100000
#define DOCTOR_CLOCK_AHEAD_MS 2000

enum doctor_level doctor_judge_free(uint64_t bytes);
enum doctor_level doctor_judge_sync(int64_t median_us);
/* state: what adjtimex() gave back, -1: it cannot be asked. */
enum doctor_level doctor_judge_clock(int state, int64_t error_us);
/* What it still has to make good, either way. */
enum doctor_level doctor_judge_offset(int64_t offset_us);
/* The kernel's source of time: coarse or slow ones deserve attention; empty: not told. */
enum doctor_level doctor_judge_source(const char *name);
/* A file that was written so long after now: the clock has been set back since. */
enum doctor_level doctor_judge_ahead(int64_t ahead_ms);
/* Is the kernel's randomness ready; has the machine a source of its own; is it a guest? */
enum doctor_level doctor_judge_chance(bool is_ready, bool has_source, bool is_guest);
/* Is this word on the line that begins with one of both keys, of /proc/cpuinfo? */
bool doctor_cpu_has(const char *cpuinfo, const char *word);
/* Open files that a service of so many legs wants. */
uint64_t doctor_files_wanted(uint32_t legs_max, bool has_families);
enum doctor_level doctor_judge_files(uint64_t hard, uint64_t wanted);
/* need against what is available: past it a fault, past nine tenths attention. */
enum doctor_level doctor_judge_memory(uint64_t need, uint64_t available);
/* free and wanted pairs of ports. */
enum doctor_level doctor_judge_pairs(uint32_t free_n, uint32_t taken_n, uint32_t legs_max);
/* Of a certificate: a month is what a renewal that went wrong leaves to put it right. */
#define DOCTOR_CERTIFICATE_DAYS 30
enum doctor_level doctor_judge_days(int64_t from_s, int64_t until_s, int64_t now_s);
/* status: of SIP; below 200 never. */
enum doctor_level doctor_judge_answer(unsigned status);
int64_t doctor_median(int64_t *values, unsigned n); /* sorts them; n > 0 */

#endif
