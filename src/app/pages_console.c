/* pages_console.c — see pages_console.h. The same orders as /api/v1/agents, for who signed in; what
 * is refused is told by the screen, which shows the true state. Called by pages.c. */
#include "access/form.h"
#include "app/pages_console.h"
#include "app/pages_orders.h"
#include "app/pages_supervise.h"
#include "view/console.h"
#include "view/cursor.h"

#define WORD_MAX 24

static const enum command_kind kinds[DEEDS] = {CMD_AGENT_SIGN_IN,   CMD_AGENT_READY,
                                               CMD_AGENT_PAUSE,     CMD_AGENT_SIGN_OUT,
                                               CMD_AGENT_MORE_TIME, CMD_CONVERSATION_CONCLUDE};

static bool find_deed(struct text name, enum view_deed *deed)
{
    for (unsigned i = 0; i < DEEDS; i++) {
        *deed = (enum view_deed)i;
        if (text_equal(name, text_of(view_deed_names[i])))
            return true;
    }
    return false;
}

/* The field of the form as the interface for programs has it: "motif=meal" is "reason=meal". */
static struct text query(struct text_out *out, struct text body, enum view_deed deed)
{
    bool is_pause = deed == DEED_PAUSE;
    char word[WORD_MAX];
    struct text_out value = {.p = word, .max = sizeof(word)};
    bool has_one = form_field(&value, body, is_pause ? "motif" : "suite");
    text_put(out, is_pause ? TEXT("reason=") : TEXT("outcome="));
    text_put(out, has_one ? (struct text){word, value.n} : is_pause ? TEXT("rest") : TEXT_NONE);
    return (struct text){out->p, out->n};
}

/* Carried out by the same pages as for programs. True: refused, or later. */
static bool order(const struct pages_console_args *args, enum view_deed deed,
                  struct pages_answer *answer)
{
    char room[WORD_MAX + 8];
    struct text_out out = {.p = room, .max = sizeof(room)};
    struct pages_request mine = *args->request;
    mine.query = query(&out, args->request->body, deed);
    const struct pages_order agents = {kinds[deed], args->house->rights->agent, &mine};
    const struct pages_supervise_args conclude = {.house = args->house,
                                                  .orders = args->orders,
                                                  .request = &mine,
                                                  .id = args->house->rights->agent,
                                                  .kind = kinds[deed]};
    return deed == DEED_CONCLUDE ? pages_supervise(&conclude, answer)
                                 : pages_order(args->orders, args->house, &agents, answer);
}

/* The screen again, in the language that the address chose. */
static const char *where(const struct pages_request *request, bool is_refused)
{
    static const char *const places[3][2] = {
        {"/agent", "/agent?refus=oui"},
        {"/agent?langue=fr", "/agent?langue=fr&refus=oui"},
        {"/agent?langue=en", "/agent?langue=en&refus=oui"},
    };
    struct text word;
    bool is_said = view_query_find(&word, request->query, TEXT("langue"));
    return places[!is_said ? 0 : text_equal(word, TEXT("en")) ? 2 : 1][is_refused];
}

bool pages_console_order(const struct pages_console_args *args, struct pages_answer *answer)
{
    enum view_deed deed;
    if (!find_deed(args->deed, &deed))
        return false;
    bool is_answered = order(args, deed, answer);
    if (answer->is_later)
        return true;
    answer->body.n = 0;
    answer->status = 303;
    answer->location = where(args->request, is_answered);
    return true;
}
