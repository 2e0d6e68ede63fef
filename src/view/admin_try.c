/* admin_try.c — a flow tried: what a caller hears, how long, and the keys that they could press:
 * see admin.h. */
#include "view/admin.h"

static const char keypad[] = "123456789*0#";

static void put_address(struct html *h, const struct view_trial *t, char key)
{
    html_put(h, "/administration/essai?parcours=%s&amp;touches=%.*s", t->flow, (int)t->keys.n,
             t->keys.p);
    if (key == '#')
        html_put(h, "%%23");
    else
        html_put(h, "%.*s", 1, &key);
    if (h->is_said)
        html_put(h, "&amp;langue=%s", html_say(h, "fr", "en"));
}

static const char *words_of(struct html *h, const struct files_heard *heard)
{
    switch (heard->kind) {
    case FILES_HEARD_SILENCE:
        return html_say(h, "(silence" HTML_HARD ": le temps d’une touche)",
                        "(silence: time for a key)");
    case FILES_HEARD_ECHO:
        return html_say(h, "(sa propre voix)", "(their own voice)");
    case FILES_HEARD_END:
        return html_say(h, "(l’appel se termine)", "(the call ends)");
    default:
        return heard->words;
    }
}

static void put_heard(struct html *h, const struct files_heard *heard)
{
    html_put(h, "<li>");
    if (heard->kind == FILES_HEARD_PERSON)
        html_put(h, "<strong>%s%s</strong>",
                 html_say(h, "Attend quelqu’un de" HTML_HARD ": ", "Waits for somebody of: "),
                 heard->words);
    else
        html_put(h, "%s", words_of(h, heard));
    if (heard->ms) {
        html_put(h, " <span class=\"cure\">");
        html_duration(h, heard->ms);
        html_put(h, "</span>");
    }
    if (heard->kind == FILES_HEARD_PERSON && !heard->is_open)
        html_put(h, " <span class=\"cure\">%s</span>",
                 html_say(h,
                          "(à cette heure ce service est fermé, et c’est ce que l’on entendrait)",
                          "(at this hour this service is closed, and that would be heard)"));
    if (heard->key == FILES_NO_KEY)
        html_put(h, "<br>→ %s", html_say(h, "aucune touche", "no key"));
    else if (heard->key)
        html_put(h, "<br>→ %s <kbd>%.*s</kbd>", html_say(h, "touche", "key"), 1, &heard->key);
    html_put(h, "</li>\n");
}

static void put_keys(struct html *h, const struct view_trial *t)
{
    html_put(h, "<nav class=\"keypad\" aria-label=\"%s\"><ul>\n",
             html_say(h, "Touches du téléphone", "Keys of the telephone"));
    for (const char *k = keypad; *k; k++) {
        html_put(h, "<li><a href=\"");
        put_address(h, t, *k);
        html_put(h, "\" data-key=\"%.*s\">%.*s</a></li>\n", 1, k, 1, k);
    }
    html_put(h, "</ul></nav>\n<p><a class=\"button\" href=\"");
    put_address(h, t, FILES_NO_KEY);
    html_put(h, "\" data-key=\"N\">%s <kbd>N</kbd></a></p>\n",
             html_say(h, "Ne toucher aucune touche", "Press no key"));
}

static void put_alone(struct html *h, const struct files_trial *t)
{
    html_put(h, "<p class=\"lead\">%s ",
             t->reaches_person
                 ? html_say(h, "Sans toucher une touche, on attend quelqu’un au bout de",
                            "Without a key, one waits for somebody after")
                 : html_say(h,
                            "Sans toucher une touche, à cette heure, l’appel se termine au bout de",
                            "Without a key, at this hour, the call ends after"));
    html_duration(h, t->alone_ms);
    html_put(h, ".</p>\n");
}

void view_admin_try(struct html *h, const struct view_house *house, const struct view_admin *a,
                    const struct view_trial *t)
{
    ms_t all_ms = 0;
    (void)a;
    view_admin_begin(h, house, html_say(h, "Essai d’un parcours", "A flow tried"), "fichiers");
    html_put(h, "<p><a href=\"/administration/fichier?nom=" FILES_FLOW "%s\">%s</a></p>\n", t->flow,
             t->flow);
    put_alone(h, t->trial);
    html_put(h,
             "<section aria-labelledby=\"entendu\"><h2 id=\"entendu\">%s</h2>\n"
             "<ol class=\"heard\" aria-live=\"polite\">\n",
             html_say(h, "Ce que l’on entend", "What is heard"));
    for (unsigned i = 0; i < t->trial->n; i++) {
        put_heard(h, &t->trial->heard[i]);
        all_ms += t->trial->heard[i].ms;
    }
    html_put(h, "</ol>\n<p class=\"cure\">%s ",
             html_say(h, "Jusqu’ici, en écoutant tout" HTML_HARD ":", "So far, listening to all:"));
    html_duration(h, all_ms);
    html_put(h, "</p>\n");
    if (!t->trial->is_over && t->trial->n < FILES_TRIAL_MAX)
        put_keys(h, t);
    html_put(h, "<p><a href=\"/administration/essai?parcours=%s\">%s</a></p></section>\n", t->flow,
             html_say(h, "Recommencer", "Begin again"));
    view_admin_end(h, house);
}
