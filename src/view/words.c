/* words.c — see words.h.
 * Called by view and cli/reader.c. Tables only. */
#include <errno.h>

#include "view/words.h"

static const struct alarm_row {
    const char *name;
    enum view_health health;
    const char *what[2], *cure[2]; /* English, French */
} rows[VIEW_ALARM_N] = {
    [VIEW_ALARM_MAIN_SILENT] =
        {"main_silent",
         VIEW_DOWN,
         {"the part that takes calls does not answer",
          "la partie qui prend les appels ne répond plus"},
         {"restart the service; keep the journal and the log for its developers",
          "redémarrer le service\u202f; garder le journal et les traces pour les développeurs"}},
    [VIEW_ALARM_FENCED] = {"journal_fenced",
                           VIEW_DOWN,
                           {"another process writes to this journal",
                            "un autre programme écrit dans ce journal"},
                           {"stop this service: the other one is in charge",
                            "arrêter ce service\u00a0: c’est l’autre qui est en charge"}},
    [VIEW_ALARM_JOURNAL_DOWN] =
        {"journal_down",
         VIEW_DEGRADED,
         {"the journal cannot be written; calls go on, no promise is made",
          "le journal ne s’écrit plus\u202f; les appels continuent, rien n’est promis"},
         {"free or replace the disk; the service goes on by itself, nothing is lost",
          "libérer ou remplacer le disque\u202f; le service reprend seul, rien n’est perdu"}},
    [VIEW_ALARM_JOURNAL_BEHIND] =
        {"journal_behind",
         VIEW_DEGRADED,
         {"the disk is too slow; new calls may be turned away",
          "le disque est trop lent\u202f; de nouveaux appels peuvent être refusés"},
         {"look for another program that writes to this disk",
          "chercher quel autre programme écrit sur ce disque"}},
    [VIEW_ALARM_GAP] = {"journal_gap",
                        VIEW_DEGRADED,
                        {"calls are counted in memory only, not yet in the journal",
                         "des appels ne sont comptés qu’en mémoire, pas encore au journal"},
                        {"set the disk right before the service is stopped",
                         "rétablir le disque avant d’arrêter le service"}},
    [VIEW_ALARM_TWIN] =
        {"state_mismatch",
         VIEW_DEGRADED,
         {"the state recomputed from the journal is not that of the service",
          "l’état recalculé depuis le journal n’est pas celui du service"},
         {"restart when calm; send journal and log to the developers",
          "redémarrer à une heure creuse\u202f; envoyer journal et traces aux développeurs"}},
    [VIEW_ALARM_UNREADABLE] =
        {"journal_unreadable",
         VIEW_DEGRADED,
         {"the journal cannot be read; the figures shown are old",
          "le journal ne se lit plus\u202f; les chiffres montrés sont anciens"},
         {"run decroche verify on the journal", "lancer decroche verify sur le journal"}},
    [VIEW_ALARM_READER_BEHIND] = {"figures_behind",
                                  VIEW_DEGRADED,
                                  {"the figures shown are behind the journal",
                                   "les chiffres montrés sont en retard sur le journal"},
                                  {"look for what takes the processor or the disk",
                                   "chercher ce qui occupe le processeur ou le disque"}},
    [VIEW_ALARM_CATCHING_UP] = {"catching_up",
                                VIEW_DEGRADED,
                                {"the figures are being recomputed from the journal",
                                 "les chiffres sont en cours de recalcul depuis le journal"},
                                {"wait; calls are taken meanwhile",
                                 "patienter\u202f; les appels sont pris pendant ce temps"}},
    [VIEW_ALARM_NO_PHONE] =
        {"no_phone_registered",
         VIEW_DEGRADED,
         {"agents are at work, but no telephone of theirs is registered",
          "des agents sont en poste, mais aucun de leurs téléphones n’est enregistré"},
         {"look at the telephones' network, accounts and passwords",
          "vérifier le réseau, les comptes et les mots de passe des téléphones"}},
    [VIEW_ALARM_CLOCK] = {"clock_step",
                          VIEW_DEGRADED,
                          {"the clock of the machine was moved",
                           "l’horloge de la machine a été déplacée"},
                          {"look at its time synchronisation",
                           "vérifier sa synchronisation horaire"}},
    [VIEW_ALARM_RESET] =
        {"journal_reset",
         VIEW_DEGRADED,
         {"this journal is new: the one before was set aside",
          "ce journal est neuf\u00a0: le précédent a été mis de côté"},
         {"verify the old one; results of that period are marked incomplete",
          "vérifier l’ancien\u202f; les résultats de la période sont dits incomplets"}},
    [VIEW_ALARM_TRUNK] = {"trunk_down",
                          VIEW_DEGRADED,
                          {"an operator does not answer, or does not register us",
                           "un opérateur ne répond pas, ou ne nous enregistre pas"},
                          {"look at trunks in decroche status: address, account, firewall",
                           "voir les accès dans decroche status\u00a0: adresse, compte, pare-feu"}},
    [VIEW_ALARM_TRUNK_CHANNELS] =
        {"trunk_nearly_full",
         VIEW_DEGRADED,
         {"nine channels in ten to an operator are in use: soon callers hear a busy tone that "
          "nobody counts",
          "neuf voies sur dix vers un opérateur sont prises\u00a0: bientôt des appelants "
          "entendront un signal d’occupation que personne ne compte"},
         {"ask the operator for more channels", "demander d’autres voies à l’opérateur"}},
    [VIEW_ALARM_RECORDING] =
        {"recording_failed",
         VIEW_DEGRADED,
         {"nothing can be recorded, or what is too old cannot be purged; calls go on",
          "rien ne peut être enregistré, ou ce qui est trop ancien ne peut être effacé\u202f; les "
          "appels continuent"},
         {"look at the disk and the rights of recording.folder; it is tried again each minute",
          "voir le disque et les droits de recording.folder\u202f; un nouvel essai a lieu chaque "
          "minute"}},
    [VIEW_ALARM_CALL] =
        {"test_call_failed",
         VIEW_DOWN,
         {"the call that the house places to itself failed: callers fare alike",
          "l’appel d’essai que la maison se passe a échoué\u00a0: les appelants sans doute aussi"},
         {"try `decroche call`; look at the log; restart the service if it hangs",
          "essayer decroche call\u202f; lire les traces\u202f; redémarrer le service s’il est "
          "bloqué"}},
    [VIEW_ALARM_GATE] =
        {"gate_cap",
         VIEW_DEGRADED,
         {"a cap of what goes out was hit today: what comes past it is refused, in words",
          "un plafond de ce qui sort a été atteint aujourd’hui\u00a0: le reste est refusé, et "
          "c’est dit"},
         {"decroche status says which; look for a fraud before you raise it in [gate]; it ends at "
          "midnight",
          "decroche status dit lequel\u202f; chercher une fraude avant de l’élever dans "
          "[gate]\u202f; "
          "il s’efface à minuit"}},
};

