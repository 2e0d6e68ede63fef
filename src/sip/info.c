/* info.c — see info.h. Cost: one pass over a body, of which more than INFO_LINES_MAX lines are not
 * looked at. */
#include "sip/info.h"
#include "sip/value.h"

#define INFO_LINES_MAX 8
#define FLASH 16 /* RFC 4733 §7: event 16 */

static const char keys[] = "0123456789*#ABCD";

/* "5", "*", "a", "10" for the star; false: something else. */
static bool key_of(struct text signal, char *key)
{
    uint64_t event;
    *key = 0;
    for (unsigned i = 0; signal.n == 1 && keys[i]; i++)
        if (text_equal_fold(signal, (struct text){&keys[i], 1}))
            *key = keys[i];
    if (*key)
        return true;
    if (text_equal_fold(signal, TEXT("hf")) || text_equal_fold(signal, TEXT("flash")))
        return true;
    if (!text_number(signal, FLASH, &event))
        return false;
    *key = event < FLASH ? keys[event] : '\0';
    return true;
}

/* What stands behind "Signal="; p NULL: there is no such line. */
static struct text signal_of(struct text body)
{
    for (unsigned i = 0; i < INFO_LINES_MAX && body.n; i++) {
        struct text line = text_cut(&body, '\n'), value = line;
        struct text name = text_trim(text_cut(&value, '='));
        if (text_equal_fold(name, TEXT("Signal"))) {
            while (value.n && value.p[value.n - 1] == '\r')
                value.n--;
            return text_trim(value);
        }
    }
    return TEXT_NONE;
}

static struct text whole(struct text body)
{
    while (body.n && (body.p[body.n - 1] == '\r' || body.p[body.n - 1] == '\n'))
        body.n--;
    return text_trim(body);
}

enum sip_info_verdict sip_info_read(const struct sip_in *in, char *key)
{
    struct text rest = in->content_type, type;
    if (!in->body.n)
        return SIP_INFO_NOTHING;
    if (!sip_value_part(&rest, &type))
        return SIP_INFO_FOREIGN;
    bool is_relay = text_equal_fold(type, TEXT("application/dtmf-relay"));
    if (!is_relay && !text_equal_fold(type, TEXT("application/dtmf")))
        return SIP_INFO_FOREIGN;
    struct text signal = signal_of(in->body);
    if (!signal.p && !is_relay)
        signal = whole(in->body);
    if (!signal.n || !key_of(signal, key))
        return SIP_INFO_DAMAGED;
    return *key ? SIP_INFO_KEY : SIP_INFO_NOTHING;
}
