/* fault.c — see fault.h. */
#include "gsm/fault.h"

#define HARD "\u00a0"

static const struct {
    const char *name, *english, *words, *cure;
} faults[GSM_FAULTS] = {
    [GSM_FAULT_NONE] = {"none", "", "", ""},
    [GSM_FAULT_NO_NAME] = {"no_name", "its name leads nowhere", "son nom ne mène nulle part",
                           "vérifiez sms.address, et le DNS de la machine"},
    [GSM_FAULT_SILENT] = {"silent", "it does not answer", "elle ne répond pas",
                          "vérifiez sms.address et le pare-feu, puis demandez à l’opérateur"},
    [GSM_FAULT_CLOSED] = {"closed", "it hung up", "elle a raccroché",
                          "demandez à l’opérateur pourquoi" HARD
                          "; un nouvel essai a lieu de lui-même"},
    [GSM_FAULT_BIND] = {"bind_refused", "it refuses our name or password",
                        "elle refuse notre nom ou notre mot de passe",
                        "vérifiez sms.system_id, sms.system_type, et sms.secret des secrets"},
    [GSM_FAULT_NO_TLS] = {"no_tls", "it speaks no TLS, or none since 1.2",
                          "elle ne parle pas TLS, ou pas une version sûre",
                          "vérifiez le port de sms.address" HARD
                          ": celui de TLS en est un autre (souvent 3550)"},
    [GSM_FAULT_EXPIRED] = {"certificate_expired", "its certificate has expired",
                           "son certificat a expiré",
                           "l’opérateur doit le renouveler" HARD
                           "; vérifiez aussi la date de la machine"},
    [GSM_FAULT_EARLY] = {"certificate_early", "its certificate is not valid yet",
                         "son certificat n’est pas encore valable",
                         "vérifiez la date de la machine"},
    [GSM_FAULT_NAME] = {"certificate_name", "its certificate is for another name",
                        "son certificat est au nom d’une autre machine",
                        "donnez dans sms.tls_name le nom que l’opérateur annonce, si c’est bien "
                        "le sien"},
    [GSM_FAULT_AUTHORITY] = {"certificate_authority", "its certificate is signed by nobody known",
                             "son certificat n’est signé par aucune autorité connue",
                             "donnez dans sms.tls_authority l’autorité de l’opérateur"},
    [GSM_FAULT_PIN] = {"certificate_pin", "its certificate is not the pinned one",
                       "son certificat n’est pas celui de sms.tls_pin",
                       "demandez à l’opérateur s’il en a changé, et la nouvelle empreinte"},
    [GSM_FAULT_FILE] = {"authority_file", "the file of sms.tls_authority cannot be read",
                        "le fichier de sms.tls_authority ne se lit plus",
                        "decroche check dit ce qui ne va pas"},
    [GSM_FAULT_TLS] = {"tls", "the TLS handshake failed", "la négociation de TLS a échoué",
                       "les traces disent pourquoi (part=sms)"},
};

const char *gsm_fault_name(enum gsm_fault fault)
{
    return faults[fault].name;
}

const char *gsm_fault_english(enum gsm_fault fault)
{
    return faults[fault].english;
}

const char *gsm_fault_words(enum gsm_fault fault)
{
    return faults[fault].words;
}

const char *gsm_fault_cure(enum gsm_fault fault)
{
    return faults[fault].cure;
}
