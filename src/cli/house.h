/* house.h — everything that `decroche serve` holds, in the order in which it is opened.
 * Included by src/cli/serve*.c only: wiring, no logic. */
#ifndef CLI_HOUSE_H
#define CLI_HOUSE_H

#include "app/lines.h"
#include "app/written.h"
#include "base/steer.h"
#include "cli/args.h"
#include "cli/house_parts.h"
#include "cli/mailbox.h"
#include "cli/serve_accounts.h"
#include "cli/serve_headsets.h"
#include "cli/serve_numbers.h"
#include "directory/commands.h"
#include "journal/begin.h"
#include "media/media.h"
#include "os/pages.h"
#include "os/resolve.h"
#include "phone/phone.h"
#include "record/record.h"
#include "sms/sms.h"
#include "store/lookup.h"
#include "store/person.h"

struct house_watch;

struct house {
    const struct cli_args *args;
    struct settings settings;                   /* in force: bounds and ports of the start */
    struct house_set *set;                      /* owned; in force */
    const struct directory *directory;          /* its */
    struct house_set *former[HOUSE_FORMER_MAX]; /* owned; newest last */
    unsigned former_n;
    struct house_set *served; /* with whose agents the queues that leave are served; NULL: none */
    struct directory_walk walk;
    uint32_t departing_n, waited_n; /* queues that leave; with people in them */
    bool is_telling, has_held_back, has_departed;
    ms_t follow_at;
    struct house_reload reload;
    struct {
        ms_t tell_at; /* not before */
        uint64_t strangers_n, noise_n;
    } door; /* as last told in the log */
    struct os_resolve *resolve;
    struct os_resolve_list names; /* as last resolved */
    struct os_log log;
    struct store_person persons;
    struct store_port store;
    struct journal *journal;
    struct journal_args journal_args;
    struct journal_port journal_port;
    struct os_pages core, lines_room, trace_room, taps_room, gate_room;
    struct tape trace; /* over trace_room; main puts, the reader copies */
    struct acd *acd;
    struct app *app;
    struct edges_port edges;
    struct media *media;
    struct media_port media_port;
    struct tap_ring *taps; /* owned; over taps_room; NULL: nothing is ever recorded */
    struct record *record;
    struct record_port record_port;
    int record_told_err;
    bool is_record_wrong; /* the folder or its key, at the start */
    struct lines_sounds *sounds;
    struct voice *voice;
    struct phone *phone;
    struct phone_port phone_port;
    struct house_headsets headsets;
    struct house_talks talks;
    struct lines *lines;
    struct gate *gate; /* over gate_room */
    struct {
        ms_t tell_at, look_at; /* not before */
        uint32_t hits_n;
    } gate_told;
    struct texts *texts; /* over texts_room */
    struct os_pages texts_room, written_room, webtext_room;
    struct written *written; /* over written_room */
    struct webtext *webtext; /* over webtext_room */
    struct sms *sms;         /* owned; NULL: no gateway is set */
    struct store_outbox outbox;
    struct outbox_port outbox_port;
    struct mailbox mailbox;
    struct texts_port texts_port;
    bool knows_stops;
    uint64_t texts_seen_n;              /* queued, as last seen */
    ms_t texts_wake_at, texts_purge_at; /* until then each commit wakes the sender */
    struct house_keep keep;
    struct house_calls calls;
    struct store_lookup *lookup;
    struct person_port person_port;
    struct orders orders;
    struct orders_port orders_port;
    struct house_numbers numbers;
    struct house_accounts accounts;
    struct house_watch *watch; /* owned; NULL: no robot calls */
    struct reader *reader;
    struct latest vitals;
    enum journal_health told_health;
    uint64_t told_id;
    ms_t started_at, vitals_at, retry_at;
    bool is_blind, is_leaving; /* no journal could be begun; another process takes the calls up */
    struct command untold;     /* CMD_GAP: what was served blind */
    struct steer clock;
    ms_t now_at, wall_at;
    ms_t hours_at, day_at;   /* when opening hours, and the day, must be looked at again */
    calendar_day day_closed; /* the local day up to which days were closed */
    ms_t stop_at;            /* MS_NEVER: serving; else the end at the latest */
    int epoll_fd, signal_fd;
    char journal_path[CONFIG_PATH_BYTES];
};

