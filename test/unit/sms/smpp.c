/* smpp.c — tests of sms/ by SMPP, in clear and over TLS: who is believed and who is not, what is
 * told of each failure, gateways that are silent, hang up, or speak something else. The sender's
 * own thread, and a gateway of the test on loopback. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gsm/coding.h"
#include "gsm/message.h"
#include "sms/sms.h"
#include "sms/wire.h"
#include "test/support/papers.h"
#include "test/support/smsc.h"

#define ID UINT64_C(0x1234567890ABCDEF)
#define HOST "sip.operateur.example" /* of the papers */
#define ANSWER_MS ((ms_t)1000)

static struct papers *papers;

/* What the sender asks of the store: one message, and what became of it. */
struct box {
    _Atomic bool has_message;
    _Atomic uint32_t state, tries_n;
};

static int due(void *arg, ms_t now_at, outbox_fn *fn, void *fn_arg)
{
    struct box *b = arg;
    uint8_t septets[GSM_SEPTETS_MAX];
    struct journal_row row = {.kind = JOURNAL_ROW_SMS};
    size_t n;
    if (!atomic_load(&b->has_message) || atomic_load(&b->state) != GSM_QUEUED)
        return 0;
    row.sms.id = ID;
    row.sms.e164 = 33612345678;
    row.sms.until_at = now_at + 600000;
    row.sms.tries_n = (uint16_t)atomic_load(&b->tries_n);
    assert_true(gsm_septets(septets, sizeof(septets), &n, TEXT("Bonjour")));
    gsm_pack(row.sms.octets, septets, n);
    row.sms.n = (uint16_t)n;
    (void)fn(&row, fn_arg);
    return 0;
}

static int next_at(void *arg, ms_t *at)
{
    (void)arg;
    *at = MS_NEVER;
    return 0;
}

static int untold(void *arg, ms_t before_at, outbox_fn *fn, void *fn_arg)
{
    (void)arg, (void)before_at, (void)fn, (void)fn_arg;
    return 0;
}

static int look(void *arg, uint64_t id, uint8_t *state, uint16_t *tries_n)
{
    struct box *b = arg;
    *state = (uint8_t)atomic_load(&b->state);
    *tries_n = (uint16_t)atomic_load(&b->tries_n);
    return id == ID ? 0 : ENOENT;
}

static int find(void *arg, const char *remote, uint64_t *id)
{
    (void)arg, (void)remote, (void)id;
    return ENOENT;
}

struct house {
    struct smsc smsc;
    struct box box;
    struct outbox_port outbox;
    struct settings_sms settings;
    struct sms *sms;
    struct tls_context *shows;
    char authority[PAPERS_PATH];
};

/* shows: the certificate of the gateway, a file of the papers; NULL: it speaks no TLS. */
static void begin(struct house *h, const char *shows)
{
    *h = (struct house){.outbox = {&h->box, due, next_at, untold, look, find}};
    if (shows) {
        char name[PAPERS_PATH / 4], certificate[PAPERS_PATH], key[PAPERS_PATH];
        snprintf(name, sizeof(name), "%s.pem", shows);
        papers_path(papers, name, certificate);
        snprintf(name, sizeof(name), "%s.key", shows);
        const struct tls_args args = {.certificate = certificate,
                                      .key = papers_path(papers, name, key)};
        assert_int_equal(tls_context_open(&h->shows, &args), TLS_GOOD);
    }
    smsc_open(&h->smsc, h->shows);
    h->settings = (struct settings_sms){.driver = SETTINGS_SMS_DRIVER_SMPP,
                                        .sender = "38000",
                                        .system_id = "decroche",
                                        .rate = 1000,
                                        .window = 4,
                                        .answer_ms = ANSWER_MS,
                                        .tls = shows != NULL,
                                        .tls_name = HOST};
    snprintf(h->settings.address, sizeof(h->settings.address), "%s", h->smsc.address);
    papers_path(papers, "authority.pem", h->authority);
}

static void start(struct house *h)
{
    const struct sms_args args = {
        .settings = &h->settings, .secret = "mot", .authority = h->authority, .outbox = &h->outbox};
    assert_int_equal(sms_open(&h->sms, &args), 0);
}

static void end(struct house *h)
{
    sms_drop(h->sms);
    smsc_drop(&h->smsc);
    tls_context_drop(h->shows);
}

/* Main's part: what the sender tells is written. True: something was. */
static bool note(struct house *h)
{
    const struct sms_news *news = sms_news(h->sms);
    if (!news)
        return false;
    atomic_store(&h->box.tries_n, news->row.sms.tries_n);
    atomic_store(&h->box.state, news->row.sms.state);
    sms_done(h->sms);
    sms_wake(h->sms);
    return true;
}

