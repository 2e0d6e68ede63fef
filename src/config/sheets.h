/* sheets.h — the answer sheets of a directory: fiches/ID.md beside its file. Called by
 * config/directory.c. No folder, no sheets. */
#ifndef CONFIG_SHEETS_H
#define CONFIG_SHEETS_H

#include "config/yaml.h"
#include "directory/directory.h"
#include "directory/sheet.h"

#define CONFIG_SHEETS_FOLDER "fiches"

/* Those of the folder, in the order of their names, into d->sheets. 0, or errno (EINVAL: one is
 * wrong) with each mistake in the list; d is to drop in either case. */
MUST_CHECK int config_sheets_load(struct directory *d, const char *folder,
                                  struct config_errors *errors);
/* One from memory: text of n bytes, which becomes the sheet's own. False: the list says why. */
MUST_CHECK bool config_sheet_read(struct directory_sheet *sheet, struct text text,
                                  const struct directory *d, struct config_errors *errors);
void config_sheets_drop(struct directory *d);

#endif
