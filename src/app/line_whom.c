/* line_whom.c — whom an agent means who calls somebody in addition: by keys, or from their page.
 * Called by line_talk.c, line_refer.c and line_desk.c. Cost: a walk over the agents to know an
 * ordinary telephone. Invariant: keys and page come to the same. */
#include "app/line_talk.h"
#include "directory/number.h"

/* The interpreter of the caller's language; when that is French, the agent knows why. */
static void take_interpreter(const struct lines *l, const struct line *caller, struct line_whom *to)
{
    const struct directory *d = l->args.directory;
    bool is_english = caller && caller->lang == PROMPT_EN;
    uint64_t bit = UINT64_C(1) << directory_language_bit("en");
    uint32_t i = directory_interpreter_find(d, is_english ? bit : UINT64_MAX);
    if (i == DIRECTORY_NONE)
        return;
    to->e164 = d->interpreters[i].e164;
    to->dialled = text_of(d->interpreters[i].shown);
    to->is_interpreter = true;
}

static void take_agent(const struct directory *d, uint32_t i, struct line_whom *to)
{
    to->agent_id = d->agents[i].number;
    to->is_ordinary = directory_agent_number(&d->agents[i]) != 0;
    to->e164 = to->is_ordinary ? directory_agent_number(&d->agents[i]) : to->e164;
}

static void take_number(const struct directory *d, struct line_whom *to)
{
    uint32_t agent = directory_line_find(d, to->dialled);
    to->e164 = line_e164(to->dialled);
    for (uint32_t i = 0; agent == DIRECTORY_NONE && to->e164 && i < d->agents_n; i++)
        if (directory_agent_number(&d->agents[i]) == to->e164)
            agent = i;
    for (uint32_t i = 0; i < d->interpreters_n; i++)
        to->is_interpreter |= to->e164 && d->interpreters[i].e164 == to->e164;
    if (agent != DIRECTORY_NONE)
        take_agent(d, agent, to);
}

struct line_whom line_whom_typed(struct lines *l, const struct line *line, char code)
{
    const struct line *caller = line_caller_of(l, line->peer_id);
    struct line_whom to = {.dialled = {line->typed, line->typed_n}, .service = DIRECTORY_NONE};
    if (code == '2' && caller)
        to.service = directory_service_coded(caller->directory, to.dialled);
    if (to.service != DIRECTORY_NONE)
        return to;
    if (line->typed_n)
        take_number(l->args.directory, &to);
    else
        take_interpreter(l, caller, &to);
    return to;
}

struct line_whom line_whom_asked(struct lines *l, const struct line *line,
                                 const struct order_talk *talk)
{
    const struct directory *d = l->args.directory;
    const struct line *caller = line_caller_of(l, line->peer_id);
    struct line_whom to = {.service = DIRECTORY_NONE};
    uint32_t agent =
        talk->whom == ORDER_WHOM_AGENT ? directory_agent_find(d, talk->whom_id) : DIRECTORY_NONE;
    if (talk->whom == ORDER_WHOM_SERVICE && caller)
        to.service = directory_service_find(caller->directory, talk->whom_id);
    if (talk->whom == ORDER_WHOM_NUMBER)
        to.dialled = (struct text){talk->dialled, talk->dialled_n};
    if (talk->whom == ORDER_WHOM_INTERPRETER)
        take_interpreter(l, caller, &to);
    else if (to.dialled.n)
        take_number(d, &to);
    if (agent != DIRECTORY_NONE)
        take_agent(d, agent, &to);
    return to;
}
