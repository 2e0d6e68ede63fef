/* doorkeeper_place.h — the directory of doorkeeper.h. Included by it alone. */
#ifndef TEST_SUPPORT_DOORKEEPER_PLACE_H
#define TEST_SUPPORT_DOORKEEPER_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory/directory.h"

/* Two sites with an agent each, who serve the one service. Its memory is the caller's to free. */
static inline struct directory *door_directory(void)
{
    static const char *const sites[] = {"nord", "sud"}, *const agents[] = {"a1", "a2"};
    const struct directory_room room = {.services_n = 1, .sites_n = 2, .agents_n = 2};
    void *memory = aligned_alloc(64, (directory_bytes(&room) + 63) / 64 * 64);
    assert_non_null(memory);
    struct directory *d = directory_open(memory, &room);
    d->services_n = 1;
    d->services[0].number = directory_number_of("sante");
    memcpy(d->services[0].id, "sante", 6);
    map_put(&d->service_of, d->services[0].number, 0);
    d->sites_n = d->agents_n = 2;
    for (uint32_t i = 0; i < 2; i++) {
        memcpy(d->sites[i].id, sites[i], strlen(sites[i]) + 1);
        d->sites[i].number = directory_number_of(sites[i]);
        map_put(&d->site_of, d->sites[i].number, i);
        memcpy(d->agents[i].id, agents[i], 3);
        d->agents[i].number = directory_number_of(agents[i]);
        d->agents[i].site = i;
        d->agents[i].services_n = 1;
        map_put(&d->agent_of, d->agents[i].number, i);
    }
    return d;
}

#endif