static const struct trouble {
    int err;
    const char *why[2];
} troubles[] = {
    {ENOSPC, {"the disk is full", "le disque est plein"}},
    {EDQUOT, {"the quota of the disk is used up", "le quota du disque est épuisé"}},
    {EROFS, {"the disk is read-only", "le disque est en lecture seule"}},
    {EIO, {"the disk reports an error", "le disque signale une erreur"}},
    {ETIMEDOUT, {"the disk hangs", "le disque ne répond plus"}},
    {EBADMSG, {"the database is damaged", "la base est abîmée"}},
    {ENOTSUP, {"a later version wrote it", "une version plus récente l’a écrit"}},
    {EACCES, {"access is refused", "l’accès est refusé"}},
    {EPERM, {"access is refused", "l’accès est refusé"}},
    {ENOENT, {"the file is gone", "le fichier a disparu"}},
    {EMFILE, {"too many files are open", "trop de fichiers sont ouverts"}},
    {ENOMEM, {"memory is short", "la mémoire manque"}},
    {EBUSY, {"another program holds it", "un autre programme le retient"}},
    {ESTALE, {"another process took it over", "un autre programme l’a repris"}},
};

static const char *trouble_why(int err, enum view_language language)
{
    static const char *const unknown[2] = {"an error of the system", "une erreur du système"};
    if (!err)
        return "";
    for (unsigned i = 0; i < ARRAY_LEN(troubles); i++)
        if (troubles[i].err == err)
            return troubles[i].why[language];
    return unknown[language];
}

const char *view_words_call_fault(uint32_t fault, uint32_t status, enum view_language language)
{
    static const char *const whys[VITALS_CALL_FAULTS][2] = {
        [VITALS_CALL_WELL] = {"", ""},
        [VITALS_CALL_UNANSWERED] = {"no answer", "sans réponse"},
        [VITALS_CALL_REFUSED] = {"refused", "refusé"},
        [VITALS_CALL_SILENT] = {"answered, but nothing is heard", "décroché, mais sans aucun son"},
        [VITALS_CALL_BROKEN] = {"broken off", "rompu"},
        [VITALS_CALL_UNPLACED] = {"it could not be placed", "il n’a pas pu être lancé"},
    };
    static const char *const busy[2] = {"refused with 503: overload, or it ends",
                                        "refusé par 503\u00a0: surcharge, ou il s’arrête"};
    static const char *const unknown[2] = {"refused with 404: the number is not known",
                                           "refusé par 404\u00a0: numéro inconnu"};
    if (fault >= VITALS_CALL_FAULTS)
        return "";
    if (fault == VITALS_CALL_REFUSED && status == 503)
        return busy[language];
    if (fault == VITALS_CALL_REFUSED && status == 404)
        return unknown[language];
    return whys[fault][language];
}

