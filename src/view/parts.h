/* parts.h — what several pages need: names by number, waits, counts of the day.
 * Included by the files of view/ only. */
#ifndef VIEW_PARTS_H
#define VIEW_PARTS_H

#include "base/json.h"
#include "view/house.h"

/* NULL: the directory does not know that number (any more); 0 is nobody's. */
const struct directory_service *view_service(const struct view_house *h, uint32_t number);
const struct directory_agent *view_agent_entry(const struct view_house *h, uint32_t number);

/* Who looks, in the directory; NULL: nobody there. */
const struct directory_agent *view_me(const struct view_house *h);

struct acd_look_queue;
/* The queue of this slot; false: there is none, or it is where agents practise. */
bool view_queue(const struct view_house *h, uint32_t slot, struct acd_look_queue *out);

/* May who looks see it (ADR 35)? All, without a session. */
bool view_sees_queue(const struct view_house *h, uint32_t number);
bool view_sees_agent(const struct view_house *h, const struct directory_agent *entry);
bool view_sees_names(const struct view_house *h);
bool view_sees_all(const struct view_house *h);
/* Today's counts of what who looks may see. */
struct kpi_counts view_seen_day(const struct view_house *h);

void view_say(struct text_out *out, const char *words);
/* Characters, not bytes: names have accents. */
unsigned view_width(struct text t);

/* How long since; 0 when since_at is 0 or later. */
ms_t view_since_ms(const struct view_house *h, ms_t since_at);

/* Who waits longest in all queues, in ms. */
ms_t view_longest_ms(const struct view_house *h);

/* "id":…,"number":…,"name":… */
void view_put_service(struct json *j, const struct view_house *h, uint32_t number);

/* The counts of a day: classes, sums, the published rate. */
void view_put_day(struct json *j, const char *name, const struct kpi_counts *c);

/* Which alarms hold, as an array: name, what, why, since, cure. */
void view_put_alarms(struct json *j, const struct view_house *h);

/* A line of text for each access to an operator. */
void view_put_trunks(struct text_out *out, const struct view_house *h);

/* What went out today and which caps were hit: a line of text, nothing when nothing did;
 * "gate":{…}. */
void view_put_gate_text(struct text_out *out, const struct view_house *h);
void view_put_gate(struct json *j, const struct view_house *h);

/* A number, its last four digits shown to those alone who may read the database as well. */
#define VIEW_NUMBER_BYTES 32
struct text view_number(char to[VIEW_NUMBER_BYTES], uint64_t e164, bool is_whole);
/* "47210864"; by pairs for people. */
#define VIEW_REFERENCE_BYTES 12
struct text view_reference(char to[VIEW_REFERENCE_BYTES], uint32_t reference, bool is_by_pairs);
/* Of an object of one contact: "reference", "contact_id", "queue". */
struct view_contact {
    uint64_t contact_id;
    uint32_t reference, queue_id;
};
void view_put_contact(struct json *j, const struct view_house *h, const struct view_contact *who);
/* "number": null when it is not known. */
void view_put_number(struct json *j, uint64_t e164, bool is_whole);
/* « 14:03 », and the day when it is another. */
void view_put_time(struct text_out *out, const struct view_house *h, ms_t at);

/* Head of an answer: instant and the event after which it is true. */
void view_put_head(struct json *j, const struct view_house *h);

#endif
