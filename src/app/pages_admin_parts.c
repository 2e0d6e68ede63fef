/* pages_admin_parts.c — what the forms of the administration have in common: see
 * pages_admin_parts.h. */
#include <string.h>

#include "access/form.h"
#include "app/pages_admin_parts.h"
#include "view/cursor.h"

#define PLACE "/administration"

/* ---- what a form, or an address, says --------------------------------------------------- */

bool pages_admin_field(char *to, size_t max, struct text body, const char *name)
{
    struct text_out out = {.p = to, .max = max - 1};
    bool is_there = form_field(&out, body, name);
    to[is_there ? out.n : 0] = 0;
    return is_there;
}

uint32_t pages_admin_number(const struct pages_request *r, const char *name)
{
    char word[PAGES_ADMIN_WORD_MAX];
    struct text text = TEXT_NONE;
    uint64_t n = 0;
    if (r->method == PAGES_POST)
        text = pages_admin_field(word, sizeof(word), r->body, name) ? text_of(word) : TEXT_NONE;
    else
        view_query_find(&text, r->query, text_of(name));
    return text_number(text, UINT32_MAX, &n) ? (uint32_t)n : 0;
}

void pages_admin_word(char to[PAGES_ADMIN_WORD_MAX], const struct pages_request *r,
                      const char *name)
{
    struct text text = TEXT_NONE;
    if (r->method == PAGES_POST) {
        pages_admin_field(to, PAGES_ADMIN_WORD_MAX, r->body, name);
        return;
    }
    view_query_find(&text, r->query, text_of(name));
    text.n = text.n < PAGES_ADMIN_WORD_MAX ? text.n : 0;
    if (text.n)
        memcpy(to, text.p, text.n);
    to[text.n] = 0;
}

uint64_t pages_admin_who(const struct pages_admin_args *args)
{
    return args->session ? args->session->account.id : 0;
}

struct view_admin pages_admin_shown(const struct pages_admin_args *args,
                                    const struct files_told *told)
{
    return (struct view_admin){.files = args->files,
                               .accounts = args->accounts ? args->accounts->args.port : NULL,
                               .told = told,
                               .done = pages_admin_number(args->request, "fait"),
                               .is_same = pages_admin_number(args->request, "pareil") == 1};
}

/* ---- a change --------------------------------------------------------------------------- */

void pages_admin_go(const struct pages_admin_args *args, struct pages_answer *answer,
                    const char *page, const struct files_told *told)
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
void pages_admin_note(const struct pages_admin_args *args, const char *what, uint32_t version)
{
    struct account_audit audit = {
        .who = pages_admin_who(args), .at = args->request->now_at, .deed = ACCOUNT_SETTINGS_SET};
    struct text_out out = {.p = audit.detail, .max = sizeof(audit.detail) - 1};
    text_put(&out, text_of(what));
    text_put(&out, TEXT(", version "));
    text_put_number(&out, version);
    if (args->accounts)
        accounts_note(args->accounts, &audit);
}

/* True: *told says what became of it. False: the answer waits. */
bool pages_admin_is_told(const struct pages_admin_args *args, const struct files_change *change,
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

void pages_admin_deed(const struct pages_request *r, struct files_change *c)
{
    char deed[PAGES_ADMIN_WORD_MAX];
    pages_admin_word(deed, r, "faire");
    c->is_trial = text_equal(text_of(deed), TEXT("essayer"));
    c->is_removed = text_equal(text_of(deed), TEXT("retirer"));
}
