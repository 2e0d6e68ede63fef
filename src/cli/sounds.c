/* sounds.c — see sounds.h.
 * Invariant: what is judged is what a caller hears: coded by the A law and decoded again. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/sounds.h"
#include "media/g711.h"
#include "os/file.h"

#define FILE_BYTES_MAX (PROMPT_SAMPLES_MAX * 8) /* another rate or width is told, not played */
#define SENTENCE_BYTES 300

/* ---- reading ---- */

static enum sound_state read_bytes(struct sound *s, size_t *n)
{
    struct stat st;
    if (stat(s->path, &st) || !S_ISREG(st.st_mode))
        return SOUND_MISSING;
    if ((uint64_t)st.st_size > FILE_BYTES_MAX)
        return SOUND_TOO_BIG;
    s->bytes = malloc((size_t)st.st_size + 1);
    if (!s->bytes)
        return SOUND_NO_MEMORY;
    return os_file_read(s->path, s->bytes, (size_t)st.st_size, n) ? SOUND_MISSING : SOUND_READ;
}

static void hear(int16_t *samples, size_t n)
{
    int16_t as[1 << 12]; /* samples that agree in their upper 12 bits have one code */
    for (unsigned i = 0; i < ARRAY_LEN(as); i++)
        as[i] = g711_decode(MEDIA_PCMA, g711_encode(MEDIA_PCMA, (int16_t)(uint16_t)(i << 4)));
    for (size_t i = 0; i < n; i++)
        samples[i] = as[(uint16_t)samples[i] >> 4];
}

static bool judge(struct sound *s)
{
    size_t n = s->wav.frames_n;
    int16_t *heard = malloc((n ? n : 1) * sizeof(*heard));
    if (!heard)
        return false;
    wav_samples(heard, &s->wav);
    hear(heard, n);
    say_judge(&s->judged, heard, n);
    free(heard);
    return true;
}

void sound_load(struct sound *s)
{
    size_t n = 0;
    s->bytes = NULL;
    s->wav = (struct wav){0};
    s->state = read_bytes(s, &n);
    if (s->state != SOUND_READ)
        return;
    enum wav_verdict v = wav_read(&s->wav, s->bytes, n);
    if (v != WAV_READ)
        s->state = SOUND_NO_WAV;
    else if (!wav_is_playable(&s->wav))
        s->state = SOUND_OTHER_FORM;
    else if (s->wav.frames_n > PROMPT_SAMPLES_MAX)
        s->state = SOUND_TOO_BIG;
    else if (!s->is_unheard && !judge(s))
        s->state = SOUND_NO_MEMORY;
}

void sound_drop(struct sound *s)
{
    free(s->bytes);
    s->bytes = NULL;
}

bool sound_is_fit(const struct sound *s)
{
    return s->state == SOUND_READ && s->wav.frames_n && !(s->judged.faults & SAY_UNFIT);
}

/* ---- telling ---- */

static const char *cure_of(enum say_fault fault)
{
    switch (fault) {
    case SAY_TOO_LONG:
    case SAY_TOO_SHORT:
        return "dites les mots du tableau, ni plus ni moins (decroche prompts sheet)";
    case SAY_NOISY:
        return "enregistrez dans une pièce silencieuse, ou effacez le bruit avant et après la voix";
    case SAY_BEFORE:
    case SAY_AFTER:
        return "coupez ou ajoutez du silence au début et à la fin";
    default:
        return "changez le niveau du fichier entier (sox ENTRÉE.wav SORTIE.wav gain DÉCIBELS)";
    }
}

static void tell_form(const struct sound *s, sound_tell_fn *tell, void *arg)
{
    char what[SENTENCE_BYTES], cure[CONFIG_PATH_BYTES + SENTENCE_BYTES];
    snprintf(what, sizeof(what), "%u Hz, %u voie%s, %u bits%s, au lieu de 8000 Hz, 1 voie, 16 bits",
             s->wav.rate_hz, s->wav.channels_n, s->wav.channels_n > 1 ? "s" : "", s->wav.bits,
             wav_is_linear(&s->wav) ? "" : " (codés)");
    snprintf(cure, sizeof(cure), "sox %s -r 8000 -c 1 -b 16 -e signed-integer SORTIE.wav", s->path);
    tell(s, what, cure, arg);
}

void sound_tell(const struct sound *s, sound_tell_fn *tell, void *arg)
{
    static const char convert[] = "donnez un fichier WAV de 8000 Hz, 1 voie, 16 bits";
    if (s->state == SOUND_MISSING)
        tell(s, "ce fichier manque ou ne peut pas être lu", "decroche prompts list --missing", arg);
    else if (s->state == SOUND_NO_WAV)
        tell(s, "ce n’est pas un fichier WAV", convert, arg);
    else if (s->state == SOUND_TOO_BIG)
        tell(s, "plus de dix minutes", convert, arg);
    else if (s->state == SOUND_NO_MEMORY)
        tell(s, "la mémoire manque pour le lire", "libérez de la mémoire", arg);
    else if (s->state == SOUND_OTHER_FORM)
        tell_form(s, tell, arg);
    for (unsigned i = 0; s->state == SOUND_READ && i < SAY_FAULTS_N; i++) {
        char what[SENTENCE_BYTES];
        struct text_out out = {.p = what, .max = sizeof(what) - 1};
        enum say_fault fault = 1u << i;
        if (!(s->judged.faults & fault))
            continue;
        say_fault_text(&out, &s->judged, fault);
        what[out.n] = '\0';
        tell(s, what, cure_of(fault), arg);
    }
}
