/* leg_killers.c — messages that have killed others: each gets its answer or none, leaves nothing
 * behind, and the call after it is answered as if nothing had been. */
#include "test/support/exchange_look.h"

#define LONG_N 4000
#define LONGEST_N 65507 /* that a datagram can be */

/* A message that grows. */
struct letter {
    char bytes[LONGEST_N + 1];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void put(struct letter *l, const char *form, ...)
{
    va_list args;
    va_start(args, form);
    int n = vsnprintf(l->bytes + l->n, sizeof(l->bytes) - l->n, form, args);
    va_end(args);
    assert_true(n >= 0 && l->n + (size_t)n < sizeof(l->bytes));
    l->n += (size_t)n;
}

static void put_many(struct letter *l, char c, size_t n)
{
    assert_true(l->n + n < sizeof(l->bytes));
    memset(l->bytes + l->n, c, n);
    l->n += n;
    l->bytes[l->n] = '\0';
}

/* What differs from a sound INVITE; NULL: nothing. */
struct fault {
    const char *via, *from_tag, *cseq, *lines, *type, *body;
};

static void write_invite(struct letter *l, const struct peer *p, const struct fault *f)
{
    const char *body = f->body ? f->body : SDP;
    static unsigned n;
    l->n = 0;
    n++;
    put(l, "INVITE sip:0536490010@h SIP/2.0\r\n%s", f->via ? f->via : "");
    if (!f->via)
        put(l, "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK-killer-%u;rport\r\n", p->ip, peer_port(p), n);
    put(l, "From: <sip:0536491234@h>;tag=%s\r\nTo: <sip:0536490010@h>\r\nCall-ID: killer%u\r\n",
        f->from_tag ? f->from_tag : "theirs", n);
    put(l, "CSeq: %s\r\nContact: <sip:c@%s:%u>\r\n%sContent-Type: %s\r\n",
        f->cseq ? f->cseq : "1 INVITE", p->ip, peer_port(p), f->lines ? f->lines : "",
        f->type ? f->type : "application/sdp");
    put(l, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
}

static void send_letter(struct peer *p, const struct letter *l)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(phone_bound(p->x->phone))};
    assert_int_equal(inet_pton(AF_INET, AT_HOME, &to.sin_addr), 1);
    assert_int_equal(sendto(p->fd, l->bytes, l->n, 0, (struct sockaddr *)&to, sizeof(to)), l->n);
    turn(p->x);
}

/* A sound call still comes through, and nothing of what was before is left. */
static void it_lives(struct peer *p)
{
    struct exchange *x = p->x;
    peer_ignore(p);
    pass(x, ALL_TIMERS_MS);
    assert_int_equal(phone_totals(x->phone).legs_n, 0);
    assert_int_equal(phone_totals(x->phone).transactions_n, 0);
    assert_int_equal(phone_totals(x->phone).broken_n, 0);
    assert_int_equal(x->streams_n, 0);
    peer_ignore(p);
    peer_again(p);
    peer_invite(p);
    peer_expect(p, "SIP/2.0 100");
    x->port.answer(x->port.arg, last(x)->leg_id);
    peer_expect(p, "SIP/2.0 200");
    peer_ack(p);
    peer_new(p, "BYE", "");
    peer_expect(p, "SIP/2.0 200");
}

#define ARRIVES "SIP/2.0 100"

/* Its final answer; ARRIVES: the app is asked; NULL: nothing is said to it. */
static void is_answered(struct peer *p, const struct fault *f, const char *status)
{
    static struct letter l;
    struct exchange *x = p->x;
    write_invite(&l, p, f);
    x->reports_n = 0;
    send_letter(p, &l);
    bool is_said = peer_hears(p);
    while (is_said && status && strcmp(status, ARRIVES) != 0 && strncmp(p->said, ARRIVES, 11) == 0)
        is_said = peer_hears(p);
    if (is_said != (status != NULL) || (is_said && strncmp(p->said, status, strlen(status)) != 0))
        fail_msg("wanted %s, heard %.40s, of %.2000s", status ? status : "nothing",
                 is_said ? p->said : "nothing", l.bytes);
    bool arrives = status && !strcmp(status, ARRIVES);
    if (arrives && !x->reports_n && peer_hears(p))
        fail_msg("wanted ARRIVES, heard %.40s, of %.2000s", p->said, l.bytes);
    assert_int_equal(x->reports_n, arrives);
    if (x->reports_n)
        x->port.refuse(x->port.arg, x->reports[0].leg_id, 480);
    x->reports_n = 0;
    it_lives(p);
}

