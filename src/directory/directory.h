/* directory.h — who answers, where, when: plain structs over given memory, and questions to them.
 * Filled by config/directory.c; asked by app, cli and, later, ivr. Pure; nothing changes after it
 * was filled: a reload makes another one.
 *
 * Everything has a word in the file (its id) and a number of 32 bits made of that word alone, so
 * that events mean the same thing after lines were moved, added or removed. */
#ifndef DIRECTORY_DIRECTORY_H
#define DIRECTORY_DIRECTORY_H

#include "base/address.h"
#include "base/calendar.h"
#include "base/map.h"

#define DIRECTORY_WEEKS_MAX 64 /* kinds of opening hours; a set of them is a word of bits */
#define DIRECTORY_EXCEPTIONS_MAX 512
#define DIRECTORY_SERVICES_MAX 4096
#define DIRECTORY_SITES_MAX 4096
#define DIRECTORY_AGENTS_MAX 20000
#define DIRECTORY_NUMBERS_MAX 4096
#define DIRECTORY_TRUNKS_MAX 32
#define DIRECTORY_QUEUES_PER_AGENT 16

/* Bytes of texts, with their NUL. */
#define DIRECTORY_ID_BYTES 32
#define DIRECTORY_NAME_BYTES 96
#define DIRECTORY_TEXT_BYTES 192
#define DIRECTORY_NUMBER_BYTES 24

#define DIRECTORY_NONE UINT32_MAX

enum directory_tariff { TARIFF_NORMAL, TARIFF_FREE, TARIFF_SURCHARGED, TARIFF_N };
enum directory_role { ROLE_AGENT, ROLE_SUPERVISOR, ROLE_ADMINISTRATOR, ROLE_AUDITOR, ROLE_N };

struct directory_organisation {
    char name[DIRECTORY_NAME_BYTES], postal[DIRECTORY_TEXT_BYTES];
    bool forbids_surcharge; /* State and social security: law 2018-727, art. 28 */
    enum zone zone;
    enum holidays holidays;
};

/* One kind of opening hours. */
struct directory_week {
    char id[DIRECTORY_ID_BYTES];
    struct day_hours day[WEEK_DAYS];
    char place[WEEK_DAYS][DIRECTORY_NAME_BYTES]; /* where, for what travels; else empty */
    bool is_always;                              /* round the clock: no holiday closes it */
};

/* A day unlike the others. */
struct directory_exception {
    calendar_day day;
    uint64_t weeks;        /* which hours it changes, as bits */
    uint16_t close_minute; /* 0: closed all day */
    bool is_published;     /* before the day began; else a refusal is our doing */
};

struct directory_service {
    char id[DIRECTORY_ID_BYTES], name[DIRECTORY_NAME_BYTES], purpose[DIRECTORY_TEXT_BYTES];
    uint32_t number; /* also of its queue */
    uint64_t weeks;  /* its own hours, or those of all numbers */
};

struct directory_site {
    char id[DIRECTORY_ID_BYTES], name[DIRECTORY_NAME_BYTES], address[DIRECTORY_TEXT_BYTES];
    char commune[DIRECTORY_NAME_BYTES], phone[DIRECTORY_NUMBER_BYTES];
    char area[DIRECTORY_ID_BYTES];
    uint32_t number, area_number; /* area_number 0: in no area */
    uint32_t week;                /* index, or DIRECTORY_NONE */
    bool is_public, is_partner;
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
};

struct directory_number {
    char shown[DIRECTORY_NUMBER_BYTES]; /* as in the file */
    char flow[DIRECTORY_ID_BYTES];
    uint64_t e164; /* digits without the plus; a map from what was dialled */
    uint32_t week;
    uint32_t flow_line, flow_column; /* where the file says the flow, for messages */
    enum directory_tariff tariff;
    bool is_fiction;
};

/* Lines to an operator. */
struct directory_trunk {
    char id[DIRECTORY_ID_BYTES];
    struct address at; /* its port is never 0 */
    uint32_t number;
};

struct directory {
    bool is_demo;
    struct directory_organisation organisation;
    struct directory_week *weeks; /* all arrays: borrowed from the memory given */
    struct directory_exception *exceptions;
    struct directory_service *services;
    struct directory_site *sites;
    struct directory_agent *agents;
    struct directory_number *numbers;
    struct directory_trunk *trunks;
    uint32_t weeks_n, exceptions_n, services_n, sites_n, agents_n, numbers_n, trunks_n;
    uint64_t number_weeks;                                       /* bits: hours of any number */
    struct map week_of, service_of, site_of, agent_of, trunk_of; /* by number of the id */
    struct map line_of;   /* agents by the number of the name of their line */
    struct map number_of; /* by e164 */
};

/* How many of each there will be; then memory for them, aligned to 64. */
struct directory_room {
    uint32_t weeks_n, exceptions_n, services_n, sites_n, agents_n, numbers_n, trunks_n;
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
/* The name of an agent's own line: what stands behind "sip:" in its phone; empty: it has none. */
struct text directory_agent_line(const struct directory_agent *agent);
/* Index of the agent of this line, or DIRECTORY_NONE. */
uint32_t directory_line_find(const struct directory *d, struct text name);
/* Index of the number that was dialled (E.164 digits; 0: it was no number), or DIRECTORY_NONE. */
uint32_t directory_dialled_find(const struct directory *d, uint64_t e164);

/* Bit of a language ("ar", "lsf"…) among the skills; 64: unknown here. A bit never changes. */
unsigned directory_language_bit(const char *language);
/* Its name by bit; NULL past the last. */
const char *directory_language_name(unsigned bit);

#endif
