/* cursor.c — see cursor.h. 16 hexadecimal digits of the event, 8 of the journal. */
#include "view/cursor.h"

#define ID_DIGITS 16
#define JOURNAL_DIGITS 8

void view_cursor_write(char to[VIEW_CURSOR_BYTES], const struct view_cursor *cursor)
{
    text_hex(to, cursor->id, ID_DIGITS);
    text_hex(to + ID_DIGITS, cursor->journal, JOURNAL_DIGITS);
}

static bool read_hex(uint64_t *v, struct text t)
{
    *v = 0;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool is_digit = c >= '0' && c <= '9', is_letter = c >= 'a' && c <= 'f';
        if (!is_digit && !is_letter)
            return false;
        *v = *v << 4 | (uint64_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    return true;
}

bool view_cursor_read(struct view_cursor *cursor, struct text t)
{
    return t.n == VIEW_CURSOR_BYTES && read_hex(&cursor->id, (struct text){t.p, ID_DIGITS}) &&
           read_hex(&cursor->journal, text_after(t, ID_DIGITS));
}

bool view_query_find(struct text *value, struct text query, struct text key)
{
    while (query.n) {
        struct text pair = text_cut(&query, '&');
        struct text name = text_cut(&pair, '=');
        if (text_equal(name, key)) {
            *value = pair;
            return true;
        }
    }
    return false;
}
