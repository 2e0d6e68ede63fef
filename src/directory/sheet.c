/* sheet.c — see sheet.h. Cost: a look at each line of one sheet. */
#include "directory/sheet.h"

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
