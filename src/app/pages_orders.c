/* pages_orders.c — pages that change something: POST /api/v1/agents/ID/ready and its like.
 * Called by pages.c. 200 means stored: the order is awaited (awaited.h). */
#include "app/awaited.h"
#include "app/pages_orders.h"
#include "app/routes.h"
#include "view/api.h"
#include "view/cursor.h"

/* Reasons that somebody may give for another (voice-script §9); "supervisor" when none is said. */
static const enum pause reasons[] = {API_PAUSE_REASON_VALUES};

static bool read_reason(struct text query, enum pause *reason)
{
    struct text word;
    *reason = API_PAUSE_REASON_DEFAULT;
    if (!view_query_find(&word, query, TEXT("reason")))
        return true;
    for (unsigned i = 0; i < ARRAY_LEN(reasons); i++) {
        *reason = reasons[i];
        if (text_equal(word, text_of(pause_name(reasons[i]))))
            return true;
    }
    return false;
}

/* What is asked for, as a command; the words of the refusal when it makes no sense. */
static struct page_words read_order(const struct view_house *h, const struct pages_order *order,
                                    struct command *cmd)
{
    uint32_t agent_id = page_agent(h, order->agent);
    if (!agent_id)
        return (struct page_words){404, "there is no such agent", "GET /api/v1/agents lists them",
                                   NULL};
    *cmd = (struct command){.kind = order->kind};
    switch (cmd->kind) {
    case CMD_AGENT_SIGN_IN:
        cmd->agent_sign_in.agent_id = agent_id;
        break;
    case CMD_AGENT_SIGN_OUT:
        cmd->agent_sign_out.agent_id = agent_id;
        break;
    case CMD_AGENT_READY:
        cmd->agent_ready.agent_id = agent_id;
        break;
    case CMD_AGENT_MORE_TIME:
        cmd->agent_more_time.agent_id = agent_id;
        break;
    default:
        cmd->agent_pause.agent_id = agent_id;
        if (!read_reason(order->request->query, &cmd->agent_pause.reason))
            return (struct page_words){400, "there is no such reason",
                                       "rest, meal, desk, meeting or supervisor", NULL};
    }
    return (struct page_words){0};
}

/* Decided, and folded here when it changed something. */
static struct page_words judge(const struct view_house *h, const struct pages_request *r,
                               const struct order_told *told)
{
    switch ((enum acd_verdict)told->verdict) {
    case ACD_DONE:
    case ACD_NOTHING:
        break;
    case ACD_MORE: /* kept behind a full journal: what becomes of it nobody knows yet */
        return awaited_undecided;
    case ACD_REFUSED_UNKNOWN:
        return (struct page_words){404, "the service does not know this agent",
                                   "look at /api/v1/agents", NULL};
    case ACD_REFUSED_STATE:
        return (struct page_words){409, "the agent is not signed in", "sign in first", NULL};
    default:
        return (struct page_words){409, "the order was refused", "look at /api/v1/agents", NULL};
    }
    return awaited_stored(h, r, told);
}

bool pages_order(const struct orders_port *orders, const struct view_house *h,
                 const struct pages_order *order, struct pages_answer *answer)
{
    const struct pages_request *r = order->request;
    struct command cmd;
    struct order_told told;
    struct page_words words =
        r->order_id ? awaited_look(orders, r, &told) : read_order(h, order, &cmd);
    if (r->order_id && words.status == 200)
        words = judge(h, r, &told);
    if (!r->order_id && !words.status) {
        answer->order_id = orders->give(orders->arg, &cmd, r->now_ms);
        if (!answer->order_id)
            words = awaited_too_many;
    }
    if (awaited_goes_on(orders, r, answer, &words))
        return true;
    answer->status = words.status;
    if (words.status != 200)
        view_api_error(&answer->body, words.error, words.cure);
    return words.status != 200;
}
