/* house.h — everything that `decroche serve` holds, in the order in which it is opened.
 * Included by src/cli/serve*.c only: wiring, no logic. */
#ifndef CLI_HOUSE_H
#define CLI_HOUSE_H

#include "app/lines.h"
#include "base/steer.h"
#include "cli/args.h"
#include "cli/orders.h"
#include "cli/reader.h"
#include "config/directory.h"
#include "config/flow.h"
#include "config/secrets.h"
#include "config/settings.h"
#include "journal/begin.h"
#include "media/media.h"
#include "os/bell.h"
#include "os/file.h"
#include "os/pages.h"
#include "os/thread.h"
#include "phone/phone.h"
#include "store/lookup.h"
#include "store/person.h"
#include "view/vitals.h"

/* The registrations on their way to a file. */
struct house_keep {
    struct os_thread thread;
    struct os_bell bell;
    struct os_pages memory;
    _Atomic bool is_full; /* bytes are the thread's; else main's */
    _Atomic bool is_ending;
    uint8_t *bytes;
    size_t n, max;
    uint64_t version; /* of what was given last */
    ms_t next_at;
    char path[OS_PATH_MAX];
};

struct house {
    const struct cli_args *args;
    struct settings settings;
    struct directory *directory;
    struct config_flows flows;
    struct config_secrets secrets;
    struct os_log log;
    struct store_person persons;
    struct store_port store;
    struct journal *journal;
    struct journal_args journal_args;
    struct journal_port journal_port;
    struct os_pages core, lines_room;
    struct acd *acd;
    struct app *app;
    struct edges_port edges;
    struct media *media;
    struct media_port media_port;
    struct lines_sounds *sounds;
    struct phone *phone;
    struct phone_port phone_port;
    struct lines *lines;
    struct lines_flow *line_flows; /* owned */
    struct lines_code *line_codes; /* owned */
    struct house_keep keep;
    struct store_lookup *lookup;
    struct person_port person_port;
    struct orders orders;
    struct orders_port orders_port;
    struct reader *reader;
    struct latest vitals;
    enum journal_health told_health;
    uint64_t told_id;
    ms_t started_at, vitals_at;
    bool is_blind; /* no journal could be begun */
    ms_t retry_at;
    struct command untold; /* CMD_GAP: what was served blind */
    struct steer clock;
    ms_t now_at, wall_at;
    ms_t hours_at;           /* when opening hours must be looked at again */
    calendar_day day_closed; /* the local day up to which days were closed */
    ms_t stop_at;            /* MS_NEVER: serving; else the end at the latest */
    int epoll_fd, signal_fd;
    char journal_path[CONFIG_PATH_BYTES];
};

/* serve_files.c: settings, directory, flows, secrets; says every mistake. The exit code. */
int house_read(struct house *h);
/* serve_sounds.c: prompts into the engine. How many files lack. */
unsigned house_load_sounds(struct house *h);
/* serve_open.c: everything that runs. 0 or an exit code, told in words. */
int house_open(struct house *h);
void house_drop(struct house *h);
/* serve_keep.c: where the telephones are survives a crash. */
int house_open_keep(struct house *h);
void house_keep_phones(struct house *h);
void house_drop_keep(struct house *h);
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
/* serve_hours.c: what the directory says becomes commands; opening hours; the day's closing. */
void house_tell_directory(struct house *h);
void house_hours(struct house *h);

#endif
