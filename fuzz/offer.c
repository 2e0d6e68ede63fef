/* offer.c — fuzz target of a browser's offer: read in its bounds; the answer to what is good fits
 * its own, has as many lines m= as the offer, and no character that would begin another line. */
#include <string.h>

#include "rtc/offer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static unsigned count_lines(struct text body)
{
    unsigned n = 0;
    while (body.n) {
        struct text line = text_cut(&body, '\n');
        n += line.n > 1 && line.p[0] == 'm' && line.p[1] == '=';
        for (size_t i = 0; i + 1 < line.n; i++)
            assert(line.p[i] != '\r' && line.p[i] != '\0');
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct rtc_wish wishes[] = {
        {{SIP_CODEC_PCMA, SIP_CODEC_PCMU, SIP_CODEC_G722, SIP_CODEC_OPUS}, 4},
        {{SIP_CODEC_OPUS, SIP_CODEC_PCMA}, 2},
    };
    for (unsigned i = 0; i < ARRAY_LEN(wishes); i++) {
        struct rtc_offer o;
        char answer[RTC_ANSWER_MAX];
        struct text_out out = {.p = answer, .max = sizeof(answer)};
        const struct address_pair self = {
            .of = {{.ip = {192, 0, 2, 1}, .family = 4}, {.ip = {0x20, 1}, .family = 6}}};
        const struct rtc_answer a = {.self = &self,
                                     .port = 65535,
                                     .ufrag = "abcdefg",
                                     .session_id = UINT64_MAX,
                                     .version = UINT64_MAX};
        struct rtc_answer whole = a;
        memset(whole.ufrag, 'u', sizeof(whole.ufrag));
        memset(whole.password, 'p', sizeof(whole.password));
        enum rtc_verdict v = rtc_offer_read(&o, (struct text){(const char *)data, n}, &wishes[i]);
        assert(v == RTC_GOOD || rtc_why(v)[0]);
        if (v != RTC_GOOD)
            continue;
        bool is_written = rtc_answer_write(&out, &o, &whole);
        assert(is_written && count_lines((struct text){answer, out.n}) == o.lines_n);
        assert(o.codec != SIP_CODEC_NONE && rtc_offer_goes_on(&o, &o) == (o.session_id != 0));
    }
    return 0;
}
