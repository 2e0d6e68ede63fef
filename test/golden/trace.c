/* trace.c — one ladder as people read it: a call with two legs over a tape of messages and a
 * journal of events, compared with trace.txt; and what the page says when messages are gone, when
 * there is no such contact, and when it is full. Argument: the file. A decided change:
 * DECROCHE_GOLDEN=write.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/pages.h"
#include "view/trace.h"

#define PAGE_BYTES ((size_t)4 * 1024 * 1024)
#define EVENTS_MAX 6000
#define BEGIN_AT ((ms_t)1794819600000)
#define CALLER_LEG 900
#define AGENT_LEG 901
#define EXPECT(condition) expect((condition), #condition, __LINE__)

static void expect(bool is_true, const char *what, int line)
{
    if (is_true)
        return;
    fprintf(stderr, "FAILED: line %d: %s\n", line, what);
    exit(1);
}

static _Alignas(8) uint8_t tape_memory[TAPE_BYTES_MIN];
static struct event events[EVENTS_MAX + 1]; /* by id */
static uint64_t events_n;
static char page[PAGE_BYTES], wanted[65536];
static struct tape tape;
static struct pages pages;
static struct pages_answer answer;

static int journal_read(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg)
{
    (void)arg;
    for (uint64_t id = after_id + 1; id <= events_n; id++)
        if (!fn(&events[id], fn_arg))
            break;
    return 0;
}

static const struct committed_port journal = {.read = journal_read};

static void happens(ms_t after_ms, struct event ev)
{
    ev.id = ++events_n;
    ev.at = BEGIN_AT + after_ms;
    events[ev.id] = ev;
}

static void put(const struct trace_head *head, const char *body)
{
    uint8_t record[TAPE_RECORD_MAX];
    size_t n = strlen(body);
    memcpy(record, head, sizeof(*head));
    memcpy(record + sizeof(*head), body, n);
    tape_put(&tape, record, sizeof(*head) + n);
}

static void leg(ms_t after_ms, const struct trace_head *whose, const char *call_id)
{
    struct trace_head head = *whose;
    head.kind = TRACE_LEG;
    head.at = BEGIN_AT + after_ms;
    put(&head, call_id);
}

static void sound(ms_t after_ms, uint64_t leg_id, const struct media_counts *counts)
{
    uint8_t record[TAPE_RECORD_MAX];
    const struct trace_head head = {
        .at = BEGIN_AT + after_ms, .leg_id = leg_id, .kind = TRACE_SOUND};
    memcpy(record, &head, sizeof(head));
    memcpy(record + sizeof(head), counts, sizeof(*counts));
    tape_put(&tape, record, sizeof(head) + sizeof(*counts));
}

static void sip(ms_t after_ms, enum trace_kind kind, const char *message)
{
    const struct trace_head head = {.at = BEGIN_AT + after_ms,
                                    .peer = {{192, 0, 2, 9}, 4, 5060},
                                    .self = {{192, 0, 2, 1}, 4, 5062},
                                    .kind = (uint8_t)kind,
                                    .whole_n = (uint16_t)strlen(message)};
    put(&head, message);
}

#define OF(id, cseq) "Call-ID: " id "\r\nCSeq: " cseq "\r\n"
#define SDP                                                                                        \
    "\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"                \
    "m=audio 20000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"                                      \
    "a=rtpmap:101 telephone-event/8000\r\n"

