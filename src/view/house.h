/* house.h — what pages are rendered from: the state of the reader thread, read-only, at an instant.
 * Filled by app/readmodel.c, read by the files of view/. Nothing here is about a person. */
#ifndef VIEW_HOUSE_H
#define VIEW_HOUSE_H

#include "access/rights.h"
#include "acd/look.h"
#include "directory/directory.h"
#include "kpi/kpi.h"
#include "view/deeds.h"
#include "view/notice.h"
#include "view/vitals.h"

/* What is wrong at the moment. The order is that of the page; a name is never changed. */
enum view_alarm {
    VIEW_ALARM_MAIN_SILENT,
    VIEW_ALARM_FENCED, /* another process writes to our journal: this one must stop */
    VIEW_ALARM_JOURNAL_DOWN,
    VIEW_ALARM_JOURNAL_BEHIND,
    VIEW_ALARM_GAP,
    VIEW_ALARM_TWIN, /* the reader's state is not the core's */
    VIEW_ALARM_UNREADABLE,
    VIEW_ALARM_READER_BEHIND,
    VIEW_ALARM_CATCHING_UP,
    VIEW_ALARM_NO_PHONE,
    VIEW_ALARM_CLOCK,
    VIEW_ALARM_RESET,
    VIEW_ALARM_TRUNK,          /* one does not answer, or has not registered us */
    VIEW_ALARM_TRUNK_CHANNELS, /* nine in ten are in use */
    VIEW_ALARM_RECORDING,      /* nothing can be recorded, or purged */
    VIEW_ALARM_CALL,           /* the robot of the house was not answered, or heard nothing */
    VIEW_ALARM_GATE,           /* a cap of what goes out was hit today */
    VIEW_ALARM_N
};

enum view_health { VIEW_WELL, VIEW_DEGRADED, VIEW_DOWN };

struct view_alarms {
    ms_t since_at[VIEW_ALARM_N];         /* 0: not the case */
    int32_t journal_errno, reader_errno; /* why the two are down */
    int32_t recording_errno;             /* the same of recordings */
    uint32_t call_fault, call_status;    /* enum vitals_fault, and the SIP status of a refusal */
};

/* Since when an agent is in its state; by slot of acd/look.h. */
struct view_agent {
    uint32_t id;
    enum agent_state state;
    ms_t since_at;
};

/* Who signed in at the browser that asks. */
struct view_somebody {
    const char *name;
    const char *csrf; /* what a form of theirs brings back */
};

struct view_house {
    ms_t now_at;
    uint64_t last_id;      /* all figures are those after this event, which is on disk */
    uint64_t committed_id; /* the last one on disk, as far as main has said */
    bool is_ready;         /* has caught up once */
    bool is_simulated;     /* the journal says so: no call of it took place */
    const struct acd *acd;
    const struct kpi *kpi;             /* NULL: no event yet */
    const struct directory *directory; /* NULL: none */
    enum zone zone;
    const struct vitals *vitals;
    const struct view_alarms *alarms;
    const struct vitals_watch *watch; /* all zeros: no robot calls */
    calendar_day today;
    const struct kpi_counts *day;       /* of today, all queues */
    const struct kpi_counts *queue_day; /* of today, by slot of the queue; NULL: none yet */
    const struct view_agent *agents;    /* by slot of the agent */
    struct view_deeds deeds;            /* queues NULL: not known */
    const struct view_notice *notice;   /* the message of the day; NULL: none, or not asked for */
    uint32_t unreached_n;               /* people never reached today, all queues */
    const struct rights *rights;        /* of the session that looks; NULL: sees all */
    const struct view_somebody *who;    /* who looks; NULL: nobody signed in */
};

#endif
