/* robot_words.h — what robots have seen, in French for people and as JSON for programs.
 * Called by cli/call and cli/load. */
#ifndef CLI_ROBOT_WORDS_H
#define CLI_ROBOT_WORDS_H

#include <stdio.h>

#include "robot/robot.h"

struct robot_words {
    const struct robot_news *news;
    const char *keys; /* that were sent */
    ms_t since_ms;    /* the begin */
};

/* One line for one piece of news. */
void robot_words_text(FILE *to, const struct robot_words *w);
void robot_words_json(FILE *to, const struct robot_words *w);

/* How far apart packets came: a line, or an object. */
void robot_spacing_text(FILE *to, const struct histogram *spacing);
void robot_spacing_json(FILE *to, const struct histogram *spacing);

/* What a status means for who called, with the cure; "": nothing more is known of it. */
const char *robot_status_words(uint16_t status);

/* "0,012 s", "1 min 20 s"… as people read it; the buffer is the caller's. */
#define ROBOT_TIME_BYTES 40
const char *robot_time_text(char to[ROBOT_TIME_BYTES], ms_t ms);

#endif
