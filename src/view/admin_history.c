/* admin_history.c — files, their versions, what one of them changed: see admin.h. A version is
 * shown as what differs from the one before it. */
#include "view/admin.h"
#include "view/frame.h"
#include "view/parts.h"

/* Lines around a difference. */
#define AROUND 3

/* ---- differences ------------------------------------------------------------------------------
 */

static bool begins(struct text t, size_t at)
{
    return !at || t.p[at - 1] == '\n';
}

/* What both texts begin and end with is no difference: whole lines. */
static void trim_same(struct text *a, struct text *b, size_t *head)
{
    size_t n = a->n < b->n ? a->n : b->n, same = 0, tail = 0;
    for (size_t i = 0; i < n && a->p[i] == b->p[i]; i++)
        if (a->p[i] == '\n')
            same = i + 1;
    *head = same;
    *a = text_after(*a, same);
    *b = text_after(*b, same);
    n = a->n < b->n ? a->n : b->n;
    for (size_t i = 1; i <= n && a->p[a->n - i] == b->p[b->n - i]; i++)
        if (begins(*a, a->n - i) && begins(*b, b->n - i))
            tail = i;
    a->n -= tail;
    b->n -= tail;
}

static void split(struct view_compared_lines *l, struct text t)
{
    l->n = 0;
    while (t.n && l->n < VIEW_COMPARED_MAX)
        l->at[l->n++] = text_cut(&t, '\n');
    l->is_long = t.n > 0;
}

static void put_line(struct html *h, const char *kind, struct text line)
{
    const char *mark = kind[0] == 'o' ? "−" : kind[0] == 'n' ? "+" : " ";
    html_put(h, "<span class=\"%s\">%s %.*s</span>\n", kind, mark, (int)line.n, line.p);
}

static void put_all(struct html *h, const char *kind, struct text t)
{
    while (t.n)
        put_line(h, kind, text_cut(&t, '\n'));
}

/* The longest common lines, each with each: at most VIEW_COMPARED_MAX squared. */
static void put_compared(struct html *h, struct view_compared *room)
{
    const struct view_compared_lines *a = &room->old, *b = &room->fresh;
    uint16_t(*best)[VIEW_COMPARED_MAX + 1] = room->best;
    for (unsigned i = a->n + 1; i-- > 0;)
        for (unsigned k = b->n + 1; k-- > 0;) {
            uint16_t down = i < a->n ? best[i + 1][k] : 0, right = k < b->n ? best[i][k + 1] : 0;
            bool is_same = i < a->n && k < b->n && text_equal(a->at[i], b->at[k]);
            best[i][k] = is_same ? (uint16_t)(best[i + 1][k + 1] + 1) : down > right ? down : right;
        }
    unsigned i = 0, k = 0;
    while (i < a->n || k < b->n) {
        if (i < a->n && k < b->n && text_equal(a->at[i], b->at[k])) {
            put_line(h, "same", a->at[i]);
            i++;
            k++;
        } else if (i < a->n && (k == b->n || best[i + 1][k] >= best[i][k + 1])) {
            put_line(h, "old", a->at[i++]);
        } else {
            put_line(h, "new", b->at[k++]);
        }
    }
}

/* The last lines of t. */
static struct text last_lines(struct text t, unsigned n)
{
    size_t at = t.n;
    for (n++; at > 0; at--)
        if (t.p[at - 1] == '\n' && !--n)
            break;
    return text_after(t, at);
}

static void put_difference(struct html *h, struct text before, struct text now,
                           struct view_compared *room)
{
    struct text a = before, b = now;
    size_t head;
    trim_same(&a, &b, &head);
    html_put(h, "<pre class=\"difference\" tabindex=\"0\">");
    put_all(h, "same", last_lines((struct text){now.p, head}, AROUND));
    split(&room->old, a);
    split(&room->fresh, b);
    if (room->old.is_long || room->fresh.is_long) {
        put_all(h, "old", a);
        put_all(h, "new", b);
    } else {
        put_compared(h, room);
    }
    struct text rest = text_after(now, head + b.n);
    for (unsigned i = 0; i < AROUND && rest.n; i++)
        put_line(h, "same", text_cut(&rest, '\n'));
    html_put(h, "</pre>\n");
}

/* ---- versions ---------------------------------------------------------------------------------
 */

static void put_file(struct html *h, const struct files_file *f)
{
    html_put(h, "<li><a href=\"/administration/fichier?nom=%s\">%s</a> <code>%s</code>", f->name,
             f->name, f->path);
    if (text_starts_fold(text_of(f->name), TEXT(FILES_FLOW)))
        html_put(h,
                 " <a href=\"/administration/essai?parcours=%s\">%s<span class=\"hidden\"> %s"
                 "</span></a>",
                 f->name + sizeof(FILES_FLOW) - 1, html_say(h, "Essayer", "Try"), f->name);
    html_put(h, "</li>\n");
}

