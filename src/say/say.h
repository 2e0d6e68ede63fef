/* say.h — what is said with numbers in it: a list of prompts, and the same words as text.
 * Called by app/ (what the caller hears) and view/ (what the screen shows). Pure; no state.
 * The words come from the same table as the files, so that voice and text cannot differ. */
#ifndef SAY_SAY_H
#define SAY_SAY_H

#include "event/enums.h"
#include "say/prompts.h"

#define SAY_LIST_MAX 24

/* Prompts in the order in which they are played. */
struct say_list {
    uint16_t ids[SAY_LIST_MAX]; /* enum prompt_id */
    uint8_t n;
};

void say_add(struct say_list *list, unsigned prompt);

/* Its words, with a space between prompts and a NUL; tones and pauses say nothing. The length
 * without NUL; as much as fits (whole prompts) is written. */
size_t say_text(char *to, size_t size, const struct say_list *list, enum prompt_lang lang);
/* The prompt of this name ("menu.main"); PROMPT_NONE: there is none. Cost: the whole table. */
enum prompt_id say_named(const char *name);

/* « Retraite. »: the i-th service of a directory whose name the table does not know; PROMPT_NONE
 * past SAY_SERVICES_MAX. */
#define SAY_SERVICES_MAX 64
enum prompt_id say_service(uint32_t i);

/* Above ten nobody is told a count (voice-script §3): PROMPT_NONE. */
#define SAY_BEFORE_MAX 10
enum prompt_id say_before(uint32_t people_n);
/* PROMPT_NONE when there is nothing honest to say. */
enum prompt_id say_band(enum band band);
/* To an agent who gets ready, and to the last one who leaves: how many wait. The last one is asked
 * only when somebody does: PROMPT_NONE for nobody. */
enum prompt_id say_ready(uint32_t waiting_n);
enum prompt_id say_out_last(uint32_t waiting_n);

#endif
