/* pages_admin_record.c — a sentence said by a voice of the place: the WAV that web/record.js sends,
 * or a form that takes the recording away. Either is a change of a file as others. Called by
 * pages_admin.c. */
#include <string.h>

#include "app/pages_admin_parts.h"
#include "app/pages_screens.h"
#include "port/phrases.h"
#include "view/cursor.h"

struct asked {
    enum phrases_lang lang;
    char name[PHRASES_NAME_BYTES], file[FILES_NAME_BYTES];
};

/* The body is the sound: which sentence stands in the address. */
static bool read_asked(const struct pages_admin_args *args, struct asked *a)
{
    const struct phrases_port *port = args->files->phrases;
    struct text name = TEXT_NONE, lang = TEXT_NONE;
    view_query_find(&name, args->request->query, TEXT("nom"));
    view_query_find(&lang, args->request->query, TEXT("voix"));
    if (name.n >= sizeof(a->name) || !name.n)
        return false;
    memcpy(a->name, name.p, name.n);
    a->name[name.n] = 0;
    a->lang = text_equal(lang, TEXT("en")) ? PHRASES_EN : PHRASES_FR;
    return port->read(port->arg) && port->own_name(port->arg, a->lang, a->name, a->file);
}

static void go(const struct pages_admin_args *args, struct pages_answer *answer,
               const struct asked *a, const struct files_told *told)
{
    struct text_out out = {.p = args->location, .max = PAGES_LOCATION_BYTES - 1};
    text_put(&out, TEXT("/administration/phrase?nom="));
    text_put(&out, text_of(a->name));
    text_put(&out, a->lang == PHRASES_EN ? TEXT("&voix=en") : TEXT_NONE);
    text_put(&out, told->state == FILES_SAME ? TEXT("&pareil=1") : TEXT("&fait="));
    if (told->state == FILES_DONE)
        text_put_number(&out, told->version);
    args->location[out.n] = 0;
    answer->status = 303;
    answer->location = args->location;
}

static void show(const struct pages_admin_args *args, struct pages_answer *answer,
                 const struct files_told *told)
{
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, told);
    view_admin_recorded(&h, args->house, &a);
}

bool pages_admin_record(const struct pages_admin_args *args, struct pages_answer *answer)
{
    const struct phrases_port *port = args->files->phrases;
    struct asked a;
    struct text sound = TEXT_NONE;
    struct files_mistake mistake = {.line = 0};
    struct files_told told = {.state = FILES_REFUSED, .n = 1, .mistakes = &mistake};
    if (!port || args->request->method != PAGES_POST || !read_asked(args, &a))
        return false;
    char deed[PAGES_ADMIN_WORD_MAX];
    bool is_sound = text_starts_fold(args->request->body, TEXT("RIFF"));
    if (!is_sound)
        pages_admin_word(deed, args->request, "faire");
    bool is_removed = !is_sound && !strcmp(deed, "retirer");
    bool is_fit = is_removed || args->request->order_id; /* shaped when it came first */
    if (!is_fit) {
        const struct phrases_take take = {a.lang, a.name, args->request->body};
        is_fit = port->record(port->arg, &take, &sound, &mistake);
    }
    const struct files_change c = {.kind = FILES_WHOLE,
                                   .file = a.file,
                                   .by_id = pages_admin_who(args),
                                   .note = a.name,
                                   .is_removed = is_removed,
                                   .text = sound};
    if (is_fit && !pages_admin_is_told(args, &c, answer, &told))
        return true;
    if (told.state == FILES_DONE)
        pages_admin_note(args, a.file, told.version);
    if (told.state == FILES_DONE || told.state == FILES_SAME) {
        go(args, answer, &a, &told);
        return true;
    }
    answer->status = 422;
    show(args, answer, &told);
    return true;
}
