/* provider.c — tests of oidc/: what a provider says of itself, the addresses to which browsers are
 * sent, what is posted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/provider.h"

#define ISSUER "https://idp.example"
#define WELL                                                                                       \
    "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https:\\/\\/idp.example\\/auth\","    \
    "\"token_endpoint\":\"https://idp.example/token\",\"jwks_uri\":\"https://idp.example/"         \
    "jwks\"%s}"

static const struct oidc_client client = {.issuer = ISSUER,
                                          .client_id = "d & c",
                                          .secret = "s=c/r+t",
                                          .redirect =
                                              "https://accueil.example/connexion/oidc/retour",
                                          .scope = "openid email",
                                          .acr_values = "eidas1",
                                          .has_pkce = true};
static const struct oidc_flow flow = {.state = "state0",
                                      .nonce = "nonce0",
                                      .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"};

static bool read_well(struct oidc_provider *p, const char *more, const char *issuer)
{
    char text[2048];
    snprintf(text, sizeof(text), WELL, more);
    memset(p, 0, sizeof(*p));
    return oidc_provider_read(p, text_of(text), issuer);
}

static void a_provider_is_believed_over_tls_alone(void **state)
{
    (void)state;
    struct oidc_provider p;
    assert_true(read_well(&p, "", ISSUER));
    assert_string_equal(p.authorize, "https://idp.example/auth");
    assert_string_equal(p.userinfo, "");
    assert_true(read_well(&p,
                          ",\"userinfo_endpoint\":\"https://idp.example/me\","
                          "\"end_session_endpoint\":\"http://idp.example/end\"",
                          ISSUER));
    assert_string_equal(p.userinfo, "https://idp.example/me");
    assert_string_equal(p.leave, ""); /* in the clear: as if it were not there */
    assert_false(read_well(&p, "", "https://idp.example/"));
    assert_false(read_well(&p, "", "https://other.example"));
    static const char *const wrong[] = {
        "{}",
        "",
        "{\"issuer\":\"" ISSUER "\"}",
        "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"http://idp.example/a\","
        "\"token_endpoint\":\"https://idp.example/t\",\"jwks_uri\":\"https://idp.example/j\"}",
        "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://idp.example/a\","
        "\"token_endpoint\":\"http://127.0.0.1/t\",\"jwks_uri\":\"https://idp.example/j\"}",
        "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://idp.example/a b\","
        "\"token_endpoint\":\"https://idp.example/t\",\"jwks_uri\":\"https://idp.example/j\"}",
        "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"javascript:alert(1)\","
        "\"token_endpoint\":\"https://idp.example/t\",\"jwks_uri\":\"https://idp.example/j\"}"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(oidc_provider_read(&p, text_of(wrong[i]), ISSUER));
}

static void only_one_on_this_machine_may_speak_in_the_clear(void **state)
{
    (void)state;
    struct oidc_provider p;
    char text[512];
    static const struct {
        const char *issuer;
        bool is_good;
    } cases[] = {{"http://127.0.0.1:9010", true},
                 {"http://localhost:9010", true},
                 {"http://localhost", true},
                 {"http://127.0.0.1.evil.example", false},
                 {"http://localhost.evil.example", false},
                 {"http://idp.example", false}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        snprintf(text, sizeof(text),
                 "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/a\",\"token_endpoint\":"
                 "\"%s/t\",\"jwks_uri\":\"%s/j\"}",
                 cases[i].issuer, cases[i].issuer, cases[i].issuer, cases[i].issuer);
        assert_int_equal(oidc_provider_read(&p, text_of(text), cases[i].issuer), cases[i].is_good);
    }
}

