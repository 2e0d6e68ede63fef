/* admin_trials.c — the test call of an access to an operator: its state, what came of the last
 * one and what to do about it, the button. See admin.h. */
#include "port/trials.h"
#include "view/admin.h"
#include "view/frame.h"

/* ---- what came of it ------------------------------------------------------------------------- */

struct words {
    const char *french, *english, *cure_french, *cure_english; /* cure NULL: nothing to mend */
};

/* RFC 3261 §21; 0 ends the list, and stands for all others. */
static const struct {
    uint16_t status[2]; /* the second: of the same meaning, or 0 */
    struct words words;
} refusals[] = {
    {{486, 600},
     {"Occupé" HTML_HARD ": le numéro est joint, l’accès marche.",
      "Busy: the number was reached, the access works.", NULL, NULL}},
    {{480},
     {"Ce téléphone n’est pas là en ce moment" HTML_THIN "; l’accès marche.",
      "That telephone is away now; the access works.", NULL, NULL}},
    {{603},
     {"L’appel est rejeté là-bas" HTML_THIN "; l’accès marche.",
      "The call was declined there; the access works.", NULL, NULL}},
    {{401, 407},
     {"L’opérateur refuse notre compte.", "The operator refuses our account.",
      "Vérifiez le compte, et son mot de passe dans secrets.yaml.",
      "Check the account, and its password in secrets.yaml."}},
    {{403},
     {"L’opérateur interdit cet appel.", "The operator forbids this call.",
      "Demandez-lui si les appels sortants sont ouverts, et si le premier de nos numéros peut "
      "y être présenté.",
      "Ask whether outgoing calls are open, and whether the first of our numbers may be "
      "shown there."}},
    {{404, 484},
     {"L’opérateur ne connaît pas ce numéro.", "The operator does not know this number.",
      "Vérifiez le numéro d’essai.", "Check the number of the test."}},
    {{488},
     {"L’opérateur ne veut pas de ce son.", "The operator does not want this sound.",
      "Comparez «" HTML_HARD "srtp" HTML_HARD "» et «" HTML_HARD "transport" HTML_HARD
      "» avec ce qu’il demande.",
      "Compare `srtp` and `transport` with what he asks for."}},
    {{503},
     {"L’opérateur est saturé, ou en panne.", "The operator is overloaded, or broken.",
      "Attendez, puis appelez-le.", "Wait, then call him."}},
    {{0},
     {"L’opérateur refuse cet appel.", "The operator refuses this call.", "Donnez-lui ce code.",
      "Tell him this code."}},
};

static const struct words states[TRIAL_STATES] = {
    [TRIAL_NONE] = {"Aucun appel d’essai depuis le démarrage.", "No test call since the start.",
                    NULL, NULL},
    [TRIAL_CALLS] = {"Appel en cours…", "Calling…", NULL, NULL},
    [TRIAL_RINGS] = {"Ça sonne…", "It rings…", NULL, NULL},
    [TRIAL_RANG] = {"A sonné vingt secondes, et personne n’a décroché" HTML_HARD
                    ": l’accès marche.",
                    "It rang for twenty seconds and nobody picked up: the access works.", NULL,
                    NULL},
    [TRIAL_ANSWERED] = {"On a décroché" HTML_HARD ": l’accès marche.",
                        "It was picked up: the access works.", NULL, NULL},
    [TRIAL_SILENT] = {"Rien n’est revenu.", "Nothing came back.",
                      "Vérifiez l’adresse de l’opérateur et son port, et que le pare-feu laisse "
                      "passer SIP.",
                      "Check the operator’s address and port, and that the firewall lets SIP "
                      "through."},
    [TRIAL_UNSENT] = {"Aucune ligne n’a pu être prise.", "No line could be had.",
                      "Le nom de l’opérateur a-t-il une adresse" HTML_THIN "? Toutes les lignes "
                      "sont-elles occupées" HTML_THIN "?",
                      "Has the operator’s name an address? Are all lines in use?"},
    [TRIAL_GATED] = {"La maison n’appelle pas ce numéro.", "The house does not call this number.",
                     "Mettez le numéro d’un fixe ou d’un mobile, qui n’est pas l’un des nôtres.",
                     "Put the number of an ordinary telephone which is not one of ours."},
};

static const struct words *words_of(const struct trial *t)
{
    unsigned i = 0;
    if (t->state != TRIAL_REFUSED)
        return &states[t->state < TRIAL_STATES ? t->state : TRIAL_NONE];
    while (refusals[i].status[0] && refusals[i].status[0] != t->status &&
           (!t->status || refusals[i].status[1] != t->status))
        i++;
    return &refusals[i].words;
}

