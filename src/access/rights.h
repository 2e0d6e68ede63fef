/* rights.h — what a session may see (ADR 35): roles that a route names, and the scope of its
 * account; and what a login and a password must be. Called by app/. Pure. */
#ifndef ACCESS_RIGHTS_H
#define ACCESS_RIGHTS_H

#include "base/text.h"
#include "directory/directory.h"

/* Roles as bits; the roles of a directory have the same order. */
#define RIGHTS_AGENT (1U << ROLE_AGENT)
#define RIGHTS_SUPERVISOR (1U << ROLE_SUPERVISOR)
#define RIGHTS_ADMINISTRATOR (1U << ROLE_ADMINISTRATOR)
#define RIGHTS_AUDITOR (1U << ROLE_AUDITOR)

#define RIGHTS_SCOPE_MAX 32

struct rights {
    uint64_t account_id;
    struct text agent; /* id in the directory; empty: none */
    unsigned roles;    /* bits */
    bool is_whole;     /* the whole house */
    struct text sites[RIGHTS_SCOPE_MAX], services[RIGHTS_SCOPE_MAX]; /* ids */
    unsigned sites_n, services_n;
};

/* What a route is about. */
enum rights_about {
    RIGHTS_NOTHING, /* nobody in particular: no scope matters */
    RIGHTS_PARTS,   /* a list, of which each sees what is within its scope */
    RIGHTS_HOUSE,   /* all of it: for accounts of the whole house */
    RIGHTS_ONE      /* the agent of the path */
};

/* May these rights pass a route of these roles? */
bool rights_pass(const struct rights *r, unsigned roles, enum rights_about about);
/* Is this agent within the scope? Sites and services are named: both must fit. */
bool rights_agent(const struct rights *r, const struct directory *d,
                  const struct directory_agent *agent);
/* The same to be ordered about: who is an agent and nothing else is only themself. */
bool rights_order(const struct rights *r, const struct directory *d,
                  const struct directory_agent *agent);
/* Does it see this agent: themself, or by another role than agent whoever is within the scope? */
bool rights_sees(const struct rights *r, const struct directory *d,
                 const struct directory_agent *agent);
/* Is the queue of this service within the scope? By sites: of somebody at one of them. */
bool rights_service(const struct rights *r, const struct directory *d, uint32_t service);
/* An auditor who is nothing else is shown no names. */
bool rights_names(const struct rights *r);

/* "agent", "supervisor"…; ROLE_N: no such role. */
enum directory_role rights_role(struct text name);
const char *rights_role_name(enum directory_role role);

/* 2 to 40 of a–z, 0–9, ".", "-", "_", the first a letter. */
bool rights_is_login(struct text login);
/* Why this is no password, in French; NULL: it is one. */
const char *rights_password_fault(struct text password, struct text login);

#endif
