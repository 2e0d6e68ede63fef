/* leg.h — the legs of the telephone service: dialog, session, offer and stream of each.
 * Included by the files of phone/ only. A leg is found by its id (from the app), by its tag (a
 * request within a dialog), by its stream (a report of the media engine), or by the user of a
 * transaction. */
#ifndef PHONE_LEG_H
#define PHONE_LEG_H

#include "phone/fork.h"
#include "phone/say.h"
#include "phone/service.h"
#include "phone/timer.h"
#include "sip/reliable.h"
#include "sip/session.h"

/* What a transaction of ours is about: the low bits of its user, above them the leg's id. */
enum leg_role {
    LEG_INVITE,
    LEG_BYE,
    LEG_CANCEL,
    LEG_PROBE,
    LEG_ANSWER,
    LEG_REFRESH,
    LEG_PRACK,
    LEG_NOTIFY,
    /* of a trunk: above the role its place instead of a leg */
    TRUNK_REGISTER,
    TRUNK_PROBE,
};
#define LEG_ROLE_BITS 4
/* Our description in an answer, kept from the INVITE to the 200. */
#define LEG_SDP_MAX 1024

enum leg_key_way { LEG_KEY_EVENT, LEG_KEY_INFO };

enum leg_watch {
    WATCH_NONE,
    WATCH_WAITS,  /* for the time of the next probe */
    WATCH_ASKED,  /* a probe is out */
    WATCH_DIAL,   /* a trunk has not even said 100 */
    WATCH_TRYING, /* it has said 100 alone */
    WATCH_EARLY,  /* a 183 is repeated */
    WATCH_CUT,    /* silent, and there is no connection to ask by */
};

struct phone_leg {
    uint64_t id;  /* 0: free */
    uint64_t tag; /* key of our tag */
    struct sip_leg dialog;
    struct sip_offer offer;
    struct sip_reliable reliable; /* our provisional responses, of a call that comes in */
    struct sip_peer peer; /* where its requests go: the source of theirs, or their binding */
    struct media_ref stream;
    struct media_want want;
    uint64_t origin_id, near_id, aor; /* near_id, aor: for which leg, whose telephone; or 0 */
    uint32_t invite_tx;               /* slot; SLOT_NONE: over */
    uint32_t probe_tx;                /* of the question whose answer counts; SLOT_NONE: none */
    uint32_t next_free;
    uint32_t ssrc; /* of what we send */
    uint16_t rtp_port, refusal, sdp_n;
    uint8_t first_codec; /* enum sip_codec: what the other side of a bridge speaks */
    bool offers_all;     /* they refused G.711: G.722 and Opus are offered too */
    enum sip_session_state session;
    enum leg_watch watch;
    uint8_t early_n; /* 183s that were sent */
    uint16_t cause;  /* why it ends, by a status of SIP, for the other side (Reason); 0: not said */
    bool is_agent;   /* we called it: the strict rule of design §3.4 */
    bool is_up, is_told, is_fault, is_broken;
    bool is_referred, has_news; /* a REFER of theirs waits for its end; they want to hear of it */
    bool holds;                 /* the other side does not listen, and the app knows */
    bool is_test;               /* of the house's own robot */
    bool is_dead;               /* says nothing more, whatever comes */
    bool is_moved;              /* to another telephone: it was up before */
    bool is_resumed;            /* an earlier process began it */
    bool is_cut;                /* its connection ended with that one, and none was found yet */
    bool is_guessed;            /* its connection is that of the only telephone of its line */
    uint8_t byes_n;             /* BYEs that nobody was there for */
    bool is_unacked;            /* our 200 to a re-INVITE waits for its ACK */
    bool is_silent, is_lost, is_unanswered; /* of the watch */
    char key;                               /* of the last press; 0: none, or told both ways */
    enum leg_key_way key_way;
    ms_t key_at;
    uint32_t cut_list;  /* stopped by the second word for one press: to be begun anew; 0: none */
    uint32_t told_list; /* the app's number of a list that was begun anew; 0: the engine's */
    struct leg_timer timer;
    struct leg_fork fork;
    struct leg_dial dial;
    struct leg_secure secure;
    char sdp[LEG_SDP_MAX];
};

