/* pages_alerts.c — see pages_alerts.h. A seen alert is a line of the audit log whose id is made of
 * the alert: found by its key, the same after a restart, and of two supervisors the first counts.
 * Cost: a look-up of the disk for each alert of the day and each alarm. */
#include "app/pages_alerts.h"
#include "base/hash.h"
#include "view/board_pages.h"
#include "view/parts.h"
#include "view/words.h"

/* A journal that begins anew has the same numbers of events at other instants. */
static uint64_t key_of(uint64_t id, ms_t at, bool is_alarm)
{
    uint64_t h = hash_fold(is_alarm ? 2 : 1, id);
    return hash_mix(hash_fold(h, (uint64_t)at)) | 1;
}

static struct view_seen look(const struct accounts_port *port, uint64_t key)
{
    struct account_audit audit;
    bool is_there = port && port->audit_of && !port->audit_of(port->arg, key, &audit) &&
                    audit.deed == ACCOUNT_ALERT_SEEN;
    return is_there ? (struct view_seen){audit.who, audit.at} : (struct view_seen){0};
}

static const struct accounts_port *port_of(const struct pages *pages)
{
    return pages->accounts ? pages->accounts->args.port : NULL;
}

void pages_alerts_look(const struct pages *pages, struct view_house *house,
                       struct pages_alerts_room *room)
{
    const struct accounts_port *port = port_of(pages);
    *room = (struct pages_alerts_room){0};
    for (unsigned i = 0; i < VIEW_ALERTS_MAX && i < house->deeds.alerts_n; i++) {
        const struct view_alert *alert = &house->deeds.alerts[i];
        if (house->now_at - alert->at < VIEW_ALERT_MS)
            room->alerts[i] = look(port, key_of(alert->id, alert->at, false));
    }
    for (unsigned i = 0; i < VIEW_ALARM_N; i++)
        if (house->alarms->since_at[i])
            room->alarms[i] = look(port, key_of(i, house->alarms->since_at[i], true));
    house->deeds.seen = room->alerts;
    house->deeds.alarms_seen = room->alarms;
}

static const struct page_words no_alert = {404, "there is no such alert", "load the page again",
                                           "cette alerte n’existe pas, ou plus"};

/* Of an agent whom who asks may see. False: there is none. */
static bool find_alert(const struct view_house *house, uint64_t id, struct account_audit *audit)
{
    for (unsigned i = 0; i < VIEW_ALERTS_MAX && i < house->deeds.alerts_n; i++) {
        const struct view_alert *alert = &house->deeds.alerts[i];
        const struct directory_agent *entry = view_agent_entry(house, alert->agent_id);
        struct text_out detail = {.p = audit->detail, .max = sizeof(audit->detail) - 1};
        if (!id || alert->id != id || !view_sees_agent(house, entry))
            continue;
        audit->id = key_of(id, alert->at, false);
        text_put(&detail, text_of(entry ? entry->id : ""));
        return true;
    }
    return false;
}

static bool find_alarm(const struct view_house *house, uint64_t n, struct account_audit *audit)
{
    struct text_out detail = {.p = audit->detail, .max = sizeof(audit->detail) - 1};
    if (n >= VIEW_ALARM_N || !house->alarms->since_at[n])
        return false;
    audit->id = key_of(n, house->alarms->since_at[n], true);
    text_put(&detail, text_of(view_words_alarm_name((enum view_alarm)n)));
    return true;
}

static bool find(const struct view_house *house, struct text id, struct account_audit *audit)
{
    uint64_t n;
    bool is_alarm = id.n && id.p[0] == VIEW_ALARM_LETTER;
    if (!text_number(text_after(id, is_alarm), UINT64_MAX, &n))
        return false;
    return is_alarm ? find_alarm(house, n, audit) : find_alert(house, n, audit);
}

static struct page_words begin(struct accounts *a, const struct pages_request *request,
                               const struct account_audit *audit, struct pages_answer *answer)
{
    if (look(a->args.port, audit->id).at)
        return (struct page_words){.status = 200}; /* somebody was faster */
    struct accounts_pending *p = accounts_take(a, request, ACCOUNTS_CHANGE);
    if (!p)
        return awaited_too_many;
    answer->order_id = p->order_id;
    if (accounts_post(a, p, audit))
        return (struct page_words){0};
    accounts_drop(a, p);
    return awaited_silent;
}

struct page_words pages_alerts_order(struct pages *pages, const struct view_house *house,
                                     const struct pages_request *request,
                                     struct pages_answer *answer)
{
    struct text id = text_after(request->path, sizeof(VIEW_ALERTS_PATH "/") - 1);
    struct account_audit audit = {.at = request->now_at,
                                  .who = house->rights ? house->rights->account_id : 0,
                                  .deed = ACCOUNT_ALERT_SEEN};
    struct page_words words = no_alert;
    if (!pages->accounts)
        return awaited_silent;
    if (request->order_id)
        words = awaited_rows(pages->accounts, request);
    else if (find(house, id, &audit))
        words = begin(pages->accounts, request, &audit, answer);
    if (!words.status) {
        answer->is_later = true;
        if (request->order_id)
            answer->order_id = request->order_id;
    }
    return words;
}
