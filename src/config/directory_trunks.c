/* directory_trunks.c — lines to operators. Called by directory.c. Cost: trunks², at most 32.
 * Invariant: a demonstration has no line out of this machine: its numbers are fiction. The other
 * way round, fiction in a directory that is none is refused wherever it stands. */
#include <string.h>

#include "config/directory_parts.h"
#include "tls/context.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
#define SIP_PORT 5060 /* RFC 3261 §19.1.2 */
#define SIPS_PORT 5061

static const char *const transports[] = {"udp", "tcp", "tls", NULL}; /* enum directory_transport */
static const char *const srtps[] = {"refuse", "allow", "require", NULL}; /* enum directory_srtp */

static const char *const redirects[] = {"refuse", "allow", NULL}; /* 0, 1 */

static const struct config_key trunk_keys[] = {
    {.name = "id",
     CONFIG_AT(struct directory_trunk, id),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "host", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    {.name = "user", CONFIG_AT(struct directory_trunk, user), .form = CONFIG_TEXT, .min = 1},
    {.name = "register", CONFIG_AT(struct directory_trunk, registers), .form = CONFIG_BOOL},
    {.name = "transport",
     CONFIG_AT(struct directory_trunk, transport),
     .form = CONFIG_ENUM,
     .words = transports},
    {.name = "redirects",
     CONFIG_AT(struct directory_trunk, redirects),
     .form = CONFIG_ENUM,
     .words = redirects},
    {.name = "srtp", CONFIG_AT(struct directory_trunk, srtp), .form = CONFIG_ENUM, .words = srtps},
    {.name = "tls_name",
     CONFIG_AT(struct directory_trunk, tls.name),
     .form = CONFIG_TEXT,
     .min = 1},
    {.name = "tls_authority",
     CONFIG_AT(struct directory_trunk, tls.authority),
     .form = CONFIG_TEXT,
     .min = 1},
    {.name = "tls_pin", CONFIG_AT(struct directory_trunk, tls.pin), .form = CONFIG_TEXT, .min = 1},
    {.name = "tls_certificate",
     CONFIG_AT(struct directory_trunk, tls.certificate),
     .form = CONFIG_TEXT,
     .min = 1},
    {.name = "tls_key", CONFIG_AT(struct directory_trunk, tls.key), .form = CONFIG_TEXT, .min = 1},
    {.name = "tls_mutual", CONFIG_AT(struct directory_trunk, tls.is_mutual), .form = CONFIG_BOOL},
    {.name = "early_media", CONFIG_AT(struct directory_trunk, is_early), .form = CONFIG_BOOL},
    {.name = "probe", CONFIG_AT(struct directory_trunk, is_probed), .form = CONFIG_BOOL},
    {.name = "priority",
     CONFIG_AT(struct directory_trunk, priority),
     .form = CONFIG_U8,
     .min = 1,
     .max = DIRECTORY_PRIORITIES_MAX},
    {.name = "channels",
     CONFIG_AT(struct directory_trunk, channels),
     .form = CONFIG_U32,
     .min = 1,
     .max = DIRECTORY_CHANNELS_MAX},
    {.name = "test_number",
     CONFIG_AT(struct directory_trunk, test_number),
     .form = CONFIG_TEXT,
     .min = 1},
    {.name = "outbound",
     CONFIG_AT(struct directory_trunk, outbound),
     .form = CONFIG_U32,
     .max = DIRECTORY_CHANNELS_MAX},
};
static const struct config_table trunk_table = CONFIG_TABLE(trunk_keys);

static bool looks_like_a_name(const char *text)
{
    return text[strspn(text, "0123456789.:[]abcdefABCDEF")] != 0;
}

/* "sip.operateur.fr", "sip.operateur.fr:5060" (RFC 1123 §2.1). */
static bool read_name(struct directory_trunk *t, const char *text)
{
    struct text rest = text_of(text), host = text_cut(&rest, ':'), label;
    uint64_t port = 0;
    bool has_port = rest.p != NULL && host.n < strlen(text);
    if (!looks_like_a_name(text) || host.n >= sizeof(t->host) ||
        (has_port && !text_number(rest, UINT16_MAX, &port)) || (has_port && !port))
        return false;
    memcpy(t->host, host.p, host.n);
    t->host[host.n] = 0;
    t->at = (struct address){.port = (uint16_t)port};
    while (host.n) {
        label = text_cut(&host, '.');
        bool is_sound =
            label.n && label.n <= 63 && label.p[0] != '-' && label.p[label.n - 1] != '-';
        for (size_t i = 0; i < label.n && is_sound; i++)
            is_sound = strchr(LETTERS, label.p[i]) != NULL;
        if (!is_sound)
            return false;
    }
    return true;
}

static uint16_t port_of(const struct directory_trunk *t)
{
    return t->transport == DIRECTORY_TLS ? SIPS_PORT : SIP_PORT;
}

/* One could begin so: the address may come with the next change of the settings. */
static void warn_family(struct reading *r, const struct address *at, const struct config_node *node)
{
    static const char *const cures[ADDRESS_FAMILIES] = {
        "ajoutez une adresse en IPv4 à phone.address dans les réglages, ou donnez celle de "
        "l’opérateur en IPv6",
        "ajoutez une adresse en IPv6 à phone.address dans les réglages, ou donnez celle de "
        "l’opérateur en IPv4"};
    const struct config_warning w = {node, cures[address_side(at)]};
    struct address_pair self;
    if (address_pair_read(&self, text_of(r->settings->phone.address)) &&
        !address_pair_near(&self, at))
        config_warn(r->errors, &w,
                    "d’ici, " QUOTED " ne peut être joint" COLON "nous n’avons pas "
                    "d’adresse en IPv%u",
                    node->text, at->family);
}

static bool read_host(struct reading *r, struct directory_trunk *t, const struct config_node *node)
{
    struct address *at = &t->at;
    if (!address_read(at, text_of(node->text)) && !read_name(t, node->text)) {
        config_wrong(r->errors, node, "cette adresse ne se lit pas" COLON QUOTED, node->text);
        config_cure(r->errors, "écrivez celle de l’opérateur" COLON "\"sip.operateur.fr\", "
                               "\"192.0.2.1\", \"192.0.2.1:5060\" ou \"[2001:db8::1]:5060\"");
        return false;
    }
    t->has_port = at->port != 0;
    if (!at->family) {
        at->port = at->port ? at->port : port_of(t);
        return true;
    }
    if (address_is_any(at)) {
        config_wrong(r->errors, node, QUOTED " n’est l’adresse de personne", node->text);
        config_cure(r->errors, "écrivez celle de l’opérateur, par exemple \"192.0.2.1:5060\"");
        return false;
    }
    warn_family(r, at, node);
    struct text_out out = {.p = t->host, .max = sizeof(t->host) - 1};
    struct address ip = *at;
    ip.port = 0;
    address_put(&out, &ip);
    t->host[out.n] = 0;
    at->port = at->port ? at->port : port_of(t);
    return true;
}

static bool is_twice(struct reading *r, uint32_t index, const struct config_node *node)
{
    for (uint32_t i = 0; i < index; i++) {
        const struct directory_trunk *a = &r->d->trunks[i], *b = &r->d->trunks[index];
        if (strcmp(a->host, b->host) || a->at.port != b->at.port)
            continue;
        config_wrong(r->errors, node, "l’accès " QUOTED " a déjà cette adresse",
                     r->d->trunks[i].id);
        config_cure(r->errors, "gardez l’un des deux");
        return true;
    }
    return false;
}

static void keep_host(struct reading *r, uint32_t index, const struct config_node *node)
{
    struct directory_trunk *t = &r->d->trunks[index];
    if (!node)
        return; /* told already */
    if (node->kind != CONFIG_SCALAR || !node->text[0]) {
        config_wrong(r->errors, node, "une adresse est attendue ici");
        config_cure(r->errors, "par exemple \"192.0.2.1:5060\"");
        return;
    }
    if (!read_host(r, t, node) || is_twice(r, index, node) || !r->d->is_demo ||
        address_is_loopback(&t->at) || !strcmp(t->host, "localhost"))
        return;
    config_wrong(r->errors, node,
                 "une démonstration n’a pas d’accès opérateur hors de cette machine" COLON QUOTED,
                 node->text);
    config_cure(r->errors, "ses numéros sont de fiction\u00a0; écrivez une adresse comme "
                           "127.0.0.1:5070, ou enlevez «\u00a0demo: true\u00a0»");
}

static void check_account(struct reading *r, const struct directory_trunk *t,
                          const struct config_node *e)
{
    const struct config_node *node = config_get(e, "user");
    if (t->registers && !t->user[0]) {
        config_wrong(r->errors, config_get(e, "register"),
                     "l’accès " QUOTED " veut un enregistrement, mais son nom d’usager manque",
                     t->id);
        config_cure(r->errors, "ajoutez «\u00a0user: …\u00a0», que l’opérateur vous a donné");
    }
    if (t->user[strspn(t->user, LETTERS "+._~")]) {
        config_wrong(r->errors, node, "ce nom d’usager a des signes qu’une adresse SIP n’a pas");
        config_cure(r->errors, "attendu" COLON "des lettres sans accent, des chiffres, + - . _ ~");
    }
    if (t->outbound && (!t->channels || t->outbound >= t->channels)) {
        config_wrong(r->errors, config_get(e, "outbound"),
                     "%u voies gardées pour les appels sortants, sur %u", t->outbound, t->channels);
        config_cure(r->errors, "moins que «\u00a0channels\u00a0», le nombre d’appels à la fois");
    }
}

/* What speaks of TLS where there is none would be believed to protect. */
static void check_tls(struct reading *r, const struct directory_trunk *t,
                      const struct config_node *e)
{
    static const char *const keys[] = {"tls_name",        "tls_authority", "tls_pin",
                                       "tls_certificate", "tls_key",       "tls_mutual"};
    uint8_t pin[TLS_PIN_BYTES];
    bool is_tls = t->transport == DIRECTORY_TLS;
    for (unsigned i = 0; i < ARRAY_LEN(keys) && !is_tls; i++) {
        if (!config_get(e, keys[i]))
            continue;
        config_wrong(r->errors, config_get(e, keys[i]), "l’accès " QUOTED " n’est pas en TLS",
                     t->id);
        config_cure(r->errors, "ajoutez «\u00a0transport: tls\u00a0», ou enlevez cette ligne");
    }
    if (t->srtp == DIRECTORY_SRTP_REQUIRE && !is_tls) {
        config_wrong(r->errors, config_get(e, "srtp"),
                     "les clés du son chiffré passeraient en clair, faute de TLS");
        config_cure(r->errors, "ajoutez «\u00a0transport: tls\u00a0», ou écrivez «\u00a0srtp: allow"
                               "\u00a0»");
    }
    if (t->tls.pin[0] && !tls_pin_read(pin, t->tls.pin)) {
        config_wrong(r->errors, config_get(e, "tls_pin"), "cette empreinte SHA-256 ne se lit pas");
        config_cure(r->errors, "64 chiffres hexadécimaux, comme les donne «\u00a0openssl x509 "
                               "-fingerprint -sha256 -noout -in FICHIER\u00a0»");
    }
    if (t->tls.key[0] && !t->tls.certificate[0]) {
        config_wrong(r->errors, config_get(e, "tls_key"), "cette clé n’a pas de certificat");
        config_cure(r->errors, "ajoutez «\u00a0tls_certificate: …\u00a0»");
    }
}

/* The gate would refuse it, too: better now than when somebody relies on it. */
static void check_test(struct reading *r, const struct config_node *e)
{
    const struct config_node *node = config_get(e, "test_number");
    uint64_t e164;
    if (node && node->kind == CONFIG_SCALAR)
        (void)directory_read_dialled_number(r, &e164, node);
}

void directory_read_trunks(struct reading *r)
{
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < r->d->trunks_n; i++, e = e->next) {
        struct directory_trunk *t = &r->d->trunks[i];
        t->priority = 1;
        t->is_probed = true;
        t->srtp = DIRECTORY_SRTP_ALLOW;
        if (config_read(t, e, &trunk_table, r->errors)) {
            check_account(r, t, e);
            check_tls(r, t, e);
            check_test(r, e);
        }
        directory_keep_id(r, &r->d->trunk_of, e, i);
        t->number = directory_number_of(t->id);
        keep_host(r, i, config_get(e, "host"));
    }
}
