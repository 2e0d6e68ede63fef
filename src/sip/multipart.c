/* multipart.c — see multipart.h. Called by phone/ for each message. Cost: one walk over the lines
 * of a multipart body, nothing for any other. Invariant: total on any bytes; the part that is taken
 * lies within the body, and has an end. */
#include <string.h>

#include "sip/multipart.h"

struct walk {
    struct text boundary, rest;
    const char *begin; /* of the content of the part that is wanted; NULL: in another */
    unsigned parts_n;
    bool is_head, is_wanted, is_plain;
};

static struct text boundary_of(struct text content_type)
{
    struct text type, rest = content_type;
    bool has;
    if (!sip_value_part(&rest, &type) || !text_starts_fold(type, TEXT("multipart/")))
        return TEXT_NONE;
    struct text value = sip_value_param(text_after(content_type, type.n), TEXT("boundary"), &has);
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        value = (struct text){value.p + 1, value.n - 2};
    return value.n <= SIP_MULTIPART_BOUNDARY_MAX ? value : TEXT_NONE;
}

/* "--boundary", and for the last "--boundary--". */
static bool is_delimiter(const struct walk *w, struct text line)
{
    struct text rest = text_after(line, 2 + w->boundary.n);
    return line.n >= 2 + w->boundary.n && line.p[0] == '-' && line.p[1] == '-' &&
           !memcmp(line.p + 2, w->boundary.p, w->boundary.n) &&
           (!text_trim(rest).n || (rest.n >= 2 && rest.p[0] == '-' && rest.p[1] == '-'));
}

static void take_head(struct walk *w, struct text line)
{
    struct text value = line, name = text_trim(text_cut(&value, ':')), type;
    if (text_equal_fold(name, TEXT("Content-Type")) || text_equal_fold(name, TEXT("c")))
        w->is_wanted =
            sip_value_part(&value, &type) && text_equal_fold(type, TEXT("application/sdp"));
    else if (text_equal_fold(name, TEXT("Content-Transfer-Encoding")))
        w->is_plain = !text_equal_fold(text_trim(value), TEXT("base64")) &&
                      !text_equal_fold(text_trim(value), TEXT("quoted-printable"));
}

/* The content of the wanted part, once its end is reached. */
static struct text find(struct walk *w)
{
    while (w->rest.n && w->parts_n <= SIP_MULTIPART_PARTS_MAX) {
        struct text line = text_cut(&w->rest, '\n');
        const char *start = line.p;
        line.n -= line.n && line.p[line.n - 1] == '\r';
        if (is_delimiter(w, line)) {
            if (w->begin) /* the line end before it is the delimiter's (RFC 2046 §5.1.1) */
                return (struct text){w->begin, (size_t)(start - w->begin)};
            *w = (struct walk){.boundary = w->boundary,
                               .rest = w->rest,
                               .is_head = true,
                               .is_plain = true,
                               .parts_n = w->parts_n + 1};
        } else if (w->is_head && line.n) {
            take_head(w, line);
        } else if (w->is_head) {
            w->is_head = false;
            w->begin = w->is_wanted && w->is_plain ? w->rest.p : NULL;
        }
    }
    return TEXT_NONE;
}

void sip_multipart_open(struct sip_read *read)
{
    struct walk w = {.boundary = boundary_of(read->in.content_type), .rest = read->in.body};
    struct text part = w.boundary.n ? find(&w) : TEXT_NONE;
    if (!part.n)
        return;
    read->in.body = part;
    read->in.content_type = TEXT("application/sdp");
}
