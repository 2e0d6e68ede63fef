/* pages_listen.c — see pages_listen.h. Invariants: who asks is who signed in, never a field of the
 * form; the form names the contact that the page showed, and nobody else is listened to; the lines
 * judge who may, as with *78. */
#include "app/pages_listen.h"
#include "app/pages_talk.h"
#include "say/reference.h"
#include "view/board_pages.h"
#include "view/parts.h"

static const struct page_words refusals[ORDER_TALKED_N] = {
    [ORDER_TALKED_ALONE] = {409, "that conversation is over", "load the page again",
                            "cette conversation est terminée, ou c’est une autre"},
    [ORDER_TALKED_NOT_NOW] = {409, "you do not listen to this conversation", "load the page again",
                              "vous n’écoutez pas cette conversation"},
    [ORDER_TALKED_SELF] = {409, "that is you", "choose another", "c’est votre propre poste"},
    [ORDER_TALKED_NOT_YOURS] = {409, "listening is for supervisors with a line of ours",
                                "see docs/ecoute.md",
                                "l’écoute est réservée aux responsables de l’annuaire qui ont une "
                                "ligne d’ici"},
    [ORDER_TALKED_UNTOLD] = {409, "this call cannot be listened to", "see docs/ecoute.md",
                             "cet appel ne peut pas être écouté\u00a0: le service ne le permet "
                             "pas, la personne n’a pas été prévenue ou a refusé, ou quelqu’un "
                             "écoute déjà"},
    [ORDER_TALKED_AWAY] = {409, "your telephone cannot be rung", "sign in, and be free",
                           "votre téléphone ne peut pas sonner\u00a0: mettez-vous en poste, et "
                           "soyez libre"},
    [ORDER_TALKED_FAILED] = {503, "it cannot be noted now", "look at /health",
                             "le journal ne peut pas le noter, donc rien n’a changé"},
};

static const struct {
    const char *name;
    enum order_talk_deed deed;
} deeds[] = {{VIEW_DEED_LISTEN, ORDER_TALK_LISTEN},
             {VIEW_DEED_WHISPER, ORDER_TALK_WHISPER},
             {VIEW_DEED_JOIN, ORDER_TALK_JOIN},
             {VIEW_DEED_UNLISTEN, ORDER_TALK_UNLISTEN}};

static enum order_talk_deed deed_of(struct text name)
{
    for (unsigned i = 0; i < ARRAY_LEN(deeds); i++)
        if (text_equal(name, text_of(deeds[i].name)))
            return deeds[i].deed;
    return ORDER_TALK_NONE;
}

bool pages_listen_is(struct text deed)
{
    return deed_of(deed) != ORDER_TALK_NONE;
}

/* « 47210864 a07 »: which request, whose conversation. Leaving it is in the journal alone. */
static void note(const struct pages_listen_args *args)
{
    const struct view_house *h = args->house;
    const struct directory_agent *entry = view_agent_entry(h, args->agent_id);
    struct acd_look_contact contact;
    struct account_audit audit = {
        .at = args->request->now_at, .who = h->rights->account_id, .deed = ACCOUNT_LISTENED};
    struct text_out detail = {.p = audit.detail, .max = sizeof(audit.detail) - 1};
    char room[VIEW_REFERENCE_BYTES];
    if (deed_of(args->deed) == ORDER_TALK_UNLISTEN || !args->pages->accounts)
        return;
    if (acd_look_contact_of(h->acd, args->contact_id, &contact))
        text_put(&detail, view_reference(room, say_reference_of(contact.reference), false));
    text_put(&detail, TEXT(" "));
    text_put(&detail, text_of(entry ? entry->id : ""));
    accounts_note(args->pages->accounts, &audit);
}

struct page_words pages_listen(const struct pages_listen_args *args, struct pages_answer *answer)
{
    const struct directory_agent *me = view_me(args->house);
    const struct pages_talk_args talk = {args->house, args->pages->orders, args->request};
    const struct order_talk order = {.deed = deed_of(args->deed),
                                     .agent_id = me ? me->number : 0,
                                     .whom_id = args->agent_id,
                                     .contact_id = args->contact_id};
    if (!args->pages->orders)
        return awaited_silent;
    if (!me)
        return refusals[ORDER_TALKED_NOT_YOURS];
    struct page_words words = pages_talk_carry(&talk, &order, refusals, answer);
    if (words.status == 200)
        note(args);
    return words;
}

bool pages_listen_rings(const struct pages *pages, const struct view_house *house, uint32_t slot)
{
    const struct directory_agent *me = view_me(house);
    struct acd_look_agent a;
    struct acd_look_call call;
    bool has_call = me && slot != SLOT_NONE && acd_look_agent(house->acd, slot, &a) &&
                    a.contact_id && acd_look_call_of_contact(house->acd, a.contact_id, &call);
    return has_call &&
           talks_look(pages->talks, me->number, call.offer_id).shown == TALK_SHOWN_LISTEN;
}
