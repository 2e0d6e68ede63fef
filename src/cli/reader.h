/* reader.h — the reader thread: an HTTP server, a read-only look at the journal, and a fold of its
 * own, so that nothing that is shown can hold up a call. Opened and dropped by cli/serve.
 * Shared with the main thread: one bell (main rings), one struct latest and one struct tape (main
 * writes, reader copies). Nothing else. */
#ifndef CLI_READER_H
#define CLI_READER_H

#include "acd/limits.h"
#include "base/tape.h"
#include "directory/directory.h"
#include "os/log.h"
#include "port/files.h"
#include "port/headsets.h"
#include "port/notice.h"
#include "port/numbers.h"
#include "port/orders.h"
#include "port/reload.h"
#include "port/talks.h"
#include "port/texts.h"
#include "view/vitals.h"

/* People followed for the figures by person, when reader_args does not say: ~16 MB. */
#define READER_PERSONS_DEFAULT (1u << 18)
/* Events folded between two looks at the HTTP clients: while it catches up they wait ~10 ms. */
#define READER_EVENTS_PER_TURN 8192
/* Without being woken it looks for new events, and at the time limits, as often as this. */
#define READER_WAIT_MS 1000

struct accounts;
struct reader;
struct tls_context;

/* Texts are copied, pointers are borrowed for the reader's life. */
struct reader_args {
    const char *journal;               /* path of the database; journal_open() came before */
    const char *address;               /* IPv4 or IPv6, as digits; NULL or "": no TCP */
    uint16_t port;                     /* 0: a free one, see reader_port() */
    const char *socket;                /* path of the Unix socket; NULL or "": none */
    const char *tls_address;           /* of pages over TLS */
    uint16_t tls_port;                 /* 0: a free one, see reader_secure_port() */
    struct tls_context *tls;           /* NULL: none until reader_follow() */
    const char *token;                 /* for /api/v1 on TCP; NULL or "": nobody gets in there */
    struct acd_limits limits;          /* the same as the core's */
    uint32_t persons_max;              /* 0: READER_PERSONS_DEFAULT */
    const struct directory *directory; /* NULL: numbers only, UTC */
    const struct latest *vitals;       /* of struct vitals; NULL: none, /health says so */
    const struct latest *watch;        /* of struct vitals_watch; NULL: no robot calls */
    const struct orders_port *orders;  /* NULL: nothing can be changed over HTTP */
    const struct reload_port *reload;  /* NULL: files cannot be read again */
    const struct files_port *files;    /* NULL: no settings can be changed over HTTP */
    const struct texts_port *texts;    /* NULL: no gateway of text messages */
    const char *signature;             /* secret of that gateway; NULL or "": it tells nothing */
    struct accounts *accounts;         /* NULL: nobody can sign in */
    const struct headsets_board *headsets; /* NULL: no page is a telephone */
    const struct talks_board *talks;  /* NULL: no page shows whom an agent called in addition */
    struct latest *notice;            /* struct notice: put here as it is on the disk; or NULL */
    struct notice_port notice_sound;  /* all zeros: not known */
    const struct tape *trace;         /* of port/trace.h; NULL: no SIP is remembered */
    struct os_log *log;               /* NULL: silent */
    bool is_shown;                    /* a simulation: who is on this machine sees all of it */
    const struct os_clock_told *told; /* its time; NULL: the machine's */
    /* NULL: no number is shown. */
    const struct numbers_port *numbers;
    /* Tests; 0 and NULL in life. */
    uint32_t connections_max, per_address_max, streams_max;
    ms_t request_ms_max, slow_ms_max;
    os_clock_fn *wall_at;
};

/* Opens the sockets and starts the thread, which folds from event 1; until it has caught up,
 * /api/v1 answers 503 with the progress, /health at once.
 * 0, or errno, told in the log with its cure: EADDRINUSE, EADDRNOTAVAIL, EACCES (address, port or
 * socket), EINVAL (address or token), ENOENT (journal), ENOMEM… Nothing is left open then. */
MUST_CHECK int reader_open(struct reader **r, const struct reader_args *args);

/* From the main thread, after EFFECT_PUBLISH or when vitals changed for the worse. Never waits. */
void reader_wake(struct reader *r);

/* What the files say since they were read again. Borrowed until reader_directory() is another. */
struct reader_files {
    const struct directory *directory;
    const char *token, *signature;
    struct tls_context *tls; /* NULL: pages are not served over TLS */
};
/* From the main thread: the reader takes them up at its next turn. Never waits. */
void reader_follow(struct reader *r, const struct reader_files *files);
/* The directory that the reader uses; only what is not this, and was not given since, may go. */
const struct directory *reader_directory(const struct reader *r);

/* The TCP port that was taken; 0: no TCP. */
uint16_t reader_port(const struct reader *r);
/* The same of TLS; right after reader_open() alone. */
uint16_t reader_secure_port(const struct reader *r);

/* Ends the thread, closes all, removes the socket's file. NULL is fine. */
void reader_drop(struct reader *r);

#endif
