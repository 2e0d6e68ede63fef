/* pages_admin_trials.c — a test call of an access to an operator, as its form asks for it: see
 * port/trials.h. Called by pages_admin.c. */
#include <string.h>

#include "app/pages_admin_parts.h"
#include "directory/named.h"
#include "port/trials.h"

bool pages_admin_trial(const struct pages_admin_args *args, struct pages_answer *answer)
{
    const struct trials_port *port = args->files->trials;
    char id[PAGES_ADMIN_WORD_MAX], number[TRIALS_DIALLED_MAX];
    struct trial_wish wish = {.by_id = pages_admin_who(args)};
    pages_admin_word(id, args->request, "acces");
    bool is_typed = pages_admin_field(number, sizeof(number), args->request->body, "numero");
    wish.trunk_id = directory_trunk_named(args->house->directory, text_of(id));
    if (args->request->method != PAGES_POST || !port || !wish.trunk_id || !is_typed)
        return false;
    wish.dialled_n = (uint8_t)strlen(number);
    memcpy(wish.dialled, number, wish.dialled_n);
    port->ask(port->arg, &wish); /* one that is on its way is shown: no second one is wanted */
    answer->status = 303;
    answer->location = "/administration/operateurs";
    return true;
}
