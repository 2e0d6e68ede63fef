/* sms.c — see sms.h. Cost: each sentence is rendered once, with the longest values. */
#include <errno.h>
#include <string.h>

#include "base/address.h"
#include "config/sms.h"
#include "gsm/words.h"

int config_sms_check(const struct settings_sms *s, const struct directory *directory,
                     const struct config_secrets *secrets, struct config_errors *errors)
{
    const char *name = s->name[0] ? s->name : directory->organisation.name;
    unsigned before_n = errors->n;
    bool needs_secret = s->driver == SETTINGS_SMS_DRIVER_SMPP || strstr(s->header, "{secret}");
    if (s->driver == SETTINGS_SMS_DRIVER_NONE)
        return 0;
    if (!gsm_words_fit(text_of(name))) {
        config_wrong(errors, NULL,
                     "sms.name\u00a0: sous le nom «\u00a0%s\u00a0», des messages passeraient un "
                     "SMS, ou auraient des signes qu’un SMS ne connaît pas",
                     name);
        config_cure(errors, "écrivez dans sms.name un nom de 30 lettres au plus");
    }
    if (needs_secret && !secrets->sms_secret[0]) {
        config_wrong(errors, NULL, "sms.driver\u00a0: la passerelle de SMS n’a pas de secret");
        config_cure(errors, "ajoutez «\u00a0sms: { secret: … }\u00a0» dans le fichier des secrets, "
                            "ou enlevez {secret} de sms.header");
    }
    return errors->n == before_n ? 0 : EINVAL;
}

/* This machine, or a network that is none of the Internet (RFC 1918, 3927, 4193, 4291). */
static bool is_near(const char *address)
{
    static const char nets[] = "127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
                               "169.254.0.0/16, ::1, fc00::/7, fe80::/10";
    struct address_nets near;
    struct address at;
    bool is_read = address_read(&at, text_of(address)) && address_nets_read(&near, text_of(nets));
    return is_read ? address_nets_have(&near, &at) : !strncmp(address, "localhost:", 10);
}

const char *config_sms_naked(const struct settings_sms *s)
{
    if (s->driver != SETTINGS_SMS_DRIVER_SMPP || s->tls || is_near(s->address))
        return NULL;
    return "sms.tls\u00a0: le mot de passe de la passerelle et chaque SMS passent en clair sur le "
           "réseau (sms.tls\u00a0: oui, au port que l’opérateur donne pour TLS\u00a0; ou un "
           "tunnel, "
           "et l’adresse de son entrée sur cette machine)";
}

int config_sms_desk(const struct settings_sms *s, struct directory *directory,
                    struct config_errors *errors)
{
    uint32_t i = 0;
    directory->texts.at_once = s->texts_at_once;
    directory->texts.service = 0; /* the first: whoever does not know whom to ask */
    if (!s->service[0])
        return 0;
    while (i < directory->services_n && strcmp(directory->services[i].id, s->service))
        i++;
    if (i < directory->services_n) {
        directory->texts.service = i;
        return 0;
    }
    config_wrong(errors, NULL,
                 "sms.service\u00a0: aucun service du répertoire n’a l’identifiant «\u00a0%s"
                 "\u00a0»",
                 s->service);
    config_cure(errors, "écrivez-en un de la liste «\u00a0services\u00a0», ou rien\u00a0: les "
                        "SMS attendent alors dans la file du premier");
    return EINVAL;
}

static bool serves(const struct directory_agent *g, uint32_t service)
{
    for (unsigned i = 0; i < g->services_n; i++)
        if (g->services[i] == service)
            return true;
    return false;
}

const char *config_sms_unread(const struct settings_sms *s, const struct directory *d)
{
    if (s->driver == SETTINGS_SMS_DRIVER_NONE || !s->answers)
        return NULL;
    for (uint32_t i = 0; i < d->agents_n; i++)
        if (d->agents[i].writes && !d->agents[i].is_robot &&
            serves(&d->agents[i], d->texts.service))
            return NULL;
    return "sms.service\u00a0: aucun agent de ce service n’a la compétence "
           "«\u00a0ecrit\u00a0»\u00a0: "
           "qui nous écrit par SMS attendra, et personne ne lui répondra";
}

void config_webtext_desk(const struct settings *s, struct directory *directory)
{
    directory->texts.has_page = s->webtext.on;
    directory->texts.open_max = s->webtext.open_max;
    directory->texts.address_max = s->webtext.address_max;
    directory->texts.keep_ms = s->sms.keep_ms;
}

const char *config_webtext_unread(const struct settings_webtext *s, const struct directory *d)
{
    if (!s->on)
        return NULL;
    if (s->address_max > s->open_max)
        return "webtext.address_max\u00a0: plus que webtext.open_max\u00a0: une seule adresse "
               "pourrait occuper toutes les places (mettez-y moins, 10 par exemple)";
    for (uint32_t i = 0; i < d->agents_n; i++)
        if (d->agents[i].writes && !d->agents[i].is_robot && d->agents[i].services_n)
            return NULL;
    return "webtext.on\u00a0: aucun agent n’a la compétence «\u00a0ecrit\u00a0»\u00a0: la page "
           "/ecrire n’offre aucun service (ajoutez-la à un agent, ou mettez webtext.on\u00a0: non)";
}

const char *config_sms_mute(const struct settings_sms *s)
{
    if (s->driver == SETTINGS_SMS_DRIVER_NONE || s->answers)
        return NULL;
    return "sms.answers\u00a0: cet expéditeur ne reçoit pas de réponse\u00a0: les SMS ne diront "
           "pas «\u00a0répondez …\u00a0», aucune enquête ne partira, et nul ne pourra répondre "
           "STOP ni ANNULER (sms.sender\u00a0: un numéro court ou long le permet)";
}
