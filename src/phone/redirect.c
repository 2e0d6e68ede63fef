/* redirect.c — a 3xx to a call of ours, of an operator who may redirect (directory, trunks:
 * redirects). Called by dial.c. Cost: a walk over the Contacts. Invariant (design §9, rules 5 and
 * 8): it leads to a machine of the same operator, by the addresses that its name has and the port
 * that we know, and to the same number; nothing that a message chose is called. */
#include <string.h>

#include "phone/leg.h"

#define REDIRECTS_MAX 2
#define CONTACTS_MAX 8

/* The digits of the number that we dialled, with or without +, and nothing else. */
static bool is_same_number(const struct phone_leg *leg, struct text user)
{
    struct text number = text_cut(&user, ';'); /* routing parameters may follow (RFC 4694) */
    if (number.n && number.p[0] == '+')
        number = text_after(number, 1);
    return text_equal(number, text_of(leg->dial.number));
}

/* Which of its machines? False: none of them. */
static bool find_machine(const struct trunk *t, const struct sip_uri_parts *uri, struct address *at)
{
    struct address ip;
    *at = t->is.at[t->at_i];
    if (text_equal_fold(uri->host, t->is.host))
        return !uri->port || uri->port == at->port;
    if (!address_read_ip(&ip, uri->host))
        return false;
    for (uint32_t i = 0; i < t->is.at_n; i++) {
        *at = t->is.at[i];
        ip.port = at->port;
        if (address_equal(&ip, at) && (!uri->port || uri->port == at->port))
            return true;
    }
    return false;
}

static bool follow(struct phone *p, struct phone_leg *leg, struct text contact)
{
    const struct trunk *t = &p->trunks[leg->dial.trunk - 1];
    struct sip_address address;
    struct sip_uri_parts uri;
    struct address at;
    bool is_fit = sip_value_address(contact, &address) && sip_value_uri(address.uri, &uri) &&
                  text_equal_fold(sip_value_scheme(address.uri), TEXT("sip")) &&
                  is_same_number(leg, uri.user) && find_machine(t, &uri, &at);
    bool has_headers = is_fit && uri.params.n && memchr(uri.params.p, '?', uri.params.n);
    if (!is_fit || has_headers ||
        !text_keep(leg->dialog.target, sizeof(leg->dialog.target), &leg->dialog.target_n,
                   address.uri))
        return false;
    if (!address_equal(&leg->peer.at, &at)) /* another machine: a connection of its own */
        leg->peer.connection = 0;
    leg->peer.at = at;
    leg->dial.redirects_n++;
    return dial_again(p, leg);
}

bool dial_redirected(struct phone *p, struct phone_leg *leg)
{
    bool is_redirection = p->read.in.status >= 300 && p->read.in.status < 400;
    struct text value, one;
    unsigned n = 0;
    if (!is_redirection || !leg->dial.trunk || !p->trunks[leg->dial.trunk - 1].is.may_redirect ||
        leg->dial.redirects_n == REDIRECTS_MAX)
        return false;
    for (uint32_t i = 0; (value = sip_read_header(&p->read, SIP_HEADER_CONTACT, i)).p; i++)
        while (sip_value_next(&value, &one))
            if (n++ < CONTACTS_MAX && follow(p, leg, one))
                return true;
    return false;
}