static void put_files(struct html *h, const struct view_admin *a)
{
    struct files_file f;
    html_put(h,
             "<section aria-labelledby=\"fichiers\"><h2 id=\"fichiers\">%s</h2>\n"
             "<ul class=\"rows\">\n",
             html_say(h, "Les fichiers", "The files"));
    for (unsigned i = 0; a->files->file(a->files->arg, i, &f); i++)
        if (!text_starts_fold(text_of(f.name), TEXT(FILES_SHEET)))
            put_file(h, &f);
    html_put(h, "</ul>\n<p class=\"empty\">%s</p></section>\n",
             html_say(h,
                      "Les mots de passe des téléphones et des opérateurs (secrets.yaml) ne sont "
                      "jamais montrés ici.",
                      "The passwords of telephones and operators (secrets.yaml) are never shown "
                      "here."));
}

void view_admin_files(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    view_admin_begin(h, house, html_say(h, "Fichiers", "Files"), "fichiers");
    view_admin_told(h, a);
    put_files(h, a);
    view_admin_end(h, house);
}

static void put_version_row(struct html *h, const struct view_house *house,
                            const struct view_admin *a, const struct files_version *v)
{
    struct account room;
    html_put(h, "<tr><td class=\"n\">%u</td><td>", v->number);
    view_admin_instant(h, house, v->at);
    html_put(h,
             "</td><td>%s</td><td>%s</td><td>%s</td>"
             "<td><a href=\"/administration/version?n=%u\">%s<span class=\"hidden\"> %u</span></a>"
             "</td></tr>\n",
             view_admin_who(h, a, v->by_id, &room), v->file, v->note, v->number,
             html_say(h, "Voir", "Look"), v->number);
}

void view_admin_versions(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    struct files_version v;
    int err;
    unsigned n = 0;
    view_admin_begin(h, house, html_say(h, "Historique", "History"), "historique");
    view_admin_told(h, a);
    html_put(h,
             "<section><div class=\"wide\" tabindex=\"0\"><table><caption class=\"hidden\">%s"
             "</caption>\n<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
             html_say(h, "Changements, du plus récent au plus ancien", "Changes, the newest first"),
             html_say(h, "Version", "Version"), html_say(h, "Quand", "When"),
             html_say(h, "Qui", "Who"), html_say(h, "Fichier", "File"),
             html_say(h, "Pourquoi", "Why"), html_say(h, "Détail", "Detail"));
    for (; n < VIEW_VERSIONS_MAX && a->files->version(a->files->arg, n, &v, &err); n++)
        put_version_row(h, house, a, &v);
    html_put(h, "</tbody></table></div>\n");
    if (!n)
        html_put(
            h, "<p class=\"empty\">%s</p>\n",
            err ? html_say(h, "L’historique ne peut pas être lu.", "The history cannot be read.")
                : html_say(h, "Aucun changement encore.", "No change yet."));
    html_put(h, "</section>\n");
    view_admin_end(h, house);
}

static void put_back(struct html *h, const struct view_house *house, uint32_t number)
{
    html_put(h, "<form method=\"post\" action=\"/administration/version%s\">\n", html_query(h));
    view_frame_csrf(h, house);
    html_put(h,
             "<input type=\"hidden\" name=\"n\" value=\"%u\">\n"
             "<p class=\"deeds\"><button>%s</button></p>\n<p class=\"empty\">%s</p></form>\n",
             number,
             html_say(h, "Remettre ce fichier comme il était ici",
                      "Put this file back as "
                      "it was here"),
             html_say(h,
                      "C’est un changement comme un autre" HTML_HARD ": vérifié, daté, signé, et "
                      "qui peut être défait.",
                      "That is a change as any other: checked, dated, signed, and it can be "
                      "undone."));
}

void view_admin_version(struct html *h, const struct view_house *house, const struct view_admin *a,
                        const struct view_version *v)
{
    struct account room;
    view_admin_begin(h, house, html_say(h, "Une version", "A version"), "historique");
    view_admin_told(h, a);
    html_put(h, "<p class=\"lead\">%u" HTML_HARD ": %s, %s, ", v->version->number, v->version->file,
             view_admin_who(h, a, v->version->by_id, &room));
    view_admin_instant(h, house, v->version->at);
    html_put(h, "</p>\n");
    if (v->version->note[0])
        html_put(h, "<p>%s</p>\n", v->version->note);
    if (text_starts_fold(text_of(v->version->file), TEXT(FILES_SOUND)))
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 v->now.n
                     ? html_say(h, "Un enregistrement.", "A recording.")
                     : html_say(h, "Aucun enregistrement\u00a0: la voix livrée, ou une synthèse.",
                                "No recording: the voice that comes along, or a synthesis."));
    else if (v->before.n)
        put_difference(h, v->before, v->now, v->room);
    else
        html_put(h,
                 "<p class=\"empty\">%s</p>\n<pre class=\"difference\" tabindex=\"0\">%.*s</pre>\n",
                 html_say(h, "La première version connue de ce fichier.",
                          "The first version of this file that is known."),
                 (int)v->now.n, v->now.p);
    put_back(h, house, v->version->number);
    view_admin_end(h, house);
}
