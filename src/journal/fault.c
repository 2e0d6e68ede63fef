/* fault.c — what can be wrong with a journal, in plain words, and what to do.
 * Called by verify; read by an operator at three in the morning. */
#include "journal/batch.h"

struct words {
    const char *why, *cure;
};

#define CURE_RESTORE                                                                               \
    "Keep this file. Stop the service, then `decroche restore BACKUP FILE` with the last good "    \
    "backup; or start the service: it sets this file aside and begins a new journal, and callers " \
    "are served in the order in which they come."

static const struct words words[FAULT_N] = {
    [FAULT_NONE] = {"nothing is wrong", "nothing to do"},
    [FAULT_PAGES] = {"the database file itself is damaged (a disk or a copy that failed)",
                     "Test the disk (smartctl -a). " CURE_RESTORE},
    [FAULT_GAP] = {"events are missing, or stand twice", CURE_RESTORE},
    [FAULT_LINK] = {"this batch does not follow the one before: something was cut out or changed",
                    CURE_RESTORE},
    [FAULT_HASH] = {"the content of this batch was changed after it was written", CURE_RESTORE},
    [FAULT_EVENT] = {"an event of this batch cannot be read", CURE_RESTORE},
    [FAULT_ID] = {"an event of this batch has another number than its place", CURE_RESTORE},
    [FAULT_INSTANT] = {"the date of this batch is not that of its events", CURE_RESTORE},
    [FAULT_SEAL] = {"the seal of a closed month does not fit its events", CURE_RESTORE},
    [FAULT_LATER] = {"a later version of decroche wrote this journal",
                     "Install that version again; this one must not write here."},
};

const char *journal_fault_why(enum journal_fault fault)
{
    assert((unsigned)fault < FAULT_N);
    return words[fault].why;
}

const char *journal_fault_cure(enum journal_fault fault)
{
    assert((unsigned)fault < FAULT_N);
    return words[fault].cure;
}
