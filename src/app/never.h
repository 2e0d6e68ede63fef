/* never.h — numbers that asked never to be called again (ADR 28). The gate asks it for whatever a
 * machine dials; what a person dials from a telephone is that person's matter.
 * Called by app/line*.c and cli/serve_numbers.c. Over given memory. Cost: a keyed hash, O(1).
 * Invariant: no number stands here; a list that cannot be read lets nobody be called. */
#ifndef APP_NEVER_H
#define APP_NEVER_H

#include "app/app.h"
#include "base/map.h"
#include "gate/gate.h"
#include "port/never.h"

/* Past it none is added, and that is told. */
#define NEVER_MAX 65536u

struct never;

size_t never_bytes(void);
/* Over zeroed memory of never_bytes(), aligned to 64; port NULL: the key is lost. Borrowed, both.
 */
struct never *never_open(void *memory, struct app *app, const struct never_port *port);
/* Start only: each row. */
void never_restore(struct never *n, const uint8_t hash[NEVER_HASH_BYTES]);
/* The rows or their key cannot be read. */
void never_lose(struct never *n);

enum gate_never never_has(const struct never *n, uint64_t e164);
uint32_t never_n(const struct never *n);

enum never_verdict {
    NEVER_DONE,
    NEVER_NOTHING, /* it was so already */
    NEVER_FULL,
    NEVER_UNNOTED, /* the writer takes nothing */
    NEVER_LOST,
};
/* Adds the number, or takes it off; the writer has the row. */
enum never_verdict never_put(struct never *n, uint64_t e164, ms_t wall_at);
enum never_verdict never_remove(struct never *n, uint64_t e164);

#endif
