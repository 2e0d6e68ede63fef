/* directory.h — who answers, where, when: plain structs over given memory, and questions to them.
 * Filled by config/directory.c; asked by app, cli and, later, ivr. Pure; nothing changes after it
 * was filled: a reload makes another one.
 *
 * Everything has a word in the file (its id) and a number of 32 bits made of that word alone, so
 * that events mean the same thing after lines were moved, added or removed. */
#ifndef DIRECTORY_DIRECTORY_H
#define DIRECTORY_DIRECTORY_H

#include "base/address.h"
#include "base/map.h"
#include "directory/texts.h"
#include "directory/trunk.h"
#include "directory/week.h"

#define DIRECTORY_COMMUNES_MAX 8192
#define DIRECTORY_SHARED_MAX 1024
#define DIRECTORY_INTERPRETERS_MAX 64
#define DIRECTORY_SERVICES_MAX 4096
#define DIRECTORY_SITES_MAX 4096
#define DIRECTORY_AGENTS_MAX 20000
#define DIRECTORY_NUMBERS_MAX 4096
#define DIRECTORY_TRUNKS_MAX 32
#define DIRECTORY_CHANNELS_MAX 10000
#define DIRECTORY_PRIORITIES_MAX 9
#define DIRECTORY_QUEUES_PER_AGENT 16

/* Bytes of texts, with their NUL; those of an id: week.h; of a name: trunk.h. */
#define DIRECTORY_TEXT_BYTES 192
#define DIRECTORY_NUMBER_BYTES 24

enum directory_tariff { TARIFF_NORMAL, TARIFF_FREE, TARIFF_SURCHARGED, TARIFF_N };
enum directory_role { ROLE_AGENT, ROLE_SUPERVISOR, ROLE_ADMINISTRATOR, ROLE_AUDITOR, ROLE_N };

struct directory_organisation {
    char name[DIRECTORY_NAME_BYTES], postal[DIRECTORY_TEXT_BYTES];
    bool forbids_surcharge; /* State and social security: law 2018-727, art. 28 */
    enum zone zone;
    enum holidays holidays;
    uint64_t accessible; /* hours of the accessible telephone, as bits; 0: not said */
};

#define DIRECTORY_CODE_BYTES 5
struct directory_service {
    char id[DIRECTORY_ID_BYTES], name[DIRECTORY_NAME_BYTES], purpose[DIRECTORY_TEXT_BYTES];
    uint32_t number, recording_ppm;  /* also of its queue; share of conversations recorded */
    uint64_t weeks;                  /* its own hours, or those of all numbers */
    uint64_t accessible;             /* hours of its accessible telephone; 0: not said */
    bool is_listened;                /* supervisors may listen; its callers are told so */
    char code[DIRECTORY_CODE_BYTES]; /* digits by which agents send callers to it; empty: none */
};

/* How a site serves people with a particular need (médiation numérique,
 * prise_en_charge_specifique), as bits; new ones at the end. */
enum directory_need {
    NEED_SURDITE,
    NEED_DEFICIENCE_VISUELLE,
    NEED_HANDICAPS_MOTEURS,
    NEED_HANDICAPS_MENTAUX,
    NEED_ILLETTRISME,
    NEED_LANGUES_ANGLAIS,
    NEED_LANGUES_AUTRES,
    NEED_N
};

struct directory_site {
    char id[DIRECTORY_ID_BYTES], name[DIRECTORY_NAME_BYTES], address[DIRECTORY_TEXT_BYTES];
    char commune[DIRECTORY_NAME_BYTES], phone[DIRECTORY_NUMBER_BYTES];
    char area[DIRECTORY_ID_BYTES];
    uint32_t number, area_number; /* area_number 0: in no area */
    uint32_t week;                /* index, or DIRECTORY_NONE */
    struct directory_clock clock;
    int32_t latitude, longitude; /* millionths of a degree (WGS 84), when is_located */
    uint8_t needs;               /* bits: enum directory_need */
    bool is_public, is_partner, is_located;
};

struct directory_commune {
    char name[DIRECTORY_NAME_BYTES];
    uint32_t postcode; /* several communes share one */
};

/* A telephone service of interpreters: a third leg. */
struct directory_interpreter {
    char shown[DIRECTORY_NUMBER_BYTES];
    uint64_t e164, languages; /* bits: directory_language_bit() */
};

struct directory_agent {
    char id[DIRECTORY_ID_BYTES], name[DIRECTORY_NAME_BYTES];
    char phone[DIRECTORY_NAME_BYTES]; /* sip:…, a number, browser, or empty */
    uint32_t number;
    uint32_t site; /* index, or DIRECTORY_NONE */
    enum directory_role role;
    uint64_t skills; /* languages, as bits; see directory_language_bit() */
    uint32_t services[DIRECTORY_QUEUES_PER_AGENT]; /* indexes */
    uint8_t services_n;
    bool is_robot, writes; /* writes: takes written contacts too */
    bool is_direct;        /* may be asked for by name: a flow transfers to them */
    bool is_encrypted;     /* their line: over TLS with encrypted sound, or not at all */
};

