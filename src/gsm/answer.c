/* answer.c — see answer.h: letters alone, without accents and in capitals, are compared whole, so
 * that "stop" within a sentence is no STOP. */
#include "gsm/answer.h"
#include "gsm/coding.h"

#define KEYWORD_MAX 16

static const struct {
    const char *word;
    enum gsm_answer answer;
} keywords[] = {
    {"STOP", GSM_ANSWER_STOP},      {"STOPSMS", GSM_ANSWER_STOP},  {"ARRET", GSM_ANSWER_STOP},
    {"ANNULER", GSM_ANSWER_CANCEL}, {"ANNULE", GSM_ANSWER_CANCEL}, {"ANNULEZ", GSM_ANSWER_CANCEL},
    {"OUI", GSM_ANSWER_YES},        {"NON", GSM_ANSWER_NO},        {"ENPARTIE", GSM_ANSWER_PARTLY},
};

static const char *const names[GSM_ANSWERS] = {"words", "stop", "cancel", "yes", "no", "partly"};

/* é, è and à stand in the alphabet, so gsm_fold() leaves them. */
static char letter_of(const char *p, size_t *n)
{
    static const struct {
        char second, like;
    } accents[] = {{(char)0xA9, 'E'}, {(char)0xA8, 'E'}, {(char)0x89, 'E'},
                   {(char)0x88, 'E'}, {(char)0xA0, 'A'}, {(char)0x80, 'A'},
                   {(char)0xB9, 'U'}, {(char)0xAC, 'I'}, {(char)0xB2, 'O'}};
    *n = 1;
    if (p[0] >= 'a' && p[0] <= 'z')
        return (char)(p[0] - 'a' + 'A');
    if ((unsigned char)p[0] != 0xC3)
        return p[0];
    *n = 2;
    for (unsigned i = 0; i < ARRAY_LEN(accents); i++)
        if (accents[i].second == p[1])
            return accents[i].like;
    return '?';
}

static bool is_left_out(char c)
{
    return c == ' ' || c == '.' || c == '!' || c == '\n' || c == '\r' || c == '\t' || c == '-' ||
           c == '"';
}

enum gsm_answer gsm_answer(struct text utf8)
{
    char folded[KEYWORD_MAX * 8], word[KEYWORD_MAX + 1];
    struct text_out plain = {.p = folded, .max = sizeof(folded) - 1};
    size_t n = 0, k;
    gsm_fold(&plain, utf8);
    folded[plain.n] = '\0';
    if (plain.is_cut)
        return GSM_ANSWER_WORDS;
    for (size_t i = 0; i < plain.n; i += k) {
        char c = letter_of(folded + i, &k);
        if (is_left_out(c))
            continue;
        if (n == KEYWORD_MAX)
            return GSM_ANSWER_WORDS;
        word[n++] = c;
    }
    for (unsigned i = 0; i < ARRAY_LEN(keywords); i++)
        if (text_equal((struct text){word, n}, text_of(keywords[i].word)))
            return keywords[i].answer;
    return GSM_ANSWER_WORDS;
}

const char *gsm_answer_name(enum gsm_answer answer)
{
    return answer < GSM_ANSWERS ? names[answer] : "";
}
