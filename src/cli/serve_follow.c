/* serve_follow.c — another reading of the files is put in force: new calls follow it, calls in
 * course keep what they began with, the heart hears the differences as commands. Who left the
 * directory leaves when their conversation is over; a queue that left is closed to new callers at
 * once and goes when nobody waits in it any more, and until then who served it does so still.
 * Called by serve_reload.c and serve.c. Cost: the directory as commands, some at each turn. */
#include <string.h>

#include "acd/look.h"
#include "cli/house.h"
#include "directory/commands.h"

/* Commands told in one turn: about a millisecond. */
#define TELL_PER_TURN 512
#define LOOK_EVERY_MS ((ms_t)1000)

/* ---- former readings ------------------------------------------------------------------------ */

static bool is_needed(const struct house *h, const struct house_set *set)
{
    bool is_followed = lines_followers_n(h->lines, set->files->directory) != 0;
    return is_followed || (h->departing_n && set == h->served);
}

/* The reader thread goes from older to newer: each after the one that it shows may be just the one
 * that it is taking up. */
static void drop_unneeded(struct house *h)
{
    const struct directory *shown = h->reader ? reader_directory(h->reader) : NULL;
    bool may_be_shown = false;
    unsigned kept_n = 0;
    if (!h->departing_n)
        h->served = NULL;
    for (unsigned i = 0; i < h->former_n; i++) {
        may_be_shown |= h->former[i]->files->directory == shown;
        if (may_be_shown || is_needed(h, h->former[i]))
            h->former[kept_n++] = h->former[i];
        else
            house_set_drop(h->former[i]);
    }
    h->former_n = kept_n;
}

/* ---- departures ----------------------------------------------------------------------------- */

static bool is_departing(const struct house *h, uint32_t queue_id)
{
    return queue_id != DIRECTORY_PRACTICE &&
           directory_service_find(h->directory, queue_id) == DIRECTORY_NONE;
}

/* Queues of the heart that no file knows any more: some are still waited in, or needed otherwise by
 * a conversation or an agent who was not told yet; the others go. */
static void close_departed(struct house *h)
{
    struct acd_look_queue q;
    h->departing_n = h->waited_n = 0;
    for (uint32_t i = 0; i < acd_look_queues_n(h->acd); i++) {
        if (!acd_look_queue(h->acd, i, h->now_at, &q) || !is_departing(h, q.id))
            continue;
        /* Nobody is left who could answer: they are told, and let go. */
        bool is_lost = q.waiting_n && !q.signed_n;
        struct command close = {
            .kind = CMD_QUEUE_HOURS,
            .queue_hours = {.queue_id = q.id,
                            .hours = is_lost ? HOURS_CLOSED_PUBLISHED : HOURS_CLOSED_BY_PERSON}};
        const struct command drop = {.kind = CMD_QUEUE_DROP, .queue_drop = {.queue_id = q.id}};
        app_command(h->app, &close, h->now_at);
        h->waited_n += q.waiting_n != 0;
        h->departing_n +=
            q.waiting_n || app_command(h->app, &drop, h->now_at) == ACD_REFUSED_IN_USE;
    }
}

/* Does this agent still answer people of a queue that leaves? */
static bool serves_departing(const struct house *h, uint32_t agent_id)
{
    if (!h->departing_n || !h->served)
        return false;
    const struct directory *d = h->served->files->directory;
    uint32_t i = directory_agent_find(d, agent_id);
    struct acd_look_queue q;
    for (unsigned s = 0; i != DIRECTORY_NONE && s < d->agents[i].services_n; s++) {
        uint32_t id = d->services[d->agents[i].services[s]].number;
        uint32_t slot = acd_look_queue_slot(h->acd, id);
        if (is_departing(h, id) && slot != SLOT_NONE &&
            acd_look_queue(h->acd, slot, h->now_at, &q) && q.waiting_n)
            return true;
    }
    return false;
}

void house_tell_departures(struct house *h)
{
    house_forget_departed(h);
    close_departed(h);
    h->follow_at = h->now_at;
}

/* ---- telling the heart ---------------------------------------------------------------------- */

