/* sdp.c — offers and answers as a telephone engineer would write them down: each file of the first
 * folder is a conversation, replayed and compared byte for byte. Then, when it is there, the second
 * folder's descriptions of browsers and phones, of which only our verdict is recorded (data.tsv).
 *   > offer …, > answer [early] …  what they say; the lines of the body follow
 *   ! offer DIRECTION, ! withdraw, ! codecs NAME … [| NAME …] (behind the bar: answered, not
 * offered), ! prefer PCMU, ! direction NAME, ! no digits, ! ipv6, ! secure none, ! secure may, !
 * secure must, ! keys (others of ours from here on) Ours follows each: "<" the verdict, our body,
 * and "=" what was agreed. A decided change: run with DECROCHE_GOLDEN=write, read the difference,
 * say why in the commit. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/offer.h"

#define FILE_MAX 65536
#define PATH_MAX_HERE 1024

struct play {
    struct sip_offer offer;
    struct sip_offer_wish wish;
    struct text_out out;
    char body[FILE_MAX];
    size_t body_n;
    char step[256]; /* the line that the body belongs to */
};

static const char *const verdicts[] = {
    "changed", "same",         "nothing in common (488)", "unreadable (400)", "pending (491)",
    "unasked", "no room (500)"};
static const char *const codecs[] = {"none", "PCMA", "PCMU", "G722", "opus"};

static void say(struct text_out *out, const char *s)
{
    text_put(out, text_of(s));
}

static void say_line(struct text_out *out, const char *a, const char *b)
{
    say(out, a);
    say(out, b);
    say(out, "\n");
}

static void say_number(struct text_out *out, const char *before, unsigned v)
{
    say(out, before);
    if (v == SIP_OFFER_NO_PAYLOAD)
        say(out, "none");
    else
        text_put_number(out, v);
}

/* A socket: address:port. */
static void say_socket(struct text_out *out, const char *before, const struct address *a,
                       unsigned port)
{
    say(out, before);
    address_put(out, a);
    say(out, " port ");
    text_put_number(out, port);
}

static void say_agreed(struct text_out *out, const struct sip_offer_agreed *a)
{
    say(out, "= ");
    say(out, codecs[a->codec]);
    say_number(out, " out ", a->payload_out);
    say_number(out, " in ", a->payload_in);
    say_number(out, ", digits out ", a->digits_out);
    say_number(out, " in ", a->digits_in);
    say(out, a->has_wide_digits ? " at 48 kHz" : "");
    say(out, ", ");
    text_put(out, sip_sdp_direction_name((enum sip_sdp_direction)a->direction));
    say_socket(out, ", to ", &a->to, a->to_port);
    say_socket(out, ", rtcp ", &a->rtcp_to, a->rtcp_port);
    say_number(out, ", line ", a->media_i);
    say_number(out, ", ptime ", a->ptime_ms);
    say(out, a->has_rtcp_mux ? ", mux" : "");
    say(out, a->is_held ? ", held" : "");
    if (a->ours.suite != SIP_SUITE_NONE) {
        say(out, ", ");
        text_put(out, sip_crypto_name((enum sip_suite)a->ours.suite));
        say_number(out, ", their key begins with ", a->theirs.key[0]);
        say_number(out, ", ours with ", a->ours.key[0]);
    }
    say(out, "\n");
}

/* The body that we wrote, without the CR of its lines. */
static void say_body(struct text_out *out, const struct text_out *body)
{
    for (size_t i = 0; i < body->n; i++)
        if (body->p[i] != '\r')
            text_put(out, (struct text){body->p + i, 1});
}

static bool starts(const char *s, const char *prefix)
{
    return !strncmp(s, prefix, strlen(prefix));
}

static enum sip_sdp_direction direction_named(const char *name)
{
    for (unsigned d = SIP_SDP_INACTIVE; d <= SIP_SDP_SENDRECV; d++)
        if (text_equal(text_of(name), sip_sdp_direction_name((enum sip_sdp_direction)d)))
            return (enum sip_sdp_direction)d;
    return SIP_SDP_SENDRECV;
}

/* Keys of ours that begin with a number one sees. */
static void set_keys(struct play *p, uint8_t first)
{
    static const uint8_t suites[] = {SIP_SUITE_GCM_128, SIP_SUITE_GCM_256, SIP_SUITE_CM_80,
                                     SIP_SUITE_CM_32};
    p->wish.crypto_n = ARRAY_LEN(suites);
    for (unsigned i = 0; i < ARRAY_LEN(suites); i++) {
        p->wish.crypto[i] = (struct sip_crypto){.tag = i + 1, .suite = suites[i]};
        for (unsigned k = 0; k < sip_crypto_key_n((enum sip_suite)suites[i]); k++)
            p->wish.crypto[i].key[k] = (uint8_t)(first + i);
    }
}

