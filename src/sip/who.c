/* who.c — see who.h. Called by phone/. Cost: a walk over the headers. Invariant: what a caller
 * withholds is never said, whatever other header names it. */
#include "sip/who.h"

static struct text user_of_uri(struct text uri)
{
    struct sip_uri_parts parts;
    struct text scheme = sip_value_scheme(uri), user = TEXT_NONE;
    if (text_equal_fold(scheme, TEXT("tel"))) /* RFC 3966 */
        user = text_after(uri, scheme.n + 1);
    else if (sip_value_uri(uri, &parts))
        user = parts.user;
    return text_cut(&user, ';');
}

struct text sip_who_is(struct text value)
{
    struct sip_address address;
    return sip_value_address(value, &address) ? user_of_uri(address.uri) : TEXT_NONE;
}

/* ---- whom ------------------------------------------------------------------------------------
 */

struct list {
    struct text *users;
    uint32_t n;
};

static void add(struct list *l, struct text user)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (text_equal(l->users[i], user))
            return;
    if (user.n && l->n < SIP_WHO_CALLED_MAX)
        l->users[l->n++] = user;
}

static void add_all(struct list *l, const struct sip_read *invite, enum sip_header_id id)
{
    struct text rest, one;
    for (uint32_t i = 0; (rest = sip_read_header(invite, id, i)).p; i++)
        while (sip_value_next(&rest, &one))
            add(l, sip_who_is(one));
}

uint32_t sip_who_called(const struct sip_read *invite, struct text called[SIP_WHO_CALLED_MAX])
{
    struct list l = {.users = called};
    add(&l, user_of_uri(invite->in.request_uri));
    add(&l, sip_who_is(invite->in.to));
    add_all(&l, invite, SIP_HEADER_DIVERSION);
    add_all(&l, invite, SIP_HEADER_HISTORY_INFO);
    return l.n;
}

/* ---- who -------------------------------------------------------------------------------------
 */

static bool is_withheld(const struct sip_read *invite, struct text user)
{
    struct text rest;
    for (uint32_t i = 0; (rest = sip_read_header(invite, SIP_HEADER_PRIVACY, i)).p; i++)
        while (rest.n) {
            struct text one = text_trim(text_cut(&rest, ';'));
            if (text_equal_fold(one, TEXT("id")) || text_equal_fold(one, TEXT("user")))
                return true;
        }
    return !user.n || text_equal_fold(user, TEXT("anonymous"));
}

struct text sip_who_calls(const struct sip_read *invite, bool is_trusted)
{
    struct text user = sip_who_is(invite->in.from), rest, one;
    if (is_withheld(invite, user))
        return TEXT_NONE;
    for (uint32_t i = 0;
         is_trusted && (rest = sip_read_header(invite, SIP_HEADER_P_ASSERTED_IDENTITY, i)).p; i++)
        while (sip_value_next(&rest, &one))
            if (sip_who_is(one).n)
                return sip_who_is(one);
    return user;
}
