/* page_line.h — a line that a person typed, as it is kept: one line, trimmed, bounded in letters
 * and in bytes. Included by src/app/pages_*.c only. */
#ifndef APP_PAGE_LINE_H
#define APP_PAGE_LINE_H

#include "base/text.h"

enum page_line {
    PAGE_LINE_READ,
    PAGE_LINE_EMPTY,
    PAGE_LINE_LONG,
    PAGE_LINE_BROKEN, /* some byte of it is no text */
};

/* bytes: of to, with its NUL. */
enum page_line page_line_read(char *to, size_t bytes, struct text words, unsigned letters_max);

#endif
