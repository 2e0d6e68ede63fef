/* siphash.c — vectors of the authors: key 00…0f over the first n of the bytes 00 01 02 … */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/siphash.h"

static void the_published_vectors_are_met(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        uint64_t hash;
    } vectors[] = {{0, UINT64_C(0x726fdb47dd0e0e31)},
                   {1, UINT64_C(0x74f839c593dc67fd)},
                   {8, UINT64_C(0x93f5f5799a932462)},
                   {15, UINT64_C(0xa129ca6149be45e5)}};
    const struct siphash_key key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    char bytes[16];
    for (unsigned i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)i;
    for (unsigned i = 0; i < ARRAY_LEN(vectors); i++)
        assert_int_equal(siphash(&key, (struct text){bytes, vectors[i].n}), vectors[i].hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_published_vectors_are_met)};
    return cmocka_run_group_tests_name("base/siphash", tests, NULL, NULL);
}
