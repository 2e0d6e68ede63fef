/* sip_read.c — reads the messages that our own writer makes, for the simulation only: the reader of
 * the real world is phone/'s. See sip_end.h. Cost: linear in the message. */
#include "test/prop/sip_end.h"

static struct text take_line(struct text *rest)
{
    struct text line = text_cut(rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static struct text tag_of(struct text value)
{
    const struct text mark = TEXT(";tag=");
    for (size_t i = 0; i + mark.n <= value.n; i++) {
        struct text rest = {value.p + i, value.n - i};
        if (!text_starts_fold(rest, mark))
            continue;
        rest = (struct text){rest.p + mark.n, rest.n - mark.n};
        return text_cut(&rest, ';');
    }
    return TEXT_NONE;
}

static uint64_t branch_of(struct text via)
{
    uint64_t v = 0;
    text_cut(&via, '='); /* ;branch=NUMBER stands first */
    struct text number = text_cut(&via, ';');
    bool is_read = text_number(number, UINT64_MAX, &v);
    assert(is_read);
    return v;
}

static void read_cseq(struct sip_in *in, struct text value)
{
    uint64_t v = 0;
    bool is_read = text_number(text_cut(&value, ' '), UINT32_MAX, &v);
    assert(is_read);
    in->cseq = (uint32_t)v;
    in->method_name = value;
    in->method = sip_method_of(value);
}

static void read_header(struct sip_in *in, struct text line, uint64_t *branch)
{
    struct text value = line, name = text_cut(&value, ':');
    value = text_trim(value);
    if (text_equal(name, TEXT("Via"))) {
        *branch = branch_of(value);
        in->vias[in->vias_n++] = value;
    } else if (text_equal(name, TEXT("From"))) {
        in->from = value;
        in->from_tag = tag_of(value);
    } else if (text_equal(name, TEXT("To"))) {
        in->to = value;
        in->to_tag = tag_of(value);
    } else if (text_equal(name, TEXT("Call-ID"))) {
        in->call_id = value;
    } else if (text_equal(name, TEXT("CSeq"))) {
        read_cseq(in, value);
    } else if (text_equal(name, TEXT("Contact"))) {
        text_cut(&value, '<');
        in->contact_uri = text_cut(&value, '>');
    }
}

struct sip_in sip_end_read(struct text message, uint64_t *branch)
{
    struct sip_in in = {0};
    struct text line = take_line(&message), word = text_cut(&line, ' ');
    uint64_t status = 0;
    in.is_request = !text_equal(word, TEXT("SIP/2.0"));
    if (in.is_request)
        in.request_uri = text_cut(&line, ' ');
    else if (text_number(text_cut(&line, ' '), 699, &status))
        in.status = (uint16_t)status;
    while ((line = take_line(&message)).n)
        read_header(&in, line, branch);
    return in;
}