static void assert_goes(struct house *h)
{
    atomic_store(&h->box.has_message, true);
    sms_wake(h->sms);
    smsc_until(&h->smsc, note(h));
    assert_int_equal(atomic_load(&h->box.state), GSM_SENT);
    assert_int_equal(h->smsc.reference, (uint16_t)ID);
    assert_true(sms_totals(h->sms).is_up);
    assert_int_equal(sms_totals(h->sms).fault, GSM_FAULT_NONE);
}

/* ---- */

static void a_message_goes_in_clear_and_over_tls_alike(void **state)
{
    (void)state;
    static const char *const shows[] = {NULL, "house"};
    for (unsigned i = 0; i < ARRAY_LEN(shows); i++) {
        struct house h;
        begin(&h, shows[i]);
        start(&h);
        assert_goes(&h);
        assert_true((h.smsc.link != NULL) == (shows[i] != NULL));
        assert_int_equal(h.smsc.comes_n, 1);
        end(&h);
    }
}

static void who_is_not_believed_is_told_no_password_and_its_fault_has_a_name(void **state)
{
    (void)state;
    static const struct {
        const char *shows, *name, *authority;
        enum gsm_fault fault;
    } cases[] = {
        {"old", HOST, "authority.pem", GSM_FAULT_EXPIRED},
        {"new", HOST, "authority.pem", GSM_FAULT_EARLY},
        {"other", HOST, "authority.pem", GSM_FAULT_NAME},
        {"house", "", "authority.pem", GSM_FAULT_NAME}, /* the host: an address */
        {"self", HOST, "authority.pem", GSM_FAULT_AUTHORITY},
        {"house", HOST, NULL, GSM_FAULT_AUTHORITY}, /* the machine knows no test authority */
        {"house", HOST, "none.pem", GSM_FAULT_FILE},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct house h;
        begin(&h, cases[i].shows);
        snprintf(h.settings.tls_name, sizeof(h.settings.tls_name), "%s", cases[i].name);
        h.authority[0] = '\0';
        if (cases[i].authority)
            papers_path(papers, cases[i].authority, h.authority);
        start(&h);
        smsc_until(&h.smsc, sms_totals(h.sms).fault != GSM_FAULT_NONE);
        smsc_turn(&h.smsc);
        assert_int_equal(sms_totals(h.sms).fault, cases[i].fault);
        assert_int_equal(h.smsc.binds_n, 0);
        assert_false(sms_totals(h.sms).is_up);
        end(&h);
    }
}

static void a_pinned_gateway_is_believed_for_itself_and_no_other_is(void **state)
{
    (void)state;
    static const char *const shows[] = {"self", "house"};
    struct tls_look pinned;
    char path[PAPERS_PATH];
    assert_true(tls_look(&pinned, papers_path(papers, "self.pem", path)));
    for (unsigned i = 0; i < ARRAY_LEN(shows); i++) {
        struct house h;
        begin(&h, shows[i]);
        for (unsigned k = 0; k < TLS_PIN_BYTES; k++)
            snprintf(h.settings.tls_pin + 2 * k, 3, "%02x", pinned.pin[k]);
        start(&h);
        if (i == 0) {
            assert_goes(&h);
        } else {
            smsc_until(&h.smsc, sms_totals(h.sms).fault == GSM_FAULT_PIN);
            assert_int_equal(h.smsc.binds_n, 0);
        }
        end(&h);
    }
}

static void what_answers_without_tls_is_told_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
    } answers[] = {
        {"\0\0\0\020\200\0\0\025\0\0\0\0\0\0\0\001", 16}, /* SMPP: enquire_link_resp */
        {"\025\003\001\0\002\002\106", 7}, /* protocol_version: TLS, but before 1.2 */
    };
    for (unsigned i = 0; i < ARRAY_LEN(answers); i++) {
        struct house h;
        begin(&h, NULL);
        h.settings.tls = true;
        start(&h);
        smsc_until(&h.smsc, h.smsc.in_n > 0);
        assert_int_equal(h.smsc.in[0], 0x16); /* a handshake, RFC 8446 §5.1 */
        smsc_say(&h.smsc, answers[i].bytes, answers[i].n);
        smsc_until(&h.smsc, sms_totals(h.sms).fault == GSM_FAULT_NO_TLS);
        assert_int_equal(h.smsc.binds_n, 0);
        end(&h);
    }
}

