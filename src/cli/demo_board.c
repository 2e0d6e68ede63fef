/* demo_board.c — see demo_board.h. The journal stands in a folder of its own, which goes with it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/demo_board.h"
#include "cli/lived.h"
#include "cli/reader.h"
#include "os/clock.h"
#include "os/file.h"

#define ADDRESS "127.0.0.1"
#define ORGANISATION "Démonstration simulée"
#define SUFFIXES 3

struct demo_board {
    char folder[OS_PATH_MAX], journal[OS_PATH_MAX];
    void *memory; /* owned: of the directory */
    struct directory *directory;
    struct lived *lived;   /* owned */
    struct reader *reader; /* owned */
    struct os_clock_told clock;
};

/* ---- names -------------------------------------------------------------------------------- */

static void name_agents(struct directory *d, const struct plan_profile *p, uint32_t agents_n)
{
    uint32_t n = 0;
    for (unsigned g = 0; g <= p->groups_n; g++) {
        bool is_cast = g == p->groups_n;
        uint32_t of_group = is_cast ? agents_n - n : p->groups[g].agents_n;
        for (uint32_t i = 0; i < of_group && n < agents_n; i++, n++) {
            struct directory_agent *a = &d->agents[n];
            a->number = n + 1;
            a->site = DIRECTORY_NONE;
            snprintf(a->id, sizeof(a->id), "agent-%u", a->number);
            snprintf(a->name, sizeof(a->name), "%s %u", is_cast ? "personnage" : p->groups[g].name,
                     i + 1);
            map_put(&d->agent_of, a->number, n);
        }
    }
}

/* As the demonstration calls them (demo/directory.yaml). */
static const char *service_name(const char *id)
{
    static const struct {
        const char *id, *name;
    } names[] = {{"accueil", "Accueil et orientation"},
                 {"sante", "Santé et remboursements"},
                 {"retraite", "Retraite"},
                 {"famille", "Famille, logement, aides"},
                 {"identite", "Carte d’identité et passeport"},
                 {"route", "Permis et carte grise"},
                 {"impots", "Impôts"}};
    for (unsigned i = 0; i < ARRAY_LEN(names); i++)
        if (!strcmp(names[i].id, id))
            return names[i].name;
    return id;
}

/* Services and agents have the numbers of the simulation: 1, 2, … */
static int name_all(struct demo_board *b, const struct demo_board_args *args)
{
    const struct plan_profile *p = args->profile;
    const struct directory_room room = {.services_n = p->services_n,
                                        .agents_n = args->limits.agents_max};
    size_t bytes = (directory_bytes(&room) + 63) / 64 * 64;
    b->memory = aligned_alloc(64, bytes);
    if (!b->memory)
        return ENOMEM;
    memset(b->memory, 0, bytes);
    b->directory = directory_open(b->memory, &room);
    struct directory *d = b->directory;
    d->is_demo = true;
    d->organisation.zone = ZONE_EUROPE_PARIS;
    snprintf(d->organisation.name, sizeof(d->organisation.name), "%s", ORGANISATION);
    for (uint32_t i = 0; i < p->services_n; i++) {
        struct directory_service *s = &d->services[i];
        s->number = i + 1;
        snprintf(s->id, sizeof(s->id), "service-%u", s->number);
        snprintf(s->name, sizeof(s->name), "%s", service_name(p->services[i].name));
        map_put(&d->service_of, s->number, i);
    }
    d->services_n = p->services_n;
    d->agents_n = args->limits.agents_max;
    name_agents(d, p, d->agents_n);
    return 0;
}

/* ---- open and drop ------------------------------------------------------------------------ */

static int make_folder(struct demo_board *b)
{
    const char *place = getenv("TMPDIR");
    int err = os_path_join(b->folder, place && *place ? place : "/tmp", "/decroche-lundi-XXXXXX");
    if (!err && !mkdtemp(b->folder)) {
        err = errno;
        b->folder[0] = '\0';
    }
    return err ? err : os_path_join(b->journal, b->folder, "/journal.db");
}

static int open_reader(struct demo_board *b, const struct demo_board_args *args)
{
    const struct reader_args reader = {.journal = b->journal,
                                       .address = ADDRESS,
                                       .port = args->port,
                                       .limits = args->limits,
                                       .directory = b->directory,
                                       .is_shown = true,
                                       .told = &b->clock};
    return reader_open(&b->reader, &reader);
}

int demo_board_open(struct demo_board **out, const struct demo_board_args *args)
{
    struct demo_board *b = calloc(1, sizeof(*b));
    *out = NULL;
    if (!b)
        return ENOMEM;
    demo_board_time(b, args->from_at, 0);
    int err = make_folder(b);
    if (!err)
        err = name_all(b, args);
    if (!err)
        err = lived_open(&b->lived, b->journal);
    if (!err)
        err = open_reader(b, args);
    if (err)
        demo_board_drop(b);
    else
        *out = b;
    return err;
}

void demo_board_drop(struct demo_board *b)
{
    static const char *const suffixes[SUFFIXES] = {"", "-wal", "-shm"};
    char path[OS_PATH_MAX];
    if (!b)
        return;
    reader_drop(b->reader);
    lived_drop(b->lived);
    for (unsigned i = 0; b->journal[0] && i < SUFFIXES; i++)
        if (!os_path_join(path, b->journal, suffixes[i]))
            (void)unlink(path);
    if (b->folder[0])
        (void)rmdir(b->folder);
    free(b->memory);
    free(b);
}

uint16_t demo_board_port(const struct demo_board *b)
{
    return reader_port(b->reader);
}

void demo_board_time(struct demo_board *b, ms_t at, unsigned pace)
{
    os_clock_told_set(&b->clock, at, pace);
}

/* ---- the hour ----------------------------------------------------------------------------- */

void demo_board_take(struct demo_board *b, const struct event *ev)
{
    lived_take(b->lived, ev); /* demo_board_show() says what went wrong */
}

int demo_board_show(struct demo_board *b)
{
    int err = lived_commit(b->lived);
    reader_wake(b->reader);
    return err;
}
