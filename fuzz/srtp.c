/* srtp.c — fuzz target of encrypted packets. The first byte chooses suite and kind, and whether an
 * earlier process heard the beginning; the rest is the packet: as a stranger would send it,
 * nobody's state changes; sealed by us, it comes back as it was. */
#include <string.h>

#include "media/srtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define BYTES_MAX 2048

static void begin(struct srtp *s, struct seal_box *box, enum media_suite suite)
{
    uint8_t master[MEDIA_SECRET_BYTES];
    for (unsigned i = 0; i < sizeof(master); i++)
        master[i] = (uint8_t)(31 * i + suite);
    bool is_done = srtp_begin(s, box, suite, master);
    assert(is_done);
}

static enum media_suite suite_of(uint8_t how)
{
    return (enum media_suite)(MEDIA_CM_80 + (how & 3));
}

static void begin_in(struct srtp *s, struct seal_box *box, uint8_t how)
{
    begin(s, box, suite_of(how));
    if (how & 8)
        srtp_go_on(s, &(struct media_rolls){.n = 0});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct seal_box box;
    struct srtp out, in, before;
    uint8_t bytes[BYTES_MAX + SRTP_MORE_MAX];
    if (n < 1 || n > BYTES_MAX)
        return 0;
    if (!box.ctr && seal_box_open(&box))
        return 0;
    enum media_suite suite = suite_of(data[0]);
    bool is_rtcp = data[0] & 4;
    begin(&out, &box, suite);
    begin_in(&in, &box, data[0]);
    before = in;
    memcpy(bytes, data + 1, --n);
    size_t is_n =
        is_rtcp ? srtcp_unprotect(&in, &box, bytes, n) : srtp_unprotect(&in, &box, bytes, n);
    assert(is_n || !memcmp(&in, &before, sizeof(in)));
    memcpy(bytes, data + 1, n);
    begin_in(&in, &box, data[0]);
    is_n = is_rtcp ? srtcp_protect(&out, &box, bytes, n) : srtp_protect(&out, &box, bytes, n);
    assert(!is_n || (is_n > n && is_n <= n + SRTP_MORE_MAX));
    if (!is_n)
        return 0;
    size_t back_n =
        is_rtcp ? srtcp_unprotect(&in, &box, bytes, is_n) : srtp_unprotect(&in, &box, bytes, is_n);
    assert(back_n == n && !memcmp(bytes, data + 1, n));
    return 0;
}