/* serve_set.c: settings, directory, flows, secrets; says every mistake. The exit code. */
int house_read(struct house *h);
/* NULL: no memory, files stay the caller's; else the set owns them. */
struct house_set *house_set_new(struct config_set *files);
void house_set_use(struct house *h, struct house_set *set);
void house_set_drop(struct house_set *set);
/* serve_reload.c: the files again. */
int house_open_reload(struct house *h);
void house_drop_reload(struct house *h);
void house_reload_ask(struct house *h);
void house_reload_turn(struct house *h);
/* serve_follow.c: what another reading changes. False: refused, files stay the caller's. */
bool house_follow(struct house *h, struct config_set *files, struct config_errors *errors);
void house_tell_departures(struct house *h);
void house_follow_turn(struct house *h);
/* serve_sounds.c: prompts into the engine, at start, after a reload, at each turn. */
int house_open_voice(struct house *h);
void house_voice_ask(struct house *h);
void house_voice_turn(struct house *h);
/* serve_open.c: everything that runs. 0 or an exit code, told in words. */
int house_open(struct house *h);
/* serve_trunks.c: accesses to operators. */
void house_trunks(struct house *h);
void house_trunk_names(struct house *h);
void house_trunk_news(struct house *h);
uint32_t house_sources(const struct house *h, struct phone_source sources[PHONE_SOURCES_MAX]);
void house_add_lines(struct house *h);
void house_drop(struct house *h);
/* serve_keep.c: where the telephones are survives a crash. */
int house_open_keep(struct house *h);
void house_keep_phones(struct house *h);
void house_drop_keep(struct house *h);
/* serve_calls.c: the calls in course survive a restart. resume: behind app_read(). */
int house_open_calls(struct house *h);
void house_keep_calls(struct house *h);
void house_resume(struct house *h);
void house_drop_calls(struct house *h);
/* serve_record.c: recordings. */
int house_open_record(struct house *h);
void house_record_vitals(struct house *h, struct vitals *v);
void house_drop_record(struct house *h);
/* serve_gate.c: what went out today, over restarts; the alarm of its caps. */
int house_open_gate(struct house *h);
void house_read_gate(struct house *h);
void house_gate_vitals(struct house *h, struct vitals *v);
void house_gate_turn(struct house *h); /* the alarm without a journal, where no reader asks */
/* serve_sms.c: text messages. open_texts: before the lines; read: what the store knows of STOP;
 * open_sms: the sender, after the journal was read. */
int house_open_texts(struct house *h);
void house_read_texts(struct house *h);
void house_read_written(struct house *h);
int house_open_sms(struct house *h);
void house_follow_texts(struct house *h);
/* A commit was told. */
void house_sms_committed(struct house *h);
void house_sms_turn(struct house *h);
void house_sms_vitals(const struct house *h, struct vitals *v);
void house_drop_sms(struct house *h);
/* serve_wishes.c: whom we promised to call, and where. */
void house_read_wishes(struct house *h);
/* serve_blind.c: without a journal. */
void house_be_blind(struct house *h, int err);
app_event_fn house_count_blind;
/* After a blind life: what it served. */
void house_tell_untold(struct house *h);
/* A journal can be begun, and nobody is on a line. */
bool house_sees_again(struct house *h);
/* Replaces the process by a new one; returns only when that fails. */
void house_start_anew(struct house *h);
struct acd_limits house_limits(const struct settings *s);
/* serve_vitals.c: the reader thread, and what it is told. */
int house_open_reader(struct house *h);
void house_vitals(struct house *h);
/* serve_watch.c: the robot that calls the house. stop: no further call, waits for its thread. */
int house_open_watch(struct house *h);
void house_watch_number(struct house *h);
const struct latest *house_watch_verdict(const struct house *h);
void house_stop_watch(struct house *h);
void house_drop_watch(struct house *h);
/* serve_hours.c: what the directory says becomes commands; opening hours; the day's closing. */
void house_tell_directory(struct house *h);
void house_command(struct house *h, const struct command *cmd);
void house_forget_departed(struct house *h);
void house_hours(struct house *h);
void house_close_day(struct house *h);

#endif
