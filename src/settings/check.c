/* check.c — see check.h. One row a rule; a rule that holds is false.
 * Called once for each reading of a file. */
#include <string.h>

#include "base/address.h"
#include "base/tape.h"
#include "settings/check.h"

static bool area_before_site(const struct settings *s)
{
    return s->queue.ring_area_ms < s->queue.ring_site_ms;
}

static bool network_before_area(const struct settings *s)
{
    return s->queue.ring_network_ms < s->queue.ring_area_ms;
}

static bool priority_behind_normal(const struct settings *s)
{
    return s->priority.priority_ms < s->priority.normal_ms;
}

static bool urgent_behind_priority(const struct settings *s)
{
    return s->priority.urgent_ms < s->priority.priority_ms;
}

static bool ring_is_no_power_of_two(const struct settings *s)
{
    return (s->journal.ring_n & (s->journal.ring_n - 1)) != 0;
}

/* A waiting wish names up to three lanes: with fewer than that for each queue, a full house would
 * refuse people in some queues while others are empty. */
static bool lanes_are_few(const struct settings *s)
{
    return s->acd.lanes_max < (uint64_t)s->acd.queues_max * 3;
}

static bool equal(const char *a, const char *b)
{
    return text_equal(text_of(a), text_of(b));
}

static bool one_file_for_two(const struct settings *s)
{
    return equal(s->journal.path, s->directory.path) || equal(s->journal.path, s->secrets.path) ||
           equal(s->journal.path, s->web.socket);
}

static bool secrets_are_public(const struct settings *s)
{
    return equal(s->secrets.path, s->directory.path) || equal(s->secrets.path, s->web.socket);
}

static bool phone_is_no_address(const struct settings *s)
{
    struct address_pair self;
    return !address_pair_read(&self, text_of(s->phone.address));
}

/* What we write into a message must be able to come back to where we listen. */
static bool advertised_is_no_address(const struct settings *s)
{
    struct address_pair self, seen;
    if (!s->phone.advertised[0])
        return false;
    if (!address_pair_read(&seen, text_of(s->phone.advertised)))
        return true;
    if (!address_pair_read(&self, text_of(s->phone.address)))
        return false;
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++)
        if (address_is_any(&seen.of[i]) || (seen.of[i].family && !self.of[i].family))
            return true;
    return false;
}

static bool nobody_could_answer(const struct settings *s)
{
    struct address_pair self, seen = {0};
    bool is_read =
        !advertised_is_no_address(s) && address_pair_read(&self, text_of(s->phone.address)) &&
        (!s->phone.advertised[0] || address_pair_read(&seen, text_of(s->phone.advertised)));
    for (unsigned i = 0; is_read && i < ADDRESS_FAMILIES; i++)
        if (address_is_any(&self.of[i]) && !seen.of[i].family)
            return true;
    return false;
}

static bool networks_are_none(const struct settings *s)
{
    struct address_nets nets;
    return !address_nets_read(&nets, text_of(s->phone.networks));
}

/* The realm stands between quotes in each challenge (RFC 3261 §25.1). */
static bool tls_has_the_port_of_another(const struct settings *s)
{
    return s->phone.tls_port && s->phone.tls_port == s->phone.port;
}

static bool key_without_certificate(const struct settings *s)
{
    return s->phone.tls_key[0] && !s->phone.tls_certificate[0];
}

static bool encryption_without_tls(const struct settings *s)
{
    return s->phone.srtp == SETTINGS_PHONE_SRTP_REQUIRE && !s->phone.tls_certificate[0];
}

static bool tls_is_among_sound(const struct settings *s)
{
    return s->phone.tls_certificate[0] && s->phone.tls_port >= s->media.port_first &&
           s->phone.tls_port <= s->media.port_last;
}

static bool realm_breaks_its_quotes(const struct settings *s)
{
    for (const char *p = s->phone.realm; *p; p++)
        if (*p == '"' || *p == '\\' || (unsigned char)*p < ' ' || *p == 127)
            return true;
    return false;
}

static bool trace_is_small(const struct settings *s)
{
    return s->phone.trace_bytes && s->phone.trace_bytes < TAPE_BYTES_MIN;
}

