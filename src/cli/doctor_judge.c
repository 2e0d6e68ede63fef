/* doctor_judge.c — when a figure of the machine is well, deserves attention, or is a fault.
 * Called by doctor_*.c. No question to the world here: tests go through every bound. */
#include <stdlib.h>
#include <string.h>

#include "cli/doctor.h"

/* Besides two sockets a leg: without the first the service does not start (media/media.c); with
 * fewer than both, its 256 connections of HTTP would take from its calls. */
#define FILES_OTHER 256
#define FILES_HTTP 256
/* A last pair of eyes for the memory: past so many tenths of what is available. */
#define MEMORY_TENTHS 9

enum doctor_level doctor_judge_free(uint64_t bytes)
{
    return bytes < DOCTOR_FREE_FAULT_BYTES       ? DOCTOR_FAULT
           : bytes < DOCTOR_FREE_ATTENTION_BYTES ? DOCTOR_ATTENTION
                                                 : DOCTOR_WELL;
}

enum doctor_level doctor_judge_sync(int64_t median_us)
{
    return median_us > DOCTOR_SYNC_FAULT_US       ? DOCTOR_FAULT
           : median_us > DOCTOR_SYNC_ATTENTION_US ? DOCTOR_ATTENTION
                                                  : DOCTOR_WELL;
}

enum doctor_level doctor_judge_clock(int state, int64_t error_us)
{
    const int unsynchronised = 5; /* TIME_ERROR, adjtimex(2) */
    bool is_sure = state >= 0 && state != unsynchronised && error_us <= DOCTOR_CLOCK_ERROR_US;
    return is_sure ? DOCTOR_WELL : DOCTOR_ATTENTION;
}

enum doctor_level doctor_judge_offset(int64_t offset_us)
{
    return llabs(offset_us) > DOCTOR_CLOCK_OFFSET_US ? DOCTOR_ATTENTION : DOCTOR_WELL;
}

enum doctor_level doctor_judge_source(const char *name)
{
    static const char *const poor[] = {"jiffies", "refined-jiffies", "pit", "acpi_pm", "hpet"};
    for (unsigned i = 0; i < ARRAY_LEN(poor); i++)
        if (!strcmp(name, poor[i]))
            return DOCTOR_ATTENTION;
    return DOCTOR_WELL;
}

enum doctor_level doctor_judge_ahead(int64_t ahead_ms)
{
    return ahead_ms > DOCTOR_CLOCK_AHEAD_MS ? DOCTOR_ATTENTION : DOCTOR_WELL;
}

enum doctor_level doctor_judge_chance(bool is_ready, bool has_source, bool is_guest)
{
    return !is_ready ? DOCTOR_FAULT : is_guest && !has_source ? DOCTOR_ATTENTION : DOCTOR_WELL;
}

bool doctor_cpu_has(const char *cpuinfo, const char *word)
{
    struct text rest = text_of(cpuinfo);
    while (rest.n) {
        struct text line = text_cut(&rest, '\n'), key = text_trim(text_cut(&line, ':'));
        bool has_words =
            text_equal(key, TEXT("flags")) || text_equal(key, TEXT("Features")); /* x86, Arm */
        while (has_words && line.n)
            if (text_equal(text_word(&line), text_of(word)))
                return true;
    }
    return false;
}

uint64_t doctor_files_wanted(uint32_t legs_max, bool has_families)
{
    return (has_families ? 4ull : 2ull) * legs_max + FILES_OTHER + FILES_HTTP;
}

enum doctor_level doctor_judge_files(uint64_t hard, uint64_t wanted)
{
    return hard < wanted - FILES_HTTP ? DOCTOR_FAULT
           : hard < wanted            ? DOCTOR_ATTENTION
                                      : DOCTOR_WELL;
}

enum doctor_level doctor_judge_memory(uint64_t need, uint64_t available)
{
    return need > available                        ? DOCTOR_FAULT
           : need > available / 10 * MEMORY_TENTHS ? DOCTOR_ATTENTION
                                                   : DOCTOR_WELL;
}

enum doctor_level doctor_judge_pairs(uint32_t free_n, uint32_t taken_n, uint32_t legs_max)
{
    return !free_n ? DOCTOR_FAULT : taken_n && free_n < legs_max ? DOCTOR_ATTENTION : DOCTOR_WELL;
}

/* Any answer proves the way there and back; some say that we are not wanted, or that it is ill. */
enum doctor_level doctor_judge_answer(unsigned status)
{
    const unsigned forbidden = 403, server_failure = 500;
    return status == forbidden || status >= server_failure ? DOCTOR_ATTENTION : DOCTOR_WELL;
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int64_t doctor_median(int64_t *values, unsigned n)
{
    qsort(values, n, sizeof(*values), compare);
    return values[n / 2];
}
