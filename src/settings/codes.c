/* codes.c — short codes that could be dialled for something else (voice-script §11).
 * Called by check.c, once for each reading of a file. */
#include "base/emergency.h"
#include "settings/check.h"

#define DIGITS_MIN 2
#define DIGITS_MAX 4

/* Forwarding, number withheld, barring, call waiting: operators and exchanges take them first. */
static const char *const operators[] = {"21", "31", "33", "43", "61", "62", "67", "69"};

struct code {
    const char *key;
    struct text text;
};

static struct text digits(struct text code)
{
    return text_after(code, 1);
}

static bool begins(struct text t, struct text with)
{
    return t.n >= with.n && text_equal((struct text){t.p, with.n}, with);
}

static bool begins_as_one_of(struct text t, const char *const *of, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (begins(t, text_of(of[i])))
            return true;
    return false;
}

static bool is_malformed(struct text code)
{
    uint64_t number;
    bool is_short = code.n < 1 + DIGITS_MIN || code.n > 1 + DIGITS_MAX;
    return is_short || code.p[0] != '*' || !text_number(digits(code), 9999, &number);
}

/* A telephone that dials while one types would dial the shorter one. */
static bool clashes(const struct code *codes, unsigned n, unsigned i)
{
    for (unsigned j = 0; j < n; j++)
        if (j != i && !is_malformed(codes[j].text) && begins(codes[i].text, codes[j].text))
            return true;
    return false;
}

static bool judge(const struct code *codes, unsigned n, unsigned i, struct settings_finding *out)
{
    struct text of = codes[i].text;
    *out = (struct settings_finding){.folder = "short_codes", .key = codes[i].key};
    if (is_malformed(of)) {
        out->what = "ce n’est pas un code court";
        out->cure = "une étoile et deux à quatre chiffres\u00a0: \"*71\"";
    } else if (emergency_begins(digits(of))) { /* who dials in fear may press a star first */
        out->what = "après l’étoile, ce code commence comme un numéro d’urgence";
        out->cure = "prenez d’autres chiffres que 15, 17, 18, 112, 114…";
    } else if (begins_as_one_of(digits(of), operators, ARRAY_LEN(operators))) {
        out->what = "les opérateurs et les autocommutateurs prennent ce code pour eux";
        out->cure = "prenez d’autres chiffres que 21, 31, 33, 43, 61, 62, 67, 69";
    } else if (clashes(codes, n, i)) {
        out->what = "ce code commence comme un autre, ou lui est égal";
        out->cure = "donnez à chacun des chiffres que les autres n’ont pas au début";
    } else {
        return false;
    }
    return true;
}

unsigned settings_check_codes(const struct settings *s, struct settings_finding out[])
{
    const struct settings_short_codes *c = &s->short_codes;
    const struct code codes[SETTINGS_CODES_N] = {
        {"sign_in", text_of(c->sign_in)},   {"ready", text_of(c->ready)},
        {"pause", text_of(c->pause)},       {"wrap_up", text_of(c->wrap_up)},
        {"state", text_of(c->state)},       {"practice", text_of(c->practice)},
        {"sign_out", text_of(c->sign_out)}, {"pick_up", text_of(c->pick_up)},
        {"listen", text_of(c->listen)}};
    unsigned n = 0;
    for (unsigned i = 0; i < SETTINGS_CODES_N; i++)
        n += judge(codes, SETTINGS_CODES_N, i, &out[n]);
    return n;
}
