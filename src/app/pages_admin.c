/* pages_admin.c — see pages_admin.h. A form's answer comes when the files were read with its
 * change: until then the request waits, and comes with the same body again. Called by pages.c. */
#include <string.h>

#include "access/form.h"
#include "app/pages_admin_parts.h"
#include "app/pages_screens.h"
#include "view/cursor.h"

#define FIELD_PREFIX "f."

static const struct view_list *list_of(struct text page)
{
    for (unsigned i = 0; i < view_lists_n; i++)
        if (text_equal(text_of(view_lists[i].page), page))
            return &view_lists[i];
    return NULL;
}

/* ---- a thing ---------------------------------------------------------------------------- */

static bool is_key(const struct files_item *item, const char *key)
{
    for (unsigned i = 0; i < item->n; i++)
        if (!strcmp(item->fields[i].key, key))
            return true;
    return false;
}

static void take_field(struct files_item *item, struct text body, const char *key,
                       enum files_form form)
{
    char name[FILES_WORD_BYTES + sizeof(FIELD_PREFIX)];
    struct text_out out = {.p = name, .max = sizeof(name) - 1};
    if (item->n == VIEW_FIELDS_MAX || is_key(item, key))
        return;
    struct files_field *f = &item->fields[item->n];
    text_put(&out, TEXT(FIELD_PREFIX));
    text_put(&out, text_of(key));
    name[out.n] = 0;
    if (!pages_admin_field(f->value, sizeof(f->value), body, name))
        return;
    struct text trimmed = text_trim(text_of(f->value));
    memmove(f->value, trimmed.p, trimmed.n);
    f->value[trimmed.n] = 0;
    out = (struct text_out){.p = f->key, .max = sizeof(f->key) - 1};
    memset(f->key, 0, sizeof(f->key));
    text_put(&out, text_of(key));
    f->form = form;
    item->n++;
}

/* The fields of the page, and those that the thing had beside them. */
static void take_fields(struct files_item *item, struct text body, const struct view_list *list,
                        const struct files_item *was)
{
    for (unsigned i = 0; i < list->fields_n; i++)
        take_field(item, body, list->fields[i].key,
                   list->fields[i].kind == VIEW_FIELD_WORDS ? FILES_LIST : FILES_TEXT);
    for (unsigned i = 0; was && i < was->n; i++)
        if (was->fields[i].form != FILES_DEEP)
            take_field(item, body, was->fields[i].key, was->fields[i].form);
}

static bool find_item(const struct pages_admin_args *args, const struct view_list *list,
                      uint32_t line, struct files_item *item)
{
    for (unsigned i = 0; line && args->files->item(args->files->arg, list->list, i, item); i++)
        if (item->first == line)
            return true;
    return false;
}

static void show_thing(const struct pages_admin_args *args, struct pages_answer *answer,
                       const struct view_thing *thing, const struct files_told *told)
{
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, told);
    view_admin_thing(&h, args->house, &a, thing);
}

static bool change_thing(const struct pages_admin_args *args, struct pages_answer *answer,
                         const struct view_list *list, const struct files_item *was)
{
    struct files_item *item = &args->room->item;
    char base[PAGES_ADMIN_WORD_MAX], why[PAGES_ADMIN_WORD_MAX], name[PAGES_ADMIN_WORD_MAX];
    struct files_told told;
    *item = (struct files_item){.first = pages_admin_number(args->request, "ligne")};
    pages_admin_word(base, args->request, "base");
    pages_admin_word(why, args->request, "note");
    pages_admin_word(name, args->request, "nom");
    take_fields(item, args->request->body, list, was);
    if (was)
        memcpy(item->name, was->name, sizeof(item->name));
    struct files_change change = {.kind = FILES_ITEM,
                                  .file = FILES_DIRECTORY,
                                  .base = base,
                                  .by_id = pages_admin_who(args),
                                  .note = why,
                                  .first = item->first,
                                  .list = list->list,
                                  .item_name = list->is_mapping && !item->first ? name : NULL,
                                  .fields = item->fields,
                                  .fields_n = item->n};
    pages_admin_deed(args->request, &change);
    if (!pages_admin_is_told(args, &change, answer, &told))
        return true;
    if (told.state == FILES_DONE)
        pages_admin_note(args, FILES_DIRECTORY, told.version);
    if (told.state == FILES_DONE || told.state == FILES_SAME) {
        pages_admin_go(args, answer, list->page, &told);
        return true;
    }
    const struct view_thing thing = {list, item, base, why, name};
    answer->status = told.state == FILES_TRIED ? 200 : 422;
    show_thing(args, answer, &thing, &told);
    return true;
}

