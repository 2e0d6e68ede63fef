/* board_unreached.c — who was never reached today, the oldest first, each with a button that has
 * them called back by the house (ADR 37). A number is masked: who calls is the house. See
 * board_pages.h. */
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/parts.h"

/* Of one call. */
static const char *class_words(const struct html *h, enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_ABANDONED:
        return html_say(h, "a raccroché en attendant", "hung up while waiting");
    case OUTCOME_ABANDONED_SHORT:
        return html_say(h, "a raccroché aussitôt", "hung up at once");
    case OUTCOME_CUT_OFF:
        return html_say(h, "coupé par notre faute", "cut off by us");
    default:
        return html_say(h, "refusé, ou personne en poste", "turned away, or nobody at work");
    }
}

static void put_services(struct html *h, const struct view_house *house, uint32_t reference)
{
    const struct directory *d = house->directory;
    html_put(h, "<label for=\"q%u\">%s</label> <select id=\"q%u\" name=\"" VIEW_FIELD_QUEUE "\">",
             reference, html_say(h, "par", "by"), reference);
    for (uint32_t i = 0; i < d->services_n; i++)
        html_put(h, "<option value=\"%s\">%s</option>", d->services[i].id, d->services[i].name);
    html_put(h, "</select> ");
}

static void put_deed(struct html *h, const struct view_house *house, const struct view_unreached *u)
{
    char digits[VIEW_REFERENCE_BYTES + 1];
    if (u->is_promised || !u->e164) {
        html_put(h, "%s",
                 u->is_promised ? html_say(h, "sera rappelé", "will be called back")
                                : html_say(h, "numéro inconnu", "number unknown"));
        return;
    }
    digits[view_reference(digits, u->reference, false).n] = '\0';
    const struct board_page page = {.path = VIEW_UNREACHED_PATH "/", .id = digits};
    board_form(h, house, &page, "rappeler");
    if (!u->queue_id)
        put_services(h, house, u->reference);
    html_put(h, "<button type=\"submit\" aria-describedby=\"u%u\">%s</button></form>", u->reference,
             html_say(h, "Rappeler", "Call back"));
}

static void put_row(struct html *h, const struct view_house *house, const struct view_unreached *u)
{
    char number[VIEW_NUMBER_BYTES], reference[VIEW_REFERENCE_BYTES];
    const struct directory_service *service = view_service(house, u->queue_id);
    struct text digits = view_reference(reference, u->reference, true);
    struct text shown = u->e164 ? view_number(number, u->e164, false) : TEXT("—");
    html_put(h, "<tr id=\"p%u\"><th scope=\"row\" id=\"u%u\">%.*s</th><td>", u->reference,
             u->reference, (int)digits.n, digits.p);
    board_at(h, house, u->first_at);
    html_put(h, "</td><td class=\"n\">%u</td><td>", u->calls_n);
    board_at(h, house, u->last_at);
    html_put(h, "%s%s</td><td>%s</td><td>%.*s</td><td>", html_say(h, HTML_HARD ": ", ": "),
             class_words(h, u->outcome),
             service ? service->name : html_say(h, "aucun demandé", "none asked for"), (int)shown.n,
             shown.p);
    put_deed(h, house, u);
    html_put(h, "</td></tr>\n");
}

static void put_table(struct html *h, const struct view_house *house,
                      const struct view_board_unreached *list)
{
    static const char *const heads[][2] = {
        {"Référence", "Reference"},     {"Depuis", "Since"},    {"Appels", "Calls"},
        {"Le dernier", "The last one"}, {"Service", "Service"}, {"Numéro", "Number"},
        {"Rappel", "Call back"}};
    html_put(
        h,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table>\n"
        "<thead><tr>",
        html_say(h, "Tableau, qui défile s’il est trop large", "Table, scrolls when too wide"));
    for (unsigned i = 0; i < ARRAY_LEN(heads); i++)
        html_put(h, "<th scope=\"col\">%s</th>", html_say(h, heads[i][0], heads[i][1]));
    html_put(h, "</tr></thead>\n<tbody>\n");
    for (unsigned i = 0; i < list->n; i++)
        put_row(h, house, &list->rows[i]);
    html_put(h, "</tbody></table></div>\n");
    if (list->next_id)
        html_put(h, "<p><a href=\"" VIEW_UNREACHED_PATH "?after=%llu%s\">%s</a></p>\n",
                 (unsigned long long)list->next_id,
                 h->is_said ? html_say(h, "&langue=fr", "&langue=en") : "",
                 html_say(h, "Les suivants", "Next"));
}

static void put_head(struct html *h, const struct view_board_unreached *list)
{
    html_put(h, "<p class=\"lead\">");
    html_number(h, list->people_n);
    html_put(h, "%s</p>\n<p class=\"empty\">%s</p>\n",
             list->people_n > 1
                 ? html_say(h, " personnes ont appelé aujourd’hui sans avoir quelqu’un.",
                            " people called today and reached nobody.")
                 : html_say(h, " personne a appelé aujourd’hui sans avoir quelqu’un.",
                            " person called today and reached nobody."),
             html_say(h,
                      "La maison rappelle discrètement, derrière qui attend en ce moment, avec la "
                      "référence qui a été dite. La personne sort de la liste quand elle a "
                      "quelqu’un" HTML_THIN "; son appel perdu reste compté.",
                      "The house calls back discreetly, behind who waits now, with the reference "
                      "that was told. People leave the list when they reach somebody; the lost "
                      "call stays counted."));
    if (list->lost_n)
        html_put(h, "<p class=\"alert\">%u%s</p>\n", list->lost_n,
                 html_say(h, " autres n’ont pas trouvé de place dans la liste.",
                          " more found no room in the list."));
}

void view_board_unreached(struct html *h, const struct view_house *house,
                          const struct view_board_unreached *list)
{
    const struct board_page page = {
        .title = html_say(h, "Jamais joints aujourd’hui", "Never reached today"),
        .path = VIEW_UNREACHED_PATH,
        .id = "",
        .refusal = list->refusal,
        .is_fragment = list->is_fragment};
    board_page_begin(h, house, &page);
    html_put(h, "<section id=\"unreached\">\n");
    if (list->called.n)
        html_put(h, "<p role=\"status\" class=\"done\">%s%.*s%s</p>\n",
                 html_say(h, "La demande ", "Request "), (int)list->called.n, list->called.p,
                 html_say(h, " sera rappelée.", " will be called back."));
    if (list->people_n) {
        put_head(h, list);
        put_table(h, house, list);
    } else {
        html_put(
            h, "<p class=\"empty\">%s</p>\n",
            html_say(h,
                     "Tous ceux qui ont demandé quelqu’un aujourd’hui l’ont eu, ou attendent "
                     "encore. Qui raccroche avant la réponse, est refusé ou coupé apparaîtra "
                     "ici, avec un bouton pour le rappeler.",
                     "Whoever asked for somebody today reached them, or still waits. Who hangs "
                     "up before an answer, is turned away or cut off will stand here, with a "
                     "button to call them back."));
    }
    html_put(h, "</section>\n");
    board_page_end(h, house, &page);
}