static bool ports_are_reversed(const struct settings *s)
{
    return s->media.port_last <= s->media.port_first;
}

static bool first_port_is_odd(const struct settings *s)
{
    return s->media.port_first % 2 != 0;
}

/* A leg that is over has given its ports back, but answers repetitions for half a minute more: a
 * sixth of the legs needs no ports. */
static bool ports_are_few(const struct settings *s)
{
    uint32_t pairs_n = (s->media.port_last + 1 - s->media.port_first) / 2;
    return !ports_are_reversed(s) && pairs_n < s->phone.legs_max * 5 / 6;
}

static bool sip_is_among_sound(const struct settings *s)
{
    return s->phone.port >= s->media.port_first && s->phone.port <= s->media.port_last;
}

/* A browser is bridged with anybody, so all streams must be of one thread (ADR 36). */
static bool browsers_and_threads(const struct settings *s)
{
    return s->media.browser_port && s->media.threads > 1;
}

static bool browsers_among_sound(const struct settings *s)
{
    return s->media.browser_port >= s->media.port_first &&
           s->media.browser_port <= s->media.port_last;
}

static bool browsers_at_sip(const struct settings *s)
{
    return s->media.browser_port && s->media.browser_port == s->phone.port;
}

static bool web_is_no_address(const struct settings *s)
{
    struct address a;
    return !address_read_ip(&a, text_of(s->web.address));
}

static bool calls_too_often(const struct settings *s)
{
    return s->watch.call_every_ms && s->watch.call_every_ms < 10000;
}

static bool machines_never_dial(const struct settings *s)
{
    return s->gate.hours_to_ms <= s->gate.hours_from_ms;
}

static bool has_gateway(const struct settings *s)
{
    return s->sms.driver != SETTINGS_SMS_DRIVER_NONE;
}

/* In clear to this machine alone: what is behind the colon is a message about a person. */
static bool gateway_is_no_url(const struct settings *s)
{
    struct text at = text_of(s->sms.address);
    bool is_near = text_starts_fold(at, TEXT("http://127.0.0.1")) ||
                   text_starts_fold(at, TEXT("http://[::1]"));
    return s->sms.driver == SETTINGS_SMS_DRIVER_HTTP && !text_starts_fold(at, TEXT("https://")) &&
           !is_near;
}

static bool gateway_has_no_port(const struct settings *s)
{
    struct text address = text_of(s->sms.address), last = TEXT_NONE;
    uint64_t port = 0;
    for (size_t i = 1; i < address.n; i++)
        if (address.p[i] == ':')
            last = text_after(address, i + 1);
    bool is_port = last.n && text_number(last, UINT16_MAX, &port) && port;
    return s->sms.driver == SETTINGS_SMS_DRIVER_SMPP && !is_port;
}

static bool is_of(struct text t, struct text letters)
{
    for (size_t i = 0; i < t.n; i++)
        if (!memchr(letters.p, t.p[i], letters.n))
            return false;
    return t.n > 0;
}

static bool has_within(const char *text, struct text what)
{
    struct text rest = text_of(text);
    while (rest.n && !text_starts_fold(rest, what))
        rest = text_after(rest, 1);
    return rest.n > 0;
}

static bool is_number(const char *sender)
{
    return is_of(text_of(sender + (*sender == '+')), TEXT("0123456789 "));
}

