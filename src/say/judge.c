/* judge.c — see judge.h. Cost: level.h, twice over the samples.
 * Noise is looked for in the outer halves of the two silences: consonants begin and end softly. */
#include "base/level.h"
#include "say/judge.h"

#define FRAME_SAMPLES 40 /* 5 ms */
#define FRAME_MS 5
#define SOUND_CDB (-5800) /* a frame above it is sound */

/* ---- rows ---- */

const struct prompt_form *say_form(enum prompt_id id, enum prompt_lang lang)
{
    const struct prompt_row *row = &prompt_rows[id];
    return &row->form[row->is_common ? PROMPT_FR : lang];
}

bool say_has_file(enum prompt_id id, enum prompt_lang lang)
{
    const struct prompt_row *row = &prompt_rows[id];
    bool is_spoken_by_us = row->kind != 'L' && row->kind != 'H';
    return row->name && (row->is_common || (is_spoken_by_us && row->text[lang]));
}

/* ---- measures ---- */

static int32_t loudest(const int16_t *heard, size_t frames_n)
{
    int32_t most = LEVEL_SILENT_CDB;
    for (size_t i = 0; i < frames_n; i++) {
        int32_t level = level_power(heard + i * FRAME_SAMPLES, FRAME_SAMPLES);
        most = level > most ? level : most;
    }
    return most;
}

static bool is_sound(const int16_t *heard, size_t frame)
{
    return level_power(heard + frame * FRAME_SAMPLES, FRAME_SAMPLES) > SOUND_CDB;
}

static void measure(struct say_measure *m, const int16_t *heard, size_t n,
                    const struct prompt_form *form)
{
    size_t frames_n = n / FRAME_SAMPLES, first = 0, last = frames_n;
    while (first < frames_n && !is_sound(heard, first))
        first++;
    while (last > first && !is_sound(heard, last - 1))
        last--;
    size_t head = form->before_ms / FRAME_MS / 2, tail = form->after_ms / FRAME_MS / 2;
    head = head < frames_n ? head : frames_n;
    tail = tail < frames_n ? tail : frames_n;
    int32_t before = loudest(heard, head);
    int32_t after = loudest(heard + (frames_n - tail) * FRAME_SAMPLES, tail);
    *m = (struct say_measure){.ms = (uint32_t)(n * 1000 / LEVEL_RATE_HZ),
                              .before_ms = (uint32_t)first * FRAME_MS,
                              .after_ms = (uint32_t)(frames_n - last) * FRAME_MS,
                              .level_cdb = level_speech(heard, n),
                              .peak_cdb = level_peak(heard, n),
                              .noise_cdb = before > after ? before : after};
}

/* ---- verdicts ---- */

static bool is_far(uint32_t ms, uint32_t wanted_ms, uint32_t most_ms)
{
    return ms > wanted_ms + most_ms || ms + most_ms < wanted_ms;
}

static unsigned level_faults(int32_t level_cdb, int32_t wanted_cdb, int32_t most_cdb)
{
    if (level_cdb > wanted_cdb + most_cdb)
        return SAY_TOO_LOUD;
    return level_cdb < wanted_cdb - most_cdb ? SAY_TOO_QUIET : 0;
}

static unsigned speech_faults(const struct say_measure *m, const struct prompt_form *form)
{
    unsigned faults = level_faults(m->level_cdb, SAY_LEVEL_CDB, SAY_LEVEL_MOST_CDB);
    if (m->noise_cdb > SAY_NOISE_CDB)
        faults |= SAY_NOISY;
    if (is_far(m->before_ms, form->before_ms, SAY_BEFORE_MOST_MS))
        faults |= SAY_BEFORE;
    if (is_far(m->after_ms, form->after_ms, SAY_AFTER_MOST_MS))
        faults |= SAY_AFTER;
    return faults;
}

