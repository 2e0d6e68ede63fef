/* sentence.c — see sentence.h. Cost: a few texts; a menu is looked for in the flows.
 * Names are put behind a colon, so that no article and no gender has to be guessed. */
#include <string.h>

#include "config/sentence.h"
#include "config/voice.h"
#include "say/say.h"

#define MENU_WORDS_MAX 2 /* services of one key that leads to another menu */

static void put(struct text_out *out, const char *s)
{
    text_put(out, text_of(s));
}

static const char *of(enum prompt_lang lang, const char *french, const char *english)
{
    return lang == PROMPT_FR ? french : english;
}

static const struct directory_site *open_house(const struct directory *d)
{
    for (uint32_t i = 0; i < d->sites_n; i++)
        if (d->sites[i].is_public && d->sites[i].week != DIRECTORY_NONE && d->sites[i].address[0])
            return &d->sites[i];
    return NULL;
}

/* ---- sentences with names ---- */

static bool put_named(struct text_out *out, const struct directory *d, enum prompt_id id,
                      enum prompt_lang lang)
{
    const struct directory_organisation *o = &d->organisation;
    const struct directory_site *house = open_house(d);
    if (id == PROMPT_GREET_ORG) {
        put(out, of(lang, "Bonjour. Vous appelez\u00a0: ", "Hello. You have reached: "));
        put(out, o->name);
    } else if (id == PROMPT_CLOSED_WAYS && o->postal[0]) {
        put(out, of(lang, "Vous pouvez aussi nous écrire\u00a0: ", "You can also write to us: "));
        put(out, o->name);
        put(out, ", ");
        put(out, o->postal);
    } else if (id == PROMPT_CB_ROBOT) {
        put(out, of(lang, "Bonjour. Ici\u00a0: ", "Hello. This is: "));
        put(out, o->name);
        put(out,
            of(lang, ". Vous avez demandé un rappel. Restez en ligne\u00a0: quelqu’un vous parle",
               ". You asked for a callback. Stay on the line: someone will speak to you"));
    } else if (id == PROMPT_WAIT_WAYS && house) {
        put(out, of(lang, "Vous pouvez aussi venir\u00a0: ", "You can also come: "));
        put(out, house->name);
        put(out, ", ");
        put(out, house->address);
    } else {
        return false;
    }
    put(out, ".");
    return true;
}

/* Its sentence has a number of its own. */
static bool is_in_table(const char *service)
{
    char name[DIRECTORY_ID_BYTES + sizeof("menu.chosen.")] = "menu.chosen.";
    memcpy(name + strlen(name), service, strlen(service) + 1);
    return say_named(name) != PROMPT_NONE;
}

static bool put_service(struct text_out *out, const struct directory *d, enum prompt_id id)
{
    uint32_t i = config_voice_service(d, id);
    if (i == DIRECTORY_NONE || (prompt_rows[id].kind == 'L' && is_in_table(d->services[i].id)))
        return false;
    put(out, d->services[i].name);
    put(out, ".");
    return true;
}

/* ---- menus ---- */

struct menu {
    const struct config_site *site;
    const struct ivr_flow *flow;
    const struct ivr_step *step;
};

static bool find_menu(struct menu *found, const struct config_site *site, enum prompt_id id)
{
    for (uint32_t i = 0; i < site->flows->n; i++) {
        const struct ivr_flow *flow = &site->flows->list[i].flow;
        for (unsigned j = 0; j < flow->steps_n; j++) {
            const struct ivr_step *step = &flow->steps[j];
            bool is_it = step->kind == IVR_MENU && (step->prompts[0] == id || step->slow == id);
            if (!is_it)
                continue;
            *found = (struct menu){site, flow, step};
            return true;
        }
    }
    return false;
}

static const char *service_of(const struct menu *m, uint8_t step)
{
    const struct directory *d = m->site->directory;
    uint32_t i = directory_service_find(d, m->flow->steps[step].queue_id);
    return i == DIRECTORY_NONE ? NULL : d->services[i].name;
}

/* Where a key leads: a service, or the first services of the menu behind it. */
static unsigned put_target(struct text_out *out, const struct menu *m, uint8_t step,
                           enum prompt_lang lang)
{
    const struct ivr_step *to = &m->flow->steps[step];
    unsigned n = 0;
    if (to->kind == IVR_QUEUE && service_of(m, step)) {
        put(out, service_of(m, step));
        return 1;
    }
    for (unsigned i = 0; to->kind == IVR_MENU && i < to->choices_n && n < MENU_WORDS_MAX; i++) {
        const char *name = service_of(m, to->choices[i].step);
        if (!name || m->flow->steps[to->choices[i].step].kind != IVR_QUEUE)
            continue;
        put(out, n ? of(lang, ", ou ", ", or ") : "");
        put(out, name);
        n++;
    }
    return n;
}

static bool put_menu(struct text_out *out, const struct config_site *site, enum prompt_id id,
                     enum prompt_lang lang)
{
    struct menu m;
    unsigned n = 0;
    if (!site->flows || !find_menu(&m, site, id))
        return false;
    for (unsigned i = 0; i < m.step->choices_n; i++) {
        char key[] = {m.step->choices[i].key, '\0'};
        size_t before = out->n;
        if (!put_target(out, &m, m.step->choices[i].step, lang)) {
            out->n = before;
            continue;
        }
        put(out, of(lang, "\u00a0: tapez ", ": press "));
        put(out, key);
        put(out, ". ");
        n++;
    }
    put(out, of(lang, "Pour autre chose, ne faites rien\u00a0: quelqu’un va vous répondre.",
                "For anything else, do nothing: someone will answer you."));
    return n > 0;
}

/* ---- all ---- */

static bool is_menu(enum prompt_id id)
{
    return (id >= PROMPT_MENU_MAIN && id <= PROMPT_MENU_PAPERS_SLOW) ||
           (id >= PROMPT_MENU_OWN_1 && id <= PROMPT_MENU_OWN_8);
}

enum config_words config_sentence(struct text_out *out, const struct config_site *site,
                                  enum prompt_id id, enum prompt_lang lang)
{
    const struct prompt_row *row = &prompt_rows[id];
    const char *own = site->own ? site->own->words[lang][id] : NULL;
    bool is_its_own = row->kind == 'L' || (row->kind == 'S' && !site->directory->is_demo);
    if (own && (row->kind == 'S' || row->kind == 'L')) {
        put(out, own);
        return CONFIG_WORDS_OWN;
    }
    if (is_its_own && id != PROMPT_NOTICE_DATA) {
        size_t before = out->n;
        bool is_made = put_named(out, site->directory, id, lang) ||
                       put_service(out, site->directory, id) ||
                       (is_menu(id) && put_menu(out, site, id, lang));
        if (!is_made)
            out->n = before;
        return is_made ? CONFIG_WORDS_MADE : CONFIG_WORDS_NONE;
    }
    if (!row->text[lang] || row->kind == 'H')
        return CONFIG_WORDS_NONE;
    put(out, row->text[lang]);
    return CONFIG_WORDS_TABLE;
}
