/* board_agent.c — one agent: what they do and serve now, and the form that gives them other
 * services for today. No figure of the person stands here. See board_pages.h. */
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/parts.h"

static bool serves(const struct view_house *house, uint32_t slot, uint32_t number)
{
    struct acd_look_agent a;
    (void)acd_look_agent(house->acd, slot, &a);
    for (uint32_t i = 0; i < a.queues_n; i++)
        if (acd_look_agent_queue(house->acd, slot, i) == number)
            return true;
    return false;
}

static void put_moved(struct html *h, const struct view_house *house,
                      const struct view_board_one *one, const struct acd_look_agent *a)
{
    const struct view_agent_deeds *by =
        house->deeds.agents ? &house->deeds.agents[one->slot] : NULL;
    html_put(h, "<p role=\"status\"><strong>%s",
             html_say(h, "Services changés jusqu’à ", "Other services until "));
    board_until(h, house, a->moved_until_at);
    html_put(h, "</strong>");
    if (by && by->agent_id == a->id)
        board_by(h, one->accounts, by->moved_by_id);
    html_put(h, "%s</p>\n",
             html_say(h, ". Ceux de l’annuaire vaudront ensuite de nouveau.",
                      ". Those of the directory hold again afterwards."));
}

static void put_now(struct html *h, const struct view_house *house,
                    const struct view_board_one *one, const struct acd_look_agent *a)
{
    unsigned n = 0;
    html_put(h,
             "<section id=\"state\" aria-labelledby=\"state-t\">\n<h2 id=\"state-t\">%s</h2>\n<p>"
             "%s",
             html_say(h, "En ce moment", "Now"), view_state_words(h, a->state));
    if (a->pause != PAUSE_NONE)
        html_put(h, " (%s)", view_pause_words(h, a->pause));
    html_put(h, "%s", html_say(h, ", depuis ", ", for "));
    board_since(h, house,
                house->agents[one->slot].id == a->id ? house->agents[one->slot].since_at : 0);
    html_put(h, "</p>\n<p>%s", html_say(h, "Répond à" HTML_HARD ": ", "Answers: "));
    for (uint32_t i = 0; i < a->queues_n; i++) {
        const struct directory_service *s =
            view_service(house, acd_look_agent_queue(house->acd, one->slot, i));
        if (s)
            html_put(h, "%s%s", n++ ? ", " : "", s->name);
    }
    html_put(h, "%s.</p>\n", n ? "" : html_say(h, "aucun service", "no service"));
    if (a->moved_until_at)
        put_moved(h, house, one, a);
    html_put(h, "</section>\n");
}

static void put_choice(struct html *h, const struct view_house *house,
                       const struct view_board_one *one)
{
    const struct directory *d = house->directory;
    html_put(h, "<fieldset><legend>%s</legend>\n",
             html_say(h, "Services auxquels répondre", "Services to answer"));
    for (uint32_t i = 0; i < d->services_n; i++) {
        const struct directory_service *s = &d->services[i];
        if (!view_sees_queue(house, s->number) ||
            acd_look_queue_slot(house->acd, s->number) == SLOT_NONE)
            continue;
        html_put(
            h,
            "<div class=\"tick\"><input type=\"checkbox\" id=\"v%u\" name=\"" VIEW_FIELD_SERVICE
            "%s\" value=\"oui\"",
            s->number, s->id);
        html_put(h, serves(house, one->slot, s->number) ? " checked>" : ">");
        html_put(h, " <label for=\"v%u\">%s</label></div>\n", s->number, s->name);
    }
    html_put(h, "</fieldset>\n");
}

static void put_move(struct html *h, const struct view_house *house,
                     const struct view_board_one *one, const struct board_page *page)
{
    struct acd_look_agent a;
    (void)acd_look_agent(house->acd, one->slot, &a);
    html_put(h, "<section id=\"move\" aria-labelledby=\"move-t\">\n<h2 id=\"move-t\">%s</h2>\n",
             html_say(h, "Déplacer pour aujourd’hui", "Move for today"));
    if (a.is_robot) {
        html_put(h, "<p class=\"empty\">%s</p>\n</section>\n",
                 html_say(h, "Un robot de la maison ne se déplace pas.",
                          "A robot of the house is not moved."));
        return;
    }
    html_put(
        h, "<p class=\"empty\">%s</p>\n",
        html_say(h,
                 "Remplace les services de l’annuaire jusqu’à l’heure dite. Les compétences "
                 "restent les mêmes, et un appel en cours n’est pas touché.",
                 "In place of the services of the directory, until the hour named. Skills stay "
                 "as they are, and a call in course is not touched."));
    if (a.moved_until_at) {
        board_form(h, house, page, VIEW_DEED_MOVE_BACK);
        html_put(
            h,
            "<button type=\"submit\" data-key=\"R\" aria-keyshortcuts=\"R\">%s <kbd>R</kbd>"
            "</button></form>\n",
            html_say(h, "Rendre ses services de l’annuaire", "Back to those of the directory"));
    }
    board_form(h, house, page, VIEW_DEED_MOVE);
    put_choice(h, house, one);
    html_put(h,
             "<p><label for=\"jusqua\">%s</label> <input id=\"jusqua\" name=\"" VIEW_FIELD_UNTIL
             "\" type=\"time\" aria-describedby=\"jusqua-a\"> <span id=\"jusqua-a\" "
             "class=\"cure\">%s</span></p>\n<button type=\"submit\" data-key=\"D\" "
             "aria-keyshortcuts=\"D\">%s <kbd>D</kbd></button></form>\n</section>\n",
             html_say(h, "Jusqu’à", "Until"),
             html_say(h, "sans heure" HTML_HARD ": jusqu’à la fin du jour",
                      "without an hour: until the end of the day"),
             html_say(h, "Déplacer", "Move"));
}

void view_board_agent(struct html *h, const struct view_house *house,
                      const struct view_board_one *one)
{
    const struct directory_agent *agent = &house->directory->agents[one->index];
    const struct board_page page = {.title = agent->name,
                                    .path = VIEW_AGENT_PATH,
                                    .id = agent->id,
                                    .refusal = one->refusal,
                                    .is_fragment = one->is_fragment};
    struct acd_look_agent a;
    board_page_begin(h, house, &page);
    if (one->slot == SLOT_NONE || !acd_look_agent(house->acd, one->slot, &a)) {
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Cette personne ne prend pas d’appels ici" HTML_HARD ": son entrée de "
                          "l’annuaire n’a pas de téléphone.",
                          "This person takes no calls here: the directory gives them no "
                          "telephone."));
        board_page_end(h, house, &page);
        return;
    }
    html_put(h, "<div class=\"columns\">\n");
    put_now(h, house, one, &a);
    if (board_may(house))
        board_listen(h, house, one, &page);
    if (board_may(house))
        put_move(h, house, one, &page);
    html_put(h, "</div>\n");
    board_page_end(h, house, &page);
}
