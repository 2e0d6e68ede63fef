/* stream.c — see stream.h. Called for each piece of a stream. Cost: one walk over the head of a
 * message; again for each piece until it is whole, at most as long as a message may be.
 * Invariant: what is cut off never passes the bytes that are there. */
#include <string.h>

#include "sip/stream.h"

#define END_OF_HEAD "\r\n\r\n"
#define LINE_END "\r\n"

/* "Content-Length: 5", "l : 5": its value; p NULL for another header. */
static struct text length_of(struct text line)
{
    struct text name = text_trim(text_cut(&line, ':'));
    bool is_length =
        text_equal_fold(name, TEXT("Content-Length")) || text_equal_fold(name, TEXT("l"));
    return is_length ? text_trim(line) : TEXT_NONE;
}

/* The body's length by the head; false: it is told twice in two ways, or is no number. */
static bool body_of(struct text head, size_t max, uint64_t *body_n)
{
    bool is_told = false;
    *body_n = 0;
    while (head.n) {
        uint64_t n;
        struct text line = text_cut(&head, '\n');
        line.n -= line.n && line.p[line.n - 1] == '\r';
        struct text value = length_of(line);
        if (!value.p)
            continue;
        if (!text_number(value, max, &n) || (is_told && n != *body_n))
            return false;
        *body_n = n;
        is_told = true;
    }
    return true;
}

/* A request or a status line, of whatever version: anything else is another protocol, or the middle
 * of something whose length was a lie. */
static bool is_sip(struct text head)
{
    struct text line = text_cut(&head, '\n');
    for (; line.n >= 4; line = text_after(line, 1))
        if (text_starts_fold(line, TEXT("SIP/")))
            return true;
    return false;
}

static enum sip_stream_verdict blank(struct text bytes, size_t *n)
{
    bool is_ping = bytes.n >= 4 && !memcmp(bytes.p, END_OF_HEAD, 4);
    bool may_be_ping = bytes.n < 4 && !memcmp(bytes.p, END_OF_HEAD, bytes.n);
    *n = is_ping ? 4 : 2;
    return may_be_ping ? SIP_STREAM_MORE : is_ping ? SIP_STREAM_PING : SIP_STREAM_BLANK;
}

enum sip_stream_verdict sip_stream_cut(struct text bytes, size_t max, size_t *n)
{
    uint64_t body_n;
    *n = 0;
    if (bytes.n < 2)
        return SIP_STREAM_MORE;
    if (!memcmp(bytes.p, LINE_END, 2))
        return blank(bytes, n);
    const char *end = memmem(bytes.p, bytes.n, END_OF_HEAD, 4);
    if (!end)
        return bytes.n < max ? SIP_STREAM_MORE : SIP_STREAM_BROKEN;
    size_t head_n = (size_t)(end - bytes.p) + 4;
    if (head_n > max || !is_sip((struct text){bytes.p, head_n}) ||
        !body_of((struct text){bytes.p, head_n}, max - head_n, &body_n))
        return SIP_STREAM_BROKEN;
    *n = head_n + (size_t)body_n;
    return *n <= bytes.n ? SIP_STREAM_MESSAGE : SIP_STREAM_MORE;
}
