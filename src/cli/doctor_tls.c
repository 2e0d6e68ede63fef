/* doctor_tls.c — the certificates: how long they are good, whose names stand in them, who believes
 * them. That the files are there, can be read and fit each other is told by `check`, with their
 * lines. Called by doctor.c. Cost: the files. */
#include <string.h>

#include "base/civil.h"
#include "cli/doctor.h"
#include "os/clock.h"

#define MS_PER_S 1000
#define DAY_S INT64_C(86400)
#define DATE_BYTES 11 /* "2025-01-31" */

static void put_date(char to[DATE_BYTES], int64_t s)
{
    char whole[CIVIL_TEXT_BYTES];
    civil_text(whole, s * MS_PER_S);
    memcpy(to, whole, DATE_BYTES - 1);
    to[DATE_BYTES - 1] = '\0';
}

enum doctor_level doctor_judge_days(int64_t from_s, int64_t until_s, int64_t now_s)
{
    if (now_s < from_s || now_s >= until_s)
        return DOCTOR_FAULT;
    return until_s - now_s < DOCTOR_CERTIFICATE_DAYS * DAY_S ? DOCTOR_ATTENTION : DOCTOR_WELL;
}

static void tell_days(struct doctor *d, const char *whose, const struct tls_look *look)
{
    char date[DATE_BYTES];
    int64_t now_s = os_clock_wall_at() / MS_PER_S;
    enum doctor_level level = doctor_judge_days(look->from_s, look->until_s, now_s);
    bool is_early = now_s < look->from_s;
    put_date(date, is_early ? look->from_s : look->until_s);
    if (level == DOCTOR_WELL)
        doctor_find(d, level, "le certificat %s vaut jusqu’au %s", whose, date);
    else if (level == DOCTOR_ATTENTION)
        doctor_find(d, level, "le certificat %s ne vaut plus que jusqu’au %s", whose, date);
    else
        doctor_find(d, level, "le certificat %s %s le %s", whose,
                    is_early ? "ne vaut pas avant" : "a expiré", date);
    if (level != DOCTOR_WELL)
        doctor_cure(d, is_early ? "vérifier l’horloge de la machine, ou attendre ce jour"
                                : "le renouveler, puis decroche reload\u00a0: aucun appel n’est "
                                  "coupé");
}

/* Whom telephones must call us, so that they believe us. */
static void tell_names(struct doctor *d, const struct tls_look *look)
{
    if (look->names[0]) {
        doctor_find(d, DOCTOR_WELL,
                    "il est au nom de %s%s\u00a0: c’est le serveur à écrire dans "
                    "les téléphones",
                    look->names, look->is_self_signed ? ", signé par lui-même" : "");
        return;
    }
    doctor_find(d, DOCTOR_FAULT,
                "notre certificat n’a pas de nom\u00a0: aucun téléphone ne le croira");
    doctor_cure(d, "en demander un au nom de cette machine (subjectAltName)");
}

/* False: there is none, or it is told that it cannot be read. */
static bool look_at_own(struct doctor *d, const char *file, const char *key, struct tls_look *look)
{
    char path[CONFIG_PATH_BYTES];
    if (!file[0])
        return false;
    if (config_path_beside(path, d->args->settings, file) && tls_look(look, path))
        return true;
    doctor_find(d, DOCTOR_FAULT, "notre certificat ne se lit pas\u00a0: %s", file);
    doctor_cure(d, "vérifier %s.tls_certificate, et que decroche peut lire ce fichier", key);
    return false;
}

static void look_at_ours(struct doctor *d)
{
    struct tls_look look;
    const char *file = d->settings.phone.tls_certificate;
    if (!file[0])
        doctor_find(d, DOCTOR_WELL,
                    "pas de TLS pour les téléphones (phone.tls_certificate est vide)");
    if (!look_at_own(d, file, "phone", &look))
        return;
    tell_days(d, "des téléphones", &look);
    tell_names(d, &look);
}

