/* named.h — finding things of the directory by the ids that people wrote in its files, as pages and
 * programs give them back. Called by src/app/pages_*.c and view/. Cost: a walk over the kind; the
 * heart and the telephone find by number (directory.h). */
#ifndef DIRECTORY_NAMED_H
#define DIRECTORY_NAMED_H

#include "directory/directory.h"

/* Its number; 0: nothing of this kind has this id, or there is no directory (NULL). */
uint32_t directory_service_named(const struct directory *d, struct text id);
uint32_t directory_site_named(const struct directory *d, struct text id);
uint32_t directory_trunk_named(const struct directory *d, struct text id);
uint32_t directory_agent_named(const struct directory *d, struct text id);

#endif
