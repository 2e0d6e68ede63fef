/* automatic.c — see automatic.h. Cost: a walk over the numbers of the directory. */
#include <errno.h>

#include "config/automatic.h"
#include "directory/number.h"

static bool is_ours(const struct directory *d, uint64_t e164)
{
    for (uint32_t i = 0; i < d->numbers_n; i++)
        if (d->numbers[i].e164 == e164)
            return true;
    return false;
}

int config_automatic_read(uint64_t *e164, const struct settings *s,
                          const struct directory *directory, struct config_errors *errors)
{
    const char *number = s->caller_id.automatic;
    bool wants = s->callback.confirm == SETTINGS_CALLBACK_CONFIRM_KEY;
    uint64_t read = 0;
    unsigned before_n = errors->n;
    *e164 = 0;
    if (!number[0] && wants) {
        config_wrong(errors, NULL,
                     "callback.confirm\u00a0: une machine ne peut pas rappeler sans numéro à elle");
        config_cure(errors, "écrivez dans caller_id.automatic un de vos numéros en 0162, 0163, "
                            "0270, 0271, 0377, 0378, 0424, 0425, 0568, 0569, 0948, 0949, ou "
                            "«\u00a0confirm: agent\u00a0»");
    } else if (number[0] && !number_e164(&read, number)) {
        config_wrong(errors, NULL,
                     "caller_id.automatic\u00a0: «\u00a0%s\u00a0» n’est pas un numéro", number);
        config_cure(errors, "dix chiffres, ou +33 et neuf chiffres");
    } else if (number[0] && !number_is_automatic(read)) {
        config_wrong(errors, NULL,
                     "caller_id.automatic\u00a0: une machine n’a pas le droit d’appeler du "
                     "«\u00a0%s\u00a0»",
                     number);
        config_cure(errors, "demandez à votre opérateur un numéro polyvalent vérifié\u00a0: 0162, "
                            "0163, 0270, 0271, 0377, 0378, 0424, 0425, 0568, 0569, 0948, 0949, "
                            "outre-mer 09475 à 09479");
    } else if (number[0] && !is_ours(directory, read)) {
        config_wrong(errors, NULL,
                     "caller_id.automatic\u00a0: qui rappellerait le «\u00a0%s\u00a0» ne joindrait "
                     "personne\u00a0: l’annuaire ne l’a pas",
                     number);
        config_cure(errors, "ajoutez-le aux «\u00a0numbers\u00a0» de l’annuaire");
    }
    if (errors->n != before_n)
        return EINVAL;
    *e164 = wants ? read : 0;
    return 0;
}
