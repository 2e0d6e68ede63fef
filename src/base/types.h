/* types.h — the few words that every folder speaks.
 * Included by all. No cost, no state. */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An instant (ms since 1970-01-01 UTC, names end in _at) or a duration (names end in _ms). */
typedef int64_t ms_t;

/* An instant that never comes. */
#define MS_NEVER INT64_MAX

/* The caller of a function that can fail because the world failed must look at its answer. */
#define MUST_CHECK __attribute__((warn_unused_result))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Slot of an object that does not exist. */
#define SLOT_NONE UINT32_MAX

#endif
