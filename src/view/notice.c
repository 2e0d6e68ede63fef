/* notice.c — see notice.h. */
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/notice.h"
#include "view/parts.h"

static const struct {
    const char *name, *french, *english;
} states[VIEW_NOTICE_STATES] = {
    [VIEW_NOTICE_SPEAKING] = {"speaking", "en cours de synthèse, pas encore entendu",
                              "being made into sound, not heard yet"},
    [VIEW_NOTICE_SAID] = {"said", "entendu par qui appelle", "heard by who calls"},
    [VIEW_NOTICE_LONG] = {"too_long", "pas entendu\u00a0: il dure plus de 12\u00a0s, le raccourcir",
                          "not heard: it lasts more than 12\u00a0s, shorten it"},
    [VIEW_NOTICE_UNSAID] = {"unsaid",
                            "pas entendu\u00a0: la synthèse ne répond pas (voice.speech_command)",
                            "not heard: the synthesis does not answer (voice.speech_command)"},
};

static const char *state_words(const struct html *h, const struct view_notice *n)
{
    return html_say(h, states[n->state].french, states[n->state].english);
}

static void put_now(struct html *h, const struct view_house *house,
                    const struct view_notice_page *page)
{
    const struct view_notice *n = page->notice;
    html_put(h,
             "<section id=\"now\" aria-labelledby=\"now-t\">\n<h2 id=\"now-t\">%s</h2>\n"
             "<div role=\"status\">\n",
             html_say(h, "Entendu en ce moment", "Heard now"));
    if (!n) {
        html_put(h, "<p class=\"empty\">%s</p>\n</div>\n</section>\n",
                 html_say(h,
                          "Rien. Un message court, dit à qui appelle juste après l’accueil, évite "
                          "bien des attentes" HTML_HARD ": une panne connue, une fermeture, un "
                          "délai.",
                          "Nothing. A short message, said to who calls right after the greeting, "
                          "spares many a wait: a known fault, a closing, a delay."));
        return;
    }
    html_put(h, "<p class=\"say\">%s%s%s</p>\n<p>%s", html_say(h, "« ", "“"), n->words,
             html_say(h, " »", "”"), html_say(h, "Jusqu’à ", "Until "));
    board_until(h, house, n->until_at);
    html_put(h, "%s", html_say(h, ", mis à ", ", set at "));
    board_at(h, house, n->at);
    board_by(h, page->accounts, n->by_id);
    html_put(h, ".</p>\n<p%s>%s</p>\n</div>\n",
             n->state == VIEW_NOTICE_LONG || n->state == VIEW_NOTICE_UNSAID ? " class=\"alert\""
                                                                            : "",
             state_words(h, n));
    if (n->state == VIEW_NOTICE_SAID)
        html_put(h,
                 "<p><audio controls preload=\"none\" src=\"" VIEW_NOTICE_SOUND
                 "?%lld\" aria-label=\"%s\"></audio></p>\n",
                 (long long)n->at, html_say(h, "Écouter le message", "Listen to the message"));
    if (board_may(house) && view_sees_all(house)) {
        const struct board_page form = {.path = VIEW_NOTICE_PATH, .id = ""};
        board_form(h, house, &form, VIEW_DEED_SILENCE);
        html_put(h, "<button type=\"submit\">%s</button></form>\n",
                 html_say(h, "Ne plus le dire", "Say it no longer"));
    }
    html_put(h, "</section>\n");
}

