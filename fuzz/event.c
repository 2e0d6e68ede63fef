/* event.c — fuzz target of the event codec: any bytes, read as a row of events.
 * What decodes is encoded again: into the same bytes, unless an older version left out the end or a
 * newer one added a tail; and what was encoded decodes to the same event. Its line prints. */
#include <string.h>

#include "event/codec.h"
#include "event/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct event *ev, const uint8_t *from, size_t used)
{
    uint8_t again[EVENT_BYTES_MAX];
    char line[EVENT_PRINT_MAX];
    struct event same;
    size_t same_used = 0;
    size_t n = event_encode(again, ev);
    assert(n <= EVENT_BYTES_MAX);
    assert(n != used || !memcmp(again, from, n));
    enum codec_verdict v = event_decode(&same, again, n, &same_used);
    assert(v == CODEC_OK && same_used == n && !memcmp(&same, ev, sizeof(same)));
    assert(event_print(line, ev, EVENT_FORM_TEXT) < EVENT_PRINT_MAX);
    assert(event_print(line, ev, EVENT_FORM_JSON) < EVENT_PRINT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct event ev;
    size_t used = 0;
    while (n > 0 && event_decode(&ev, data, n, &used) == CODEC_OK) {
        assert(used > 0 && used <= n);
        check(&ev, data, used);
        data += used;
        n -= used;
    }
    return 0;
}
