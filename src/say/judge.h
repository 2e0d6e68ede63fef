/* judge.h — is the sound of a prompt as its row wants it? Called by cli/ (`decroche prompts`,
 * `decroche check`, and before a file is loaded). Pure: the samples are given as a caller hears
 * them, coded by G.711 and decoded again. Bounds: voice-script, head and rule 7; ITU-T P.56. */
#ifndef SAY_JUDGE_H
#define SAY_JUDGE_H

#include "base/text.h"
#include "say/prompts.h"

#define SAY_LEVEL_CDB (-2400) /* dBov, hundredths: active speech */
#define SAY_LEVEL_MOST_CDB 150
#define SAY_MUSIC_CDB (-2900) /* 4 to 6 dB below the speech */
#define SAY_MUSIC_MOST_CDB 100
#define SAY_PEAK_CDB (-300)
#define SAY_NOISE_CDB (-6000)
#define SAY_LONG_PERCENT 120 /* of the row's maximum */
#define SAY_BEFORE_MOST_MS 50
#define SAY_AFTER_MOST_MS 100

/* Bits. */
enum say_fault {
    SAY_TOO_LOUD = 1,
    SAY_TOO_QUIET = 2,
    SAY_PEAKS = 4,
    SAY_TOO_LONG = 8,
    SAY_TOO_SHORT = 16,
    SAY_NOISY = 32,
    SAY_BEFORE = 64, /* silence before the sound */
    SAY_AFTER = 128,
};
#define SAY_FAULTS_N 8
/* Past these a file is not played: another one, or a synthesis, takes its place. */
#define SAY_UNFIT (SAY_TOO_LOUD | SAY_PEAKS | SAY_TOO_LONG)

struct say_measure {
    uint32_t ms, before_ms, after_ms;
    int32_t level_cdb, peak_cdb, noise_cdb;
};

/* One file: id, lang and is_own are given, the rest is found. */
struct say_judged {
    enum prompt_id id;
    enum prompt_lang lang;
    bool is_own; /* a site's own words may be shorter than the table's */
    struct say_measure measure;
    unsigned faults; /* enum say_fault, or 0 */
};

void say_judge(struct say_judged *j, const int16_t *heard, size_t n);
/* One of its faults in French, for the administrator: what is, what is wanted. */
void say_fault_text(struct text_out *out, const struct say_judged *j, enum say_fault fault);
/* « −24,3 » */
void say_level_text(struct text_out *out, int32_t cdb);

/* The row of a language; for what has no words, the first. */
const struct prompt_form *say_form(enum prompt_id id, enum prompt_lang lang);
/* Is there to be a file of this prompt in this language (or in common/)? */
bool say_has_file(enum prompt_id id, enum prompt_lang lang);

#endif