static void a_gateway_that_says_nothing_is_left_and_tried_again(void **state)
{
    (void)state;
    struct house h;
    begin(&h, NULL);
    h.settings.tls = true; /* the other end takes the connection, and no more */
    start(&h);
    smsc_until(&h.smsc, sms_totals(h.sms).fault == GSM_FAULT_SILENT);
    assert_int_equal(h.smsc.comes_n, 1);
    smsc_until(&h.smsc, h.smsc.comes_n == 2);
    smsc_hang_up(&h.smsc); /* in the middle of the handshake */
    smsc_until(&h.smsc, sms_totals(h.sms).fault == GSM_FAULT_CLOSED);
    end(&h);
}

static void a_name_that_the_gateway_does_not_know_is_said_so(void **state)
{
    (void)state;
    struct house h;
    begin(&h, "house");
    h.smsc.bind_status = 0x0E;
    start(&h);
    smsc_until(&h.smsc, sms_totals(h.sms).fault == GSM_FAULT_BIND);
    assert_int_equal(h.smsc.binds_n, 1);
    end(&h);
}

static void a_gateway_that_closes_in_the_middle_gets_the_message_again_under_its_name(void **state)
{
    (void)state;
    struct house h;
    begin(&h, "house");
    h.smsc.is_mute = true;
    start(&h);
    atomic_store(&h.box.has_message, true);
    sms_wake(h.sms);
    smsc_until(&h.smsc, h.smsc.submits_n == 1);
    smsc_hang_up(&h.smsc);
    h.smsc.reference = 0;
    smsc_until(&h.smsc, note(&h));
    assert_int_equal(atomic_load(&h.box.state), GSM_QUEUED);
    assert_int_equal(atomic_load(&h.box.tries_n), 1);
    assert_false(sms_totals(h.sms).is_up);
    assert_int_equal(sms_totals(h.sms).fault, GSM_FAULT_CLOSED);
    h.smsc.is_mute = false;
    assert_goes(&h);
    assert_int_equal(h.smsc.comes_n, 2);
    end(&h);
}

static void an_address_that_leads_nowhere_is_a_fault_with_a_name(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum gsm_fault fault;
    } cases[] = {{"sms.invalid.:2775", GSM_FAULT_NO_NAME}, /* RFC 6761 §6.4 */
                 {"[]:2775", GSM_FAULT_NO_NAME},
                 {"operateur", GSM_FAULT_NO_NAME}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct wire w;
        wire_init(&w);
        assert_false(wire_open(&w, &(struct wire_args){.address = cases[i].address}));
        assert_int_equal(w.fault, cases[i].fault);
        assert_int_equal(w.fd, -1);
        wire_close(&w);
    }
}

static void every_fault_has_a_name_and_words(void **state)
{
    (void)state;
    for (unsigned i = 1; i < GSM_FAULTS; i++) {
        const enum gsm_fault fault = (enum gsm_fault)i;
        assert_true(*gsm_fault_name(fault) && *gsm_fault_words(fault));
        assert_true(*gsm_fault_english(fault) && *gsm_fault_cure(fault));
    }
    assert_string_equal(gsm_fault_name(GSM_FAULT_NONE), "none");
}

static int make_papers(void **state)
{
    (void)state;
    static const struct papers_wish wishes[] = {
        {"house", HOST, 0, 90, false, 0},
        {"new", HOST, 2, 90, false, 0}, /* not valid yet */
        {"other", "sip.autre.example", 0, 90, false, 0},
        {"old", HOST, -10, -1, false, 0},
        {"self", HOST, 0, 90, true, 0},
    };
    papers = papers_open();
    for (unsigned i = 0; i < ARRAY_LEN(wishes); i++)
        papers_make(papers, &wishes[i]);
    return 0;
}

static int drop_papers(void **state)
{
    (void)state;
    papers_drop(papers);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_goes_in_clear_and_over_tls_alike),
        cmocka_unit_test(who_is_not_believed_is_told_no_password_and_its_fault_has_a_name),
        cmocka_unit_test(a_pinned_gateway_is_believed_for_itself_and_no_other_is),
        cmocka_unit_test(what_answers_without_tls_is_told_nothing),
        cmocka_unit_test(a_gateway_that_says_nothing_is_left_and_tried_again),
        cmocka_unit_test(a_name_that_the_gateway_does_not_know_is_said_so),
        cmocka_unit_test(a_gateway_that_closes_in_the_middle_gets_the_message_again_under_its_name),
        cmocka_unit_test(an_address_that_leads_nowhere_is_a_fault_with_a_name),
        cmocka_unit_test(every_fault_has_a_name_and_words),
    };
    return cmocka_run_group_tests(tests, make_papers, drop_papers);
}
