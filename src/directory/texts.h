/* texts.h — what a directory knows of people who write: by text message (ADR 31), on the page
 * /ecrire (ADR 54). Included by directory.h. */
#ifndef DIRECTORY_TEXTS_H
#define DIRECTORY_TEXTS_H

#include "base/types.h"

struct directory_texts {
    uint32_t service; /* index: in whose queue a text message waits */
    uint32_t at_once; /* written contacts that an agent has at once; 0: as many as by default */
    bool has_page;    /* people write at /ecrire, too */
    uint32_t open_max, address_max; /* open of those, in all and from one address */
    ms_t keep_ms;                   /* what was written there, after its end */
};

struct directory;
/* Has this service an agent who answers in writing? Then it is written to on the page. */
bool directory_is_written(const struct directory *d, uint32_t service);

#endif
