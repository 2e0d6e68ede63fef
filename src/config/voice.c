/* voice.c — see voice.h.
 * Invariant: each file is asked for once, in the order of the prompts' numbers. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/voice.h"
#include "say/judge.h"
#include "say/say.h"

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

static bool put_path(char to[CONFIG_PATH_BYTES], const char *folder, const char *part,
                     const char *name)
{
    int n = snprintf(to, CONFIG_PATH_BYTES, "%s/%s/%s.wav", folder, part, name);
    return n >= 0 && n < CONFIG_PATH_BYTES;
}

static const char *folder_of(enum prompt_id id, enum prompt_lang lang)
{
    static const char *const languages[PROMPT_LANGS] = {[PROMPT_FR] = "fr", [PROMPT_EN] = "en"};
    return prompt_rows[id].is_common ? "common" : languages[lang];
}

bool config_voice_path(char to[CONFIG_PATH_BYTES], const char *folder, enum prompt_id id,
                       enum prompt_lang lang)
{
    return say_has_file(id, lang) &&
           put_path(to, folder, folder_of(id, lang), prompt_rows[id].name);
}

/* ---- names of services ---- */

#define CHOSEN "menu.chosen."
#define WHISPER "agent.whisper."
#define SITE_FIRST PROMPT_MENU_CHOSEN_SITE_01

static uint32_t service_named(const struct directory *d, const char *id)
{
    for (uint32_t i = 0; i < d->services_n; i++)
        if (!strcmp(d->services[i].id, id))
            return i;
    return DIRECTORY_NONE;
}

enum prompt_id config_voice_named(const struct directory *directory, const char *name)
{
    enum prompt_id id = say_named(name);
    if (id != PROMPT_NONE || !directory || strncmp(name, CHOSEN, strlen(CHOSEN)) != 0)
        return id;
    uint32_t i = service_named(directory, name + strlen(CHOSEN));
    return say_service(i);
}

uint32_t config_voice_service(const struct directory *directory, enum prompt_id id)
{
    const char *name = prompt_rows[id].name;
    if (id >= SITE_FIRST && id - SITE_FIRST < SAY_SERVICES_MAX)
        return id - SITE_FIRST < directory->services_n ? id - SITE_FIRST : DIRECTORY_NONE;
    if (!strncmp(name, CHOSEN, strlen(CHOSEN)))
        return service_named(directory, name + strlen(CHOSEN));
    if (!strncmp(name, WHISPER, strlen(WHISPER)))
        return service_named(directory, name + strlen(WHISPER));
    return DIRECTORY_NONE;
}

bool config_voice_own_path(char to[CONFIG_PATH_BYTES], const struct config_voice_own *own,
                           enum prompt_id id, enum prompt_lang lang)
{
    char name[sizeof(CHOSEN) + DIRECTORY_ID_BYTES];
    if (say_has_file(id, lang))
        return config_voice_path(to, own->folder, id, lang);
    if (prompt_rows[id].kind != 'L')
        return false;
    uint32_t i = own->directory ? config_voice_service(own->directory, id) : DIRECTORY_NONE;
    if (i == DIRECTORY_NONE)
        return put_path(to, own->folder, folder_of(id, lang), prompt_rows[id].name);
    snprintf(name, sizeof(name), CHOSEN "%s", own->directory->services[i].id);
    return put_path(to, own->folder, folder_of(id, lang), name);
}

/* ---- what lacks ---- */

static bool is_there(const struct config_voice_args *args, enum prompt_id id, enum prompt_lang lang)
{
    char path[CONFIG_PATH_BYTES];
    return args->own && args->own[0] && config_voice_path(path, args->own, id, lang) &&
           !access(path, R_OK);
}

unsigned config_voice_check(const struct config_voice_args *args)
{
    const struct need need = need_of(args->flows);
    char path[CONFIG_PATH_BYTES];
    unsigned missing_n = 0;
    for (unsigned id = PROMPT_NONE + 1; id < PROMPT_N; id++) {
        unsigned languages_n = prompt_rows[id].is_common ? 1 : need.languages_n;
        for (unsigned lang = 0; lang < languages_n && need.prompts[id]; lang++) {
            if (!config_voice_path(path, args->folder, id, lang) || !access(path, R_OK) ||
                is_there(args, id, lang))
                continue;
            args->missing(path, args->arg);
            missing_n++;
        }
    }
    return missing_n;
}
