/* sip_mask.c — messages without their secrets: a table of lines, and whole messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "view/sip_mask.h"

static char page[4096];

static const char *masked(void (*mask)(struct text_out *out, struct text t), const char *text)
{
    struct text_out out = {.p = page, .max = sizeof(page) - 1};
    mask(&out, text_of(text));
    assert_false(out.is_cut);
    page[out.n] = '\0';
    return page;
}

static void the_last_four_digits_of_numbers_are_hidden_and_nothing_else(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"<sip:0612345678@192.0.2.1:5060>", "<sip:061234••••@192.0.2.1:5060>"},
        {"sip:+33612345678@[2001:db8::1]", "sip:+3361234••••@[2001:db8::1]"},
        {"<tel:+33-6-12-34-56-78;phone-context=x>", "<tel:+33-6-12-34-••-••;phone-context=x>"},
        {"\"06 12 34 56 78\" <sip:112@a>", "\"06 12 34 •• ••\" <sip:112@a>"},
        {"06.12.34.56.78 <sip:a@b>", "06.12.34.••.•• <sip:a@b>"},
        {"033.612.345.678", "033.612.34•.•••"}, /* four parts, but no address */
        {"sip:(0)6%2012%2D345678@b", "sip:(0)6%2012%2D34••••@b"},
        {"sip:%30%36%31%32%33%34%35@b", "sip:%30%36%31••••@b"},
        {"sip:3939@b sip:116000@b", "sip:3939@b sip:116000@b"},
        {"<sip:anne:s3cret;x=1@b:5060>", "<sip:anne:(masqué)@b:5060>"},
        {"SIPS:0536491234:1234@b", "SIPS:053649••••:(masqué)@b"},
        {"sip:anne:s3cre", "sip:anne:(masqué)"}, /* cut off */
        {"sip:b:5060", "sip:b:5060"},
        {"<sip:b:5060>, <sip:c@d>", "<sip:b:5060>, <sip:c@d>"},
        {"sip:1234567@b", "sip:123••••@b"}, /* the shortest that is masked */
        {"sip:123456@b", "sip:123456@b"},
        {"SIP/2.0/UDP 192.168.100.200:5060;received=10.20.30.40",
         "SIP/2.0/UDP 192.168.100.200:5060;received=10.20.30.40"},
        {"tel:", "tel:"},
        {"%", "%"},
        {"7%", "7%"},
        {"", ""},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(masked(view_mask_numbers, rows[i][0]), rows[i][1]);
}

static void of_digests_and_unknown_headers_nothing_is_shown(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Authorization: Digest username=\"a\", response=\"6629\", nonce=\"dcd9\", cnonce=\"0a4f\"",
         "Authorization: (masqué)"},
        {"Proxy-Authorization: Digest response=\"6629\"", "Proxy-Authorization: (masqué)"},
        {"WWW-Authenticate: Digest nonce=\"dcd9\"", "WWW-Authenticate: (masqué)"},
        {"proxy-authenticate :Digest nonce=\"dcd9\"", "proxy-authenticate: (masqué)"},
        {"X-Caller: 0612345678", "X-Caller: (masqué)"},
        {"Identity: eyJhbGciOi", "Identity: (masqué)"},
        {"from: <sip:0612345678@a>;tag=x", "from: <sip:061234••••@a>;tag=x"},
        {"P-Asserted-Identity: <tel:+33612345678>", "P-Asserted-Identity: <tel:+3361234••••>"},
        {"CSeq: 1 INVITE", "CSeq: 1 INVITE"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        char message[512], wanted[512];
        snprintf(message, sizeof(message), "SIP/2.0 200 OK\r\n%s\r\nTo: a\r\n\r\n", rows[i][0]);
        snprintf(wanted, sizeof(wanted), "SIP/2.0 200 OK\n%s\nTo: a\n", rows[i][1]);
        assert_string_equal(masked(view_mask_message, message), wanted);
    }
}

static void folded_lines_follow_the_header_that_they_belong_to(void **state)
{
    (void)state;
    assert_string_equal(masked(view_mask_message, "BYE sip:a SIP/2.0\r\n"
                                                  "Authorization: Digest a=1,\r\n"
                                                  " response=\"6629\"\r\n"
                                                  "To: <sip:a>\r\n"
                                                  "\t;tag=0612345678\r\n\r\n"),
                        "BYE sip:a SIP/2.0\nAuthorization: (masqué)\n (masqué)\n"
                        "To: <sip:a>\n\t;tag=061234••••\n");
}

static void keys_and_foreign_bodies_are_hidden_a_description_is_not(void **state)
{
    (void)state;
    assert_string_equal(masked(view_mask_message,
                               "INFO sip:a SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\n"
                               "Signal=5\r\nDuration=160\r\n"),
                        "INFO sip:a SIP/2.0\nContent-Type: application/dtmf-relay\n\n"
                        "(corps masqué, 24 octets)\n");
    assert_string_equal(
        masked(view_mask_message,
               "INVITE sip:0800123456@a SIP/2.0\n\n"
               "v=0\r\no=- 37 37 IN IP4 192.0.2.1\r\ns=0612345678\r\nk=clear:secret\r\n"
               "m=audio 20000 RTP/AVP 8 0 18 9 101 96\r\na=crypto:1 AES inline:secret\r\n"
               "a=ice-pwd:secret\r\na=sendrecv\r\n"),
        "INVITE sip:080012••••@a SIP/2.0\n\n"
        "v=0\no=- 37 37 IN IP4 192.0.2.1\ns=061234••••\nk=(masqué)\n"
        "m=audio 20000 RTP/AVP 8 0 18 9 101 96\na=crypto:(masqué)\na=ice-pwd:(masqué)\n"
        "a=sendrecv\n");
}

/* Whatever the bytes: no run of digits that is long enough keeps its last four. */
static void no_cut_of_a_message_shows_a_whole_number(void **state)
{
    (void)state;
    static const char message[] =
        "INVITE sip:0800123456@a SIP/2.0\r\nFrom: \"06 12 34 56 78\" <sip:"
        "0612345678@b>\r\nAuthorization: Digest response=\"x\"\r\n\r\n"
        "v=0\r\ns=0612345678\r\n";
    for (size_t n = 0; n < sizeof(message); n++) {
        struct text_out out = {.p = page, .max = sizeof(page) - 1};
        view_mask_message(&out, (struct text){message, n});
        page[out.n] = '\0';
        assert_null(strstr(page, "123456"));
        assert_null(strstr(page, "12345678"));
        assert_null(strstr(page, "response"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_four_digits_of_numbers_are_hidden_and_nothing_else),
        cmocka_unit_test(of_digests_and_unknown_headers_nothing_is_shown),
        cmocka_unit_test(folded_lines_follow_the_header_that_they_belong_to),
        cmocka_unit_test(keys_and_foreign_bodies_are_hidden_a_description_is_not),
        cmocka_unit_test(no_cut_of_a_message_shows_a_whole_number),
    };
    return cmocka_run_group_tests_name("view/sip_mask", tests, NULL, NULL);
}
