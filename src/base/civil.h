/* civil.h — an instant as people of UTC read it: year, month, day, hour.
 * Called by event/print, journal (months), os/log. Pure arithmetic, no table, no zone. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/types.h"

struct civil {
    int32_t year;
    uint8_t month, day; /* from 1 */
    uint8_t hour, minute, second;
    uint16_t ms;
};

/* The Gregorian date and hour of any instant, also before 1970. */
struct civil civil_of(ms_t at);

/* Year and month as one number, 202501 for January 2025. Grows with the instant. */
int64_t civil_month(ms_t at);

/* "2025-01-31T10:15:00.123Z" and a NUL; years outside 0–9999 are shown as 9999. */
#define CIVIL_TEXT_BYTES 25
void civil_text(char to[CIVIL_TEXT_BYTES], ms_t at);

/* "20250131T101500Z" and a NUL: for names of files. */
#define CIVIL_STAMP_BYTES 17
void civil_stamp(char to[CIVIL_STAMP_BYTES], ms_t at);

#endif
