/* sheet.h — the Markdown of answer sheets as HTML: headings, lists, points that can be ticked,
 * bold, links to https; whatever else is text. Called by console_sheets.c and
 * admin_sheets.c. Pure. Cost: linear.
 * Invariant: only our own tags are written, each is ended, and what the file holds is escaped. */
#ifndef VIEW_SHEET_H
#define VIEW_SHEET_H

#include "directory/sheet.h"
#include "view/html.h"

/* Lists within lists; what stands deeper stands here. */
#define VIEW_SHEET_DEPTH_MAX 3u
/* A longer address is no link, but text. */
#define VIEW_SHEET_LINK_MAX 256u

/* When it was written, by whom, and whether that was too long ago. */
void view_sheet_head(struct html *h, const struct directory_sheet *sheet, calendar_day today);
/* Without the line that may be sent (directory/sheet.h). */
void view_sheet_body(struct html *h, struct text markdown);

#endif
