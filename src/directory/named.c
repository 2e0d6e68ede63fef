/* named.c — see named.h. */
#include <stddef.h>

#include "directory/named.h"

/* Rows of one kind: the id is first in each. */
struct kind {
    size_t row_bytes, number_at;
};

#define KIND(type) ((struct kind){sizeof(type), offsetof(type, number)})

_Static_assert(!offsetof(struct directory_service, id) && !offsetof(struct directory_site, id) &&
                   !offsetof(struct directory_trunk, id) && !offsetof(struct directory_agent, id),
               "an id is first");

static uint32_t named(const void *rows, uint32_t n, struct kind kind, struct text id)
{
    const char *row = rows;
    for (uint32_t i = 0; i < n; i++, row += kind.row_bytes)
        if (text_equal(text_of(row), id))
            return *(const uint32_t *)(const void *)(row + kind.number_at);
    return 0;
}

uint32_t directory_service_named(const struct directory *d, struct text id)
{
    return d ? named(d->services, d->services_n, KIND(struct directory_service), id) : 0;
}

uint32_t directory_site_named(const struct directory *d, struct text id)
{
    return d ? named(d->sites, d->sites_n, KIND(struct directory_site), id) : 0;
}

uint32_t directory_trunk_named(const struct directory *d, struct text id)
{
    return d ? named(d->trunks, d->trunks_n, KIND(struct directory_trunk), id) : 0;
}

uint32_t directory_agent_named(const struct directory *d, struct text id)
{
    return d ? named(d->agents, d->agents_n, KIND(struct directory_agent), id) : 0;
}
