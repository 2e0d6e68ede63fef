/* pdu.h — SMPP 3.4 (issue 1.2, 1999) as bytes: heads, the PDUs of an ESME that sends text messages,
 * receipts. Called by gsm/session.c. Pure. What comes is never believed: each length is measured
 * against what is there, each text against its bound. */
#ifndef GSM_PDU_H
#define GSM_PDU_H

#include "gsm/coding.h"

#define PDU_HEAD_BYTES 16u
/* A longer one is a lie, or nothing that concerns us: the session ends. */
#define PDU_BYTES_MAX 4096u
#define PDU_ADDRESS_MAX 20u
#define PDU_REMOTE_MAX 47u /* message_id is 64 at most; longer ones name nothing */

enum pdu_command {
    PDU_GENERIC_NACK = 0x80000000u,
    PDU_UNBIND = 0x06,
    PDU_BIND_TRANSCEIVER = 0x09,
    PDU_SUBMIT_SM = 0x04,
    PDU_DELIVER_SM = 0x05,
    PDU_ENQUIRE_LINK = 0x15,
    PDU_RESPONSE = 0x80000000u, /* added to each of these */
};

/* Status, §5.1.3. */
enum pdu_status {
    PDU_OK = 0,
    PDU_WRONG_LENGTH = 0x02,
    PDU_WRONG_COMMAND = 0x03,
    PDU_WRONG_STATE = 0x04,
    PDU_ALREADY_BOUND = 0x05,
    PDU_SYSTEM_ERROR = 0x08,
    PDU_QUEUE_FULL = 0x14,
    PDU_THROTTLED = 0x58,
    PDU_LATER = 0x64, /* ESME_RX_T_APPN: it may come again */
};

struct pdu {
    uint32_t command, status, sequence;
    const uint8_t *body; /* borrowed */
    size_t body_n;
};

enum pdu_read {
    PDU_WHOLE,
    PDU_MORE,  /* not all of it is here */
    PDU_WRONG, /* its length is a lie: what follows cannot be found */
};
/* The first PDU of these bytes; *n: its bytes. */
enum pdu_read pdu_read(struct pdu *pdu, size_t *n, struct text bytes);

/* What a person or the operator sends us. */
struct pdu_deliver {
    struct text source, destination; /* borrowed from the PDU */
    uint8_t esm_class, data_coding;
    const uint8_t *octets; /* without a user data header */
    size_t octets_n;
    uint16_t set;          /* of the parts of one text */
    uint8_t part, parts;   /* from 1; parts 0: it is whole */
    struct text receipted; /* TLV receipted_message_id */
    uint8_t final;         /* TLV message_state; 0: none */
};
/* False: it does not hold together. */
MUST_CHECK bool pdu_deliver(struct pdu_deliver *to, const struct pdu *pdu);
/* Its words in UTF-8. */
void pdu_deliver_text(struct text_out *out, const struct pdu_deliver *d);
/* message_id of a submit_sm_resp; empty: none. */
struct text pdu_message_id(const struct pdu *pdu);

/* A receipt says what became of a message (appendix B, or TLVs). */
enum pdu_fate { PDU_FATE_NONE, PDU_FATE_UNDERWAY, PDU_FATE_ARRIVED, PDU_FATE_LOST };
struct pdu_receipt {
    char remote[PDU_REMOTE_MAX + 1];
    enum pdu_fate fate;
};
/* False: it is no receipt. */
MUST_CHECK bool pdu_receipt(struct pdu_receipt *to, const struct pdu_deliver *d);

/* ---- writing: false and nothing written when there is no room ---- */

struct pdu_bind {
    uint32_t sequence;
    const char *system_id, *password, *system_type;
};
bool pdu_put_bind(struct text_out *out, const struct pdu_bind *bind);

struct pdu_submit {
    uint32_t sequence;
    const char *sender; /* as sms.sender */
    uint64_t e164;
    enum gsm_coding coding;
    const uint8_t *octets; /* septets one a byte, or UCS-2; at most 254 */
    size_t octets_n;
    uint16_t reference; /* TLV user_message_reference: the same at each try */
    bool wants_receipt;
};
bool pdu_put_submit(struct text_out *out, const struct pdu_submit *submit);
/* A PDU without a body; a deliver_sm_resp has its empty message_id. */
bool pdu_put_plain(struct text_out *out, const struct pdu *pdu);

#endif
