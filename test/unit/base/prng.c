/* prng.c — the variates have the moments and tails they claim, and are the same bytes everywhere.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/prng.h"

#define DRAWS 400000

/* Golden values: changing any of them changes every simulation ever printed. */
static void a_seed_gives_these_numbers_on_every_cpu(void **state)
{
    (void)state;
    struct prng p;
    prng_seed(&p, 1);
    const uint64_t first[] = {UINT64_C(0xb3f2af6d0fc710c5), UINT64_C(0x853b559647364cea),
                              UINT64_C(0x92f89756082a4514)};
    for (unsigned i = 0; i < ARRAY_LEN(first); i++)
        assert_int_equal(prng_next(&p), first[i]);
    struct prng_law lognormal = prng_lognormal(300000, 800), weibull = prng_weibull(240000, 800);
    uint64_t sum = 0;
    for (unsigned i = 0; i < 100000; i++) {
        sum = sum * 31 + (uint64_t)prng_law_ms(&p, &lognormal);
        sum = sum * 31 + (uint64_t)prng_law_ms(&p, &weibull);
        sum = sum * 31 + (uint64_t)prng_exponential_ms(&p, 1000);
        sum = sum * 31 + prng_below(&p, 1000003);
    }
    assert_int_equal(sum, UINT64_C(0xc24199a39fd2c8c5));
}

static void below_is_even_and_inside(void **state)
{
    (void)state;
    struct prng p;
    prng_seed(&p, 2);
    unsigned count[7] = {0};
    for (unsigned i = 0; i < 700000; i++)
        count[prng_below(&p, 7)]++;
    for (unsigned i = 0; i < 7; i++)
        assert_in_range(count[i], 98800, 101200); /* 4 deviations */
    assert_int_equal(prng_below(&p, 1), 0);
    for (unsigned i = 0; i < 1000; i++)
        assert_in_range(prng_between(&p, 5, 9), 5, 9);
    /* Just above half of the range: every second draw is rejected, the rest stays inside. */
    uint64_t n = ((uint64_t)1 << 63) + 1;
    for (unsigned i = 0; i < 1000; i++)
        assert_true(prng_below(&p, n) < n);
}

static void chance_keeps_its_ppm(void **state)
{
    (void)state;
    struct prng p;
    prng_seed(&p, 3);
    unsigned yes = 0;
    for (unsigned i = 0; i < 1000000; i++)
        yes += prng_chance(&p, 120000);
    assert_in_range(yes, 118700, 121300);
    for (unsigned i = 0; i < 1000; i++) {
        assert_false(prng_chance(&p, 0));
        assert_true(prng_chance(&p, 1000000));
    }
}

static void check_moments(const double *x, double mean, double cv, double tolerance)
{
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < DRAWS; i++)
        sum += x[i];
    double m = sum / DRAWS;
    for (unsigned i = 0; i < DRAWS; i++)
        squares += (x[i] - m) * (x[i] - m);
    double c = sqrt(squares / DRAWS) / m;
    if (fabs(m / mean - 1) > tolerance || fabs(c / cv - 1) > 8 * tolerance)
        fail_msg("mean %f instead of %f, CV %f instead of %f", m, mean, c, cv);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The draws at these tail probabilities stand where the law says, within sampling error. */
static void check_tail(double *x, double (*quantile)(double tail, double cv), double cv,
                       double mean)
{
    static const double tails[] = {0.9, 0.5, 0.1, 0.01, 0.001};
    qsort(x, DRAWS, sizeof(*x), compare);
    for (unsigned i = 0; i < ARRAY_LEN(tails); i++) {
        double got = x[(unsigned)((1 - tails[i]) * DRAWS)] / mean, want = quantile(tails[i], cv);
        double tolerance = tails[i] < 0.005 ? 0.08 : 0.02;
        if (fabs(got / want - 1) > tolerance)
            fail_msg("tail %g (CV %g): %f instead of %f", tails[i], cv, got, want);
    }
}

static double normal_quantile(double tail)
{
    double low = -10, high = 10;
    for (unsigned i = 0; i < 100; i++) {
        double z = (low + high) / 2;
        if (erfc(z / sqrt(2)) / 2 > tail)
            low = z;
        else
            high = z;
    }
    return low;
}

static double lognormal_quantile(double tail, double cv)
{
    double variance = log(1 + cv * cv);
    return exp(sqrt(variance) * normal_quantile(tail) - variance / 2);
}

static double exponential_quantile(double tail, double cv)
{
    (void)cv;
    return -log(tail);
}

static double weibull_quantile(double tail, double cv)
{
    double low = 1e-4, high = 10;
    for (unsigned i = 0; i < 200; i++) {
        double x = (low + high) / 2;
        if (tgamma(1 + 2 * x) / pow(tgamma(1 + x), 2) < 1 + cv * cv)
            low = x;
        else
            high = x;
    }
    return pow(-log(tail), low) / tgamma(1 + low);
}

static void exponential_has_its_mean_and_tail(void **state)
{
    (void)state;
    struct prng p;
    prng_seed(&p, 4);
    double *x = calloc(DRAWS, sizeof(*x));
    for (unsigned i = 0; i < DRAWS; i++)
        x[i] = (double)prng_exponential_ms(&p, 180000);
    check_moments(x, 180000, 1, 0.006);
    check_tail(x, exponential_quantile, 1, 180000);
    free(x);
}

static void laws_have_their_mean_their_cv_and_their_tail(void **state)
{
    (void)state;
    static const uint32_t cvs[] = {PRNG_CV_MILLI_MIN, 310, 800, 1000, 1499};
    struct prng p;
    prng_seed(&p, 5);
    double *x = calloc(DRAWS, sizeof(*x));
    for (unsigned k = 0; k < 2 * ARRAY_LEN(cvs); k++) {
        uint32_t cv = cvs[k / 2];
        bool is_lognormal = k % 2;
        struct prng_law law = is_lognormal ? prng_lognormal(300000, cv) : prng_weibull(300000, cv);
        for (unsigned i = 0; i < DRAWS; i++)
            x[i] = (double)prng_law_ms(&p, &law);
        check_moments(x, 300000, cv / 1000.0, 0.01);
        check_tail(x, is_lognormal ? lognormal_quantile : weibull_quantile, cv / 1000.0, 300000);
    }
    free(x);
}

static void the_bounds_of_the_laws_hold(void **state)
{
    (void)state;
    struct prng p;
    prng_seed(&p, 6);
    struct prng_law wide = prng_lognormal(PRNG_MEAN_MS_MAX, PRNG_CV_MILLI_MAX);
    struct prng_law heavy = prng_weibull(PRNG_MEAN_MS_MAX, PRNG_CV_MILLI_MAX);
    struct prng_law nothing = prng_lognormal(0, PRNG_CV_MILLI_MAX);
    for (unsigned i = 0; i < 100000; i++) {
        assert_in_range(prng_law_ms(&p, &wide), 0, PRNG_MS_MAX);
        assert_in_range(prng_law_ms(&p, &heavy), 0, PRNG_MS_MAX);
        assert_int_equal(prng_law_ms(&p, &nothing), 0);
    }
    assert_int_equal(prng_exponential_ms(&p, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_these_numbers_on_every_cpu),
        cmocka_unit_test(below_is_even_and_inside),
        cmocka_unit_test(chance_keeps_its_ppm),
        cmocka_unit_test(exponential_has_its_mean_and_tail),
        cmocka_unit_test(laws_have_their_mean_their_cv_and_their_tail),
        cmocka_unit_test(the_bounds_of_the_laws_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