static void overlong_numbers_tags_and_branches(void **state)
{
    (void)state;
    static const struct {
        const char *cseq, *status;
    } cseqs[] = {{"36893488147419103232 INVITE", "SIP/2.0 400"},
                 {"4294967296 INVITE", "SIP/2.0 400"},
                 {"2147483648 INVITE", "SIP/2.0 400"},
                 {"2147483647 INVITE", ARRIVES},
                 {"-1 INVITE", "SIP/2.0 400"},
                 {"1 ", "SIP/2.0 400"},
                 {"1 BYE", "SIP/2.0 400"}};
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    static struct letter text;
    for (unsigned i = 0; i < ARRAY_LEN(cseqs); i++)
        is_answered(&p, &(struct fault){.cseq = cseqs[i].cseq}, cseqs[i].status);
    text.n = 0;
    put_many(&text, '7', LONG_N);
    put(&text, " INVITE");
    is_answered(&p, &(struct fault){.cseq = text.bytes}, "SIP/2.0 400");
    text.n = 0;
    put_many(&text, 't', LONG_N);
    is_answered(&p, &(struct fault){.from_tag = text.bytes}, "SIP/2.0 513");
    text.n = 0;
    put(&text, "Via: SIP/2.0/UDP %s:%u;rport;branch=z9hG4bK", p.ip, peer_port(&p));
    put_many(&text, 'b', LONG_N);
    put(&text, "\r\n");
    is_answered(&p, &(struct fault){.via = text.bytes}, "SIP/2.0 513");
    peer_end(&p, ALL_TIMERS_MS);
}

static void many_of_one_header(void **state)
{
    (void)state;
    static const struct {
        const char *line, *status;
        unsigned n;
    } cases[] = {{"Accept: application/sdp\r\n", ARRIVES, 50},
                 {"Accept: application/sdp\r\n", "SIP/2.0 400", 161},
                 {"Via: SIP/2.0/UDP h;branch=z9hG4bK\r\n", "SIP/2.0 400", 400},
                 {"Record-Route: <sip:h;lr>\r\n", "SIP/2.0 400", 400},
                 {"Proxy-Authorization: Digest username=\"a\"\r\n", ARRIVES, 100}};
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    static struct letter lines;
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        lines.n = 0;
        for (unsigned k = 0; k < cases[i].n; k++)
            put(&lines, "%s", cases[i].line);
        is_answered(&p, &(struct fault){.lines = lines.bytes}, cases[i].status);
    }
    peer_end(&p, ALL_TIMERS_MS);
}

/* 2,000 of them are longer than any message that is read. */
static void two_thousand_vias_and_the_longest_datagram(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    static struct letter lines;
    lines.n = 0;
    for (unsigned i = 0; i < 2000; i++)
        put(&lines, "Via: SIP/2.0/UDP h;branch=z\r\n");
    is_answered(&p, &(struct fault){.lines = lines.bytes}, NULL);
    lines.n = 0;
    for (unsigned i = 0; i < 2000; i++)
        put(&lines, "v:\n"); /* as short as can be */
    is_answered(&p, &(struct fault){.lines = lines.bytes}, "SIP/2.0 400");
    static struct letter longest;
    longest.n = 0;
    put_many(&longest, 'A', LONGEST_N);
    send_letter(&p, &longest);
    peer_expect_silence(&p);
    longest.n = 0;
    put(&longest, "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h;rport\r\nX: ");
    put_many(&longest, 'A', LONGEST_N - longest.n);
    send_letter(&p, &longest);
    peer_expect_silence(&p);
    it_lives(&p);
    peer_end(&p, ALL_TIMERS_MS);
}

#define SDP_HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"

static void descriptions_without_measure(void **state)
{
    (void)state;
    static const struct {
        const char *body, *status;
    } cases[] = {
        {SDP_HEAD "m=audio 30000 RTP/AVP 4294967296\r\n", "SIP/2.0 488"},
        {SDP_HEAD "m=audio 30000 RTP/AVP 4294967304\r\n", "SIP/2.0 488"}, /* 8 + 2^32 */
        {SDP_HEAD "m=audio 30000 RTP/AVP 264\r\n", "SIP/2.0 488"},        /* 8 + 2^8 */
        {SDP_HEAD "m=audio 30000/4294967296 RTP/AVP 8\r\n", ARRIVES},
        {SDP_HEAD "m=audio 4294997296 RTP/AVP 8\r\n", "SIP/2.0 400"},
        {SDP_HEAD "m=audio 30000 RTP/AVP\r\n", "SIP/2.0 400"},
        {SDP_HEAD "m=audio 30000 RTP/AVP 8\r\na=ptime:4294967296\r\n", ARRIVES},
        {SDP_HEAD "m=audio 30000 RTP/AVP 8\r\na=rtpmap:4294967296 PCMA/8000\r\n", ARRIVES},
        {SDP_HEAD "m=audio 30000 RTP/AVP 96\r\na=rtpmap:96 PCMA/4294975296\r\n", "SIP/2.0 488"},
        {"v=0\r\nc=IN IP4 127.0.0.999999999999\r\nm=audio 30000 RTP/AVP 8\r\n", "SIP/2.0 488"},
    };
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    static struct letter body;
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
        is_answered(&p, &(struct fault){.body = cases[i].body}, cases[i].status);
    body.n = 0;
    put(&body, SDP_HEAD "m=audio 30000 RTP/AVP");
    while (body.n < 12000)
        put(&body, " %u", (unsigned)body.n % 128);
    put(&body, "\r\n");
    is_answered(&p, &(struct fault){.body = body.bytes}, "SIP/2.0 488");
    body.n = 0;
    put(&body, SDP_HEAD);
    for (unsigned i = 0; i < 400; i++)
        put(&body, "m=audio 30000 RTP/AVP 8\r\n");
    is_answered(&p, &(struct fault){.body = body.bytes}, "SIP/2.0 488");
    body.n = 0;
    put(&body, SDP_HEAD "m=audio 30000 RTP/AVP 8\r\na=");
    put_many(&body, 'x', 12000);
    is_answered(&p, &(struct fault){.body = body.bytes}, ARRIVES);
    peer_end(&p, ALL_TIMERS_MS);
}

