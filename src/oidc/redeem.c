/* redeem.c — see redeem.h. Invariant: nothing of a token is used before its signature is good. */
#include <string.h>

#include "base/json_read.h"
#include "oidc/redeem.h"

/* ---- the provider as it is known ---------------------------------------------------------- */

static bool ask(struct oidc_house *h, const char *url)
{
    return oidc_fetch(&h->fetch, url, NULL, NULL) && h->fetch.status == 200;
}

static bool ask_all(struct oidc_house *h)
{
    char address[OIDC_ADDRESS_BYTES];
    struct oidc_provider provider = {.authorize = ""};
    if (!oidc_provider_address(address, h->args.client.issuer) || !ask(h, address) ||
        !oidc_provider_read(&provider, oidc_fetch_body(&h->fetch), h->args.client.issuer) ||
        !ask(h, provider.keys) || !oidc_keys_read(&h->keys, oidc_fetch_body(&h->fetch)))
        return false;
    h->provider = provider;
    return true;
}

static void note(struct oidc_house *h, bool is_up, const char *what)
{
    if (atomic_exchange(&h->is_up, is_up) == is_up)
        return;
    if (is_up)
        os_log_line(h->args.log, OS_LOG_INFO, "oidc: the provider answers");
    else
        os_log_line(h->args.log, OS_LOG_ALARM,
                    "oidc: the provider does not answer; people sign in by their password\twhat=%s",
                    what);
}

void oidc_house_discover(struct oidc_house *h, ms_t now_ms)
{
    if (h->is_known || now_ms < h->ask_ms)
        return;
    h->is_known = ask_all(h);
    note(h, h->is_known, "discovery");
    if (h->is_known)
        return;
    h->ask_ms = now_ms + h->retry_ms;
    h->retry_ms = 2 * h->retry_ms < OIDC_RETRY_MS_MAX ? 2 * h->retry_ms : OIDC_RETRY_MS_MAX;
}

/* Keys turn; whoever sends us tokens of keys that never were may not make us ask all day. */
static bool ask_anew(struct oidc_house *h)
{
    ms_t now_ms = os_clock_boot_ms();
    if (now_ms < h->anew_ms)
        return false;
    h->anew_ms = now_ms + OIDC_ANEW_MS;
    os_log_line(h->args.log, OS_LOG_INFO, "oidc: a key is not known: the provider is asked anew");
    return ask_all(h);
}

/* ---- a code redeemed ---------------------------------------------------------------------- */

static enum oidc_why verify(struct oidc_house *h, struct text token)
{
    enum oidc_why why = oidc_jwt_read(&h->jwt, token, h->args.algorithms);
    if (why)
        return why;
    why = oidc_keys_verify(&h->keys, &h->jwt);
    if (why == OIDC_UNKNOWN_KEY && ask_anew(h))
        why = oidc_keys_verify(&h->keys, &h->jwt);
    return why;
}

static enum oidc_why ask_tokens(struct oidc_house *h, const struct oidc_flow *flow,
                                struct text code, struct text *answer)
{
    char form[OIDC_FORM_BYTES];
    if (!oidc_put_redeem(form, &h->args.client, flow, code))
        return OIDC_BAD_ANSWER;
    bool is_answered = oidc_fetch(&h->fetch, h->provider.token, form, NULL);
    explicit_bzero(form, sizeof(form));
    note(h, is_answered && h->fetch.status < 500, "token");
    if (!is_answered || h->fetch.status >= 500)
        return h->fetch.is_long ? OIDC_BAD_ANSWER : OIDC_DOWN;
    if (h->fetch.status != 200)
        return OIDC_CODE_REFUSED;
    memcpy(h->answer, h->fetch.body, h->fetch.body_n);
    *answer = (struct text){h->answer, h->fetch.body_n};
    return OIDC_FINE;
}

static struct oidc_wanted wanted(const struct oidc_house *h, const struct oidc_flow *flow)
{
    const struct oidc_client *c = &h->args.client;
    return (struct oidc_wanted){.issuer = c->issuer,
                                .client_id = c->client_id,
                                .nonce = flow->nonce,
                                .acr_values = c->acr_values,
                                .now_s = h->args.wall_at() / 1000};
}

/* Userinfo: plain JSON, or a signed token; its mail goes before that of the id_token. */
static enum oidc_why ask_userinfo(struct oidc_house *h, struct oidc_told *told,
                                  const struct oidc_wanted *w, const char *access)
{
    char mail[OIDC_MAIL_BYTES];
    bool is_answered = oidc_fetch(&h->fetch, h->provider.userinfo, NULL, access);
    struct text said = oidc_fetch_body(&h->fetch);
    if (!is_answered)
        return h->fetch.is_long ? OIDC_BAD_ANSWER : OIDC_DOWN;
    if (h->fetch.status != 200)
        return OIDC_BAD_ANSWER;
    if (h->fetch.is_jwt) {
        memcpy(h->answer, said.p, said.n); /* keys that are asked for anew would take its place */
        enum oidc_why why = verify(h, text_trim((struct text){h->answer, said.n}));
        if (why)
            return why;
        said = oidc_jwt_payload(&h->jwt);
    }
    enum oidc_why why = oidc_claims_userinfo(said, w, told->subject);
    oidc_claims_mail(mail, said);
    if (!why && mail[0])
        memcpy(told->mail, mail, sizeof(mail));
    return why;
}

static enum oidc_why check_id_token(struct oidc_house *h, struct oidc_told *told,
                                    const struct oidc_wanted *w, struct text token)
{
    enum oidc_why why = verify(h, token);
    struct text payload = oidc_jwt_payload(&h->jwt);
    if (!why)
        why = oidc_claims_check(payload, w);
    if (why)
        return why;
    if (token.n < sizeof(told->id_token))
        memcpy(told->id_token, token.p, token.n);
    oidc_claims_mail(told->mail, payload);
    return oidc_claims_subject(told->subject, payload) ? OIDC_FINE : OIDC_BAD_SUBJECT;
}

enum oidc_why oidc_house_redeem(struct oidc_house *h, struct oidc_told *told,
                                const struct oidc_flow *flow, struct text code)
{
    char access[OIDC_ACCESS_BYTES], type[16];
    struct text answer, token;
    const struct oidc_wanted w = wanted(h, flow);
    if (!h->is_known)
        return OIDC_DOWN;
    enum oidc_why why = ask_tokens(h, flow, code, &answer);
    if (why)
        return why;
    if (!json_find_plain(&token, answer, "id_token") ||
        !oidc_json_text(type, sizeof(type), answer, "token_type") ||
        !text_equal_fold(text_of(type), TEXT("Bearer")) ||
        !oidc_json_text(access, sizeof(access), answer, "access_token"))
        return OIDC_BAD_ANSWER;
    why = check_id_token(h, told, &w, token);
    if (!why && h->provider.userinfo[0])
        why = ask_userinfo(h, told, &w, access);
    explicit_bzero(access, sizeof(access));
    explicit_bzero(h->answer, sizeof(h->answer));
    return why;
}