void say_judge(struct say_judged *j, const int16_t *heard, size_t n)
{
    const struct prompt_form *form = say_form(j->id, j->lang);
    const struct prompt_row *row = &prompt_rows[j->id];
    const struct say_measure *m = &j->measure;
    measure(&j->measure, heard, n, form);
    j->faults = 0;
    if (row->kind == 'M')
        j->faults = level_faults(m->level_cdb, SAY_MUSIC_CDB, SAY_MUSIC_MOST_CDB);
    else if (row->kind != 'T')
        j->faults = speech_faults(m, form);
    if (m->peak_cdb > SAY_PEAK_CDB)
        j->faults |= SAY_PEAKS;
    if (m->ms > form->max_ms * SAY_LONG_PERCENT / 100)
        j->faults |= SAY_TOO_LONG;
    if (!row->is_common && !j->is_own && m->ms < form->spoken_ms / 2)
        j->faults |= SAY_TOO_SHORT;
}

/* ---- words ---- */

/* A number of tenths with its comma. */
static void put_tenths(struct text_out *out, uint32_t tenths)
{
    text_put_number(out, tenths / 10);
    text_put(out, TEXT(","));
    text_put_number(out, tenths % 10);
}

void say_level_text(struct text_out *out, int32_t cdb)
{
    text_put(out, cdb < 0 ? TEXT("−") : TEXT(""));
    put_tenths(out, ((uint32_t)(cdb < 0 ? -cdb : cdb) + 5) / 10);
}

static void put_level(struct text_out *out, int32_t cdb, struct text wanted)
{
    say_level_text(out, cdb);
    text_put(out, wanted);
}

static void put_silence(struct text_out *out, uint32_t ms, uint32_t wanted_ms, uint32_t most_ms)
{
    text_put_number(out, ms);
    text_put(out, TEXT(" ms, au lieu de "));
    text_put_number(out, wanted_ms);
    text_put(out, TEXT(" ± "));
    text_put_number(out, most_ms);
}

static void put_long(struct text_out *out, uint32_t ms, struct text than, uint32_t than_ms)
{
    put_tenths(out, (ms + 50) / 100);
    text_put(out, than);
    put_tenths(out, (than_ms + 50) / 100);
    text_put(out, TEXT(" s"));
}

static void put_level_fault(struct text_out *out, const struct say_judged *j, struct text what)
{
    bool is_music = prompt_rows[j->id].kind == 'M';
    text_put(out, what);
    put_level(out, j->measure.level_cdb,
              is_music ? TEXT(" dBov, au lieu de −29 ± 1 pour une musique")
                       : TEXT(" dBov, au lieu de −24 ± 1,5"));
}

void say_fault_text(struct text_out *out, const struct say_judged *j, enum say_fault fault)
{
    const struct prompt_form *form = say_form(j->id, j->lang);
    const struct say_measure *m = &j->measure;
    if (fault == SAY_TOO_LOUD) {
        put_level_fault(out, j, TEXT("trop fort\u00a0: "));
    } else if (fault == SAY_TOO_QUIET) {
        put_level_fault(out, j, TEXT("trop faible\u00a0: "));
    } else if (fault == SAY_PEAKS) {
        text_put(out, TEXT("crête à "));
        put_level(out, m->peak_cdb, TEXT(" dBFS, −3 au plus"));
    } else if (fault == SAY_TOO_LONG) {
        text_put(out, TEXT("trop long\u00a0: "));
        put_long(out, m->ms, TEXT(" s, au plus "), form->max_ms);
    } else if (fault == SAY_TOO_SHORT) {
        text_put(out, TEXT("trop court pour ces mots\u00a0: "));
        put_long(out, m->ms, TEXT(" s, environ "), form->spoken_ms);
    } else if (fault == SAY_NOISY) {
        text_put(out, TEXT("bruit de fond à "));
        put_level(out, m->noise_cdb, TEXT(" dBov, −60 au plus"));
    } else if (fault == SAY_BEFORE) {
        text_put(out, TEXT("silence avant\u00a0: "));
        put_silence(out, m->before_ms, form->before_ms, SAY_BEFORE_MOST_MS);
    } else {
        text_put(out, TEXT("silence après\u00a0: "));
        put_silence(out, m->after_ms, form->after_ms, SAY_AFTER_MOST_MS);
    }
}
