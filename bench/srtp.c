/* srtp.c — what encryption costs: one packet of 20 ms sealed and opened again, by suite; drawing
 * the keys of a stream. In nanoseconds, the median of several runs. */
#include "bench/measure.h"
#include "media/rtp.h"
#include "media/srtp.h"

#define RUNS 9
#define PACKETS_N 20000
#define PAYLOAD 160

static const char *const names[MEDIA_SUITES] = {[MEDIA_CM_80] = "srtp_aes_cm_128_hmac_sha1_80",
                                                [MEDIA_CM_32] = "srtp_aes_cm_128_hmac_sha1_32",
                                                [MEDIA_GCM_128] = "srtp_aead_aes_128_gcm",
                                                [MEDIA_GCM_256] = "srtp_aead_aes_256_gcm"};

static struct seal_box box;
static struct srtp out, in;

static double packet_ns(void)
{
    uint8_t bytes[RTP_HEADER_BYTES + PAYLOAD + SRTP_MORE_MAX] = {0};
    int64_t began_ns = measure_now_ns();
    for (uint32_t i = 0; i < PACKETS_N; i++) {
        const struct rtp_header head = {.type = 8, .seq = (uint16_t)i, .ticks = i * PAYLOAD};
        rtp_write(bytes, &head);
        size_t n = srtp_protect(&out, &box, bytes, RTP_HEADER_BYTES + PAYLOAD);
        if (srtp_unprotect(&in, &box, bytes, n) != RTP_HEADER_BYTES + PAYLOAD)
            measure_die("srtp");
    }
    return (double)(measure_now_ns() - began_ns) / PACKETS_N;
}

int main(void)
{
    const uint8_t master[MEDIA_SECRET_BYTES] = {1, 2, 3};
    if (seal_box_open(&box))
        measure_die("seal");
    for (unsigned s = MEDIA_CM_80; s < MEDIA_SUITES; s++) {
        double runs[RUNS], keys[RUNS];
        for (int r = 0; r < RUNS; r++) {
            int64_t began_ns = measure_now_ns();
            if (!srtp_begin(&out, &box, (enum media_suite)s, master) ||
                !srtp_begin(&in, &box, (enum media_suite)s, master))
                measure_die("keys");
            keys[r] = (double)(measure_now_ns() - began_ns) / 2;
            runs[r] = packet_ns();
        }
        printf("%s %.0f ns\n%s_keys %.0f ns\n", names[s], measure_median(runs, RUNS), names[s],
               measure_median(keys, RUNS));
    }
    seal_box_drop(&box);
    return 0;
}
