/* words.c — verdicts and purses in words. Called through gate.h. Tables only. */
#include "gate/gate.h"

static const struct {
    const char *name, *why;
    bool is_cap;
} verdicts[GATE_VERDICTS] = {
    [GATE_PASSES] = {"passes", "", false},
    [GATE_REFUSED_EMERGENCY] = {"emergency", "numéro d’urgence, qu’une machine n’appelle pas",
                                false},
    [GATE_REFUSED_CLOSED] = {"closed", "les appels vers l’extérieur ne sont pas ouverts", false},
    [GATE_REFUSED_FICTION] = {"fiction", "numéro de fiction", false},
    [GATE_REFUSED_UNREADABLE] = {"unreadable", "ce n’est pas un numéro de téléphone", false},
    [GATE_REFUSED_SHORT] = {"short", "numéro court", false},
    [GATE_REFUSED_SURCHARGED] = {"surcharged", "numéro surtaxé", false},
    [GATE_REFUSED_SPECIAL] = {"special", "numéro spécial", false},
    [GATE_REFUSED_ABROAD] = {"abroad", "numéro à l’étranger", false},
    [GATE_REFUSED_SATELLITE] = {"satellite", "numéro de satellite", false},
    [GATE_REFUSED_OVERSEAS] = {"overseas", "numéro d’outre-mer", false},
    [GATE_REFUSED_NO_MOBILE] = {"no_mobile", "un téléphone fixe ne reçoit pas de SMS", false},
    [GATE_REFUSED_NEVER] = {"never", "ce numéro a demandé à ne plus être appelé", false},
    [GATE_REFUSED_NEVER_LOST] = {"never_lost",
                                 "la liste de ceux qu’il ne faut plus appeler est illisible",
                                 false},
    [GATE_REFUSED_HOURS] = {"hours", "à cette heure, aucune machine n’appelle", false},
    [GATE_REFUSED_OPEN] = {"open", "un rappel est déjà noté pour ce numéro", true},
    [GATE_REFUSED_NUMBER] = {"number", "plafond du jour de ce numéro", true},
    [GATE_REFUSED_DIALS] = {"dials", "ce rappel a été tenté assez de fois", true},
    [GATE_REFUSED_RANGE] = {"range", "plafond du jour de cette tranche de numéros", true},
    [GATE_REFUSED_TRUNK] = {"trunk", "plafond du jour de cet opérateur", true},
    [GATE_REFUSED_AGENT_CAP] = {"agent", "plafond du jour de cet agent", true},
    [GATE_REFUSED_DAY_CAP] = {"day", "plafond du jour, en appels", true},
    [GATE_REFUSED_EUROS] = {"euros", "plafond du jour, en euros", true},
    [GATE_REFUSED_ALL_CAP] = {"all", "plafond du jour de tout ce qui sort, en appels", true},
    [GATE_REFUSED_ALL_EUROS] = {"all_euros", "plafond du jour de tout ce qui sort, en euros", true},
    [GATE_REFUSED_ROOM] = {"room", "trop de numéros différents aujourd’hui", true},
    [GATE_REFUSED_UNNOTED] = {"unnoted", "rien ne peut être noté\u00a0: le disque ne suit pas",
                              false},
};

static const struct {
    const char *name, *words;
} purses[GATE_PURSES] = {
    [GATE_PURSE_WISHES] = {"wishes", "demandes de rappel"},
    [GATE_PURSE_CALLBACKS] = {"callbacks", "rappels"},
    [GATE_PURSE_AGENTS] = {"agents", "appels d’agents"},
    [GATE_PURSE_ORDINARY] = {"ordinary", "téléphones ordinaires d’agents"},
    [GATE_PURSE_SMS] = {"sms", "SMS"},
    [GATE_PURSE_ALL] = {"all", "en tout"},
};

const char *gate_why(enum gate_verdict verdict)
{
    return verdicts[verdict].why;
}

const char *gate_name(enum gate_verdict verdict)
{
    return verdicts[verdict].name;
}

bool gate_is_cap(enum gate_verdict verdict)
{
    return verdicts[verdict].is_cap;
}

const char *gate_purse_name(enum gate_purse purse)
{
    return purses[purse].name;
}

const char *gate_purse_words(enum gate_purse purse)
{
    return purses[purse].words;
}
