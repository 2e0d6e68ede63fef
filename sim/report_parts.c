/* report_parts.c — see report_parts.h. Called by report.c and report_days.c. */
#include <string.h>

#include "sim/report_parts.h"

#define SECOND_MS 1000
#define LABEL_WIDTH 56
#define VALUE_WIDTH 9
#define HARD SIM_HARD

const char *sim_number(char to[SIM_TEXT_MAX], uint64_t n)
{
    char digits[24];
    int k = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
    size_t used = 0;
    for (int i = 0; i < k; i++) {
        if (i && (k - i) % 3 == 0)
            used += (size_t)snprintf(to + used, SIM_TEXT_MAX - used, SIM_THIN);
        to[used++] = digits[i];
    }
    to[used] = 0;
    return to;
}

const char *sim_percent(char to[SIM_TEXT_MAX], uint32_t ppm)
{
    if (ppm == KPI_NO_RATE)
        snprintf(to, SIM_TEXT_MAX, "—");
    else
        snprintf(to, SIM_TEXT_MAX, "%u,%u" SIM_THIN "%%", kpi_tenths(ppm) / 10,
                 kpi_tenths(ppm) % 10);
    return to;
}

const char *sim_duration(char to[SIM_TEXT_MAX], ms_t ms)
{
    long long s = (ms + SECOND_MS / 2) / SECOND_MS;
    if (s >= 3600)
        snprintf(to, SIM_TEXT_MAX, "%lld" HARD "h" HARD "%02lld" HARD "min", s / 3600, s / 60 % 60);
    else if (s >= 60)
        snprintf(to, SIM_TEXT_MAX, "%lld" HARD "min" HARD "%02lld" HARD "s", s / 60, s % 60);
    else
        snprintf(to, SIM_TEXT_MAX, "%lld" HARD "s", s);
    return to;
}

int sim_width(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

void sim_column(const struct sim_sheet *to, const char *label, const char *value)
{
    int label_pad = LABEL_WIDTH - sim_width(label), value_pad = VALUE_WIDTH - sim_width(value);
    fprintf(to->file, "%s%*s %*s%s%s", label, label_pad > 0 ? label_pad : 0, "",
            value_pad > 0 ? value_pad : 0, "", value, to->is_simulated ? HARD SIM_MARK : "");
}
