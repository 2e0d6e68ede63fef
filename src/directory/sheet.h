/* sheet.h — an answer sheet: what an agent says, point by point, to who asks about something;
 * dated, somebody's, to be looked at again. Filled by config/sheets.c from fiches/ID.md beside the
 * directory; shown by view/sheet.c. */
#ifndef DIRECTORY_SHEET_H
#define DIRECTORY_SHEET_H

#include "base/calendar.h"
#include "base/text.h"
#include "directory/trunk.h"
#include "directory/week.h"

#define DIRECTORY_SHEETS_MAX 256
/* Of one file: four screens; past it nobody reads it while somebody waits. */
#define DIRECTORY_SHEET_BYTES 16384
#define DIRECTORY_SHEET_SERVICES 16
#define DIRECTORY_SHEET_TITLE_BYTES 192

struct directory_sheet {
    char id[DIRECTORY_ID_BYTES]; /* of its file */
    char title[DIRECTORY_SHEET_TITLE_BYTES], owner[DIRECTORY_NAME_BYTES];
    uint32_t services[DIRECTORY_SHEET_SERVICES]; /* indexes */
    uint8_t services_n;
    calendar_day dated, review; /* out of date past review */
    struct text body;           /* Markdown; borrowed from the directory */
};

/* Those of a directory, in the order of their names. */
struct directory_sheets {
    struct directory_sheet list[DIRECTORY_SHEETS_MAX];
    struct text texts[DIRECTORY_SHEETS_MAX]; /* owned by config/sheets.c */
    uint32_t n;
};

/* The name of its file, without its end: a–z, 0–9, _. */
bool directory_sheet_is_id(struct text id);
/* The head, between two lines "---", and what follows. False: there is no head. */
bool directory_sheet_cut(struct text file, struct text *head, struct text *body);

/* NULL: there is none of this id, or no sheets at all. */
const struct directory_sheet *directory_sheet_find(const struct directory_sheets *sheets,
                                                   struct text id);

/* The line that may be sent: what stands behind "> SMS :"; empty: none. */
struct text directory_sheet_sms(const struct directory_sheet *sheet);

#endif