static void look_at_pages(struct doctor *d)
{
    struct tls_look look;
    if (!look_at_own(d, d->settings.web.tls_certificate, "web", &look))
        return;
    tell_days(d, "des pages", &look);
    if (look.names[0])
        doctor_find(d, DOCTOR_WELL, "les pages sont à https://%s, port %u", look.names,
                    d->settings.web.tls_port);
}

static void look_at(struct doctor *d, const struct directory_trunk *t, const char *file,
                    const char *what)
{
    char directory[CONFIG_PATH_BYTES], path[CONFIG_PATH_BYTES], whose[DOCTOR_TEXT_BYTES / 2];
    struct tls_look look;
    snprintf(whose, sizeof(whose), "%s «\u00a0%s\u00a0»", what, t->id);
    bool is_there = config_path_beside(directory, d->args->settings, d->settings.directory.path) &&
                    config_path_beside(path, directory, file) && tls_look(&look, path);
    if (is_there) {
        tell_days(d, whose, &look);
        return;
    }
    doctor_find(d, DOCTOR_FAULT, "le certificat %s ne se lit pas\u00a0: %s", whose, file);
    doctor_cure(d, "vérifier ce fichier dans trunks, et que decroche peut le lire");
}

/* Whom nobody named is believed by the authorities of the machine, whose package must be there. */
static void look_at_authorities(struct doctor *d, const char *who, const char *cure)
{
    if (tls_has_authorities()) {
        doctor_find(d, DOCTOR_WELL, "%s est cru par les autorités de la machine", who);
        return;
    }
    doctor_find(d, DOCTOR_FAULT, "la machine n’a pas d’autorités\u00a0: %s ne sera pas cru", who);
    doctor_cure(d, "%s", cure);
}

static void look_at_gateway(struct doctor *d)
{
    const struct settings_sms *s = &d->settings.sms;
    char path[CONFIG_PATH_BYTES];
    struct tls_look look;
    if (s->driver != SETTINGS_SMS_DRIVER_SMPP || !s->tls || s->tls_pin[0])
        return;
    if (!s->tls_authority[0]) {
        look_at_authorities(d, "l’opérateur de SMS",
                            "apt install ca-certificates, ou donner sms.tls_authority ou "
                            "sms.tls_pin");
    } else if (config_path_beside(path, d->args->settings, s->tls_authority) &&
               tls_look(&look, path)) {
        tell_days(d, "de l’autorité de la passerelle de SMS", &look);
    } else {
        doctor_find(d, DOCTOR_FAULT,
                    "le certificat de l’autorité de la passerelle de SMS ne se "
                    "lit pas\u00a0: %s",
                    s->tls_authority);
        doctor_cure(d, "vérifier sms.tls_authority, et que decroche peut lire ce fichier");
    }
}

static void look_at_trunk(struct doctor *d, const struct directory_trunk *t)
{
    const struct directory_tls *tls = &t->tls;
    char who[DOCTOR_TEXT_BYTES / 2];
    if (t->transport != DIRECTORY_TLS)
        return;
    if (tls->certificate[0])
        look_at(d, t, tls->certificate, "montré à");
    if (tls->authority[0])
        look_at(d, t, tls->authority, "de l’autorité de");
    if (tls->pin[0] || tls->authority[0])
        return;
    snprintf(who, sizeof(who), "«\u00a0%s\u00a0»", t->id);
    look_at_authorities(d, who, "apt install ca-certificates, ou donner tls_authority ou tls_pin");
}

void doctor_tls(struct doctor *d)
{
    d->subject = DOCTOR_TLS;
    look_at_ours(d);
    look_at_pages(d);
    for (uint32_t i = 0; d->directory && i < d->directory->trunks_n; i++)
        look_at_trunk(d, &d->directory->trunks[i]);
    look_at_gateway(d);
}