static void tell_some(struct house *h)
{
    struct command cmd;
    for (unsigned i = 0; i < TELL_PER_TURN && h->is_telling; i++) {
        h->is_telling = directory_next_command(&h->walk, h->directory, &h->settings, &cmd);
        bool is_agent = h->is_telling && cmd.kind == CMD_AGENT_SET;
        if (is_agent && serves_departing(h, cmd.agent_set.agent_id))
            h->has_held_back = true;
        else if (h->is_telling)
            house_command(h, &cmd);
    }
}

/* Again from the start: agents that were held back, once their people were answered. */
static void tell_again(struct house *h)
{
    h->walk = (struct directory_walk){.now_at = h->wall_at};
    h->is_telling = true;
    h->has_held_back = false;
}

void house_follow_turn(struct house *h)
{
    if (h->is_telling)
        tell_some(h);
    if (!h->former_n && !h->departing_n && !h->has_departed)
        return;
    if (h->now_at < h->follow_at || h->is_telling)
        return;
    h->follow_at = h->now_at + LOOK_EVERY_MS;
    house_forget_departed(h);
    uint32_t before_n = h->waited_n;
    close_departed(h);
    if (h->has_held_back && h->waited_n < before_n)
        tell_again(h);
    drop_unneeded(h);
}

/* ---- another reading ------------------------------------------------------------------------ */

/* The first certificate may find the port taken: said, and tried again with the next reading. */
static void follow_certificates(struct house *h)
{
    char why[128];
    bool was_open = phone_bound_secure(h->phone) != 0;
    int err = phone_secure(h->phone, &h->set->files->tls);
    if (err)
        os_log_line(&h->log, OS_LOG_ALARM,
                    "reload: nobody is let in over TLS, port %u: %s; see phone.tls_port",
                    h->settings.phone.tls_port, strerror_r(err, why, sizeof(why)));
    if (!was_open && phone_bound_secure(h->phone))
        os_log_line(&h->log, OS_LOG_INFO, "reload: SIP over TLS is open, port %u",
                    phone_bound_secure(h->phone));
}

static void follow_phone(struct house *h)
{
    struct phone_source sources[PHONE_SOURCES_MAX];
    const struct phone_args args = {.sources = sources,
                                    .sources_n = house_sources(h, sources),
                                    .tells_strangers = h->settings.phone.tells_strangers,
                                    .is_md5_alone = h->settings.phone.md5_alone,
                                    .srtp = (uint8_t)h->settings.phone.srtp};
    bool is_done = phone_follow(h->phone, &args);
    assert(is_done); /* house_sources() stays within the bound */
    house_add_lines(h);
    phone_follow_end(h->phone);
    follow_certificates(h);
    house_trunks(h);
    house_trunk_names(h);
}

bool house_follow(struct house *h, struct config_set *files, struct config_errors *errors)
{
    struct house_set *set = NULL;
    errors->file = h->args->settings;
    drop_unneeded(h); /* a large directory may still be told: the turns have not come to it */
    if (h->former_n == HOUSE_FORMER_MAX) {
        config_wrong(errors, NULL, "des appels suivent encore %d lectures d’avant",
                     HOUSE_FORMER_MAX);
        config_cure(errors, "attendez qu’ils se terminent, puis recommencez");
        return false;
    }
    if (!(set = house_set_new(files))) {
        config_wrong(errors, NULL, "la mémoire manque");
        config_cure(errors, "libérez-en, puis recommencez");
        return false;
    }
    if (!h->departing_n)
        h->served = h->set;
    h->former[h->former_n++] = h->set;
    settings_take_live(&h->settings, &files->settings);
    house_set_use(h, set);
    const struct lines_args lines = {.directory = h->directory,
                                     .flows = set->flows,
                                     .codes = set->codes,
                                     .short_codes = h->settings.short_codes,
                                     .language_ms = h->settings.queue.language_ms,
                                     .offer_callback_ms = h->settings.callback.offer_after_ms,
                                     .slots_max = h->settings.callback.slots,
                                     .automatic_e164 = files->automatic_e164,
                                     .flows_n = files->flows.n,
                                     .codes_n = files->secrets.n};
    lines_follow(h->lines, &lines);
    house_follow_texts(h);
    gate_follow(h->gate, &h->settings.gate, &h->settings.price);
    follow_phone(h);
    if (h->reader)
        reader_follow(h->reader, &set->shown);
    house_tell_departures(h);
    tell_again(h);
    house_voice_ask(h);
    h->hours_at = 0;
    return true;
}