enum view_health view_words_health(const struct view_alarms *alarms)
{
    enum view_health worst = VIEW_WELL;
    for (unsigned i = 0; i < VIEW_ALARM_N; i++)
        if (alarms->since_at[i] && rows[i].health > worst)
            worst = rows[i].health;
    return worst;
}

const char *view_words_health_name(enum view_health health)
{
    static const char *const names[] = {"well", "degraded", "down"};
    return names[health];
}

const char *view_words_alarm_name(enum view_alarm alarm)
{
    return rows[alarm].name;
}

struct view_sentence view_words_alarm(enum view_alarm alarm, const struct view_alarms *alarms,
                                      enum view_language language)
{
    int err = alarm == VIEW_ALARM_JOURNAL_DOWN ? alarms->journal_errno
              : alarm == VIEW_ALARM_UNREADABLE ? alarms->reader_errno
              : alarm == VIEW_ALARM_RECORDING  ? alarms->recording_errno
                                               : 0;
    const char *why = alarm == VIEW_ALARM_CALL
                          ? view_words_call_fault(alarms->call_fault, alarms->call_status, language)
                          : trouble_why(err, language);
    return (struct view_sentence){rows[alarm].what[language], why, rows[alarm].cure[language]};
}

const char *view_words_outcome(enum outcome outcome)
{
    static const char *const words[OUTCOME_N] = {
        [OUTCOME_NONE] = "",
        [OUTCOME_ANSWERED] = "répondus",
        [OUTCOME_CALLBACK_HONOURED] = "rappels honorés",
        [OUTCOME_CALLBACK_FAILED] = "rappels manqués",
        [OUTCOME_ABANDONED] = "abandons",
        [OUTCOME_ABANDONED_SHORT] = "abandons rapides",
        [OUTCOME_TURNED_AWAY] = "refusés",
        [OUTCOME_CUT_OFF] = "coupés par notre faute",
        [OUTCOME_IVR_RESOLVED] = "informés par une annonce",
        [OUTCOME_IVR_ABANDONED] = "raccrochés dans le menu",
        [OUTCOME_OUT_OF_HOURS] = "hors horaires",
        [OUTCOME_TEST] = "essais",
    };
    return words[outcome];
}

const char *view_words_agent_state(enum agent_state state)
{
    static const char *const words[AGENT_STATE_N] = {
        [AGENT_STATE_SIGNED_OUT] = "absents",    [AGENT_STATE_READY] = "disponibles",
        [AGENT_STATE_OFFERED] = "en sonnerie",   [AGENT_STATE_JOINED] = "en ligne",
        [AGENT_STATE_WRAP_UP] = "en post-appel", [AGENT_STATE_PAUSED] = "en pause",
    };
    return words[state];
}

const char *view_words_band(enum band band)
{
    static const char *const words[BAND_N] = {
        [BAND_SILENT] = "—",
        [BAND_B0_2] = "moins de 2\u00a0min",
        [BAND_B2_5] = "2 à 5\u00a0min",
        [BAND_B5_10] = "5 à 10\u00a0min",
        [BAND_B10_15] = "10 à 15\u00a0min",
        [BAND_B10_20] = "10 à 20\u00a0min",
        [BAND_B15_30] = "15 à 30\u00a0min",
        [BAND_B30_60] = "30 à 60\u00a0min",
        [BAND_B60] = "plus d’une heure",
        [BAND_UNKNOWN] = "inconnue",
    };
    return words[band];
}

const char *view_words_hours(enum hours hours)
{
    static const char *const words[HOURS_N] = {
        [HOURS_OPEN] = "ouverte",
        [HOURS_CLOSED_PUBLISHED] = "fermée",
        [HOURS_CLOSED_BY_PERSON] = "fermée à la main",
    };
    return words[hours];
}

const char *view_words_conclusion(enum conclusion conclusion)
{
    static const char *const words[CONCLUSION_N] = {
        [CONCLUSION_NONE] = "rien de dit",           [CONCLUSION_ANSWERED] = "répondu",
        [CONCLUSION_TO_CALL_BACK] = "à rappeler",    [CONCLUSION_PASSED_ON] = "passé à quelqu’un",
        [CONCLUSION_APPOINTMENT] = "rendez-vous",    [CONCLUSION_DIRECTED] = "orienté ailleurs",
        [CONCLUSION_NOT_UNDERSTOOD] = "pas compris",
    };
    return words[conclusion];
}
