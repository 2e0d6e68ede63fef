/* inside.h — what only a look into the state of the heart can tell: leaks.
 * Called by rules.c between steps. */
#ifndef TEST_PROP_INSIDE_H
#define TEST_PROP_INSIDE_H

#include "acd/acd.h"

/* Why something is kept that nobody names (or named and not kept), or NULL. */
const char *inside_leak(const struct acd *a);

#endif
