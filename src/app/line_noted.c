/* line_noted.c — « C’est noté »: what is told of a promise once it is on disk, and once more after
 * a restart (voice-script §5). Called by line_promise.c, line_kept.c, line_text.c. Cost: a
 * sentence. */
#include "acd/look.h"
#include "app/line_deeds.h"
#include "say/callback.h"

enum band line_promise_band(const struct lines *l, uint32_t queue_id)
{
    struct acd_look_queue look;
    uint32_t slot = acd_look_queue_slot(l->args.acd, queue_id);
    bool is_known = slot != SLOT_NONE && acd_look_queue(l->args.acd, slot, l->now_at, &look);
    return is_known ? look.band : BAND_UNKNOWN;
}

void line_promise_say_done(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    char number[DIRECTORY_NUMBER_BYTES];
    const struct directory *d = line->directory;
    uint64_t own = line_back_shown(l, line, directory_is_shared(d, line->promise.e164));
    uint64_t shown = own ? own : d->numbers_n ? d->numbers[0].e164 : 0;
    if (line->promise.slots.from_at)
        line_slots_say_done(l, line, &list);
    else if (!line->promise.is_closing)
        say_add(&list, say_asap_done(line_promise_band(l, line->queue_id)));
    uint8_t said_n = list.n;
    if (shown && !say_callback_from(&list, line_number_text(number, shown), SAY_PAIRS))
        list.n = said_n;
    if (line->promise.is_texted) /* on disk long before these words are reached */
        say_add(&list, PROMPT_CB_SMS);
    line->promise.step = PROMISE_DONE;
    line_set_timer(l, line, MS_NEVER);
    if (!line_say_whole(l, line, &list))
        line_promise_played(l, line);
}

void line_promise_again(struct lines *l, struct line *line)
{
    struct acd_look_call call;
    const struct slot *slot = acd_look_call_of(l->args.acd, line->call_id, &call)
                                  ? slots_find(&l->slots, call.contact_id)
                                  : NULL;
    line_promise_end(line);
    line->state = CALLER_PROMISE;
    line->promise.is_made = true;
    line->promise.queue_id = slot ? slot->queue_id : line->queue_id;
    line->promise.is_at_door = slot && !slot->is_promised;
    line->promise.is_closing = !slot && line_menu_is_closed(l, line->queue_id);
    if (slot)
        line_slots_tell(line, slot);
    else if (line->promise.is_closing)
        line_slots_after_closing(l, line);
    line_promise_say_done(l, line);
}
