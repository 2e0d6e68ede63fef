/* refer.c — the transfer key of a telephone (RFC 3515, RFC 5589): REFER within one of its calls.
 * Called by request.c, and by the app through the port. Cost: one NOTIFY at its beginning and one
 * at its end. Invariants: only a telephone of ours may refer, and only a call that is up; nothing
 * is sent to where the message points, its user is a number like one that was dialled (design
 * §9.5). */
#include "phone/leg.h"
#include "sip/refer.h"

#define NOTIFY_BODY_MAX 96

static void notify(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    char line_bytes[SIP_REFER_LINES_MAX], body_bytes[NOTIFY_BODY_MAX];
    struct text_out lines = {.p = line_bytes, .max = sizeof(line_bytes)};
    struct text_out body = {.p = body_bytes, .max = sizeof(body_bytes)};
    sip_refer_put_lines(&lines, status);
    sip_refer_put_body(&body, status);
    const struct leg_asking asking = {
        .method = SIP_METHOD_NOTIFY, .headers = {lines.p, lines.n}, .body = {body.p, body.n}};
    (void)leg_ask_with(p, leg, &asking); /* no room: the telephone hears of it by its calls */
}

/* Another call of the same line, which it holds itself. */
static struct phone_leg *named(struct phone *p, const struct phone_leg *leg,
                               const struct sip_replaces *r)
{
    struct phone_leg *other = leg_by_tag(p, r->to_tag);
    bool is_it = other && other != leg && other->aor == leg->aor && leg_is_named(other, r);
    return is_it ? other : NULL;
}

static uint16_t judge(struct phone *p, const struct phone_leg *leg, struct sip_refer *refer,
                      struct phone_report *report)
{
    const struct phone_leg *with = NULL;
    if (!leg->aor)
        return 603; /* an operator sends nobody anywhere */
    if (!sip_refer_read(refer, &p->read))
        return 400;
    if (leg->session != SIP_SESSION_TALKING || leg->is_referred)
        return 491;
    if (refer->has_replaces && !(with = named(p, leg, &refer->replaces)))
        return 481;
    report->referred.number = (struct text){refer->user, refer->user_n};
    report->referred.with_id = with ? with->id : 0;
    return 0;
}

void phone_take_refer(struct phone *p, struct phone_leg *leg)
{
    struct sip_refer refer;
    struct phone_report report = {.kind = PHONE_REFERRED};
    uint16_t status = judge(p, leg, &refer, &report);
    const struct sip_answer taken = {.status = 202};
    if (status || !leg_answer(p, leg, &taken)) {
        phone_answer_request(p, status ? status : 513);
        return;
    }
    leg->is_referred = true;
    leg->has_news = !refer.wants_no_news;
    if (leg->has_news)
        notify(p, leg, 100);
    leg_tell(p, leg, &report);
}

void leg_referred(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    bool is_due = leg->is_referred && leg->has_news && leg->session == SIP_SESSION_TALKING;
    leg->is_referred = false;
    if (is_due)
        notify(p, leg, status);
}
