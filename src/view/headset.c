/* headset.c — see headset.h. All is hidden but what can be done now; without scripts it says that
 * the telephone on the desk is the one. */
#include "view/headset.h"

static void put_button(struct html *h, const char *id, const char *key, const char *words)
{
    bool is_first = key[0] == 'K';
    html_put(h,
             "<button type=\"button\" id=\"phone-%s\" data-key=\"%s\" aria-keyshortcuts=\"%s\"%s>"
             "%s <kbd>%s</kbd></button>\n",
             id, key, key, is_first ? "" : " hidden", words, key);
}

static void put_choice(struct html *h, const char *id, const char *words)
{
    html_put(h, "<div><label for=\"phone-%s\">%s</label> <select id=\"phone-%s\"></select></div>\n",
             id, words, id);
}

static void put_settings(struct html *h)
{
    html_put(h,
             "<details id=\"phone-more\" hidden><summary>%s</summary>\n<div class=\"devices\">\n",
             html_say(h, "Réglages et essai du casque", "Headset: settings and test"));
    put_choice(h, "mic", html_say(h, "Microphone", "Microphone"));
    put_choice(h, "out", html_say(h, "Écouteurs", "Earphones"));
    put_choice(h, "ring", html_say(h, "Sonner aussi sur", "Ring on as well"));
    html_put(
        h,
        "<div><label for=\"phone-level\">%s</label> "
        "<meter id=\"phone-level\" min=\"0\" max=\"1\" low=\"0.05\" value=\"0\"></meter></div>\n"
        "</div>\n<p><button type=\"button\" id=\"phone-echo\">%s</button> "
        "<button type=\"button\" id=\"phone-off\">%s</button></p>\n</details>\n",
        html_say(h, "Ce que le micro entend", "What the microphone hears"),
        html_say(h, "S’entendre, pour essayer", "Hear yourself, as a test"),
        html_say(h, "Reprendre le téléphone de bureau", "Use the desk telephone again"));
}

/* What the keys of a telephone do in a conversation: docs/agent.md. */
static void put_keys(struct html *h)
{
    static const char keys[][2] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"};
    html_put(h, "<details id=\"phone-keys\" hidden><summary>%s</summary>\n<div class=\"keypad\">\n",
             html_say(h, "Touches du téléphone", "Keys of the telephone"));
    for (unsigned i = 0; i < ARRAY_LEN(keys); i++)
        html_put(h, "<button type=\"button\" data-press=\"%s\">%s</button>\n", keys[i], keys[i]);
    html_put(h, "</div>\n<p class=\"empty\">%s</p>\n</details>\n",
             html_say(h,
                      "*1 et un poste ou un numéro, puis #" HTML_HARD ": consulter. *2" HTML_HARD
                      ": passer l’appel. *3" HTML_HARD ": à trois. *4" HTML_HARD
                      ": rendre à la file, à sa place. *9" HTML_HARD ": alerter.",
                      "*1 and a post or a number, then #: consult. *2: pass the call on. *3: all "
                      "three. *4: back to the queue, at its place. *9: alert."));
}

void view_headset(struct html *h, const struct view_house *house)
{
    if (!house->vitals || !house->vitals->browser_port || !house->who)
        return;
    html_put(h,
             "<section id=\"phone\" class=\"phone\" aria-labelledby=\"phone-t\">\n"
             "<h2 id=\"phone-t\">%s</h2>\n<p id=\"phone-say\" role=\"status\">%s</p>\n"
             "<div class=\"deeds\">\n",
             html_say(h, "Téléphone", "Telephone"),
             html_say(h, "Les appels sonnent à votre téléphone de bureau.",
                      "Calls ring at the telephone on your desk."));
    put_button(
        h, "on", "K",
        html_say(h, "Utiliser le casque de cet ordinateur", "Use the headset of this computer"));
    put_button(h, "answer", "R", html_say(h, "Répondre", "Answer"));
    put_button(h, "hang-up", "X", html_say(h, "Raccrocher", "Hang up"));
    put_button(h, "hold", "H", html_say(h, "Mettre en attente", "Hold"));
    put_button(h, "mute", "C", html_say(h, "Couper le micro", "Mute"));
    html_put(h, "</div>\n");
    put_keys(h);
    put_settings(h);
    html_put(h, "<audio id=\"phone-sound\" autoplay></audio>\n</section>\n");
}