static void put_form(struct html *h, const struct view_house *house,
                     const struct view_notice_page *page)
{
    const struct board_page form = {.path = VIEW_NOTICE_PATH, .id = ""};
    html_put(h, "<section id=\"write\" aria-labelledby=\"write-t\">\n<h2 id=\"write-t\">%s</h2>\n",
             page->notice ? html_say(h, "Le remplacer", "Replace it")
                          : html_say(h, "Un message du jour", "A message of the day"));
    board_form(h, house, &form, VIEW_DEED_SAY);
    html_put(h,
             "<p><label for=\"texte\">%s</label></p>\n<textarea id=\"texte\" name=\""
             "" VIEW_NOTICE_FIELD "\" rows=\"3\" maxlength=\"%u\" required "
             "aria-describedby=\"texte-a\"></textarea>\n<p id=\"texte-a\" class=\"cure\">%s</p>\n",
             html_say(h, "Ce qui sera dit", "What will be said"), page->letters_max,
             html_say(h,
                      "200 lettres et 12\u00a0s au plus. Écrire comme on parle" HTML_HARD
                      ": les nombres et les sigles en toutes lettres. Ni nom, ni numéro de "
                      "personne.",
                      "200 letters and 12\u00a0s at most. Write as one speaks: numbers and "
                      "initials in full. No name and no number of a person."));
    html_put(h,
             "<p><label for=\"jusqua\">%s</label> <input id=\"jusqua\" name=\"" VIEW_FIELD_UNTIL
             "\" type=\"time\" aria-describedby=\"jusqua-a\"> <span id=\"jusqua-a\" "
             "class=\"cure\">%s</span></p>\n<button type=\"submit\">%s</button></form>\n"
             "</section>\n",
             html_say(h, "Jusqu’à", "Until"),
             html_say(h, "sans heure" HTML_HARD ": jusqu’à la fin du jour",
                      "without an hour: until the end of the day"),
             html_say(h, "Le dire à qui appelle", "Say it to who calls"));
}

void view_notice_page(struct html *h, const struct view_house *house,
                      const struct view_notice_page *page)
{
    const struct board_page around = {.title = html_say(h, "Message du jour", "Message of the day"),
                                      .path = VIEW_NOTICE_PATH,
                                      .id = "",
                                      .refusal = page->refusal,
                                      .is_fragment = page->is_fragment};
    board_page_begin(h, house, &around);
    html_put(h, "<div class=\"columns\">\n");
    put_now(h, house, page);
    if (board_may(house) && view_sees_all(house))
        put_form(h, house, page);
    html_put(h, "</div>\n");
    board_page_end(h, house, &around);
}

void view_notice_line(struct html *h, const struct view_house *house, bool is_linked)
{
    const struct view_notice *n = house->notice;
    if (!n && !is_linked)
        return;
    html_put(h,
             "<section id=\"notice\" aria-labelledby=\"notice-t\">\n<h2 id=\"notice-t\">%s</h2>\n",
             html_say(h, "Message du jour", "Message of the day"));
    if (n) {
        html_put(h, "<p>%s%s%s, %s", html_say(h, "« ", "“"), n->words, html_say(h, " »", "”"),
                 html_say(h, "jusqu’à ", "until "));
        board_until(h, house, n->until_at);
        html_put(h, "%s%s.</p>\n", html_say(h, HTML_HARD ": ", ": "), state_words(h, n));
    }
    if (is_linked)
        html_put(
            h, "<p><a href=\"" VIEW_NOTICE_PATH "%s\">%s</a></p>\n", html_query(h),
            n ? html_say(h, "L’écouter, le remplacer, ne plus le dire",
                         "Listen to it, replace it, say it no longer")
              : html_say(h, "Dire un mot à tous ceux qui appellent", "Say a word to all who call"));
    html_put(h, "</section>\n");
}

void view_notice_json(struct text_out *out, const struct view_house *house,
                      const struct view_notice *notice)
{
    struct json j = {.out = out};
    json_object(&j, NULL);
    view_put_head(&j, house);
    if (notice) {
        json_object(&j, "notice");
        json_string(&j, "words", notice->words);
        json_signed(&j, "at", notice->at);
        json_signed(&j, "until_at", notice->until_at);
        json_string(&j, "state", states[notice->state].name);
        json_signed(&j, "sound_ms", notice->sound_ms);
        json_object_end(&j);
    } else {
        json_null(&j, "notice");
    }
    json_object_end(&j);
}

void view_notice_text(struct text_out *out, const struct view_house *house,
                      const struct view_notice *notice)
{
    if (!notice) {
        view_say(out, "aucun message du jour\n");
        return;
    }
    view_say(out, "« ");
    view_say(out, notice->words);
    view_say(out, " »\njusqu’à ");
    view_put_time(out, house, notice->until_at);
    view_say(out, "\u00a0: ");
    view_say(out, states[notice->state].french);
    view_say(out, "\n");
}
