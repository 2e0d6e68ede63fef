/* pages_who.c — see pages_who.h. Invariant: who may not is told so before anything of what they
 * asked for is looked at. */
#include "app/pages_who.h"

bool pages_who_meet(const struct pages_who_args *args, struct accounts_session *room,
                    struct pages_answer *answer)
{
    bool is_wanted = args->accounts && (args->is_open || !args->is_by_rank);
    if (!is_wanted || !accounts_session(args->accounts, args->request, room))
        return false;
    (void)accounts_renew(args->accounts, room, args->request, answer); /* told by is_later */
    return true;
}

struct pages_who_words pages_who_bar(const struct pages_who_args *args,
                                     const struct accounts_session *session,
                                     struct pages_answer *answer)
{
    const struct pages_request *r = args->request;
    bool is_page = r->form == PAGES_HTML && r->method == PAGES_GET &&
                   !text_starts_fold(r->path, TEXT("/api/"));
    if (args->is_by_rank)
        return (struct pages_who_words){0};
    if (!session && is_page && args->accounts) {
        answer->location = "/connexion";
        return (struct pages_who_words){303, "not signed in", "sign in at /connexion"};
    }
    if (!session)
        return (struct pages_who_words){
            401, "not allowed",
            "send Authorization: Bearer TOKEN, use the Unix socket, or sign in at /connexion"};
    if (args->is_route && !rights_pass(&session->rights, args->roles, args->about))
        return (struct pages_who_words){403, "this account may not",
                                        "ask an administrator for the role or the scope"};
    if (args->is_route && r->method != PAGES_GET && !r->order_id && !accounts_is_ours(session, r))
        return (struct pages_who_words){403, "this does not come from a page of this session",
                                        "load the page again; its token is csrf, or the header "
                                        "X-Decroche-Csrf"};
    return (struct pages_who_words){0};
}