/* Names with a space before each; those behind a bar are not offered. */
static void set_codecs(struct sip_offer_wish *wish, const char *names)
{
    wish->codecs_n = wish->offered_n = 0;
    for (; *names == ' '; names += 1 + strcspn(names + 1, " ")) {
        struct text name = {names + 1, strcspn(names + 1, " ")};
        if (text_equal(name, TEXT("|")))
            wish->offered_n = wish->codecs_n;
        for (unsigned c = SIP_CODEC_PCMA; c < SIP_CODECS; c++)
            if (text_equal(name, text_of(codecs[c])))
                wish->codecs[wish->codecs_n++] = (uint8_t)c;
    }
}

static void set_wish(struct play *p, const char *what)
{
    if (starts(what, "codecs")) {
        set_codecs(&p->wish, what + strlen("codecs"));
    } else if (starts(what, "prefer PCMU")) {
        p->wish.codecs[0] = SIP_CODEC_PCMU;
        p->wish.codecs[1] = SIP_CODEC_PCMA;
    } else if (starts(what, "direction ")) {
        p->wish.direction = (uint8_t)direction_named(what + strlen("direction "));
    } else if (starts(what, "no digits")) {
        p->wish.has_digits = false;
    } else if (starts(what, "secure ")) {
        p->wish.security = starts(what, "secure must")  ? SIP_SECURITY_MUST
                           : starts(what, "secure may") ? SIP_SECURITY_MAY
                                                        : SIP_SECURITY_NONE;
        set_keys(p, 10);
    } else if (starts(what, "keys")) {
        set_keys(p, 20);
    } else if (starts(what, "ipv6")) {
        bool is_read = address_pair_read(&p->wish.self, TEXT("2001:db8::5"));
        assert(is_read);
        p->wish.side = p->wish.origin_side = 1;
    } else if (starts(what, "both")) { /* an offer of ours is in IPv4 */
        bool is_read = address_pair_read(&p->wish.self, TEXT("2001:db8::5, 203.0.113.5"));
        assert(is_read);
    }
}

static void say_verdict(struct play *p, enum sip_offer_verdict v, const struct text_out *body)
{
    bool is_agreed = v == SIP_OFFER_CHANGED || v == SIP_OFFER_SAME;
    say_line(&p->out, "< ", verdicts[v]);
    if (is_agreed)
        say_body(&p->out, body);
    if (is_agreed && p->offer.is_agreed && p->offer.state != SIP_OFFER_OUT)
        say_agreed(&p->out, &p->offer.agreed);
}

/* Does the step whose body is complete now. */
static void finish_step(struct play *p)
{
    char ours[SIP_OFFER_ANSWER_MAX];
    struct text_out body = {.p = ours, .max = sizeof(ours)};
    struct text theirs = {p->body, p->body_n};
    const char *step = p->step;
    if (starts(step, "> offer")) {
        say_verdict(p, sip_offer_take(&p->offer, theirs, &p->wish, &body), &body);
    } else if (starts(step, "> answer")) {
        bool is_final = !starts(step, "> answer early");
        say_verdict(p, sip_offer_take_answer(&p->offer, theirs, is_final), &body);
    } else if (starts(step, "! offer ")) {
        p->wish.direction = (uint8_t)direction_named(step + strlen("! offer "));
        say_verdict(p, sip_offer_make(&p->offer, &p->wish, &body), &body);
    } else if (starts(step, "! withdraw")) {
        sip_offer_withdraw(&p->offer);
    } else if (starts(step, "! ")) {
        set_wish(p, step + 2);
    }
    p->step[0] = 0;
    p->body_n = 0;
}

static void add_body_line(struct play *p, const char *line)
{
    size_t n = strlen(line);
    assert(p->body_n + n + 2 <= sizeof(p->body));
    memcpy(p->body + p->body_n, line, n);
    memcpy(p->body + p->body_n + n, "\r\n", 2);
    p->body_n += n + 2;
}

/* One line of a conversation: a blank one, or the next step, ends a body. The output of an earlier
 * run is passed over, for it is made anew. */
static void play_line(struct play *p, const char *line, bool *is_output)
{
    bool is_body = line[0] && line[1] == '=', is_ours = line[0] == '<' || line[0] == '=';
    *is_output = is_ours || (*is_output && is_body);
    if (*is_output)
        return;
    if (is_body) {
        add_body_line(p, line);
    } else {
        finish_step(p);
        snprintf(p->step, sizeof(p->step), "%s", line);
    }
    say_line(&p->out, "", line);
    if (line[0] == '!')
        finish_step(p);
}

static void play_open(struct play *p, char *out)
{
    *p = (struct play){.out = {.p = out, .max = FILE_MAX},
                       .wish = {.self = {.of = {{.ip = {203, 0, 113, 5}, .family = 4}}},
                                .port = 20000,
                                .origin_id = 7,
                                .codecs = {SIP_CODEC_PCMA, SIP_CODEC_PCMU},
                                .codecs_n = 2,
                                .direction = SIP_SDP_SENDRECV,
                                .has_digits = true,
                                .has_rtcp_mux = true}};
    sip_offer_begin(&p->offer);
}

