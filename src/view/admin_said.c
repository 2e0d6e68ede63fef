/* admin_said.c — what the settings say of text messages and of retention: each message as it
 * leaves, with values of an example, how many segments it takes; how long what is kept. See
 * admin.h. */
#include "gsm/words.h"
#include "view/admin.h"

#define EXAMPLE_REFERENCE 47210864u
#define EXAMPLE_NUMBER 33410000010u
#define DAY_MS ((ms_t)24 * 3600 * 1000)
#define HOUR_MS ((ms_t)3600 * 1000)

/* ---- text messages --------------------------------------------------------------------------- */

static const char *verdict_of(struct html *h, enum gsm_words_verdict verdict)
{
    switch (verdict) {
    case GSM_WORDS_LONG:
        return html_say(h, "ne tient pas en un SMS" HTML_HARD ": raccourcissez sms.name",
                        "does not fit into one message: shorten sms.name");
    case GSM_WORDS_LETTER:
        return html_say(h, "une lettre de sms.name n’existe pas dans un SMS",
                        "a letter of sms.name does not exist in a text message");
    case GSM_WORDS_ASKS:
        return html_say(h, "ne part pas" HTML_HARD ": cet expéditeur ne reçoit pas de réponse",
                        "does not leave: this sender receives no answer");
    default:
        return "";
    }
}

static void put_text(struct html *h, const struct gsm_values *values, enum gsm_kind kind)
{
    char words[GSM_UTF8_MAX];
    struct text_out out = {.p = words, .max = sizeof(words)};
    struct gsm_size size = {.segments = 0};
    enum gsm_words_verdict verdict = gsm_words(&out, kind, values);
    bool is_said = verdict == GSM_WORDS_SAID && gsm_measure(&size, (struct text){words, out.n});
    html_put(h, "<tr><th scope=\"row\">%s</th><td>", gsm_kind_name(kind));
    if (is_said)
        html_put(h, "%.*s</td><td class=\"n\">%u (%u)</td></tr>\n", (int)out.n, words,
                 size.segments, size.units);
    else
        html_put(h, "<strong>%s</strong></td><td></td></tr>\n", verdict_of(h, verdict));
}

static struct gsm_values example(const struct view_house *house, const struct files_said *said)
{
    const struct directory *d = house->directory;
    struct calendar_local from = calendar_local(house->zone, house->now_at), until = from;
    from.minute = 10 * 60;
    until.minute = 11 * 60;
    return (struct gsm_values){
        .organisation = text_of(said->sms_name[0] ? said->sms_name : d->organisation.name),
        .service = text_of(d->services_n ? d->services[0].name : "…"),
        .place = text_of(d->sites_n ? d->sites[0].name : "…"),
        .number = d->numbers_n ? d->numbers[0].e164 : EXAMPLE_NUMBER,
        .reference = EXAMPLE_REFERENCE,
        .tries_n = 3,
        .from = from,
        .until = until,
        .takes_answers = said->takes_answers};
}

static bool is_read(struct html *h, const struct view_admin *a, struct files_said *said)
{
    bool is_well = a->files->said(a->files->arg, said);
    if (!is_well)
        html_put(h, "<p class=\"alert\">%s</p>\n",
                 html_say(h,
                          "Le fichier des réglages a une erreur" HTML_HARD
                          ": decroche check dit laquelle.",
                          "The file of the settings has a mistake: decroche check says which."));
    return is_well;
}

void view_admin_texts(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    struct files_said said;
    view_admin_begin(h, house, html_say(h, "SMS", "Text messages"), "sms");
    if (is_read(h, a, &said)) {
        const struct gsm_values values = example(house, &said);
        html_put(h, "<p class=\"lead\">%s</p>\n",
                 said.has_sms
                     ? html_say(h, "Ce que dit chaque message, avec des valeurs d’exemple.",
                                "What each message says, with values of an example.")
                     : html_say(h,
                                "Aucun SMS ne part" HTML_HARD ": sms.driver ne nomme pas de "
                                "passerelle. Voici ce qu’ils diraient.",
                                "No text message leaves: sms.driver names no gateway. This is what "
                                "they would say."));
        html_put(h,
                 "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
                 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>\n",
                 html_say(h, "Message", "Message"), html_say(h, "Ses mots", "Its words"),
                 html_say(h, "SMS (signes)", "Segments (signs)"));
        for (unsigned kind = GSM_KIND_NONE + 1; kind < GSM_KINDS; kind++)
            if (kind != GSM_WRITTEN)
                put_text(h, &values, (enum gsm_kind)kind);
        html_put(h, "</tbody></table></div>\n");
    }
    view_admin_end(h, house);
}

/* ---- retention ------------------------------------------------------------------------------- */

static void put_row(struct html *h, const char *what, ms_t ms, const char *bound)
{
    bool is_days = ms % DAY_MS == 0;
    html_put(h, "<tr><th scope=\"row\">%s</th><td>%llu" HTML_HARD "%s</td><td>%s</td></tr>\n", what,
             (unsigned long long)(ms / (is_days ? DAY_MS : HOUR_MS)),
             is_days ? html_say(h, "jours", "days") : html_say(h, "heures", "hours"), bound);
}

static void put_kept(struct html *h, const struct files_said *said)
{
    put_row(h,
            html_say(h, "SMS envoyés et reçus, avec leurs numéros",
                     "Text messages sent and received, with their numbers"),
            said->sms_keep_ms,
            html_say(h, "31 jours au plus (sms.keep)", "31 days at most (sms.keep)"));
    put_row(h,
            html_say(h, "Place de qui n’a pas pu être rappelé",
                     "Place of who could not be called back"),
            said->callback_keep_ms,
            html_say(h, "7 jours au plus (callback.keep)", "7 days at most (callback.keep)"));
    if (said->records)
        put_row(h, html_say(h, "Conversations enregistrées", "Recorded conversations"),
                (ms_t)said->recording_days * DAY_MS,
                html_say(h, "six mois au plus (recording.retention_days)",
                         "six months at most (recording.retention_days)"));
    else
        html_put(h, "<tr><th scope=\"row\">%s</th><td>%s</td><td>recording.folder</td></tr>\n",
                 html_say(h, "Conversations enregistrées", "Recorded conversations"),
                 html_say(h, "aucune", "none"));
    html_put(h, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n",
             html_say(h, "Journal des accès et des changements", "Log of accesses and changes"),
             html_say(h, "un an", "a year"), html_say(h, "toujours", "always"));
}

void view_admin_kept(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    struct files_said said;
    view_admin_begin(h, house, html_say(h, "Conservation", "Retention"), "conservation");
    if (is_read(h, a, &said)) {
        html_put(h,
                 "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
                 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>\n",
                 html_say(h, "Ce qui est gardé", "What is kept"),
                 html_say(h, "Combien de temps", "How long"), html_say(h, "Limite", "Bound"));
        put_kept(h, &said);
        html_put(h, "</tbody></table></div>\n");
    }
    html_put(h, "<p><a href=\"/administration/fichier?nom=%s\">%s</a></p>\n", FILES_SETTINGS,
             html_say(h, "Changer ces durées dans le fichier des réglages",
                      "Change these in the file of the settings"));
    view_admin_end(h, house);
}