static void the_messages(void)
{
    static const struct trace_head caller = {.leg_id = CALLER_LEG},
                                   agent = {.leg_id = AGENT_LEG, .near_id = CALLER_LEG},
                                   other = {.leg_id = 7};
    sip(-500, TRACE_CAME, "INVITE sip:0800123456@house SIP/2.0\r\n" OF("other", "1 INVITE") "\r\n");
    leg(-500, &other, "other");
    sip(0, TRACE_CAME,
        "INVITE sip:0800123456@house SIP/2.0\r\nFrom: <sip:0612345678@op>\r\n"
        "Authorization: Digest response=\"6629\"\r\n" OF("in", "1 INVITE") SDP);
    sip(0, TRACE_WENT, "SIP/2.0 100 Trying\r\n" OF("in", "1 INVITE") "\r\n");
    leg(0, &caller, "in");
    sip(4, TRACE_WENT, "SIP/2.0 200 OK\r\n" OF("in", "1 INVITE") SDP "a=sendrecv\r\n");
    sip(9, TRACE_CAME, "ACK sip:house SIP/2.0\r\ni: in\r\nCSeq: 1 ACK\r\n\r\n");
    leg(3000, &agent, "out");
    sip(3000, TRACE_WENT, "INVITE sip:201@10.0.0.7 SIP/2.0\r\n" OF("out", "8 INVITE") SDP);
    sip(3100, TRACE_CAME, "SIP/2.0 200 \033[2JOK\r\n" OF("out", "8 INVITE") SDP "a=recvonly\r\n");
    sip(63004, TRACE_CAME,
        "BYE sip:house SIP/2.0\r\n" OF(
            "in", "2 BYE") "Reason: Q.850;cause=16;text=\"to 0612345678\"\r\n\r\n");
    sip(63004, TRACE_WENT, "SIP/2.0 200 OK\r\n" OF("in", "2 BYE") "\r\n");
    sound(63006, CALLER_LEG,
          &(struct media_counts){.received_n = 8397,
                                 .lost_n = 3,
                                 .sent_n = 1000,
                                 .peer_lost_n = 80,
                                 .jitter_ms = 2,
                                 .peer_jitter_ms = 31,
                                 .round_trip_ms = 24,
                                 .has_jitter = true,
                                 .has_peer = true});
    sound(63006, 7, &(struct media_counts){.received_n = 1}); /* of another contact */
    sound(63007, AGENT_LEG, &(struct media_counts){.received_n = 40, .sent_n = 2995});
}

static void the_events(void)
{
    happens(-900, (struct event){.kind = EV_STARTED});
    happens(0, (struct event){.kind = EV_CONTACT_OPENED, .contact_opened = {.reference = 4721086}});
    happens(0, (struct event){.kind = EV_CALL_ARRIVED,
                              .call_arrived = {.contact_id = 2, .leg_id = CALLER_LEG}});
    happens(2990, (struct event){.kind = EV_CONTACT_QUEUED,
                                 .contact_queued = {.contact_id = 2, .call_id = 3, .queue_id = 5}});
    happens(2990, (struct event){
                      .kind = EV_CONTACT_TOLD,
                      .contact_told = {
                          .contact_id = 2, .what = TOLD_ENTRY, .before_n = 3, .band = BAND_B2_5}});
    happens(3000, (struct event){.kind = EV_OFFER_MADE,
                                 .offer_made = {.contact_id = 2, .agent_id = 6, .wait_ms = 2990}});
    happens(3000, (struct event){.kind = EV_OFFER_MADE, .offer_made = {.contact_id = 99}});
    happens(3100, (struct event){.kind = EV_OFFER_JOINED,
                                 .offer_joined = {.offer_id = 6, .contact_id = 2, .agent_id = 6}});
    happens(3150, (struct event){.kind = EV_OFFER_MEDIA, .offer_media = {.offer_id = 6}});
    happens(3160, (struct event){.kind = EV_OFFER_MEDIA, .offer_media = {.offer_id = 7}});
    happens(63004,
            (struct event){.kind = EV_OFFER_ENDED,
                           .offer_ended = {.contact_id = 2, .offer_id = 6, .talk_ms = 59900}});
    happens(63004, (struct event){.kind = EV_CALL_ENDED, .call_ended = {.contact_id = 2}});
    happens(63004, (struct event){.kind = EV_CALL_OUTCOME,
                                  .call_outcome = {.contact_id = 2, .outcome = OUTCOME_ANSWERED}});
    happens(63004,
            (struct event){.kind = EV_CONTACT_SETTLED, .contact_settled = {.contact_id = 2}});
}

