/* pages_admin.c — see pages_admin.h. A form's answer comes when the files were read with its
 * change: until then the request waits, and comes with the same body again. Called by pages.c. */
#include <string.h>

#include "access/form.h"
#include "app/pages_admin.h"
#include "app/pages_screens.h"
#include "view/cursor.h"

#define WORD_MAX 128
#define FIELD_PREFIX "f."
#define PLACE "/administration"

/* ---- what a form, or an address, says --------------------------------------------------- */

static bool field(char *to, size_t max, struct text body, const char *name)
{
    struct text_out out = {.p = to, .max = max - 1};
    bool is_there = form_field(&out, body, name);
    to[is_there ? out.n : 0] = 0;
    return is_there;
}

static uint32_t number(const struct pages_request *r, const char *name)
{
    char word[WORD_MAX];
    struct text text = TEXT_NONE;
    uint64_t n = 0;
    if (r->method == PAGES_POST)
        text = field(word, sizeof(word), r->body, name) ? text_of(word) : TEXT_NONE;
    else
        view_query_find(&text, r->query, text_of(name));
    return text_number(text, UINT32_MAX, &n) ? (uint32_t)n : 0;
}

static void word(char to[WORD_MAX], const struct pages_request *r, const char *name)
{
    struct text text = TEXT_NONE;
    if (r->method == PAGES_POST) {
        field(to, WORD_MAX, r->body, name);
        return;
    }
    view_query_find(&text, r->query, text_of(name));
    text.n = text.n < WORD_MAX ? text.n : 0;
    if (text.n)
        memcpy(to, text.p, text.n);
    to[text.n] = 0;
}

static const struct view_list *list_of(struct text page)
{
    for (unsigned i = 0; i < view_lists_n; i++)
        if (text_equal(text_of(view_lists[i].page), page))
            return &view_lists[i];
    return NULL;
}

static uint64_t who(const struct pages_admin_args *args)
{
    return args->session ? args->session->account.id : 0;
}

static struct view_admin shown(const struct pages_admin_args *args, const struct files_told *told)
{
    return (struct view_admin){.files = args->files,
                               .accounts = args->accounts ? args->accounts->args.port : NULL,
                               .told = told,
                               .done = number(args->request, "fait"),
                               .is_same = number(args->request, "pareil") == 1};
}

/* ---- a change --------------------------------------------------------------------------- */

static void go(const struct pages_admin_args *args, struct pages_answer *answer, const char *page,
               const struct files_told *told)
{
    struct text_out out = {.p = args->location, .max = PAGES_LOCATION_BYTES - 1};
    text_put(&out, TEXT(PLACE "/"));
    text_put(&out, text_of(page));
    text_put(&out, told->state == FILES_SAME ? TEXT("?pareil=1") : TEXT("?fait="));
    if (told->state == FILES_DONE)
        text_put_number(&out, told->version);
    args->location[out.n] = 0;
    answer->status = 303;
    answer->location = args->location;
}

/* Who did it stands in the log, beside the history that says what. */
static void note(const struct pages_admin_args *args, const char *what, uint32_t version)
{
    struct account_audit audit = {
        .who = who(args), .at = args->request->now_at, .deed = ACCOUNT_SETTINGS_SET};
    struct text_out out = {.p = audit.detail, .max = sizeof(audit.detail) - 1};
    text_put(&out, text_of(what));
    text_put(&out, TEXT(", version "));
    text_put_number(&out, version);
    if (args->accounts)
        accounts_note(args->accounts, &audit);
}

/* True: *told says what became of it. False: the answer waits. */
static bool is_told(const struct pages_admin_args *args, const struct files_change *change,
                    struct pages_answer *answer, struct files_told *told)
{
    static const struct files_mistake busy = {.what = "un autre changement est en cours",
                                              .cure = "recommencez dans quelques secondes"};
    const struct pages_request *r = args->request;
    uint64_t id =
        r->order_id ? r->order_id : args->files->change(args->files->arg, change, r->now_ms);
    if (!id) {
        *told = (struct files_told){.state = FILES_REFUSED, .n = 1, .mistakes = &busy};
        return true;
    }
    *told = args->files->look(args->files->arg, id, r->now_ms);
    if (told->state != FILES_PENDING)
        return true;
    answer->is_later = true;
    answer->order_id = id;
    return false;
}

static void read_deed(const struct pages_request *r, struct files_change *c)
{
    char deed[WORD_MAX];
    word(deed, r, "faire");
    c->is_trial = text_equal(text_of(deed), TEXT("essayer"));
    c->is_removed = text_equal(text_of(deed), TEXT("retirer"));
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
    if (!field(f->value, sizeof(f->value), body, name))
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
    const struct view_admin a = shown(args, told);
    view_admin_thing(&h, args->house, &a, thing);
}

