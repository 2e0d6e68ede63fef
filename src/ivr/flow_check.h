/* flow_check.h — is a flow sound? Asked by config/ before a flow is used, never on a call.
 * What passes cannot lead the interpreter outside its arrays, into a ring, or to a dead end. */
#ifndef IVR_FLOW_CHECK_H
#define IVR_FLOW_CHECK_H

#include "ivr/flow.h"

enum ivr_fault {
    IVR_FLOW_OK,
    IVR_FLOW_STEPS,     /* none, or too many */
    IVR_FLOW_TARGET,    /* a step that does not exist is named */
    IVR_FLOW_KEY,       /* a key that has another meaning, or stands twice */
    IVR_FLOW_CHOICES,   /* none, or too many */
    IVR_FLOW_LEVELS,    /* more than IVR_LEVELS_MAX menus in a row */
    IVR_FLOW_LOOP,      /* steps that never come to a menu, a queue or an end */
    IVR_FLOW_QUEUE,     /* general is no queue, or closed no closing, or a transfer has none */
    IVR_FLOW_PROMPT,    /* a step without a prompt where something must be said */
    IVR_FLOW_CASES,     /* none, or too many, or of no kind */
    IVR_FLOW_DIGITS,    /* an entry of no digit, of too many, of more tries than allowed */
    IVR_FLOW_VALUE,     /* nothing that could be said */
    IVR_FLOW_LANGUAGE,  /* a language that is none, or too many keys of languages */
    IVR_FLOW_UNREACHED, /* no way leads to this step */
    IVR_FAULTS
};

struct ivr_finding {
    enum ivr_fault fault;
    uint8_t step; /* where; IVR_NO_STEP: the flow as a whole */
};

#define IVR_FINDINGS_MAX IVR_STEPS_MAX

/* What is wrong with it, at most one thing a step, in their order; how many. 0: it is sound. */
unsigned ivr_check(const struct ivr_flow *flow, struct ivr_finding found[IVR_FINDINGS_MAX]);

#endif
