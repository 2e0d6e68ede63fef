/* serve_trunks.c — the accesses to operators, as the files and the names in them say: to the
 * telephone, and to its door. Called by serve.c at start, after a reload, and when a name has been
 * resolved. Names are resolved by a thread of os/resolve.h, never here. */
#include <string.h>

#include "cli/house.h"

static const struct os_resolved *resolved(const struct house *h, const char *name)
{
    for (uint32_t i = 0; i < h->names.n; i++)
        if (!strcmp(h->names.of[i].name, name))
            return &h->names.of[i];
    return NULL;
}

/* Where a trunk is, as far as it is known and we could speak with it; with its port. */
static uint32_t addresses_of(const struct house *h, const struct directory_trunk *t,
                             struct address at[PHONE_TRUNK_ADDRESSES])
{
    char bytes[DIRECTORY_HOST_BYTES];
    const char *name = directory_trunk_name(t, bytes);
    const struct os_resolved *r = name ? resolved(h, name) : NULL;
    struct address_pair self;
    uint32_t n = 0;
    if (!address_pair_read(&self, text_of(h->settings.phone.address)))
        return 0; /* checked when the settings were read */
    if (t->at.family)
        at[n++] = t->at;
    for (uint32_t i = 0; r && i < r->at_n && n < PHONE_TRUNK_ADDRESSES; i++) {
        if (!address_pair_near(&self, &r->at[i]))
            continue;
        at[n] = r->at[i];
        at[n].port = at[n].port ? at[n].port : t->at.port;
        n++;
    }
    return n;
}

/* None may be left out: an operator who changes machines would find our door closed. */
static_assert(ADDRESS_NETS_MAX + DIRECTORY_TRUNKS_MAX * PHONE_TRUNK_ADDRESSES <= PHONE_SOURCES_MAX,
              "a source for each address that the files can name");
uint32_t house_sources(const struct house *h, struct phone_source sources[PHONE_SOURCES_MAX])
{
    struct address_nets nets = {0};
    struct address at[PHONE_TRUNK_ADDRESSES];
    uint32_t n = 0;
    if (!address_nets_read(&nets, text_of(h->settings.phone.networks)))
        nets.n = 0; /* checked when the settings were read */
    for (uint32_t i = 0; i < nets.n && n < PHONE_SOURCES_MAX; i++)
        sources[n++] = (struct phone_source){.net = nets.list[i], .is_phones = true};
    for (uint32_t i = 0; i < h->directory->trunks_n; i++) {
        const struct directory_trunk *t = &h->directory->trunks[i];
        uint32_t at_n = addresses_of(h, t, at);
        for (uint32_t j = 0; j < at_n && n < PHONE_SOURCES_MAX; j++)
            sources[n++] = (struct phone_source){.net = {at[j], at[j].family == 6 ? 128 : 32},
                                                 .is_tls = t->transport == DIRECTORY_TLS,
                                                 .trunk_id = t->number};
    }
    return n;
}

void house_trunks(struct house *h)
{
    struct phone_trunk trunks[DIRECTORY_TRUNKS_MAX];
    const struct directory *d = h->directory;
    for (uint32_t i = 0; i < d->trunks_n; i++) {
        const struct directory_trunk *t = &d->trunks[i];
        trunks[i] = (struct phone_trunk){
            .number = t->number,
            .host = text_of(t->host),
            .user = text_of(t->user),
            .secret = text_of(config_secrets_trunk(&h->set->files->secrets, i)),
            .channels = t->channels,
            .outbound = t->outbound,
            .priority = t->priority,
            .registers = t->registers,
            .is_unprobed = !t->is_probed,
            .is_early = t->is_early,
            .may_redirect = t->redirects == 1,
            .is_tcp = t->transport == DIRECTORY_TCP,
            .is_tls = t->transport == DIRECTORY_TLS,
            .srtp = (uint8_t)t->srtp};
        trunks[i].at_n = addresses_of(h, t, trunks[i].at);
    }
    phone_trunks(h->phone, trunks, d->trunks_n);
}

void house_trunk_names(struct house *h)
{
    char bytes[DIRECTORY_TRUNKS_MAX][DIRECTORY_HOST_BYTES];
    const char *names[DIRECTORY_TRUNKS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < h->directory->trunks_n; i++) {
        names[n] = directory_trunk_name(&h->directory->trunks[i], bytes[i]);
        n += names[n] != NULL;
    }
    if (n || h->names.n)
        os_resolve_names(h->resolve, names, n);
}

static void tell_family(struct house *h, const struct os_resolved *name)
{
    struct address_pair self;
    bool is_read = address_pair_read(&self, text_of(h->settings.phone.address));
    for (uint32_t i = 0; i < name->at_n; i++)
        if (!is_read || address_pair_near(&self, &name->at[i]))
            return;
    if (name->at_n)
        os_log_line(&h->log, OS_LOG_ALARM,
                    "trunk %s: this name has addresses in IPv%u alone, of which we have none: add "
                    "one to phone.address",
                    name->name, name->at[0].family);
}

void house_trunk_news(struct house *h)
{
    struct phone_source sources[PHONE_SOURCES_MAX];
    if (!os_resolve_take(h->resolve, &h->names))
        return;
    for (uint32_t i = 0; i < h->names.n; i++)
        tell_family(h, &h->names.of[i]);
    for (uint32_t i = 0; i < h->names.n; i++)
        if (h->names.of[i].is_refused)
            os_log_line(&h->log, OS_LOG_ALARM,
                        "trunk %s: this name means our own machine now, which no operator is: its "
                        "answer is not followed; look at your name server",
                        h->names.of[i].name);
    phone_sources(h->phone, sources, house_sources(h, sources));
    house_trunks(h);
}
