/* hash.h — MD5 and SHA-256 of a text in hexadecimal, as sip/digest wants them; OpenSSL behind it.
 */
#ifndef PHONE_HASH_H
#define PHONE_HASH_H

#include "sip/digest.h"

struct sip_digest_hash phone_hash(void);

#endif