static const char *ask(const char *query, enum pages_form form, unsigned status)
{
    const struct view_house house = {.last_id = events_n};
    const struct pages_request request = {.query = text_of(query), .form = form};
    const struct pages_trace_args args = {&house, &journal, pages.trace, &request};
    answer = (struct pages_answer){.body = {.p = page, .max = PAGE_BYTES - 1}, .status = 200};
    pages_trace(&pages.trace_room, &args, &answer);
    page[answer.body.n] = '\0';
    EXPECT(answer.status == status);
    EXPECT(!answer.body.is_cut);
    return page;
}

static void the_ladder_is_the_one_that_was_agreed(const char *file)
{
    const char *how = getenv("DECROCHE_GOLDEN");
    bool writes = how && !strcmp(how, "write");
    ask("contact=2", PAGES_TEXT, 200);
    FILE *f = fopen(file, writes ? "w" : "r");
    EXPECT(f != NULL);
    size_t n = writes ? fwrite(page, 1, answer.body.n, f) : fread(wanted, 1, sizeof(wanted) - 1, f);
    fclose(f);
    if (!writes && (n != answer.body.n || memcmp(wanted, page, n)))
        fputs(page, stderr);
    EXPECT(writes || (n == answer.body.n && !memcmp(wanted, page, n)));
}

static void every_name_of_the_contact_shows_it(void)
{
    static const char *const same[] = {"contact=3", "contact=6", "contact=14", "reference=47210864",
                                       "contact=47210864"};
    size_t n = strlen(ask("contact=2", PAGES_TEXT, 200));
    memcpy(wanted, page, n + 1);
    for (unsigned i = 0; i < ARRAY_LEN(same); i++)
        EXPECT(!strcmp(ask(same[i], PAGES_TEXT, 200), wanted));
    ask("contact=1", PAGES_TEXT, 404); /* of no contact */
    ask("contact=0", PAGES_TEXT, 404);
    ask("contact=15", PAGES_TEXT, 404);         /* not yet */
    ask("reference=47210865", PAGES_TEXT, 404); /* its check digit is wrong */
    ask("reference=12345678", PAGES_JSON, 404);
    ask("contact=x", PAGES_TEXT, 400);
    ask("", PAGES_JSON, 400);
}

static void json_says_the_same_and_no_more(void)
{
    ask("contact=2", PAGES_JSON, 200);
    EXPECT(strstr(page, "\"contact_id\":2"));
    EXPECT(strstr(page, "\"sip\":\"whole\""));
    EXPECT(strstr(page, "Authorization: (masqué)"));
    EXPECT(strstr(page, "From: <sip:061234••••@op>"));
    EXPECT(!strstr(page, "6629") && !strstr(page, "123456") && !strstr(page, "4721086"));
    EXPECT(strstr(page, "\"is_cut\":false"));
    EXPECT(strstr(page, "\"side\":\"caller\",\"peer\":\"usager, ligne directe\",\"sound\":{"
                        "\"received\":{\"packets\":8397,\"lost\":3,\"mos_thousandths\":4369,"
                        "\"mos_unfilled_thousandths\":4355,\"jitter_ms\":2},"
                        "\"sent\":{\"packets\":920,\"lost\":80,"));
    EXPECT(strstr(page, "\"jitter_ms\":null},\"sent\":null,\"packets_sent\":2995,"
                        "\"round_trip_ms\":null}"));
}

/* ---- the capture, as any reader of pcap sees it ---- */

