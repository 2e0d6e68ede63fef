/* value.h — what a scalar of our files may say: numbers, shares, durations, hours, days.
 * Called by table.c and by readers with forms of their own. Pure: text in, value out, false when
 * the text is something else. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "base/calendar.h"

/* "42", "-3", "10 000", "1_000"; decimal only. */
bool config_integer(int64_t *out, const char *text);

/* A share in millionths: "12 %", "12.5%", "0.6", "1". Never above 1. */
bool config_ppm(uint32_t *out, const char *text);

/* A decimal number in thousandths: "0.8", "1", "2.125". */
bool config_milli(uint32_t *out, const char *text);

/* "300s", "5min", "1h30", "2h", "250ms", "3j", "12 months" is not one. Never negative. */
bool config_duration(ms_t *out, const char *text);

/* Degrees in millionths: "46.912", "-61.5"; never past 180. */
bool config_degrees(int32_t *out, const char *text);

/* "08:30" → minutes; "24:00" allowed. */
bool config_time(uint16_t *minute, const char *text);

/* "08:30-18:00", "09:00-12:30 13:30-17:30", "closed" or "fermé". In order, not touching. */
bool config_hours(struct day_hours *out, const char *text);

/* "lun", "lun-ven", "mar-mer-ven", "lun-dim": bit 0 is Monday. Two names are a range when they are
 * two; three or more are a list (as in the directory). */
bool config_days(uint8_t *mask, const char *text);

/* "2026-11-16". */
bool config_date(calendar_day *out, const char *text);

/* "oui", "non", "true", "false". */
bool config_bool(bool *out, const char *text);

#endif