static size_t read_file(const char *path, char *text)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(text, 1, FILE_MAX - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = 0;
    return n;
}

/* Compares with what is recorded, or records. */
static bool keep_golden(const char *path, const char *recorded, const struct text_out *now)
{
    if (now->is_cut)
        return false;
    if (text_equal(text_of(recorded), (struct text){now->p, now->n}))
        return true;
    const char *mode = getenv("DECROCHE_GOLDEN");
    if (!mode || strcmp(mode, "write") != 0) {
        printf("FAILED %s: it is now\n%.*s\n", path, (int)now->n, now->p);
        return false;
    }
    FILE *f = fopen(path, "wb");
    bool is_written = f && fwrite(now->p, 1, now->n, f) == now->n;
    return f && !fclose(f) && is_written;
}

static bool play_file(const char *path)
{
    static char text[FILE_MAX], recorded[FILE_MAX], out[FILE_MAX];
    static struct play p;
    struct text rest = {text, read_file(path, text)};
    bool is_output = false;
    play_open(&p, out);
    memcpy(recorded, text, rest.n + 1);
    while (rest.n) {
        struct text line = text_cut(&rest, '\n');
        char copy[1024];
        snprintf(copy, sizeof(copy), "%.*s", (int)line.n, line.p);
        play_line(&p, copy, &is_output);
    }
    finish_step(&p);
    return keep_golden(path, recorded, &p.out);
}

/* ---- descriptions of others --------------------------------------------------------------- */

/* What is written is read back as the same: writing again gives the same bytes. */
static bool is_stable(const struct sip_sdp *sdp)
{
    static char first[FILE_MAX], second[FILE_MAX];
    static struct sip_sdp again;
    struct text_out a = {.p = first, .max = FILE_MAX}, b = {.p = second, .max = FILE_MAX};
    if (!sip_sdp_write(&a, sdp) || sip_sdp_read(&again, (struct text){first, a.n}) != SIP_SDP_OK)
        return false;
    return sip_sdp_write(&b, &again) &&
           text_equal((struct text){first, a.n}, (struct text){second, b.n});
}

static void judge_file(struct text_out *out, const char *folder, const char *name)
{
    static char text[FILE_MAX], path[2 * PATH_MAX_HERE], scratch[FILE_MAX];
    static const char *const readings[] = {"read", "not sdp", "too long"};
    static struct sip_sdp sdp;
    static struct play p;
    char ours[SIP_OFFER_ANSWER_MAX];
    struct text_out body = {.p = ours, .max = sizeof(ours)};
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    struct text theirs = {text, read_file(path, text)};
    enum sip_sdp_verdict v = sip_sdp_read(&sdp, theirs);
    play_open(&p, scratch);
    say(out, name);
    say(out, "\t");
    say(out, readings[v]);
    if (v == SIP_SDP_OK) {
        say_number(out, "\tlines ", sdp.media_n);
        say_number(out, " left out ", sdp.media_left_out_n);
        say(out, is_stable(&sdp) ? "" : "\tNOT STABLE");
    }
    say_line(out, "\t", verdicts[sip_offer_take(&p.offer, theirs, &p.wish, &body)]);
}

static int is_sdp(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return n > 4 && !strcmp(e->d_name + n - 4, ".sdp");
}

static void judge_folder(struct text_out *out, const char *data, const char *name)
{
    char folder[PATH_MAX_HERE];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof(folder), "%s/%s", data, name);
    int n = scandir(folder, &entries, is_sdp, alphasort);
    say_line(out, "# ", name);
    for (int i = 0; i < n; i++) {
        judge_file(out, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static bool judge_data(const char *golden, const char *data)
{
    static char recorded[FILE_MAX], text[FILE_MAX], path[PATH_MAX_HERE];
    struct text_out out = {.p = text, .max = sizeof(text)};
    snprintf(path, sizeof(path), "%s/sdp-transform/normal.sdp", data);
    if (!read_file(path, recorded)) {
        printf("skipped: %s is not here, so no description of others is read\n", data);
        return true;
    }
    judge_folder(&out, data, "sdp-transform");
    judge_folder(&out, data, "sdp-webrtc-sdp");
    snprintf(path, sizeof(path), "%s/data.tsv", golden);
    read_file(path, recorded);
    return keep_golden(path, recorded, &out);
}

static int is_play(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return n > 4 && !strcmp(e->d_name + n - 4, ".txt");
}

int main(int argc, char **argv)
{
    assert(argc == 3);
    struct dirent **entries = NULL;
    int n = scandir(argv[1], &entries, is_play, alphasort), failed_n = n <= 0;
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX_HERE];
        snprintf(path, sizeof(path), "%s/%s", argv[1], entries[i]->d_name);
        failed_n += !play_file(path);
        free(entries[i]);
    }
    free(entries);
    failed_n += !judge_data(argv[1], argv[2]);
    printf("%d conversations, %d failed\n", n, failed_n);
    return failed_n ? 1 : 0;
}