static uint32_t word_at(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static uint32_t sum_of(uint32_t sum, const uint8_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum += i % 2 ? b[i] : (uint32_t)b[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

/* One packet of IPv4 and UDP: right lengths, both checksums. Its text ends with a NUL. */
static const char *message_of(const uint8_t *ip, uint32_t n)
{
    static char text[TRACE_MESSAGE_MAX];
    const uint8_t *udp = ip + 20;
    uint32_t udp_n = n - 20;
    EXPECT(ip[0] == 0x45 && (uint32_t)(ip[2] << 8 | ip[3]) == n && ip[9] == 17);
    EXPECT(sum_of(0, ip, 20) == 0xffff);
    EXPECT((uint32_t)(udp[4] << 8 | udp[5]) == udp_n);
    EXPECT(sum_of(sum_of(17 + udp_n, ip + 12, 8), udp, udp_n) == 0xffff);
    memcpy(text, udp + 8, udp_n - 8);
    text[udp_n - 8] = '\0';
    return text;
}

static void the_capture_has_each_message_at_its_instant_and_no_secret(void)
{
    static const char *const begins[] = {"INVITE ", "SIP/2.0 100 ", "SIP/2.0 200 ", "ACK ",
                                         "INVITE ", "SIP/2.0 200 ", "BYE ",         "SIP/2.0 200 "};
    static const uint32_t after_ms[] = {0, 0, 4, 9, 3000, 3100, 63004, 63004};
    static const bool has_come[] = {true, false, false, true, false, true, true, false};
    ask("contact=2", PAGES_CAPTURE, 200);
    EXPECT(!strcmp(answer.type, "application/vnd.tcpdump.pcap"));
    EXPECT(word_at(page) == 0xa1b2c3d4 && word_at(page + 20) == 101);
    size_t at = 24;
    for (unsigned i = 0; i < ARRAY_LEN(begins); i++) {
        EXPECT(at + 16 < answer.body.n);
        uint32_t n = word_at(page + at + 8);
        ms_t ms = (ms_t)word_at(page + at) * 1000 + word_at(page + at + 4) / 1000;
        const uint8_t *ip = (const uint8_t *)page + at + 16;
        EXPECT(ms == BEGIN_AT + after_ms[i]);
        EXPECT(word_at(page + at + 12) == n);
        EXPECT(ip[15] == (has_come[i] ? 9 : 1) && ip[19] == (has_come[i] ? 1 : 9));
        EXPECT(ip[20] == 5060 >> 8 && ip[21] == (has_come[i] ? 5060 & 255 : 5062 & 255));
        const char *text = message_of(ip, n);
        EXPECT(!strncmp(text, begins[i], strlen(begins[i])));
        EXPECT(!strstr(text, "6629") && !strstr(text, "0612345678"));
        EXPECT(i || strstr(text, "\r\nFrom: <sip:061234••••@op>\r\nAuthorization: (masqué)\r\n"));
        at += 16 + n;
    }
    EXPECT(at == answer.body.n);
}

/* Kept in part: the whole length is told; over IPv6; our address is of the other family. */
static void a_cut_message_over_ipv6_is_still_a_packet(void)
{
    char room[4096];
    struct view_trace t = {.out = &(struct text_out){.p = page, .max = PAGE_BYTES},
                           .scratch = {.p = room, .max = sizeof(room)},
                           .form = VIEW_TRACE_PCAP};
    const struct view_trace_message m = {.at = 1500,
                                         .has_come = true,
                                         .bytes = TEXT("BYE sip:a SIP/2.0\r\n\r\n"),
                                         .whole_n = 1021,
                                         .peer = {{0x20, 1, [15] = 7}, 6, 5060},
                                         .self = {{10, 0, 0, 1}, 4, 5060}};
    view_trace_begin(&t, VIEW_SIP_WHOLE);
    view_trace_message(&t, &m);
    view_trace_end(&t, true);
    const uint8_t *ip = (const uint8_t *)page + 40;
    EXPECT(t.out->n == 24 + 16 + 40 + 8 + m.bytes.n);
    EXPECT(word_at(page + 24) == 1 && word_at(page + 28) == 500000);
    EXPECT(word_at(page + 32) == 48 + m.bytes.n && word_at(page + 36) == 48 + 1021);
    EXPECT(ip[0] == 0x60 && ip[6] == 17 && ip[8] == 0x20 && ip[23] == 7 && ip[24] == 0);
    EXPECT(sum_of(sum_of(17 + 8 + (uint32_t)m.bytes.n, ip + 8, 32), ip + 40, 8 + m.bytes.n) ==
           0xffff);
}

/* Rows × 5000 of the highest kind fit into the digits of the height. */
static void the_picture_has_each_row_and_escapes_what_strangers_wrote(void)
{
    static const struct trace_head caller = {.leg_id = CALLER_LEG};
    ask("contact=2", PAGES_PICTURE, 200);
    EXPECT(!strcmp(answer.type, "image/svg+xml"));
    EXPECT(strstr(page, "<svg ") == page && !strcmp(page + answer.body.n - 7, "</svg>\n"));
    unsigned arrows_n = 0, dots_n = 0;
    for (const char *p = page; (p = strstr(p, "marker-end")); p++)
        arrows_n++;
    for (const char *p = page; (p = strstr(p, "<circle")); p++)
        dots_n++;
    EXPECT(arrows_n == 8 && dots_n == 11);
    EXPECT(strstr(page, "≈</text>") && strstr(page, "MOS\u00a04,4"));
    EXPECT(strstr(page, "height=\"0000674\" viewBox=\"0 0 1280 0000674\""));
    EXPECT(strstr(page, "class=\"msg agent\" x1=\"750\""));
    EXPECT(!strstr(page, "123456") && strstr(page, "080012••••"));
    sip(70000, TRACE_CAME, "INFO sip:a<b>&\"c\"@0612345678 SIP/2.0\r\n" OF("in", "3 INFO") "\r\n");
    leg(70000, &caller, "in");
    ask("contact=2", PAGES_PICTURE, 200);
    EXPECT(strstr(page, "INFO sip:a&lt;b&gt;&amp;&quot;c&quot;@061234••••"));
}

static void what_is_gone_is_said(void)
{
    static const struct trace_head caller = {.leg_id = CALLER_LEG};
    pages.trace = NULL;
    EXPECT(strstr(ask("contact=2", PAGES_TEXT, 200), "est à 0") && !strstr(page, "INVITE"));
    pages.trace = &tape;
    tape_open(&tape, tape_memory, sizeof(tape_memory));
    EXPECT(strstr(ask("contact=2", PAGES_TEXT, 200), "ne sont plus en mémoire"));
    EXPECT(strstr(page, "événements seuls") && strstr(page, "appel reçu"));
    sip(63004, TRACE_CAME, "BYE sip:house SIP/2.0\r\n" OF("in", "2 BYE") "\r\n");
    leg(63005, &caller, "in");
    EXPECT(strstr(ask("contact=2", PAGES_TEXT, 200), "du début ne sont plus en mémoire"));
    EXPECT(strstr(page, "BYE sip:house") && strstr(page, "appel reçu"));
}

/* A contact that is told something without end: rows at the bound, and past it. */
static void a_page_that_is_full_says_so(void)
{
    events_n = 3;
    pages.trace = NULL;
    while (events_n < TRACE_ROWS_MAX + 1)
        happens(9, (struct event){.kind = EV_RING_OPENED, .ring_opened = {.contact_id = 2}});
    EXPECT(!strstr(ask("contact=2", PAGES_TEXT, 200), "n’est pas montrée"));
    happens(9, (struct event){.kind = EV_RING_OPENED, .ring_opened = {.contact_id = 2}});
    EXPECT(strstr(ask("contact=2", PAGES_TEXT, 200), "n’est pas montrée"));
    EXPECT(strstr(ask("contact=2", PAGES_JSON, 200), "\"is_cut\":true"));
    EXPECT(strstr(ask("contact=2", PAGES_PICTURE, 200), "n’est pas montrée"));
    EXPECT(!strcmp(page + answer.body.n - 7, "</svg>\n"));
}

int main(int argc, char **argv)
{
    EXPECT(argc == 2);
    tape_open(&tape, tape_memory, sizeof(tape_memory));
    pages.trace = &tape;
    the_messages();
    the_events();
    the_ladder_is_the_one_that_was_agreed(argv[1]);
    every_name_of_the_contact_shows_it();
    json_says_the_same_and_no_more();
    the_capture_has_each_message_at_its_instant_and_no_secret();
    a_cut_message_over_ipv6_is_still_a_packet();
    the_picture_has_each_row_and_escapes_what_strangers_wrote();
    what_is_gone_is_said();
    a_page_that_is_full_says_so();
    return 0;
}
