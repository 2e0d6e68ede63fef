/* serve_notice.h — the message of the day, between the reader and main. Part of struct house;
 * included by src/cli/ only. */
#ifndef CLI_SERVE_NOTICE_H
#define CLI_SERVE_NOTICE_H

#include <stdatomic.h>

#include "base/latest.h"
#include "port/notice.h"

struct house;
struct voice_found;

struct house_notice {
    struct latest latest;                 /* struct notice: the reader puts what is on the disk */
    uint64_t turn;                        /* main's, of latest */
    struct notice now;                    /* main's */
    _Atomic(struct notice_sound *) sound; /* main to reader, who then owns it */
    struct notice_sound *shown;           /* owned by the reader */
};

/* Another message, or none: it is spoken. */
void house_notice_turn(struct house *h);
/* What came of its words; the samples stay the caller's. */
void house_notice_spoken(struct house *h, const struct voice_found *f);
struct notice_port house_notice_port(struct house *h);
/* When the reader is no more. */
void house_drop_notice(struct house *h);

#endif
