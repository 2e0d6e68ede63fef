/* fault.h — why there is no session with the gateway of text messages: told in the log, in status
 * and over the API. Called by sms/ and view/. Tables only. */
#ifndef GSM_FAULT_H
#define GSM_FAULT_H

#include "base/types.h"

enum gsm_fault {
    GSM_FAULT_NONE,
    GSM_FAULT_NO_NAME,   /* its name leads nowhere */
    GSM_FAULT_SILENT,    /* nobody there, or no answer in time */
    GSM_FAULT_CLOSED,    /* it hung up */
    GSM_FAULT_BIND,      /* it does not know us; its status is told beside */
    GSM_FAULT_NO_TLS,    /* what answers there speaks no TLS, or none that is safe */
    GSM_FAULT_EXPIRED,   /* its certificate is out of date */
    GSM_FAULT_EARLY,     /* its certificate is not valid yet */
    GSM_FAULT_NAME,      /* its certificate is for another name */
    GSM_FAULT_AUTHORITY, /* its certificate is signed by nobody whom we believe */
    GSM_FAULT_PIN,       /* its certificate is another than the one that was pinned */
    GSM_FAULT_FILE,      /* the file of whom we believe cannot be read any more */
    GSM_FAULT_TLS,       /* another fault of TLS */
    GSM_FAULTS
};

/* For programs; never changed. */
const char *gsm_fault_name(enum gsm_fault fault);
/* For people, in English and in French; "" for none. */
const char *gsm_fault_english(enum gsm_fault fault);
const char *gsm_fault_words(enum gsm_fault fault);
/* What to do, in French; "" for none. */
const char *gsm_fault_cure(enum gsm_fault fault);

#endif
