/* parts.c — see parts.h. */
#include "directory/commands.h"
#include "view/parts.h"
#include "view/words.h"

const struct directory_service *view_service(const struct view_house *h, uint32_t number)
{
    bool is_known = h->directory && number; /* 0: a call that asked for none */
    uint32_t i = is_known ? directory_service_find(h->directory, number) : DIRECTORY_NONE;
    return i == DIRECTORY_NONE ? NULL : &h->directory->services[i];
}

const struct directory_agent *view_agent_entry(const struct view_house *h, uint32_t number)
{
    uint32_t i = h->directory ? directory_agent_find(h->directory, number) : DIRECTORY_NONE;
    return i == DIRECTORY_NONE ? NULL : &h->directory->agents[i];
}

/* What the directory does not know is nobody's, but for who sees the whole house. */
const struct directory_agent *view_me(const struct view_house *house)
{
    const struct directory *d = house->directory;
    for (uint32_t i = 0; d && house->rights && house->rights->agent.n && i < d->agents_n; i++)
        if (text_equal(text_of(d->agents[i].id), house->rights->agent))
            return &d->agents[i];
    return NULL;
}

bool view_sees_queue(const struct view_house *h, uint32_t number)
{
    if (view_sees_all(h))
        return true;
    uint32_t i = h->directory ? directory_service_find(h->directory, number) : DIRECTORY_NONE;
    return i != DIRECTORY_NONE && rights_service(h->rights, h->directory, i);
}

bool view_sees_agent(const struct view_house *h, const struct directory_agent *entry)
{
    return !h->rights || (entry && rights_sees(h->rights, h->directory, entry));
}

bool view_sees_names(const struct view_house *h)
{
    return !h->rights || rights_names(h->rights);
}

bool view_sees_all(const struct view_house *h)
{
    return !h->rights || h->rights->is_whole;
}

struct kpi_counts view_seen_day(const struct view_house *h)
{
    struct kpi_counts sum = {.shed_n = 0};
    struct acd_look_queue q;
    if (view_sees_all(h))
        return *h->day;
    for (uint32_t i = 0; h->queue_day && i < acd_look_queues_n(h->acd); i++)
        if (view_queue(h, i, &q) && view_sees_queue(h, q.id))
            kpi_counts_add(&sum, &h->queue_day[i]);
    return sum;
}

void view_say(struct text_out *out, const char *words)
{
    text_put(out, text_of(words));
}

unsigned view_width(struct text t)
{
    unsigned n = 0;
    for (size_t i = 0; i < t.n; i++)
        n += ((uint8_t)t.p[i] & 0xc0) != 0x80;
    return n;
}

bool view_queue(const struct view_house *h, uint32_t slot, struct acd_look_queue *out)
{
    return acd_look_queue(h->acd, slot, h->now_at, out) && out->id != DIRECTORY_PRACTICE;
}

#define MASKED_DIGITS 10000
#define MINUTES_OF_HOUR 60

struct text view_number(char to[VIEW_NUMBER_BYTES], uint64_t e164, bool is_whole)
{
    struct text_out out = {.p = to, .max = VIEW_NUMBER_BYTES};
    text_put(&out, TEXT("+"));
    text_put_number(&out, is_whole ? e164 : e164 / MASKED_DIGITS);
    if (!is_whole)
        text_put(&out, TEXT("xxxx"));
    return (struct text){to, out.n};
}

struct text view_reference(char to[VIEW_REFERENCE_BYTES], uint32_t reference, bool is_by_pairs)
{
    size_t n = 0;
    uint32_t unit = 10000000;
    for (unsigned i = 0; i < 8; i++, unit /= 10) {
        if (is_by_pairs && i && i % 2 == 0)
            to[n++] = ' ';
        to[n++] = (char)('0' + reference / unit % 10);
    }
    return (struct text){to, n};
}

void view_put_contact(struct json *j, const struct view_house *h, const struct view_contact *who)
{
    char digits[VIEW_REFERENCE_BYTES];
    json_text(j, "reference", view_reference(digits, who->reference, false));
    json_number(j, "contact_id", who->contact_id);
    json_object(j, "queue");
    view_put_service(j, h, who->queue_id);
    json_object_end(j);
}

