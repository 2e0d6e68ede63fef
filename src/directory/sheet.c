/* sheet.c — see sheet.h. Cost: a look at each line of one sheet. */
#include "directory/sheet.h"

#define FENCE "---"

bool directory_sheet_is_id(struct text id)
{
    bool is_id = id.n && id.n < DIRECTORY_ID_BYTES;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        is_id = is_id && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    return is_id;
}

bool directory_sheet_cut(struct text file, struct text *head, struct text *body)
{
    struct text rest = file, line = text_cut(&rest, '\n');
    const char *begin = file.p + line.n, *end = begin;
    bool is_open = text_equal(text_trim(line), TEXT(FENCE)), is_closed = false;
    while (is_open && rest.n && !is_closed) {
        end = rest.p;
        is_closed = text_equal(text_trim(text_cut(&rest, '\n')), TEXT(FENCE));
    }
    *head = is_closed ? (struct text){begin, (size_t)(end - begin)} : TEXT_NONE;
    *body = is_closed ? rest : TEXT_NONE;
    return is_closed;
}

struct text directory_sheet_sms(const struct directory_sheet *sheet)
{
    struct text rest = sheet->body;
    while (rest.n) {
        struct text line = text_trim(text_cut(&rest, '\n'));
        if (!text_starts_fold(line, TEXT("> SMS")))
            continue;
        line = text_trim(text_after(line, TEXT("> SMS").n));
        struct text hard = TEXT("\u00a0"); /* before the colon, as it should be */
        if (text_starts_fold(line, hard))
            line = text_after(line, hard.n);
        if (line.n && line.p[0] == ':')
            return text_trim(text_after(line, 1));
    }
    return TEXT_NONE;
}

const struct directory_sheet *directory_sheet_find(const struct directory_sheets *sheets,
                                                   struct text id)
{
    for (uint32_t i = 0; sheets && i < sheets->n; i++)
        if (text_equal(text_of(sheets->list[i].id), id))
            return &sheets->list[i];
    return NULL;
}
