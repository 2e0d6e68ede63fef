/* coding.h — how the words of a text message become octets: GSM 7 bit (3GPP TS 23.038 §6.2) and
 * UCS-2 (UTF-16, big-endian), and in how many segments they go. Called by gsm/, sms/, app/ and
 * view/. Pure. Cost: linear in the text; a look through 128 letters for each that is not ASCII. */
#ifndef GSM_CODING_H
#define GSM_CODING_H

#include "base/text.h"

/* Septets, or UCS-2 characters, of a message that goes alone, and of each part of a longer one. */
#define GSM_SEPTETS_MAX 160u
#define GSM_SEPTETS_PART 153u
#define GSM_WIDE_MAX 70u
#define GSM_WIDE_PART 67u
/* Octets of one segment, whatever its coding. */
#define GSM_OCTETS_MAX 140u
/* Bytes of UTF-8 that one segment may become. */
#define GSM_UTF8_MAX (GSM_SEPTETS_MAX * 3)

enum gsm_coding { GSM_CODING_7BIT, GSM_CODING_UCS2 };

/* One septet a byte, as SMPP carries them. False: a letter that the alphabet does not have, or no
 * room; *n is what was written until then. */
MUST_CHECK bool gsm_septets(uint8_t *to, size_t max, size_t *n, struct text utf8);
/* Back. What is no letter becomes "?". */
void gsm_septets_text(struct text_out *out, const uint8_t *septets, size_t n);

/* Eight septets in seven octets (§6.1.2.1.1); returns the octets written: (7 n + 7) / 8. */
size_t gsm_pack(uint8_t *to, const uint8_t *septets, size_t n);
/* The first n septets of packed octets. */
void gsm_unpack(uint8_t *to, const uint8_t *octets, size_t n);

/* UTF-16, big-endian. False: no room, or no UTF-8. */
MUST_CHECK bool gsm_wide(uint8_t *to, size_t max, size_t *n, struct text utf8);
void gsm_wide_text(struct text_out *out, const uint8_t *octets, size_t n);

/* Latin letters without what the alphabet lacks: ê becomes e, œ oe, ’ a plain one; no-break spaces
 * are spaces. What has no likeness stays as it is. */
void gsm_fold(struct text_out *out, struct text utf8);

/* What a text needs. units: septets or UCS-2 characters. False: no UTF-8. */
struct gsm_size {
    enum gsm_coding coding;
    uint32_t units, segments;
};
MUST_CHECK bool gsm_measure(struct gsm_size *size, struct text utf8);

#endif