void view_put_number(struct json *j, uint64_t e164, bool is_whole)
{
    char digits[VIEW_NUMBER_BYTES];
    if (e164)
        json_text(j, "number", view_number(digits, e164, is_whole));
    else
        json_null(j, "number");
}

static void put_two(struct text_out *out, unsigned n)
{
    const char digits[] = {(char)('0' + n / 10 % 10), (char)('0' + n % 10)};
    text_put(out, (struct text){digits, sizeof(digits)});
}

void view_put_time(struct text_out *out, const struct view_house *h, ms_t at)
{
    const struct calendar_local local = calendar_local(h->zone, at);
    if (local.day != h->today) {
        const struct civil date = calendar_date(local.day);
        put_two(out, date.day);
        text_put(out, TEXT("/"));
        put_two(out, date.month);
        text_put(out, TEXT(" "));
    }
    put_two(out, (unsigned)local.minute / MINUTES_OF_HOUR);
    text_put(out, TEXT(":"));
    put_two(out, (unsigned)local.minute % MINUTES_OF_HOUR);
}

ms_t view_since_ms(const struct view_house *h, ms_t since_at)
{
    return since_at && since_at < h->now_at ? h->now_at - since_at : 0;
}

ms_t view_longest_ms(const struct view_house *h)
{
    ms_t longest_ms = 0;
    for (uint32_t i = 0; i < acd_look_queues_n(h->acd); i++) {
        struct acd_look_queue q;
        if (!view_queue(h, i, &q))
            continue;
        ms_t ms = view_since_ms(h, q.asked_at);
        longest_ms = ms > longest_ms ? ms : longest_ms;
    }
    return longest_ms;
}

void view_put_service(struct json *j, const struct view_house *h, uint32_t number)
{
    const struct directory_service *s = view_service(h, number);
    json_string(j, "id", s ? s->id : NULL);
    json_number(j, "number", number);
    json_string(j, "name",
                s                              ? s->name
                : number == DIRECTORY_PRACTICE ? DIRECTORY_PRACTICE_NAME
                                               : NULL);
}

static void put_rate(struct json *j, const char *name, struct kpi_rate rate)
{
    json_object(j, name);
    json_string(j, "id", rate.id);
    json_number(j, "n", rate.n);
    json_number(j, "of", rate.of);
    if (rate.ppm == KPI_NO_RATE)
        json_null(j, "ppm");
    else
        json_number(j, "ppm", rate.ppm);
    json_object_end(j);
}

void view_put_day(struct json *j, const char *name, const struct kpi_counts *c)
{
    json_object(j, name);
    json_object(j, "calls");
    for (unsigned o = 1; o < OUTCOME_N; o++)
        json_number(j, outcome_name((enum outcome)o), c->calls[o]);
    json_object_end(j);
    json_number(j, "received", kpi_received(c));
    json_number(j, "asked", kpi_asked(c));
    json_number(j, "answered", kpi_answered(c));
    put_rate(j, "rate", kpi_rate(c, KPI_AGENT));
    json_object(j, "conclusions");
    for (unsigned i = CONCLUSION_NONE + 1; i < CONCLUSION_N; i++)
        json_number(j, conclusion_name((enum conclusion)i), c->concluded[i]);
    json_object_end(j);
    json_object_end(j);
}

static void put_alarm(struct json *j, const struct view_house *h, enum view_alarm alarm)
{
    struct view_sentence s = view_words_alarm(alarm, h->alarms, VIEW_ENGLISH);
    json_object(j, NULL);
    json_string(j, "alarm", view_words_alarm_name(alarm));
    json_string(j, "what", s.what);
    json_string(j, "why", s.why[0] ? s.why : NULL);
    json_signed(j, "since_at", h->alarms->since_at[alarm]);
    json_string(j, "cure", s.cure);
    json_object_end(j);
}

void view_put_alarms(struct json *j, const struct view_house *h)
{
    json_string(j, "status", view_words_health_name(view_words_health(h->alarms)));
    json_array(j, "alarms");
    for (unsigned i = 0; i < VIEW_ALARM_N; i++)
        if (h->alarms->since_at[i])
            put_alarm(j, h, (enum view_alarm)i);
    json_array_end(j);
}

void view_put_head(struct json *j, const struct view_house *h)
{
    json_signed(j, "at", h->now_at);
    json_number(j, "last_id", h->last_id);
}
