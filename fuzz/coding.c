/* coding.c — fuzz target of the codings of text messages and of what people answer: what is coded
 * comes back as it was, no octets lead past an end, an answer is one of those that there are. */
#include <string.h>

#include "gsm/answer.h"
#include "gsm/coding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void comes_back(struct text utf8, enum gsm_coding coding)
{
    uint8_t octets[4096];
    char back[8192];
    size_t n = 0;
    struct text_out out = {.p = back, .max = sizeof(back)};
    bool is_7bit = coding == GSM_CODING_7BIT;
    if (!(is_7bit ? gsm_septets(octets, sizeof(octets), &n, utf8)
                  : gsm_wide(octets, sizeof(octets), &n, utf8)))
        return;
    if (is_7bit)
        gsm_septets_text(&out, octets, n);
    else
        gsm_wide_text(&out, octets, n);
    bool has_nul = memchr(utf8.p, 0, utf8.n) != NULL;
    assert(has_nul || text_equal((struct text){back, out.n}, utf8));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint8_t septets[GSM_SEPTETS_MAX], packed[GSM_OCTETS_MAX], again[GSM_SEPTETS_MAX];
    char text[8192];
    struct text_out out = {.p = text, .max = sizeof(text)};
    struct gsm_size size;
    struct text utf8 = {(const char *)data, n};
    size_t k = n < GSM_SEPTETS_MAX ? n : GSM_SEPTETS_MAX;
    if (!n || n > 1000)
        return 0;
    comes_back(utf8, GSM_CODING_7BIT);
    comes_back(utf8, GSM_CODING_UCS2);
    gsm_fold(&out, utf8);
    if (gsm_measure(&size, utf8))
        assert(size.segments >= 1 && size.units <= 2 * n);
    assert(gsm_answer(utf8) < GSM_ANSWERS);
    for (size_t i = 0; i < k; i++)
        septets[i] = data[i] & 0x7F;
    gsm_unpack(again, packed, (gsm_pack(packed, septets, k), k));
    assert(!memcmp(septets, again, k));
    out.n = 0;
    gsm_septets_text(&out, data, n);
    gsm_wide_text(&out, data, n);
    return 0;
}