/* A short or long number, or 1 to 11 letters and digits (3GPP TS 23.040 §9.1.2.5). */
static bool sender_is_none(const struct settings *s)
{
    struct text name = text_of(s->sms.sender);
    bool is_name = name.n <= 11 && is_of(name, TEXT("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                    "abcdefghijklmnopqrstuvwxyz0123456789"));
    return has_gateway(s) && !is_number(s->sms.sender) && !is_name;
}

static bool letters_take_answers(const struct settings *s)
{
    return has_gateway(s) && s->sms.answers && !is_number(s->sms.sender);
}

static bool body_has_no_text(const struct settings *s)
{
    return s->sms.driver == SETTINGS_SMS_DRIVER_HTTP &&
           (!has_within(s->sms.body, TEXT("{to}")) || !has_within(s->sms.body, TEXT("{text}")));
}

static bool binds_as_nobody(const struct settings *s)
{
    return s->sms.driver == SETTINGS_SMS_DRIVER_SMPP && !s->sms.system_id[0];
}

/* Over HTTP the address says it: https. */
static bool tls_of_no_smpp(const struct settings *s)
{
    return s->sms.tls && s->sms.driver == SETTINGS_SMS_DRIVER_HTTP;
}

static bool gateway_proves_nothing(const struct settings *s)
{
    return !s->sms.tls && (s->sms.tls_name[0] || s->sms.tls_authority[0] || s->sms.tls_pin[0]);
}

static const struct {
    bool (*is_wrong)(const struct settings *s);
    struct settings_finding finding;
} rules[] = {
    {area_before_site,
     {"queue", "ring_area", "le cercle des lieux voisins s’ouvre avant celui du lieu",
      "donnez à ring_area au moins la durée de ring_site"}},
    {network_before_area,
     {"queue", "ring_network", "le cercle du réseau s’ouvre avant celui des lieux voisins",
      "donnez à ring_network au moins la durée de ring_area"}},
    {priority_behind_normal,
     {"priority", "priority", "la classe prioritaire a moins d’avance que la classe normale",
      "donnez à priority au moins la durée de normal"}},
    {urgent_behind_priority,
     {"priority", "urgent", "la classe urgente a moins d’avance que la classe prioritaire",
      "donnez à urgent au moins la durée de priority"}},
    {ring_is_no_power_of_two,
     {"journal", "ring_n", "la file du journal n’est pas une puissance de deux",
      "par exemple 65536"}},
    {lanes_are_few,
     {"acd", "lanes_max",
      "il y a moins de trois groupes par file\u00a0: des appels seraient refusés",
      "augmentez lanes_max, ou diminuez queues_max"}},
    {one_file_for_two,
     {"journal", "path",
      "le journal a le même fichier que l’annuaire, les secrets ou la prise de commande",
      "donnez à chacun le sien"}},
    {secrets_are_public,
     {"secrets", "path", "les secrets ont le même fichier que l’annuaire ou la prise de commande",
      "donnez à chacun le sien"}},
    {phone_is_no_address,
     {"phone", "address", "ce n’est ni une adresse IP, ni une de chaque famille",
      "par exemple 192.0.2.1, 2001:db8::1 ou \"192.0.2.1, 2001:db8::1\", sans port\u00a0; un nom "
      "ne suffit pas"}},
    {nobody_could_answer,
     {"phone", "advertised",
      "nous écouterions sur toutes les adresses sans dire laquelle est la nôtre",
      "écrivez dans advertised l’adresse à laquelle les autres nous voient"}},
    {advertised_is_no_address,
     {"phone", "advertised", "ce n’est pas une adresse à laquelle on pourrait nous répondre",
      "une adresse IP de la même famille que phone.address, ou une de chaque, ni 0.0.0.0 ni ::"}},
    {networks_are_none,
     {"phone", "networks", "ces réseaux ne se lisent pas",
      "par exemple \"10.0.0.0/8, 2001:db8::/32\", 32 au plus"}},
    {realm_breaks_its_quotes,
     {"phone", "realm", "ce nom ne peut pas être écrit entre guillemets",
      "enlevez les guillemets et les barres obliques inversées"}},
    {trace_is_small,
     {"phone", "trace_bytes", "cette mémoire ne tiendrait pas un seul appel",
      "donnez au moins 65536, ou 0 pour ne garder aucun message SIP"}},
    {ports_are_reversed,
     {"media", "port_last", "la plage de ports finit avant d’avoir commencé",
      "donnez à port_last un numéro plus grand que port_first"}},
    {first_port_is_odd,
     {"media", "port_first", "le premier port est impair",
      "prenez un numéro pair\u00a0: le son a le port pair, son contrôle le suivant"}},
    {ports_are_few,
     {"media", "port_last",
      "la plage de ports est trop petite pour phone.legs_max\u00a0: des appels seraient refusés",
      "il faut deux ports pour cinq appels sur six\u00a0; élargissez la plage, ou diminuez "
      "legs_max"}},
    {browsers_and_threads,
     {"media", "browser_port",
      "le port des navigateurs demande que tout le son passe par un seul fil d’exécution",
      "écrivez threads\u00a0: 1, ou browser_port\u00a0: 0 si personne ne téléphone par un "
      "navigateur"}},
    {browsers_among_sound,
     {"media", "browser_port", "ce port est dans la plage du son",
      "prenez-en un hors de media.port_first … port_last"}},
    {browsers_at_sip,
     {"media", "browser_port", "c’est le port de SIP", "donnez aux navigateurs le leur"}},
    {sip_is_among_sound,
     {"phone", "port", "ce port est dans la plage du son",
      "prenez-en un hors de media.port_first … port_last"}},
    {tls_has_the_port_of_another,
     {"phone", "tls_port", "c’est le port de SIP sans TLS",
      "donnez-lui le sien, d’ordinaire 5061"}},
    {tls_is_among_sound,
     {"phone", "tls_port", "ce port est dans la plage du son",
      "prenez-en un hors de media.port_first … port_last"}},
    {key_without_certificate,
     {"phone", "tls_key", "cette clé n’a pas de certificat", "donnez aussi phone.tls_certificate"}},
    {encryption_without_tls,
     {"phone", "srtp", "sans TLS, aucun téléphone ne pourrait téléphoner",
      "donnez phone.tls_certificate et phone.tls_key, ou écrivez allow"}},
    {machines_never_dial,
     {"gate", "hours_to", "l’heure de fin n’est pas après l’heure de début",
      "par exemple hours_from\u00a0: 8h et hours_to\u00a0: 20h"}},
    {calls_too_often,
     {"watch", "call_every", "la maison s’appellerait sans cesse",
      "donnez au moins 10s, ou 0s pour aucun appel d’essai"}},
    {gateway_is_no_url,
     {"sms", "address", "ce n’est pas l’adresse https d’une passerelle de SMS",
      "par exemple https://sms.operateur.fr/v1/messages\u00a0; http n’est admis que vers "
      "127.0.0.1"}},
    {gateway_has_no_port,
     {"sms", "address", "ce n’est pas l’adresse d’une passerelle SMPP",
      "par exemple smpp.operateur.fr:2775"}},
    {sender_is_none,
     {"sms", "sender", "ce n’est pas un expéditeur",
      "un numéro court (38000), un numéro long (+33…), ou 11 lettres et chiffres au plus, sans "
      "espace ni accent"}},
    {letters_take_answers,
     {"sms", "answers", "un expéditeur en lettres ne peut pas recevoir de réponse",
      "écrivez answers\u00a0: non, ou prenez un numéro pour sms.sender"}},
    {body_has_no_text,
     {"sms", "body", "le corps de la requête ne dit pas à qui, ou pas quoi",
      "mettez-y {to} et {text}"}},
    {binds_as_nobody,
     {"sms", "system_id", "il manque le nom sous lequel s’annoncer à la passerelle SMPP",
      "écrivez celui que l’opérateur a donné"}},
    {tls_of_no_smpp,
     {"sms", "tls", "tls ne vaut que pour une passerelle SMPP",
      "enlevez-le\u00a0: par HTTP, c’est l’adresse en https:// qui le dit"}},
    {gateway_proves_nothing,
     {"sms", "tls", "ce que la passerelle doit prouver par TLS est dit, et TLS ne l’est pas",
      "écrivez tls\u00a0: oui, ou enlevez tls_name, tls_authority et tls_pin"}},
    {web_is_no_address,
     {"web", "address", "ce n’est pas une adresse IP",
      "par exemple 127.0.0.1, sans port\u00a0; un nom ne suffit pas"}},
};
static_assert(ARRAY_LEN(rules) + SETTINGS_CODES_N + SETTINGS_OIDC_N <= SETTINGS_FINDINGS_MAX,
              "every rule can be told");

unsigned settings_check(const struct settings *s, struct settings_finding out[])
{
    unsigned n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(rules); i++)
        if (rules[i].is_wrong(s))
            out[n++] = rules[i].finding;
    n += settings_check_oidc(s, &out[n]);
    return n + settings_check_codes(s, &out[n]);
}
