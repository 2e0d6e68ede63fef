/* voice.c — see voice.h.
 * Invariant: each file is asked for once, in the order of the prompts' numbers. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/voice.h"
#include "say/judge.h"

/* Greetings and menus belong to a flow; everything else is said in every service. */
static bool is_of_flows(const char *name)
{
    return !strncmp(name, "greet.", strlen("greet.")) || !strncmp(name, "menu.", strlen("menu."));
}

struct need {
    bool prompts[PROMPT_N];
    unsigned languages_n;
};

static void need_step(struct need *need, const struct ivr_step *step)
{
    for (unsigned i = 0; i < step->prompts_n; i++)
        need->prompts[step->prompts[i]] = true;
    need->prompts[step->slow] = need->prompts[step->wrong] = true;
}

static void need_flow(struct need *need, const struct ivr_flow *flow)
{
    for (unsigned i = 0; i < flow->steps_n; i++)
        need_step(need, &flow->steps[i]);
    for (unsigned i = 0; i < IVR_SAYS; i++)
        need->prompts[flow->say[i]] = true;
    if (flow->has_english)
        need->languages_n = PROMPT_LANGS;
}

static struct need need_of(const struct config_flows *flows)
{
    struct need need = {.languages_n = PROMPT_EN};
    for (unsigned id = PROMPT_NONE + 1; id < PROMPT_N; id++)
        need.prompts[id] = !is_of_flows(prompt_rows[id].name);
    for (uint32_t i = 0; i < flows->n; i++)
        need_flow(&need, &flows->list[i].flow);
    return need;
}

bool config_voice_path(char to[CONFIG_PATH_BYTES], const char *folder, enum prompt_id id,
                       enum prompt_lang lang)
{
    static const char *const languages[PROMPT_LANGS] = {[PROMPT_FR] = "fr", [PROMPT_EN] = "en"};
    const struct prompt_row *row = &prompt_rows[id];
    if (!say_has_file(id, lang))
        return false;
    int n = snprintf(to, CONFIG_PATH_BYTES, "%s/%s/%s.wav", folder,
                     row->is_common ? "common" : languages[lang], row->name);
    return n >= 0 && n < CONFIG_PATH_BYTES;
}

unsigned config_voice_check(const struct config_voice_args *args)
{
    const struct need need = need_of(args->flows);
    char path[CONFIG_PATH_BYTES];
    unsigned missing_n = 0;
    for (unsigned id = PROMPT_NONE + 1; id < PROMPT_N; id++) {
        unsigned languages_n = prompt_rows[id].is_common ? 1 : need.languages_n;
        for (unsigned lang = 0; lang < languages_n && need.prompts[id]; lang++) {
            if (!config_voice_path(path, args->folder, id, lang) || !access(path, R_OK))
                continue;
            args->missing(path, args->arg);
            missing_n++;
        }
    }
    return missing_n;
}