struct directory_number {
    char shown[DIRECTORY_NUMBER_BYTES]; /* as in the file */
    char flow[DIRECTORY_ID_BYTES];
    uint64_t e164; /* digits without the plus; a map from what was dialled */
    uint32_t week;
    uint64_t accessible;             /* hours of its accessible telephone; 0: not said */
    uint32_t flow_line, flow_column; /* where the file says the flow, for messages */
    uint32_t site_number;            /* whose people call it: a number of that site; 0: anybody's */
    uint32_t area_number;            /* of that site */
    enum directory_tariff tariff;
    bool is_fiction;
};

struct directory {
    bool is_demo;
    struct directory_texts texts; /* from the settings, once both are read (config/sms.h) */
    ms_t help_ms;                 /* the same: how long help lasts when nobody says */
    struct directory_organisation organisation;
    struct directory_week *weeks; /* all arrays: borrowed from the memory given */
    struct directory_exception *exceptions;
    struct directory_service *services;
    struct directory_site *sites;
    struct directory_agent *agents;
    struct directory_number *numbers;
    struct directory_trunk *trunks;
    char (*places)[DIRECTORY_NAME_BYTES];
    struct directory_commune *communes; /* in the order of their postcodes */
    uint64_t *shared;                   /* e164 of lines that many people share */
    struct directory_interpreter *interpreters;
    struct directory_sheets *sheets;   /* sheet.h; NULL: none */
    struct directory_choices *choices; /* choice.h; NULL: the flows were not read */
    uint32_t weeks_n, exceptions_n, services_n, sites_n, agents_n, numbers_n, trunks_n;
    uint32_t places_n, communes_n, shared_n, interpreters_n;
    uint64_t number_weeks;                                       /* bits: hours of any number */
    struct map week_of, service_of, site_of, agent_of, trunk_of; /* by number of the id */
    struct map line_of;              /* agents by the number of the name of their line */
    struct map number_of, shared_of; /* by e164 */
    struct map commune_of;           /* by the number of the name; the first of a name */
};

/* How many of each there will be; then memory for them, aligned to 64. */
struct directory_room {
    uint32_t weeks_n, exceptions_n, services_n, sites_n, agents_n, numbers_n, trunks_n;
    uint32_t places_n, communes_n, shared_n, interpreters_n;
};
size_t directory_bytes(const struct directory_room *room);
struct directory *directory_open(void *memory, const struct directory_room *room);

/* The number of an id: never 0, always the same. Two ids of one kind with one number are refused by
 * the reader (one chance in eight thousand for a thousand agents). */
uint32_t directory_number_of(const char *id);

/* Index by number, or DIRECTORY_NONE. */
uint32_t directory_service_find(const struct directory *d, uint32_t number);
uint32_t directory_site_find(const struct directory *d, uint32_t number);
uint32_t directory_agent_find(const struct directory *d, uint32_t number);
uint32_t directory_trunk_find(const struct directory *d, uint32_t number);
/* The name to be resolved for a trunk: its host, or the service of that host (RFC 3263 §4.2) when
 * the file says no port: "_sip._udp.sip.operateur.fr". NULL: it has an address. */
#define DIRECTORY_HOST_BYTES (DIRECTORY_NAME_BYTES + 16)
const char *directory_trunk_name(const struct directory_trunk *trunk,
                                 char to[DIRECTORY_HOST_BYTES]);
/* The name of an agent's own line: what stands behind "sip:" in its phone; empty: it has none. */
struct text directory_agent_line(const struct directory_agent *agent);
/* The ordinary number of an agent's telephone, as E.164 digits; 0: it has a line, or none. */
uint64_t directory_agent_number(const struct directory_agent *agent);
/* May this person be at work at a telephone: agents, and supervisors who have one (they serve the
 * queues of their skills, or none). */
bool directory_agent_works(const struct directory_agent *agent);
/* May this person listen to calls, and be called for help: a supervisor with a line of ours. */
bool directory_agent_listens(const struct directory_agent *agent);
#define DIRECTORY_FLOW_AGENTS "agents" /* of the number at which ordinary telephones sign in */
/* Index of the service with this code of agents, or DIRECTORY_NONE. */
uint32_t directory_service_coded(const struct directory *d, struct text code);
/* Index of the agent of this line, or DIRECTORY_NONE. */
uint32_t directory_line_find(const struct directory *d, struct text name);
/* Index of the number that was dialled (E.164 digits; 0: it was no number), or DIRECTORY_NONE. */
uint32_t directory_dialled_find(const struct directory *d, uint64_t e164);

/* Is this line one that many people share (a CCAS, a home)? Its callers are never asked whether
 * they called before (design §3.8). */
bool directory_is_shared(const struct directory *d, uint64_t e164);
/* The first interpreter of any of these languages (bits), in the order of the file; else
 * DIRECTORY_NONE. */
uint32_t directory_interpreter_find(const struct directory *d, uint64_t languages);
/* Communes of a postcode: how many, the first at *first. */
uint32_t directory_communes_of(const struct directory *d, uint32_t postcode, uint32_t *first);
/* The index of a commune of this very name, or DIRECTORY_NONE. */
uint32_t directory_commune_find(const struct directory *d, struct text name);

/* Bit of a language ("ar", "lsf"…) among the skills; 64: unknown here. A bit never changes. */
unsigned directory_language_bit(const char *language);
/* Its name by bit; NULL past the last. */
const char *directory_language_name(unsigned bit);

#endif
