/* registrar.h — where the phones are: bindings per address of record (RFC 3261 §10.3).
 * phone/ has authenticated the REGISTER and says whose it is; each binding keeps the peer that it
 * came from, for a phone behind NAT is reached only there. Called by phone/. */
#ifndef SIP_REGISTRAR_H
#define SIP_REGISTRAR_H

#include "sip/leg.h"
#include "sip/transaction.h"

#define SIP_REGISTRAR_CONTACTS_MAX 4 /* per address of record */

/* Times in seconds, as the headers have them. */
struct sip_registrar_limits {
    uint32_t bindings_max; /* in all */
    uint32_t expires_s_min, expires_s_default, expires_s_max;
    /* A fifth contact of one address: refused, or in the place of the one that would expire first,
     * as a phone that restarts behind NAT needs. */
    bool replaces_oldest;
};

struct sip_binding {
    uint64_t aor; /* id of the address of record, given by the caller; not 0 */
    struct sip_peer source;
    ms_t expires_at;
    uint32_t cseq, next; /* next of the same address, or SLOT_NONE */
    uint16_t uri_n, call_id_n;
    bool is_used;
    char uri[SIP_TARGET_MAX], call_id[SIP_CALL_ID_MAX];
};

struct sip_registrar {
    struct sip_registrar_limits limits;
    struct sip_binding *bindings; /* borrowed from the arena */
    uint32_t used, free, n;
    struct map first; /* aor → slot of its first binding */
    struct heap timers;
};

/* One value of Contact. */
struct sip_registrar_contact {
    struct text uri; /* without < > */
    bool has_expires;
    uint32_t expires_s;
};

struct sip_registrar_request {
    uint64_t aor;
    struct text call_id;
    uint32_t cseq;
    struct sip_peer source;
    bool is_wildcard; /* Contact: * */
    bool has_expires; /* the header Expires */
    uint32_t expires_s;
    uint32_t contacts_n; /* as many as the message had; past the bound: refused */
    struct sip_registrar_contact contacts[SIP_REGISTRAR_CONTACTS_MAX];
};

enum sip_registrar_verdict {
    SIP_REGISTRAR_OK,        /* 200, with the list of bindings */
    SIP_REGISTRAR_TOO_BRIEF, /* 423, Min-Expires */
    SIP_REGISTRAR_LATE,      /* 500: an older request of the same Call-ID */
    SIP_REGISTRAR_BAD,       /* 400: a wildcard with more beside it, or no URI */
    SIP_REGISTRAR_TOO_LONG,  /* 400: a URI or Call-ID passes its bound */
    SIP_REGISTRAR_TOO_MANY,  /* 403: more contacts than an address may have */
    SIP_REGISTRAR_FULL       /* 503: no room in all */
};

/* What was done. Nothing at all unless verdict is OK: an update is whole or not (§10.3 step 7). */
struct sip_registrar_done {
    enum sip_registrar_verdict verdict;
    uint32_t added_n, refreshed_n, removed_n;
};

void sip_registrar_open(struct sip_registrar *r, struct arena *arena,
                        const struct sip_registrar_limits *limits);

/* A REGISTER. Without contacts it asks for the list only. */
struct sip_registrar_done sip_registrar_take(struct sip_registrar *r,
                                             const struct sip_registrar_request *request,
                                             ms_t now_at);

unsigned sip_registrar_status(enum sip_registrar_verdict verdict);

/* The bindings of an address, newest first: from NULL to NULL. Valid until the next change. */
const struct sip_binding *sip_registrar_next(const struct sip_registrar *r, uint64_t aor,
                                             const struct sip_binding *before);

/* Lines "Contact: <…>;expires=…" of an address, for the 200; false when they did not fit. */
MUST_CHECK bool sip_registrar_put_contacts(struct text_out *out, const struct sip_registrar *r,
                                           uint64_t aor, ms_t now_at);

/* When the next binding expires; MS_NEVER. */
ms_t sip_registrar_next_at(const struct sip_registrar *r);
/* Removes the first binding due at now_at and gives a copy; false when none is. */
bool sip_registrar_due(struct sip_registrar *r, ms_t now_at, struct sip_binding *gone);
/* A binding of an earlier life. False: no room, or it is none. */
MUST_CHECK bool sip_registrar_restore(struct sip_registrar *r, const struct sip_binding *b);
/* The time of all bindings of an address is over: sip_registrar_due() gives them next. */
void sip_registrar_expire(struct sip_registrar *r, uint64_t aor, ms_t now_at);
/* The same for one of them, by its place: its connection has ended. */
void sip_registrar_cut(struct sip_registrar *r, uint32_t place, ms_t now_at);
/* Forgets all bindings of an address: its account was closed. */
void sip_registrar_forget(struct sip_registrar *r, uint64_t aor);

#endif
