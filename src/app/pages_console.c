/* pages_console.c — see pages_console.h. The same orders as /api/v1/agents, for who signed in; what
 * is refused is told by the screen, which shows the true state. Called by pages.c. */
#include "access/form.h"
#include "app/pages_console.h"
#include "app/pages_orders.h"
#include "view/console.h"

#define REASON_MAX 16

static const enum command_kind kinds[DEEDS] = {CMD_AGENT_SIGN_IN, CMD_AGENT_READY, CMD_AGENT_PAUSE,
                                               CMD_AGENT_SIGN_OUT};

static bool find_deed(struct text name, enum view_deed *deed)
{
    for (unsigned i = 0; i < DEEDS; i++) {
        *deed = (enum view_deed)i;
        if (text_equal(name, text_of(view_deed_names[i])))
            return true;
    }
    return false;
}

/* The field « motif » as the interface for programs has it: "reason=meal". */
static struct text reason_of(char *room, size_t max, struct text body)
{
    struct text_out out = {.p = room, .max = max};
    char word[REASON_MAX];
    struct text_out field = {.p = word, .max = sizeof(word)};
    if (!form_field(&field, body, "motif"))
        return TEXT("reason=rest");
    text_put(&out, TEXT("reason="));
    text_put(&out, (struct text){word, field.n});
    return (struct text){room, out.n};
}

bool pages_console_order(const struct pages_console_args *args, struct pages_answer *answer)
{
    const struct view_house *house = args->house;
    char room[REASON_MAX + 8];
    enum view_deed deed;
    struct pages_request mine = *args->request;
    if (!find_deed(args->deed, &deed))
        return false;
    mine.query = reason_of(room, sizeof(room), args->request->body);
    const struct pages_order order = {kinds[deed], house->rights->agent, &mine};
    bool is_answered = pages_order(args->orders, house, &order, answer);
    if (answer->is_later)
        return true;
    answer->body.n = 0;
    answer->status = 303;
    answer->location = is_answered ? "/agent?refus=oui" : "/agent";
    return true;
}
