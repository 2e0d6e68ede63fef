/* pages_oidc_flow.h — one sign-in at the provider: its three words, made of a secret that this
 * browser alone keeps and of the key of this process, so that nothing is remembered here; and the
 * cookies. Included by app/pages_oidc*.c only. Pure. */
#ifndef APP_PAGES_OIDC_FLOW_H
#define APP_PAGES_OIDC_FLOW_H

#include "app/accounts.h"

void flow_make(struct oidc_flow *flow, const struct accounts *a,
               const char secret[SESSION_SECRET_BYTES], ms_t begun_at);
/* That of the cookie, when the state of the query is its own: OIDC_FINE, OIDC_NO_COOKIE, OIDC_LATE
 * or OIDC_BAD_STATE. */
enum oidc_why flow_read(struct oidc_flow *flow, const struct accounts *a,
                        const struct pages_request *request);
/* SHA-256 of issuer, LF, sub. */
void flow_subject(uint8_t to[SESSION_HASH_BYTES], const struct accounts *a, const char *subject);

/* Ten minutes; SameSite=Lax, for the way back comes from another site. */
void flow_cookie(char to[PAGES_COOKIE_BYTES], enum accounts_way way,
                 const char secret[SESSION_SECRET_BYTES], ms_t begun_at);
void flow_cookie_end(char *to, enum accounts_way way);
/* The provider's token, for the sign-out and sent with nothing else; "": it ends. */
void flow_cookie_token(char *to, enum accounts_way way, const char *token);
/* False: there is none. */
MUST_CHECK bool flow_token(struct text *token, const struct pages_browser *browser);

#endif
