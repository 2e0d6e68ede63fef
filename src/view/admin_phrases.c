/* admin_phrases.c — the sentences of the house: what is said, by which voice, how long, how loud;
 * one of them to be listened to, its words to be changed. See admin.h. */
#include <string.h>

#include "view/admin.h"
#include "view/frame.h"

static const char *source_of(struct html *h, const struct phrases_phrase *p)
{
    switch (p->source) {
    case PHRASES_OWN:
        return html_say(h, "votre enregistrement", "your recording");
    case PHRASES_HOUSE:
        return html_say(h, "voix livrée", "voice that comes with it");
    case PHRASES_SPOKEN:
        return html_say(h, "synthèse", "synthesis");
    default:
        return html_say(h, "pas encore dite", "not spoken yet");
    }
}

/* « 3,4 s » */
static void put_seconds(struct html *h, uint32_t ms)
{
    html_put(h, "%u%s%u" HTML_HARD "s", ms / 1000, html_say(h, ",", "."), ms / 100 % 10);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool is_wanted(const struct phrases_phrase *p, const char *wanted)
{
    return !*wanted || strcasestr(p->name, wanted) || strcasestr(p->words, wanted);
}

static void put_row(struct html *h, const struct phrases_phrase *p, enum phrases_lang lang)
{
    html_put(h,
             "<tr><th scope=\"row\"><a href=\"/administration/phrase?nom=%s%s\">%s</a></th>"
             "<td>%s%s</td><td>%s</td><td class=\"n\">",
             p->name, lang == PHRASES_EN ? "&amp;voix=en" : "", p->name, p->words,
             p->is_typed ? html_say(h, " (vos mots)", " (your words)") : "", source_of(h, p));
    if (p->ms)
        put_seconds(h, p->ms);
    html_put(h, "</td></tr>\n");
}

static void put_search(struct html *h, const struct view_phrases *p)
{
    bool is_english = p->lang == PHRASES_EN;
    html_put(h,
             "<form method=\"get\" action=\"/administration/phrases%s\" class=\"search\">"
             "<p><label for=\"cherche\">%s</label>\n<input id=\"cherche\" name=\"cherche\" "
             "type=\"search\" value=\"%s\"> <button class=\"plain\">%s</button></p></form>\n"
             "<p><a href=\"/administration/phrases%s\">%s</a></p>\n",
             is_english ? "-en" : "",
             html_say(h, "Un mot d’un nom (« greet », « menu »…)",
                      "A word of a name (“greet”, “menu”…)"),
             p->wanted, html_say(h, "Chercher", "Search"), is_english ? "" : "-en",
             is_english ? html_say(h, "Les phrases en français", "The sentences in French")
                        : html_say(h, "Les phrases en anglais", "The sentences in English"));
}

void view_admin_phrases(struct html *h, const struct view_house *house, const struct view_admin *a,
                        const struct view_phrases *p)
{
    struct phrases_phrase one;
    unsigned n = 0;
    view_admin_begin(h, house,
                     p->lang == PHRASES_EN ? html_say(h, "Phrases en anglais", "English sentences")
                                           : html_say(h, "Phrases", "Sentences"),
                     "phrases");
    view_admin_told(h, a);
    put_search(h, p);
    if (p->is_wrong)
        html_put(h, "<p class=\"alert\">%s</p>\n",
                 html_say(h,
                          "Les fichiers sur la machine ont une erreur" HTML_HARD
                          ": decroche check dit laquelle.",
                          "The files on the machine have a mistake: decroche check says which."));
    html_put(h,
             "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
             "</thead><tbody>\n",
             html_say(h, "Phrase", "Sentence"), html_say(h, "Ce qui est dit", "What is said"),
             html_say(h, "Voix", "Voice"), html_say(h, "Durée", "Length"));
    for (unsigned i = 0; !p->is_wrong && p->port->nth(p->port->arg, p->lang, i, &one); i++) {
        /* numbered services that this house does not have say nothing */
        bool is_spare = text_starts_fold(text_of(one.name), TEXT("menu.chosen.site."));
        bool is_something = one.words[0] || one.ms || (one.may_type && !is_spare);
        if (!is_something || !is_wanted(&one, p->wanted))
            continue;
        put_row(h, &one, p->lang);
        n++;
    }
    html_put(h, "</tbody></table></div>\n");
    if (!n)
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h, "Aucune phrase ne porte ces mots.", "No sentence has these words."));
    view_admin_end(h, house);
}

/* ---- one of them ----------------------------------------------------------------------------- */

/* « −24,3 dBov » */
static void put_level(struct html *h, int32_t cdb)
{
    unsigned tenths = (unsigned)(cdb < 0 ? -cdb : cdb) / 10;
    html_put(h, "%s%u%s%u" HTML_HARD "dBov", cdb < 0 ? "−" : "", tenths / 10, html_say(h, ",", "."),
             tenths % 10);
}

