/* pages_admin_sheets.c — an answer sheet, as text beside what agents see of it: added, changed,
 * taken away. It is a file as others are: the same change, the same history. Called by
 * pages_admin.c. */
#include <string.h>

#include "access/form.h"
#include "app/pages_admin_parts.h"
#include "app/pages_screens.h"

/* A new sheet is to be looked at again so late. */
#define REVIEW_DAYS 180

static void put_two(struct text_out *out, unsigned n)
{
    text_put(out, n < 10 ? TEXT("0") : TEXT(""));
    text_put_number(out, n);
}

static void put_day(struct text_out *out, const char *key, calendar_day day)
{
    struct civil date = calendar_date(day);
    text_put(out, text_of(key));
    text_put_number(out, (unsigned)date.year);
    text_put(out, TEXT("-"));
    put_two(out, date.month);
    text_put(out, TEXT("-"));
    put_two(out, date.day);
    text_put(out, TEXT("\n"));
}

/* What who begins one finds in the form: all that a head must say. */
static struct text begun(const struct pages_admin_args *args)
{
    const struct view_house *house = args->house;
    const struct directory *d = house->directory;
    struct text_out out = {.p = args->room->text, .max = sizeof(args->room->text)};
    text_put(&out, TEXT("---\ntitre: \nservices: ["));
    if (d->services_n)
        text_put(&out, text_of(d->services[0].id));
    text_put(&out, TEXT("]\n"));
    put_day(&out, "date: ", house->today);
    text_put(&out, TEXT("responsable: \n"));
    put_day(&out, "revoir: ", house->today + REVIEW_DAYS);
    text_put(&out, TEXT("---\n## À dire\n\n- [ ] \n\n> SMS\u00a0: \n"));
    return (struct text){args->room->text, out.n};
}

static void show(const struct pages_admin_args *args, struct pages_answer *answer,
                 const struct view_sheet_form *form, const struct files_told *told)
{
    struct directory_sheet sheet;
    struct view_sheet_form shown = *form;
    bool is_read = form->text.n &&
                   args->files->sheet(args->files->arg, args->house->directory, form->text, &sheet);
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, told);
    shown.sheet = is_read ? &sheet : NULL;
    view_admin_sheet(&h, args->house, &a, &shown);
}

/* Browsers end lines with CR LF (HTML Living Standard, §4.10.21.4). */
static struct text typed(const struct pages_admin_args *args)
{
    char *p = args->room->text;
    struct text_out out = {.p = p, .max = sizeof(args->room->text)};
    size_t n = 0;
    if (!form_field(&out, args->request->body, "texte"))
        out.n = 0;
    for (size_t i = 0; i < out.n; i++)
        if (p[i] != '\r')
            p[n++] = p[i];
    return (struct text){p, n};
}

/* Why a sheet cannot have this name; NULL: it can. */
static const struct files_mistake *fault(const struct pages_admin_args *args,
                                         const struct view_sheet_form *form, const char *file)
{
    static const struct files_mistake
        name = {.what = "le nom d’une fiche est en minuscules, chiffres et _",
                .cure = "31 signes au plus, par exemple carte_perdue"},
        taken = {.what = "une fiche a déjà ce nom", .cure = "prenez-en un autre, ou changez-la"};
    char hash[FILES_HASH_BYTES];
    struct text now;
    if (!directory_sheet_is_id(text_of(form->id)))
        return &name;
    if (!form->is_new || args->request->order_id)
        return NULL;
    return !args->files->text(args->files->arg, file, &now, hash) && now.n ? &taken : NULL;
}

static bool change(const struct pages_admin_args *args, struct pages_answer *answer)
{
    char id[PAGES_ADMIN_WORD_MAX], base[PAGES_ADMIN_WORD_MAX], why[PAGES_ADMIN_WORD_MAX];
    char file[PAGES_ADMIN_WORD_MAX + sizeof(FILES_SHEET)] = FILES_SHEET;
    struct files_told told;
    pages_admin_word(id, args->request, "nom");
    pages_admin_word(base, args->request, "base");
    pages_admin_word(why, args->request, "note");
    memcpy(file + sizeof(FILES_SHEET) - 1, id, strlen(id) + 1);
    const struct view_sheet_form form = {.id = id,
                                         .base = base,
                                         .note = why,
                                         .text = typed(args),
                                         .is_new = pages_admin_number(args->request, "neuve") == 1};
    struct files_change c = {.kind = FILES_LINES,
                             .file = file,
                             .base = form.is_new ? NULL : base, /* nothing was looked at */
                             .by_id = pages_admin_who(args),
                             .note = why,
                             .text = form.text};
    pages_admin_deed(args->request, &c);
    const struct files_mistake *wrong = fault(args, &form, file);
    if (wrong)
        told = (struct files_told){.state = FILES_REFUSED, .n = 1, .mistakes = wrong};
    else if (!pages_admin_is_told(args, &c, answer, &told))
        return true;
    if (told.state == FILES_DONE)
        pages_admin_note(args, file, told.version);
    if (told.state == FILES_DONE || told.state == FILES_SAME) {
        pages_admin_go(args, answer, "fiches", &told);
        return true;
    }
    answer->status = told.state == FILES_TRIED ? 200 : 422;
    show(args, answer, &form, &told);
    return true;
}

bool pages_admin_sheet(const struct pages_admin_args *args, struct pages_answer *answer)
{
    char id[PAGES_ADMIN_WORD_MAX], hash[FILES_HASH_BYTES] = "";
    char file[PAGES_ADMIN_WORD_MAX + sizeof(FILES_SHEET)] = FILES_SHEET;
    struct text text;
    if (args->request->method == PAGES_POST)
        return change(args, answer);
    pages_admin_word(id, args->request, "nom");
    struct view_sheet_form form = {.id = id, .base = hash, .note = "", .is_new = !id[0]};
    memcpy(file + sizeof(FILES_SHEET) - 1, id, strlen(id) + 1);
    if (id[0] && (args->files->text(args->files->arg, file, &text, hash) || !text.n))
        return false;
    form.text = form.is_new ? begun(args) : text;
    show(args, answer, &form, NULL);
    return true;
}
