/* rights.c — see rights.h. Cost: names of the scope × services of an agent. */
#include "access/rights.h"

#define LOGIN_MIN 2
#define LOGIN_MAX 40
#define PASSWORD_LETTERS 12
#define PASSWORD_BYTES 128

bool rights_pass(const struct rights *r, unsigned roles, enum rights_about about)
{
    return (r->roles & roles) != 0 && (about != RIGHTS_HOUSE || r->is_whole);
}

static bool has(const struct text *names, unsigned n, const char *id)
{
    for (unsigned i = 0; i < n; i++)
        if (text_equal(names[i], text_of(id)))
            return true;
    return false;
}

static bool serves_any(const struct rights *r, const struct directory *d,
                       const struct directory_agent *agent)
{
    for (unsigned i = 0; i < agent->services_n; i++)
        if (has(r->services, r->services_n, d->services[agent->services[i]].id))
            return true;
    return false;
}

static bool is_at_any(const struct rights *r, const struct directory *d,
                      const struct directory_agent *agent)
{
    return agent->site != DIRECTORY_NONE && has(r->sites, r->sites_n, d->sites[agent->site].id);
}

bool rights_agent(const struct rights *r, const struct directory *d,
                  const struct directory_agent *agent)
{
    if (r->is_whole)
        return true;
    if (!r->sites_n && !r->services_n)
        return false;
    return (!r->sites_n || is_at_any(r, d, agent)) && (!r->services_n || serves_any(r, d, agent));
}

static bool is_themself(const struct rights *r, const struct directory_agent *agent)
{
    return (r->roles & RIGHTS_AGENT) && r->agent.n && text_equal(r->agent, text_of(agent->id));
}

bool rights_order(const struct rights *r, const struct directory *d,
                  const struct directory_agent *agent)
{
    return is_themself(r, agent) || ((r->roles & RIGHTS_SUPERVISOR) && rights_agent(r, d, agent));
}

bool rights_sees(const struct rights *r, const struct directory *d,
                 const struct directory_agent *agent)
{
    return is_themself(r, agent) || ((r->roles & ~RIGHTS_AGENT) && rights_agent(r, d, agent));
}

/* Somebody at a site of the scope serves it. */
static bool is_served_there(const struct rights *r, const struct directory *d, uint32_t service)
{
    for (uint32_t i = 0; i < d->agents_n; i++)
        for (unsigned k = 0; k < d->agents[i].services_n; k++)
            if (d->agents[i].services[k] == service && is_at_any(r, d, &d->agents[i]))
                return true;
    return false;
}

bool rights_service(const struct rights *r, const struct directory *d, uint32_t service)
{
    if (r->is_whole)
        return true;
    if (r->services_n)
        return has(r->services, r->services_n, d->services[service].id);
    return r->sites_n && is_served_there(r, d, service);
}

bool rights_names(const struct rights *r)
{
    return (r->roles & ~RIGHTS_AUDITOR) != 0;
}

static const char *const roles[ROLE_N] = {[ROLE_AGENT] = "agent",
                                          [ROLE_SUPERVISOR] = "supervisor",
                                          [ROLE_ADMINISTRATOR] = "administrator",
                                          [ROLE_AUDITOR] = "auditor"};

enum directory_role rights_role(struct text name)
{
    for (unsigned i = 0; i < ROLE_N; i++)
        if (text_equal(name, text_of(roles[i])))
            return (enum directory_role)i;
    return ROLE_N;
}

const char *rights_role_name(enum directory_role role)
{
    return role < ROLE_N ? roles[role] : "";
}

bool rights_is_login(struct text login)
{
    if (login.n < LOGIN_MIN || login.n > LOGIN_MAX || login.p[0] < 'a' || login.p[0] > 'z')
        return false;
    for (size_t i = 0; i < login.n; i++) {
        char c = login.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_letter && c != '.' && c != '-' && c != '_')
            return false;
    }
    return true;
}

const char *rights_password_fault(struct text password, struct text login)
{
    size_t letters = 0;
    bool is_one = true;
    for (size_t i = 0; i < password.n; i++) {
        uint8_t c = (uint8_t)password.p[i];
        if (c < ' ')
            return "un mot de passe n’a ni tabulation ni retour à la ligne";
        letters += (c & 0xC0) != 0x80; /* the first byte of a letter in UTF-8 */
        is_one &= password.p[i] == password.p[0];
    }
    if (letters < PASSWORD_LETTERS)
        return "un mot de passe a 12\u00a0caractères au moins";
    if (password.n > PASSWORD_BYTES)
        return "un mot de passe a 128\u00a0octets au plus";
    if (is_one || text_equal_fold(password, login))
        return "ce mot de passe se devine\u00a0: prendre plusieurs mots sans rapport entre eux";
    return NULL;
}
