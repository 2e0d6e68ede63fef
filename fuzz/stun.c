/* stun.c — fuzz target of STUN: whatever comes is read in its bounds; what was read as a request is
 * answered in all ways, and each answer can be read again and is proved. */
#include <string.h>

#include "rtc/stun.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* No cipher: what it gives depends on all bytes. */
static void make_mac(uint8_t mac[STUN_MAC_BYTES], const struct stun_pieces *of, void *arg)
{
    (void)arg;
    memset(mac, 0, STUN_MAC_BYTES);
    for (size_t i = 0; i < of->head_n; i++)
        mac[i % STUN_MAC_BYTES] = (uint8_t)(31 * mac[i % STUN_MAC_BYTES] + of->head[i]);
    for (size_t i = 0; i < of->rest_n; i++)
        mac[i % STUN_MAC_BYTES] = (uint8_t)(31 * mac[i % STUN_MAC_BYTES] + of->rest[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const enum stun_error errors[] = {STUN_NO_ERROR, STUN_BAD_REQUEST, STUN_UNAUTHENTICATED,
                                             STUN_UNKNOWN_ATTRIBUTE, STUN_ROLE_CONFLICT};
    const struct stun_key key = {make_mac, NULL};
    struct stun_message m, back;
    uint8_t bytes[STUN_ANSWER_MAX];
    if (stun_read(&m, data, n) != STUN_GOOD)
        return 0;
    assert(m.username.n <= STUN_USERNAME_MAX && m.unknown_n <= STUN_UNKNOWN_MAX);
    (void)stun_is_proved(&m, data, &key);
    for (unsigned i = 0; i < ARRAY_LEN(errors); i++) {
        const struct stun_answer a = {
            errors[i], {.ip = {192, 0, 2, 1}, .family = i % 2 ? 6 : 4, .port = 9}, &key};
        size_t out_n = stun_write(bytes, &m, &a);
        assert(out_n <= STUN_ANSWER_MAX && stun_read(&back, bytes, out_n) == STUN_GOOD);
        assert(back.has_fingerprint && stun_is_proved(&back, bytes, &key));
        assert(!memcmp(back.transaction, m.transaction, sizeof(m.transaction)));
    }
    return 0;
}