static bool give_thing(const struct pages_admin_args *args, struct pages_answer *answer)
{
    char page[PAGES_ADMIN_WORD_MAX], hash[FILES_HASH_BYTES] = "";
    struct files_item *was = &args->room->was;
    struct text text;
    pages_admin_word(page, args->request, "liste");
    const struct view_list *list = list_of(text_of(page));
    uint32_t line = pages_admin_number(args->request, "ligne");
    if (!list || args->files->text(args->files->arg, FILES_DIRECTORY, &text, hash))
        return false;
    bool is_there = find_item(args, list, line, was);
    if (args->request->method == PAGES_POST)
        return change_thing(args, answer, list, is_there ? was : NULL);
    if (line && !is_there)
        return false;
    const struct view_thing thing = {list, is_there ? was : NULL, hash, "", ""};
    show_thing(args, answer, &thing, NULL);
    return true;
}

/* ---- lines ------------------------------------------------------------------------------ */

/* Lines first to last; 0: all of them. */
static struct text cut_lines(struct text t, uint32_t first, uint32_t last)
{
    if (!first || last < first)
        return t;
    size_t from = text_line_at(t, first), to = text_line_at(t, last + 1);
    return (struct text){t.p + from, to - from};
}

static void show_lines(const struct pages_admin_args *args, struct pages_answer *answer,
                       const struct view_lines *lines, const struct files_told *told)
{
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, told);
    view_admin_lines(&h, args->house, &a, lines);
}

static bool change_lines(const struct pages_admin_args *args, struct pages_answer *answer,
                         const char *file)
{
    char base[PAGES_ADMIN_WORD_MAX], why[PAGES_ADMIN_WORD_MAX];
    struct text_out out = {.p = args->room->text, .max = sizeof(args->room->text)};
    struct files_told told;
    pages_admin_word(base, args->request, "base");
    pages_admin_word(why, args->request, "note");
    if (!form_field(&out, args->request->body, "texte"))
        out.n = 0;
    struct files_change change = {.kind = FILES_LINES,
                                  .file = file,
                                  .base = base,
                                  .by_id = pages_admin_who(args),
                                  .note = why,
                                  .first = pages_admin_number(args->request, "de"),
                                  .last = pages_admin_number(args->request, "a"),
                                  .text = {args->room->text, out.n}};
    pages_admin_deed(args->request, &change);
    if (!pages_admin_is_told(args, &change, answer, &told))
        return true;
    if (told.state == FILES_DONE)
        pages_admin_note(args, file, told.version);
    if (told.state == FILES_DONE || told.state == FILES_SAME) {
        pages_admin_go(args, answer, "fichiers", &told);
        return true;
    }
    const struct view_lines lines = {.file = file,
                                     .base = base,
                                     .note = why,
                                     .text = change.text,
                                     .first = change.first,
                                     .last = change.last};
    answer->status = told.state == FILES_TRIED ? 200 : 422;
    show_lines(args, answer, &lines, &told);
    return true;
}

static bool give_lines(const struct pages_admin_args *args, struct pages_answer *answer)
{
    char file[PAGES_ADMIN_WORD_MAX], hash[FILES_HASH_BYTES];
    struct text text;
    pages_admin_word(file, args->request, "nom");
    if (args->request->method == PAGES_POST)
        return !text_starts_fold(text_of(file), TEXT(FILES_SOUND)) &&
               change_lines(args, answer, file);
    if (args->files->text(args->files->arg, file, &text, hash) || !text.n ||
        text_starts_fold(text_of(file), TEXT(FILES_SOUND)))
        return false; /* nor is an answer sheet that is not there a file, or a sound a text */
    struct view_lines lines = {.file = file,
                               .base = hash,
                               .note = "",
                               .first = pages_admin_number(args->request, "de"),
                               .last = pages_admin_number(args->request, "a")};
    lines.text = cut_lines(text, lines.first, lines.last);
    lines.is_long = lines.text.n > PAGES_ADMIN_SHOWN_MAX;
    show_lines(args, answer, &lines, NULL);
    return true;
}

/* ---- versions --------------------------------------------------------------------------- */

static bool find_version(const struct pages_admin_args *args, uint32_t wanted,
                         struct files_version *version)
{
    int err;
    for (unsigned i = 0; wanted && args->files->version(args->files->arg, i, version, &err); i++)
        if (version->number == wanted)
            return true;
    return false;
}