static void put_change(struct html *h, const struct trial *t)
{
    if (t->is_worse)
        html_put(h,
                 "<p class=\"warning\">%s <a href=\"/administration/version?n=%u\">%s %u</a></p>\n",
                 t->is_undone
                     ? html_say(h,
                                "Un changement a été défait tout seul" HTML_HARD
                                ": avant lui, cet accès marchait.",
                                "A change was undone by the house: before it this access worked.")
                     : html_say(h,
                                "Après un changement, cet accès ne marche plus, et le changement "
                                "n’est pas encore défait.",
                                "After a change this access no longer works, and the change is not "
                                "undone yet."),
                 t->version, html_say(h, "Version", "Version"), t->version);
    else if (t->version)
        html_put(h,
                 "<p class=\"empty\">%s <a href=\"/administration/version?n=%u\">%s %u</a></p>\n",
                 trial_is_under_way(t)
                     ? html_say(h,
                                "Un changement est essayé" HTML_HARD
                                ": s’il empêche cet appel, il sera défait tout seul.",
                                "A change is tried: should it stop this call, it will "
                                "be undone by the house.")
                     : html_say(h, "Appel fait après un changement.", "Made after a change."),
                 t->version, html_say(h, "Version", "Version"), t->version);
}

static void put_last(struct html *h, const struct view_house *house, const struct trial *t)
{
    const struct words *w = words_of(t);
    html_put(h, "<p role=\"status\"");
    if (trial_is_under_way(t))
        html_put(h, " data-busy=\"1\"");
    html_put(h, "><strong>%s", html_say(h, w->french, w->english));
    if (t->state == TRIAL_REFUSED)
        html_put(h, " (%u)", t->status);
    html_put(h, "</strong>");
    if (t->state == TRIAL_GATED)
        html_put(h, " (%s)",
                 html_say(h, gate_why((enum gate_verdict)t->gate),
                          gate_name((enum gate_verdict)t->gate)));
    if (t->state != TRIAL_NONE) {
        html_put(h, "<br>");
        view_admin_instant(h, house, t->at);
    }
    if (w->cure_french)
        html_put(h, "<br><span class=\"cure\">→ %s</span>",
                 html_say(h, w->cure_french, w->cure_english));
    html_put(h, "</p>\n");
    put_change(h, t);
}

/* ---- of one access --------------------------------------------------------------------------- */

static void put_link(struct html *h, const struct view_house *house, uint32_t trunk_id)
{
    const struct vitals *v = house->vitals;
    const struct directory *d = house->directory;
    uint32_t trunk_i = directory_trunk_find(d, trunk_id);
    if (trunk_i != DIRECTORY_NONE && !d->trunks[trunk_i].is_probed) {
        html_put(h, "<p>%s</p>\n",
                 html_say(h, "On ne lui demande pas s’il répond.",
                          "It is not asked whether it answers."));
        return;
    }
    for (unsigned i = 0; v && i < v->trunks_n && i < VITALS_TRUNKS_MAX; i++) {
        if (v->trunks[i].number != trunk_id)
            continue;
        unsigned link = v->trunks[i].link;
        html_put(h, "<p>%s</p>\n",
                 link == VITALS_LINK_UP ? html_say(h, "L’opérateur répond.",
                                                   "The operator "
                                                   "answers.")
                 : link == VITALS_LINK_DOWN
                     ? html_say(h, "L’opérateur ne répond pas.", "The operator does not answer.")
                     : html_say(h, "On ne sait pas encore s’il répond.",
                                "Not known yet whether it answers."));
    }
}

void view_admin_trial(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_trial_form *form)
{
    struct trials_board board = {.of = {{.trunk_id = 0}}};
    struct trial last = {.trunk_id = form->trunk_id};
    const struct trials_port *port = a->files->trials;
    if (!port || !form->trunk_id)
        return; /* one that is not in force yet */
    bool is_known = port->look(port->arg, &board);
    for (unsigned i = 0; is_known && i < TRIALS_MAX; i++)
        if (board.of[i].trunk_id == form->trunk_id)
            last = board.of[i];
    put_link(h, house, form->trunk_id);
    put_last(h, house, &last);
    html_put(h, "<form class=\"trial\" method=\"post\" action=\"/administration/appel-essai%s\">\n",
             html_query(h));
    view_frame_csrf(h, house);
    html_put(h,
             "<input type=\"hidden\" name=\"acces\" value=\"%s\">\n"
             "<p><label for=\"numero-%s\">%s</label>\n"
             "<input id=\"numero-%s\" name=\"numero\" type=\"tel\" required maxlength=\"31\" "
             "value=\"%s\"></p>\n<p><button%s>%s<span class=\"hidden\"> %s</span></button></p>\n"
             "</form>\n",
             form->id, form->id,
             html_say(h, "Numéro à appeler pour l’essai", "Number to call for the test"), form->id,
             form->number, trial_is_under_way(&last) ? " disabled" : "",
             html_say(h, "Appel d’essai", "Test call"), form->id);
}