static bool change_thing(const struct pages_admin_args *args, struct pages_answer *answer,
                         const struct view_list *list, const struct files_item *was)
{
    struct files_item *item = &args->room->item;
    char base[WORD_MAX], why[WORD_MAX], name[WORD_MAX];
    struct files_told told;
    *item = (struct files_item){.first = number(args->request, "ligne")};
    word(base, args->request, "base");
    word(why, args->request, "note");
    word(name, args->request, "nom");
    take_fields(item, args->request->body, list, was);
    if (was)
        memcpy(item->name, was->name, sizeof(item->name));
    struct files_change change = {.kind = FILES_ITEM,
                                  .file = FILES_DIRECTORY,
                                  .base = base,
                                  .by_id = who(args),
                                  .note = why,
                                  .first = item->first,
                                  .list = list->list,
                                  .item_name = list->is_mapping && !item->first ? name : NULL,
                                  .fields = item->fields,
                                  .fields_n = item->n};
    read_deed(args->request, &change);
    if (!is_told(args, &change, answer, &told))
        return true;
    if (told.state == FILES_DONE)
        note(args, FILES_DIRECTORY, told.version);
    if (told.state == FILES_DONE || told.state == FILES_SAME) {
        go(args, answer, list->page, &told);
        return true;
    }
    const struct view_thing thing = {list, item, base, why, name};
    answer->status = told.state == FILES_TRIED ? 200 : 422;
    show_thing(args, answer, &thing, &told);
    return true;
}

static bool give_thing(const struct pages_admin_args *args, struct pages_answer *answer)
{
    char page[WORD_MAX], hash[FILES_HASH_BYTES] = "";
    struct files_item *was = &args->room->was;
    struct text text;
    word(page, args->request, "liste");
    const struct view_list *list = list_of(text_of(page));
    uint32_t line = number(args->request, "ligne");
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
    struct text rest = t;
    const char *from = t.p;
    if (!first || last < first)
        return t;
    for (uint32_t i = 1; i < first && rest.n; i++)
        text_cut(&rest, '\n');
    from = rest.n ? rest.p : t.p + t.n;
    for (uint32_t i = first; i <= last && rest.n; i++)
        text_cut(&rest, '\n');
    const char *to = rest.n ? rest.p : t.p + t.n;
    return (struct text){from, (size_t)(to - from)};
}

static void show_lines(const struct pages_admin_args *args, struct pages_answer *answer,
                       const struct view_lines *lines, const struct files_told *told)
{
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = shown(args, told);
    view_admin_lines(&h, args->house, &a, lines);
}

static bool change_lines(const struct pages_admin_args *args, struct pages_answer *answer,
                         const char *file)
{
    char base[WORD_MAX], why[WORD_MAX];
    struct text_out out = {.p = args->room->text, .max = sizeof(args->room->text)};
    struct files_told told;
    word(base, args->request, "base");
    word(why, args->request, "note");
    if (!form_field(&out, args->request->body, "texte"))
        out.n = 0;
    struct files_change change = {.kind = FILES_LINES,
                                  .file = file,
                                  .base = base,
                                  .by_id = who(args),
                                  .note = why,
                                  .first = number(args->request, "de"),
                                  .last = number(args->request, "a"),
                                  .text = {args->room->text, out.n}};
    read_deed(args->request, &change);
    if (!is_told(args, &change, answer, &told))
        return true;
    if (told.state == FILES_DONE)
        note(args, file, told.version);
    if (told.state == FILES_DONE || told.state == FILES_SAME) {
        go(args, answer, "fichiers", &told);
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
    char file[WORD_MAX], hash[FILES_HASH_BYTES];
    struct text text;
    word(file, args->request, "nom");
    if (args->request->method == PAGES_POST)
        return change_lines(args, answer, file);
    if (args->files->text(args->files->arg, file, &text, hash))
        return false;
    struct view_lines lines = {.file = file,
                               .base = hash,
                               .note = "",
                               .first = number(args->request, "de"),
                               .last = number(args->request, "a")};
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
    uint32_t n = number(args->request, "n");
    if (!find_version(args, n, &version))
        return false;
    if (args->request->method == PAGES_POST) {
        char why[FILES_NOTE_BYTES];
        struct text_out out = {.p = why, .max = sizeof(why) - 1};
        text_put(&out, TEXT("comme à la version "));
        text_put_number(&out, n);
        why[out.n] = 0;
        const struct files_change change = {
            .kind = FILES_VERSION, .by_id = who(args), .note = why, .version = n};
        if (!is_told(args, &change, answer, &told))
            return true;
        if (told.state == FILES_DONE)
            note(args, version.file, told.version);
        if (told.state == FILES_DONE || told.state == FILES_SAME) {
            go(args, answer, "historique", &told);
            return true;
        }
        answer->status = 422;
        shown_told = &told;
    }
    if (args->files->old(args->files->arg, n, &now, &before))
        return false;
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = shown(args, shown_told);
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
    char flow[WORD_MAX], keys[FILES_TRIAL_MAX];
    struct text_out out = {.p = keys, .max = sizeof(keys)};
    struct files_trial *trial = &args->room->trial;
    word(flow, args->request, "parcours");
    if (args->request->method != PAGES_GET || !read_keys(&out, args->request->query) ||
        !args->files->try_flow(args->files->arg, flow, (struct text){keys, out.n}, trial))
        return false;
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = shown(args, NULL);
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
    } plain[] = {{TEXT_NONE, view_admin_overview},
                 {TEXT("fichiers"), view_admin_files},
                 {TEXT("historique"), view_admin_versions},
                 {TEXT("comptes"), view_admin_accounts}};
    const struct view_list *list = list_of(args->page);
    const struct view_admin a = shown(args, NULL);
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
    if (text_equal(args->page, TEXT("fichier")))
        return give_lines(args, answer);
    if (text_equal(args->page, TEXT("version")))
        return give_version(args, answer);
    if (text_equal(args->page, TEXT("essai")))
        return give_trial(args, answer);
    return args->request->method == PAGES_GET && give_plain(args, answer);
}
