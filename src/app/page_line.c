/* page_line.c — see page_line.h. New lines become blanks; control characters are refused. */
#include "app/page_line.h"

static bool is_continued(char c)
{
    return ((uint8_t)c & 0xC0) == 0x80; /* a further byte of a letter in UTF-8 */
}

/* As one line; a new line is a blank. False: some other byte is no text. */
static bool put_line(struct text_out *out, struct text words)
{
    for (size_t i = 0; i < words.n; i++) {
        uint8_t c = (uint8_t)words.p[i];
        bool is_blank = c == '\r' || c == '\n' || c == '\t';
        bool is_double = is_blank && (!out->n || out->p[out->n - 1] == ' ');
        if (!is_blank && (c < ' ' || c == 127))
            return false;
        if (!is_double)
            text_put(out, is_blank ? TEXT(" ") : (struct text){&words.p[i], 1});
    }
    return true;
}

enum page_line page_line_read(char *to, size_t bytes, struct text words, unsigned letters_max)
{
    struct text_out out = {.p = to, .max = bytes - 1};
    unsigned letters = 0;
    words = text_trim(words);
    for (size_t i = 0; i < words.n; i++)
        letters += !is_continued(words.p[i]);
    if (!put_line(&out, words))
        return PAGE_LINE_BROKEN;
    while (out.n && to[out.n - 1] == ' ')
        out.n--;
    to[out.n] = '\0';
    if (!out.n)
        return PAGE_LINE_EMPTY;
    return letters > letters_max || out.is_cut ? PAGE_LINE_LONG : PAGE_LINE_READ;
}
