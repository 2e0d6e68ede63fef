/* numbers.c — what the gate's reader and the table of directory/number make of each line, to be
 * compared with libphonenumber by numbers.py: "TYPED E164 CLASS", or "TYPED 0 REASON". */
#include <stdio.h>

#include "gate/gate.h"

static const char *const classes[NUMBER_CLASSES] = {
    [NUMBER_ABROAD] = "abroad",       [NUMBER_FIXED] = "fixed",
    [NUMBER_MOBILE] = "mobile",       [NUMBER_OVERSEAS] = "overseas",
    [NUMBER_FREE] = "free",           [NUMBER_SURCHARGED] = "surcharged",
    [NUMBER_SPECIAL] = "special",     [NUMBER_FICTION] = "fiction",
    [NUMBER_SATELLITE] = "satellite",
};

int main(void)
{
    char line[64];
    uint64_t e164;
    while (scanf("%63s", line) == 1) {
        enum gate_verdict why = gate_read(&e164, text_of(line));
        printf("%s %llu %s\n", line, (unsigned long long)e164,
               why == GATE_PASSES ? classes[number_class(e164)] : gate_name(why));
    }
    return 0;
}