static void put_sound(struct html *h, const struct view_phrase *p)
{
    const struct phrases_phrase *one = p->phrase;
    html_put(
        h,
        "<div class=\"columns\"><section><dl class=\"facts\"><div><dt>%s</dt><dd>%s</dd></div>\n",
        html_say(h, "Voix", "Voice"), source_of(h, one));
    html_put(h, "<div><dt>%s</dt><dd>", html_say(h, "Durée, au plus", "Length, at most"));
    put_seconds(h, one->ms);
    html_put(h, ", ");
    put_seconds(h, one->longest_ms);
    html_put(h, "</dd></div>\n");
    if (p->measure) {
        html_put(h, "<div><dt>%s</dt><dd>", html_say(h, "Niveau, crête", "Level, peak"));
        put_level(h, p->measure->level_cdb);
        html_put(h, ", ");
        put_level(h, p->measure->peak_cdb);
        html_put(h, "</dd></div>\n");
    }
    html_put(h, "</dl></section></div>\n");
    if (!p->measure) {
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h, "Elle n’a pas encore de son à faire entendre ici.",
                          "It has no sound yet that could be heard here."));
        return;
    }
    html_put(h,
             "<p><audio controls preload=\"none\" "
             "src=\"/administration/son.wav?nom=%s&amp;voix=%s\" aria-label=\"%s\"></audio></p>\n",
             one->name, p->lang == PHRASES_EN ? "en" : "fr",
             html_say(h, "Écouter cette phrase", "Listen to this sentence"));
    for (unsigned i = 0; i < p->measure->faults_n; i++)
        html_put(h, "<p class=\"warning\">%s</p>\n", p->measure->faults[i]);
}

static void put_form(struct html *h, const struct view_house *house, const struct view_phrase *p)
{
    html_put(h, "<form class=\"lines\" method=\"post\" action=\"/administration/phrase%s\">\n",
             html_query(h));
    view_frame_csrf(h, house);
    html_put(h,
             "<input type=\"hidden\" name=\"nom\" value=\"%s\">\n"
             "<input type=\"hidden\" name=\"voix\" value=\"%s\">\n"
             "<input type=\"hidden\" name=\"base\" value=\"%s\">\n"
             "<p><label for=\"mots\">%s</label>\n<textarea id=\"mots\" name=\"mots\" rows=\"4\" "
             "maxlength=\"900\" aria-describedby=\"aide\">\n%s</textarea></p>\n"
             "<p class=\"empty\" id=\"aide\">%s</p>\n",
             p->phrase->name, p->lang == PHRASES_EN ? "en" : "fr", p->base,
             html_say(h, "Mots à dire", "Words to be said"), p->typed,
             html_say(h,
                      "Une synthèse les dit, quelques secondes après l’enregistrement, dès l’appel "
                      "suivant\u2009; un enregistrement à vous passe toujours avant. Sans mots, la "
                      "phrase redevient celle de l’annuaire.",
                      "A synthesis says them some seconds after they are saved, from the next call "
                      "on; a recording of yours always comes first. Without words, the sentence is "
                      "that of the directory again."));
    view_admin_buttons(h, p->note, false);
    html_put(h, "</form>\n");
}

void view_admin_recorded(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    view_admin_begin(h, house, html_say(h, "Enregistrement", "Recording"), "phrases");
    view_admin_told(h, a);
    view_admin_end(h, house);
}

/* A voice of the place: by the microphone or a file; and away again. */
static void put_recorder(struct html *h, const struct view_house *house,
                         const struct view_phrase *p)
{
    const struct phrases_phrase *one = p->phrase;
    const char *lang = p->lang == PHRASES_EN ? "en" : "fr";
    html_put(
        h,
        "<section aria-labelledby=\"voix\"><h2 id=\"voix\">%s</h2>\n<p class=\"empty\">%s</p>\n"
        "<div class=\"recorder\" data-recorder=\"/administration/enregistrement?nom=%s&amp;"
        "voix=%s\" data-csrf=\"%s\" data-seconds=\"60\"></div>\n",
        html_say(h, "Votre voix", "Your voice"),
        html_say(h,
                 "Le niveau et les silences sont mis d’eux-mêmes comme ceux des autres "
                 "phrases. L’enregistrement d’avant reste dans l’historique.",
                 "Level and silences are made like those of the other sentences. The "
                 "recording of before stays in the history."),
        one->name, lang, house->who ? house->who->csrf : "");
    if (one->source == PHRASES_OWN) {
        html_put(
            h,
            "<form method=\"post\" action=\"/administration/enregistrement?nom=%s&amp;voix=%s\">",
            one->name, lang);
        view_frame_csrf(h, house);
        html_put(h,
                 "<p class=\"deeds\"><button class=\"plain\" name=\"faire\" value=\"retirer\">%s"
                 "</button></p></form>\n",
                 html_say(h, "Retirer cet enregistrement", "Take this recording away"));
    }
    html_put(h, "</section>\n");
}

void view_admin_phrase(struct html *h, const struct view_house *house, const struct view_admin *a,
                       const struct view_phrase *p)
{
    view_admin_begin(h, house, p->phrase->name, "phrases");
    view_admin_told(h, a);
    if (p->phrase->words[0])
        html_put(h, "<blockquote class=\"lead\"><p>%s</p></blockquote>\n", p->phrase->words);
    put_sound(h, p);
    if (p->has_own)
        put_recorder(h, house, p);
    if (p->phrase->may_type && p->has_own)
        put_form(h, house, p);
    else if (p->phrase->may_type)
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Pour en changer les mots, dites dans les réglages où ranger votre voix "
                          "(voice.own), puis redémarrez.",
                          "To change its words, say in the settings where your voice is kept "
                          "(voice.own), then start anew."));
    else
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h, "Ses mots sont les mêmes partout. Une autre voix peut la dire.",
                          "Its words are the same everywhere. Another voice may say it."));
    html_put(h, "<p><a href=\"/administration/phrases%s\">%s</a></p>\n",
             p->lang == PHRASES_EN ? "-en" : "",
             html_say(h, "Revenir à la liste", "Back to the list"));
    view_admin_end(h, house);
}
