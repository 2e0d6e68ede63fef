/* nagios.c — see nagios.h. "well" is OK, "degraded" WARNING, "down" CRITICAL; a service that is not
 * there is CRITICAL, one that we may not ask UNKNOWN.
 * Invariant: one line, one "|" at most, and no figure that the service did not tell. */
#include <errno.h>

#include "base/json_read.h"
#include "cli/nagios.h"

#define SECOND_MS 1000

static const char *const words[] = {
    [NAGIOS_OK] = "DECROCHE OK - ",
    [NAGIOS_WARNING] = "DECROCHE WARNING - ",
    [NAGIOS_CRITICAL] = "DECROCHE CRITICAL - ",
    [NAGIOS_UNKNOWN] = "DECROCHE UNKNOWN - ",
};

static void say(struct text_out *out, const char *s)
{
    text_put(out, text_of(s));
}

static enum nagios level_of(struct text health)
{
    struct text status;
    if (!json_find_plain(&status, health, "status"))
        return NAGIOS_UNKNOWN;
    return text_equal(status, TEXT("well"))       ? NAGIOS_OK
           : text_equal(status, TEXT("degraded")) ? NAGIOS_WARNING
           : text_equal(status, TEXT("down"))     ? NAGIOS_CRITICAL
                                                  : NAGIOS_UNKNOWN;
}

/* Names only: docs/operations.md says what each means, and `decroche status` its cure. */
static void put_alarms(struct text_out *out, struct text health)
{
    struct text list, alarm, name;
    const char *between = "alarmes\u00a0: ";
    if (!json_find(&list, health, "alarms"))
        return;
    while (json_next(&alarm, &list)) {
        if (!json_find_plain(&name, alarm, "alarm"))
            continue;
        say(out, between);
        text_put(out, name);
        between = ", ";
    }
    if (between[0] == ',')
        say(out, "\u00a0; ");
}

static uint64_t number(struct text object, const char *key)
{
    uint64_t v;
    return json_find_number(&v, object, key) ? v : 0;
}

struct figures {
    uint64_t waiting, longest_s, ready, at_work, received, asked, answered;
    bool is_known;
};

/* Who has signed in, whatever they do now (acd's states of an agent). */
static uint64_t at_work(struct text agents)
{
    static const char *const states[] = {"ready", "offered", "joined", "wrap_up", "paused"};
    uint64_t n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(states); i++)
        n += number(agents, states[i]);
    return n;
}

static struct figures figures_of(const struct nagios_seen *seen)
{
    struct text agents, today;
    struct figures f = {.is_known = false};
    if (seen->figures_status != 200 || !json_find(&agents, seen->figures, "agents") ||
        !json_find(&today, seen->figures, "today"))
        return f;
    f = (struct figures){.waiting = number(seen->figures, "waiting"),
                         .longest_s = number(seen->figures, "longest_wait_ms") / SECOND_MS,
                         .ready = number(agents, "ready"),
                         .at_work = at_work(agents),
                         .received = number(today, "received"),
                         .asked = number(today, "asked"),
                         .answered = number(today, "answered"),
                         .is_known = true};
    return f;
}

static void put_figure(struct text_out *out, const char *name, uint64_t v, const char *unit)
{
    say(out, " ");
    say(out, name);
    say(out, "=");
    text_put_number(out, v);
    say(out, unit);
    say(out, ";;;0");
}

static void put_figures(struct text_out *out, const struct figures *f)
{
    text_put_number(out, f->waiting);
    say(out, " en attente, ");
    text_put_number(out, f->at_work);
    say(out, f->at_work > 1 ? " agents au travail (" : " agent au travail (");
    text_put_number(out, f->ready);
    say(out, f->ready > 1 ? " prêts), " : " prêt), ");
    text_put_number(out, f->answered);
    say(out, f->answered > 1 ? " répondus sur " : " répondu sur ");
    text_put_number(out, f->asked);
    say(out, f->asked > 1 ? " demandes aujourd’hui |" : " demande aujourd’hui |");
    put_figure(out, "waiting", f->waiting, "");
    put_figure(out, "longest_wait", f->longest_s, "s");
    put_figure(out, "agents_at_work", f->at_work, "");
    put_figure(out, "agents_ready", f->ready, "");
    put_figure(out, "calls_received", f->received, "");
    put_figure(out, "calls_asked", f->asked, "");
    put_figure(out, "calls_answered", f->answered, "");
}

enum nagios nagios_line(struct text_out *out, const struct nagios_seen *seen)
{
    enum nagios level = level_of(seen->health);
    const struct figures f = figures_of(seen);
    say(out, words[level]);
    if (level == NAGIOS_UNKNOWN) {
        say(out, "la réponse du service n’est pas lisible\n");
        return level;
    }
    put_alarms(out, seen->health);
    if (f.is_known)
        put_figures(out, &f);
    else
        say(out, "les chiffres ne sont pas encore là");
    say(out, "\n");
    return level;
}

enum nagios nagios_silent(struct text_out *out, int err)
{
    bool may_not = err == EACCES || err == EPERM || err == ENAMETOOLONG;
    enum nagios level = may_not ? NAGIOS_UNKNOWN : NAGIOS_CRITICAL;
    say(out, words[level]);
    if (may_not)
        say(out, "le service ne peut pas être interrogé par cet utilisateur\n");
    else if (err == ETIMEDOUT)
        say(out, "le service ne répond pas\n");
    else
        say(out, "aucun service à l’écoute\n");
    return level;
}