static bool give_version(const struct pages_admin_args *args, struct pages_answer *answer)
{
    struct files_version version;
    struct files_told told, *shown_told = NULL;
    struct text now, before;
    uint32_t n = pages_admin_number(args->request, "n");
    if (!find_version(args, n, &version))
        return false;
    if (args->request->method == PAGES_POST) {
        char why[FILES_NOTE_BYTES];
        struct text_out out = {.p = why, .max = sizeof(why) - 1};
        text_put(&out, TEXT("comme à la version "));
        text_put_number(&out, n);
        why[out.n] = 0;
        const struct files_change change = {
            .kind = FILES_VERSION, .by_id = pages_admin_who(args), .note = why, .version = n};
        if (!pages_admin_is_told(args, &change, answer, &told))
            return true;
        if (told.state == FILES_DONE)
            pages_admin_note(args, version.file, told.version);
        if (told.state == FILES_DONE || told.state == FILES_SAME) {
            pages_admin_go(args, answer, "historique", &told);
            return true;
        }
        answer->status = 422;
        shown_told = &told;
    }
    if (args->files->old(args->files->arg, n, &now, &before))
        return false;
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, shown_told);
    const struct view_version v = {&version, now, before, &args->room->compared};
    view_admin_version(&h, args->house, &a, &v);
    return true;
}

/* ---- which page ------------------------------------------------------------------------- */

/* Keys alone, each as it is on a telephone; "%23" is #. */
static bool read_keys(struct text_out *out, struct text query)
{
    struct text word = TEXT_NONE;
    view_query_find(&word, query, TEXT("touches"));
    for (; word.n && !out->is_cut; word = text_after(word, 1)) {
        bool is_hash = text_starts_fold(word, TEXT("%23"));
        if (is_hash)
            word = text_after(word, 2);
        else if (!memchr("0123456789*n", word.p[0], sizeof("0123456789*n") - 1))
            return false;
        text_put(out, is_hash ? TEXT("#") : (struct text){word.p, 1});
    }
    return !out->is_cut;
}

static bool give_trial(const struct pages_admin_args *args, struct pages_answer *answer)
{
    char flow[PAGES_ADMIN_WORD_MAX], keys[FILES_TRIAL_MAX];
    struct text_out out = {.p = keys, .max = sizeof(keys)};
    struct files_trial *trial = &args->room->trial;
    pages_admin_word(flow, args->request, "parcours");
    if (args->request->method != PAGES_GET || !read_keys(&out, args->request->query) ||
        !args->files->try_flow(args->files->arg, flow, (struct text){keys, out.n}, trial))
        return false;
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, NULL);
    const struct view_trial t = {flow, {keys, out.n}, trial};
    view_admin_try(&h, args->house, &a, &t);
    return true;
}

typedef void show_fn(struct html *h, const struct view_house *house, const struct view_admin *a);

static bool give_plain(const struct pages_admin_args *args, struct pages_answer *answer)
{
    static const struct {
        struct text page;
        show_fn *show;
    } plain[] = {{TEXT_NONE, view_admin_overview},      {TEXT("fiches"), view_admin_sheets},
                 {TEXT("sms"), view_admin_texts},       {TEXT("conservation"), view_admin_kept},
                 {TEXT("fichiers"), view_admin_files},  {TEXT("historique"), view_admin_versions},
                 {TEXT("comptes"), view_admin_accounts}};
    const struct view_list *list = list_of(args->page);
    const struct view_admin a = pages_admin_shown(args, NULL);
    for (unsigned i = 0; i < ARRAY_LEN(plain); i++)
        if (text_equal(plain[i].page, args->page)) {
            struct html h = pages_screen_open(args->request, answer);
            plain[i].show(&h, args->house, &a);
            return true;
        }
    if (!list)
        return false;
    struct html h = pages_screen_open(args->request, answer);
    view_admin_list(&h, args->house, &a, list);
    return true;
}

bool pages_admin(const struct pages_admin_args *args, struct pages_answer *answer)
{
    if (text_equal(args->page, TEXT("fiche")))
        return give_thing(args, answer);
    if (text_equal(args->page, TEXT("fiche-reponse")))
        return pages_admin_sheet(args, answer);
    if (text_equal(args->page, TEXT("appel-essai")))
        return pages_admin_trial(args, answer);
    if (text_equal(args->page, TEXT("compte")))
        return pages_admin_account(args, answer);
    if (text_starts_fold(args->page, TEXT("phrase")))
        return pages_admin_phrases(args, answer);
    if (text_equal(args->page, TEXT("enregistrement")))
        return pages_admin_record(args, answer);
    if (text_equal(args->page, TEXT("son.wav")))
        return pages_admin_sound(args, answer);
    if (text_equal(args->page, TEXT("fichier")))
        return give_lines(args, answer);
    if (text_equal(args->page, TEXT("version")))
        return give_version(args, answer);
    if (text_equal(args->page, TEXT("essai")))
        return give_trial(args, answer);
    return args->request->method == PAGES_GET && give_plain(args, answer);
}