static void bodies_of_several_parts(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body, *status;
    } cases[] = {
        {"multipart/mixed;boundary=b",
         "--b\r\nContent-Type: application/isup\r\n\r\n\1\2\r\n"
         "--b\r\nContent-Type: application/sdp\r\n\r\n" SDP "\r\n--b--\r\n",
         ARRIVES},
        {"multipart/mixed", "--b\r\nContent-Type: application/sdp\r\n\r\n" SDP "--b--\r\n",
         "SIP/2.0 415"},
        {"multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\n" SDP,
         "SIP/2.0 415"},
        {"multipart/mixed;boundary=b", "--b\r\n--b\r\n--b\r\n", "SIP/2.0 415"},
        {"multipart/mixed;boundary=", SDP, "SIP/2.0 415"},
        {"multipart", SDP, "SIP/2.0 415"},
        {"application/sdp;x=\"", SDP, ARRIVES},
        {";", SDP, "SIP/2.0 415"},
    };
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
        is_answered(&p, &(struct fault){.type = cases[i].type, .body = cases[i].body},
                    cases[i].status);
    peer_end(&p, ALL_TIMERS_MS);
}

/* Each byte of a sound INVITE is made NUL in turn. */
static void a_nul_anywhere(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    static struct letter l;
    write_invite(&l, &p, &(struct fault){.via = NULL});
    for (size_t i = 0; i < l.n; i++) {
        write_invite(&l, &p, &(struct fault){.via = NULL});
        l.bytes[i < l.n ? i : 0] = '\0';
        x->reports_n = 0;
        send_letter(&p, &l);
        if (x->reports_n)
            x->port.refuse(x->port.arg, x->reports[0].leg_id, 480);
        peer_ignore(&p);
        pass(x, 33000); /* no room for all at once */
        peer_ignore(&p);
    }
    x->reports_n = 0;
    it_lives(&p);
    peer_end(&p, ALL_TIMERS_MS);
}

/* White space before the colon is allowed (RFC 3261 §7.3.1): it hides no header from us. */
static void a_header_is_not_hidden_by_how_it_is_written(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *status;
    } cases[] = {
        {"Content-Length : 0\r\n", "SIP/2.0 400"},
        {"content-length\t:  999999999999\r\n", "SIP/2.0 400"},
        {"l : 5\r\n", "SIP/2.0 400"},
        {"From : <sip:other@h>;tag=2\r\n", "SIP/2.0 400"},
        {"To: <sip:other@h>\r\n", "SIP/2.0 400"},
        {"CSeq\t: 2 INVITE\r\n", "SIP/2.0 400"},
        {"i : other\r\n", "SIP/2.0 400"},
        {"Require : magic\r\n", "SIP/2.0 420"},
        {"require:\r\n magic\r\n", "SIP/2.0 420"},
        {"Req uire: magic\r\n", "SIP/2.0 400"},
        {": nameless\r\n", "SIP/2.0 400"},
        {"no colon at all\r\n", "SIP/2.0 400"},
        {"X-Fold: a\r\n b\r\n\tc\r\n", ARRIVES},
        {"X-Return: a\rFrom: <sip:x@h>\r\n", ARRIVES},
    };
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
        is_answered(&p, &(struct fault){.lines = cases[i].lines}, cases[i].status);
    peer_end(&p, ALL_TIMERS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlong_numbers_tags_and_branches),
        cmocka_unit_test(many_of_one_header),
        cmocka_unit_test(two_thousand_vias_and_the_longest_datagram),
        cmocka_unit_test(descriptions_without_measure),
        cmocka_unit_test(bodies_of_several_parts),
        cmocka_unit_test(a_nul_anywhere),
        cmocka_unit_test(a_header_is_not_hidden_by_how_it_is_written),
    };
    return cmocka_run_group_tests_name("phone/leg_killers", tests, NULL, NULL);
}
