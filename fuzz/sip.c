/* sip.c — any bytes as a SIP message: the reader is total, its slices lie within the bytes, and an
 * answer to what it took can be written; a key in its body is a key; a session timer that it makes
 * is none of haste; as a stream it is cut within itself. */
#include <stdlib.h>
#include <string.h>

#include "sip/info.h"
#include "sip/multipart.h"
#include "sip/reliable.h"
#include "sip/replaces.h"
#include "sip/stream.h"
#include "sip/timer.h"
#include "sip/who.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must_lie_within(struct text t, const char *bytes, size_t n)
{
    if (t.n && (t.p < bytes || t.p + t.n > bytes + n))
        abort();
}

/* The same bytes as a stream: it moves on until nothing is whole, and never past them. */
static void cut(const char *bytes, size_t n)
{
    size_t done_n = 0, one_n;
    for (enum sip_stream_verdict v = SIP_STREAM_BLANK; v != SIP_STREAM_MORE;) {
        v = sip_stream_cut((struct text){bytes + done_n, n - done_n}, SIP_MESSAGE_MAX, &one_n);
        if (v == SIP_STREAM_BROKEN || v == SIP_STREAM_MORE)
            return;
        if (!one_n || one_n > n - done_n)
            abort();
        done_n += one_n;
    }
}

/* What it says of a timer, heard or answered, is none or at least the minimum, and can be said. */
static void time_it(const struct sip_read *r)
{
    char lines[SIP_TIMER_LINES_MAX];
    struct sip_timer_said said;
    struct sip_timer t = {0};
    bool is_sound = sip_timer_read(&said, r);
    if (!is_sound && said.has_interval)
        abort();
    for (unsigned i = 0; i < 2; i++) {
        struct text_out out = {.p = lines, .max = sizeof(lines)};
        bool is_refused = i && sip_timer_status(&said);
        t = i ? sip_timer_answer(&t, &said) : sip_timer_hear(&t, &said);
        sip_timer_begin(&t, 0);
        sip_timer_put_answer(&out, &t);
        bool is_hasty = t.interval_s && sip_timer_next_at(&t) < SIP_TIMER_MIN_S * 1000 / 2;
        if (out.is_cut || is_hasty || (is_refused && t.interval_s))
            abort();
    }
}

/* Whose slices lie within, whatever stands in their headers; the reader of bodies comes last. */
static void look_further(struct sip_read *r, const char *bytes, size_t n)
{
    struct text called[SIP_WHO_CALLED_MAX];
    struct sip_replaces replaces;
    struct sip_reliable reliable;
    struct sip_reliable_heard heard = {.n = 0};
    uint32_t rseq, called_n = sip_who_called(r, called);
    for (uint32_t i = 0; i < called_n; i++)
        must_lie_within(called[i], bytes, n);
    must_lie_within(sip_who_calls(r, true), bytes, n);
    if (sip_replaces_read(&replaces, r) == SIP_REPLACES_READ)
        must_lie_within(replaces.from_tag, bytes, n);
    sip_reliable_begin(&reliable, r, 1);
    if (sip_reliable_judge(&reliable, r) == SIP_RELIABLE_RACK_OURS)
        abort(); /* none is out */
    if (sip_reliable_hear(&heard, r, &rseq) == SIP_RELIABLE_PASSED)
        abort(); /* the first of all */
    char bytes_of_title[16];
    struct text_out title = {.p = bytes_of_title, .max = sizeof(bytes_of_title)};
    if (sip_reason_title(&title, sip_read_header(r, SIP_HEADER_REASON, 0)) && title.is_cut)
        abort();
    sip_multipart_open(r);
    must_lie_within(r->in.body, bytes, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct sip_read r;
    static char answer[2 * SIP_MESSAGE_MAX];
    char *bytes = malloc(n + 1);
    if (!bytes)
        return 0;
    memcpy(bytes, data, n);
    cut(bytes, n);
    if (sip_read(&r, bytes, n) != SIP_READ_DROPPED) {
        const struct text parts[] = {r.in.request_uri, r.in.from, r.in.to,    r.in.from_tag,
                                     r.in.call_id,     r.in.body, r.via.host, r.in.contact_uri};
        for (unsigned i = 0; i < ARRAY_LEN(parts); i++)
            must_lie_within(parts[i], bytes, n);
        struct text_out out = {.p = answer, .max = sizeof(answer)};
        const struct sip_answer a = {.status = 400, .to_tag = TEXT("t")};
        if (r.in.is_request && !sip_write_answer(&out, &r.in, &a))
            abort();
        struct sip_uri_parts parts_of_uri;
        if (sip_value_uri(r.in.contact_uri, &parts_of_uri))
            must_lie_within(parts_of_uri.host, bytes, n);
        char key = 0;
        if (sip_info_read(&r.in, &key) == SIP_INFO_KEY && !strchr("0123456789*#ABCD", key))
            abort();
        time_it(&r);
        look_further(&r, bytes, n);
    }
    free(bytes);
    return 0;
}