/* Their provisional responses, of a call of ours: beside the leg, so that a caller who waits costs
 * nothing for it. */
static inline struct sip_reliable_heard *leg_heard(const struct phone *p,
                                                   const struct phone_leg *leg)
{
    return &p->heard[leg - p->legs];
}

/* An impossible state of one leg: it alone ends, is counted and told to the app as our fault. */
#define LEG_CHECK(p, leg, condition)                                                               \
    ((condition) ? true : (leg_break(p, leg, __func__, #condition), false))
void leg_break(struct phone *p, struct phone_leg *leg, const char *where, const char *what);

/* legs.c: the pool. new: NULL when full; drop gives slot, stream and maps back. */
struct phone_leg *leg_new(struct phone *p, uint64_t tag);
/* The same under an id that an earlier process gave. */
struct phone_leg *leg_new_as(struct phone *p, uint64_t id, uint64_t tag);
void leg_drop(struct phone *p, struct phone_leg *leg);
struct phone_leg *leg_by_id(struct phone *p, uint64_t id);
struct phone_leg *leg_by_tag(struct phone *p, struct text tag);
struct phone_leg *leg_by_stream(struct phone *p, struct media_ref ref);
/* What a transaction of ours is about. */
static inline enum leg_role leg_role_of(uint64_t user)
{
    return (enum leg_role)(user & ((1u << LEG_ROLE_BITS) - 1));
}

/* meet.c: our end has cut its connection, there is no other yet, and none that we could make: what
 * we ask waits until they come. */
bool leg_is_cut_off(const struct phone *p, const struct phone_leg *leg);
/* A message of its dialog has come from there: where its connection has ended, this one is it. */
void leg_met(struct phone *p, struct phone_leg *leg, const struct sip_peer *from);
/* 481 by a connection that was guessed: it is another telephone's, and said nothing about this. */
void leg_mistaken(struct phone *p, struct phone_leg *leg, const struct sip_tx_verdict *v);
/* A telephone has proved this account, and is bound over this connection. */
void phone_met(struct phone *p, uint64_t aor, const struct sip_peer *from);
/* kept.c: it may have changed. Whoever finds a leg to change it has touched it. */
void leg_touch(struct phone *p, uint32_t slot);
void leg_set_timer(struct phone *p, struct phone_leg *leg, ms_t at);
/* A report, unless the app has heard the end of this leg. */
void leg_tell(struct phone *p, struct phone_leg *leg, struct phone_report *report);
void leg_tell_end(struct phone *p, struct phone_leg *leg, bool is_fault);

/* sound.c: the stream of a leg. */
bool leg_open_stream(struct phone *p, struct phone_leg *leg, uint64_t near_id);
/* At this port; 0: any. */
bool leg_open_stream_at(struct phone *p, struct phone_leg *leg, uint64_t near_id,
                        uint16_t rtp_port);
struct sip_offer_wish leg_wish(const struct phone *p, const struct phone_leg *leg);
/* It may agree on a codec that costs one of the engine's coders. False: none is free. */
bool leg_keep_coder(const struct phone *p, const struct phone_leg *leg);
/* Statuses of who understood the call, but not the description. */
bool leg_is_about_sound(uint16_t status);
/* A final answer to our INVITE: true when it goes on, and G.722 and Opus are offered too. */
bool leg_offers_all(struct phone *p, struct phone_leg *leg, uint16_t status);
/* What was agreed becomes what the stream does. */
void leg_set_media(struct phone *p, struct phone_leg *leg);
void leg_watch_due(struct phone *p, struct phone_leg *leg);
void leg_watch_stop(struct phone *p, struct phone_leg *leg);
/* Our question could not be put; it can be put now. */
void leg_await(struct phone *p, struct phone_leg *leg);
void leg_is_back(struct phone *p, struct phone_leg *leg);
void phone_media_reports(struct phone *p);
/* False: the other side takes no keys, or these are none. */
bool leg_press(struct phone *p, struct phone_leg *leg, struct text keys);
void leg_tap(struct phone *p, struct phone_leg *leg, struct media_tap tap);
uint32_t leg_sound(struct phone *p, struct phone_leg *leg, const struct phone_sound *sound);

#endif