static void the_address_has_what_the_provider_wants_and_no_more(void **state)
{
    (void)state;
    struct oidc_provider p;
    struct oidc_client plain = client;
    char url[OIDC_URL_BYTES];
    assert_true(read_well(&p, "", ISSUER));
    assert_true(oidc_put_authorize(url, &p, &client, &flow));
    assert_string_equal(
        url, "https://idp.example/auth?response_type=code&client_id=d%20%26%20c&redirect_uri="
             "https%3a%2f%2faccueil.example%2fconnexion%2foidc%2fretour&scope=openid%20email&"
             "state=state0&nonce=nonce0&acr_values=eidas1&code_challenge="
             "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
    plain.has_pkce = false;
    plain.acr_values = "";
    assert_true(oidc_put_authorize(url, &p, &plain, &flow));
    assert_null(strstr(url, "code_challenge"));
    assert_null(strstr(url, "acr_values"));
    memcpy(p.authorize, "https://idp.example/auth?k=1", 29);
    assert_true(oidc_put_authorize(url, &p, &plain, &flow));
    assert_non_null(strstr(url, "/auth?k=1&response_type=code"));
}

static void a_code_is_redeemed_with_the_secret_in_the_body(void **state)
{
    (void)state;
    struct oidc_client plain = client;
    char form[OIDC_FORM_BYTES];
    assert_true(oidc_put_redeem(form, &client, &flow, TEXT("c&d=1")));
    assert_string_equal(form, "grant_type=authorization_code&code=c%26d%3d1&redirect_uri=https%3a"
                              "%2f%2faccueil.example%2fconnexion%2foidc%2fretour&client_id=d%20%26"
                              "%20c&client_secret=s%3dc%2fr%2bt&code_verifier="
                              "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    plain.has_pkce = false;
    assert_true(oidc_put_redeem(form, &plain, &flow, TEXT("c")));
    assert_null(strstr(form, "code_verifier"));
}

static bool put_leave(char *url, const struct oidc_provider *p, struct text id_token)
{
    return oidc_put_leave(url, p, &client, &(struct oidc_leaving){"state0", id_token});
}

static void a_sign_out_comes_back_to_the_page_of_sign_in(void **state)
{
    (void)state;
    struct oidc_provider p;
    char url[OIDC_URL_BYTES];
    static char huge[OIDC_URL_BYTES];
    assert_true(read_well(&p, ",\"end_session_endpoint\":\"https://idp.example/end\"", ISSUER));
    assert_true(put_leave(url, &p, TEXT("a.b.c")));
    assert_string_equal(url, "https://idp.example/end?id_token_hint=a.b.c&state=state0&"
                             "post_logout_redirect_uri=https%3a%2f%2faccueil.example%2fconnexion");
    assert_false(put_leave(url, &p, TEXT_NONE));
    memset(huge, 'a', sizeof(huge));
    assert_false(put_leave(url, &p, (struct text){huge, sizeof(huge)}));
    p.leave[0] = '\0';
    assert_false(put_leave(url, &p, TEXT("a.b.c")));
}

static void discovery_stands_behind_the_issuer(void **state)
{
    (void)state;
    char to[OIDC_ADDRESS_BYTES], huge[OIDC_ADDRESS_BYTES + 1];
    assert_true(oidc_provider_address(to, "https://idp.example/api/v2"));
    assert_string_equal(to, "https://idp.example/api/v2/.well-known/openid-configuration");
    assert_true(oidc_provider_address(to, "https://idp.example/api/v2/"));
    assert_string_equal(to, "https://idp.example/api/v2/.well-known/openid-configuration");
    memset(huge, 'a', sizeof(huge));
    huge[OIDC_ADDRESS_BYTES] = '\0';
    assert_false(oidc_provider_address(to, huge));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_provider_is_believed_over_tls_alone),
        cmocka_unit_test(only_one_on_this_machine_may_speak_in_the_clear),
        cmocka_unit_test(the_address_has_what_the_provider_wants_and_no_more),
        cmocka_unit_test(a_code_is_redeemed_with_the_secret_in_the_body),
        cmocka_unit_test(a_sign_out_comes_back_to_the_page_of_sign_in),
        cmocka_unit_test(discovery_stands_behind_the_issuer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
