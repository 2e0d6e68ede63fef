/* page_list.c — see page_list.h. Called by pages_callbacks.c and pages_written.c. */
#include "app/awaited.h"
#include "app/page_list.h"
#include "app/routes.h"
#include "say/reference.h"
#include "view/cursor.h"

#define REFERENCE_MAX 99999999
#define TYPE_TEXT "text/plain; charset=utf-8"

_Static_assert(PAGE_LIMIT_DEFAULT == API_CALLBACKS_LIMIT_DEFAULT &&
                   PAGE_LIMIT_MAX == API_CALLBACKS_LIMIT_MAX && API_CALLBACKS_LIMIT_MIN == 1 &&
                   PAGE_LIMIT_DEFAULT == API_TEXTS_LIMIT_DEFAULT &&
                   PAGE_LIMIT_MAX == API_TEXTS_LIMIT_MAX && API_TEXTS_LIMIT_MIN == 1 &&
                   PAGE_LIMIT_DEFAULT == API_UNREACHED_LIMIT_DEFAULT &&
                   PAGE_LIMIT_MAX == API_UNREACHED_LIMIT_MAX && API_UNREACHED_LIMIT_MIN == 1,
               "the bounds of a page are those that are published");

bool page_reference(uint32_t *reference, struct text word)
{
    uint64_t v;
    if (word.n != SAY_REFERENCE_DIGITS || !text_number(word, REFERENCE_MAX, &v))
        return false;
    *reference = (uint32_t)v;
    return say_reference_is_sound(*reference);
}

bool page_list_open(struct page_list *l, const struct pages_request *request,
                    struct pages_answer *answer)
{
    static const struct page_words bad = {400, "limit is 1 to 500, after what \"next\" said",
                                          "leave them out for the first hundred",
                                          "la suite se demande par le nombre de la dernière ligne"};
    struct text word;
    uint64_t limit = PAGE_LIMIT_DEFAULT;
    l->n = 0;
    l->after_id = 0;
    l->is_more = false;
    bool is_read = (!view_query_find(&word, request->query, TEXT("limit")) ||
                    (text_number(word, PAGE_LIMIT_MAX, &limit) && limit)) &&
                   (!view_query_find(&word, request->query, TEXT("after")) ||
                    text_number(word, UINT64_MAX, &l->after_id));
    l->limit = (unsigned)limit;
    if (!is_read)
        page_refuse(request, answer, &bad);
    return is_read;
}

/* By insertion: slots of the heart are nearly in the order of their contacts. */
unsigned page_list_put(struct page_list *l, uint64_t contact_id, uint32_t slot)
{
    unsigned at = l->n;
    while (at && l->rows[at - 1].contact_id > contact_id)
        at--;
    l->is_more |= l->n == l->limit;
    if (at == l->limit)
        return at;
    l->n += l->n < l->limit;
    for (unsigned i = l->n - 1; i > at; i--)
        l->rows[i] = l->rows[i - 1];
    l->rows[at].contact_id = contact_id;
    l->rows[at].slot = slot;
    return at;
}

void page_list_end_json(const struct page_list *l, struct json *j, struct pages_answer *answer)
{
    json_array_end(j);
    json_number(j, "next", l->n ? l->rows[l->n - 1].contact_id : 0);
    json_bool(j, "more", l->is_more);
    json_object_end(j);
    text_put(&answer->body, TEXT("\n"));
}

void page_list_end_text(const struct page_list *l, struct pages_answer *answer, const char *empty,
                        const char *command)
{
    answer->type = TYPE_TEXT;
    if (!l->n)
        text_put(&answer->body, text_of(empty));
    if (!l->is_more)
        return;
    text_put(&answer->body, TEXT("d’autres suivent\u00a0: decroche "));
    text_put(&answer->body, text_of(command));
    text_put(&answer->body, TEXT(" list "));
    text_put_number(&answer->body, l->rows[l->n - 1].contact_id);
    text_put(&answer->body, TEXT("\n"));
}

void page_gone(const struct pages_request *request, struct pages_answer *answer,
               const struct page_gone *gone)
{
    struct json j = {.out = &answer->body};
    if (request->form == PAGES_TEXT) {
        answer->type = TYPE_TEXT;
        text_put(&answer->body, text_of(gone->words));
    } else {
        json_object(&j, NULL);
        json_text(&j, "reference", gone->reference);
        json_string(&j, "state", gone->state);
        json_object_end(&j);
    }
    text_put(&answer->body, TEXT("\n"));
}
