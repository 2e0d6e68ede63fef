/* leg.h — the legs of the telephone service: dialog, session, offer and stream of each.
 * Included by the files of phone/ only. A leg is found by its id (from the app), by its tag (a
 * request within a dialog), by its stream (a report of the media engine), or by the user of a
 * transaction. */
#ifndef PHONE_LEG_H
#define PHONE_LEG_H

#include "os/pages.h"
#include "phone/tcp.h"
#include "phone/timer.h"
#include "phone/trunk.h"
#include "sip/offer.h"
#include "sip/session.h"

/* What a transaction of ours is about: the low bits of its user, above them the leg's id. */
enum leg_role {
    LEG_INVITE,
    LEG_BYE,
    LEG_CANCEL,
    LEG_PROBE,
    LEG_ANSWER,
    LEG_REFRESH,
    /* of a trunk: above the role its place instead of a leg */
    TRUNK_REGISTER,
    TRUNK_PROBE,
};
#define LEG_ROLE_BITS 3
/* Our description in an answer, kept from the INVITE to the 200. */
#define LEG_SDP_MAX 640

enum leg_key_way { LEG_KEY_EVENT, LEG_KEY_INFO };

enum leg_watch {
    WATCH_NONE,
    WATCH_WAITS, /* for the time of the next probe */
    WATCH_ASKED, /* a probe is out */
    WATCH_DIAL,  /* a trunk has not even said 100 */
    WATCH_EARLY, /* a 183 is repeated */
};

struct phone_leg {
    uint64_t id;  /* 0: free */
    uint64_t tag; /* key of our tag */
    struct sip_leg dialog;
    struct sip_offer offer;
    struct sip_peer peer; /* where its requests go: the source of theirs, or their binding */
    struct media_ref stream;
    struct media_want want;
    uint64_t origin_id, near_id, aor; /* near_id, aor: for which leg, whose telephone; or 0 */
    uint32_t invite_tx;               /* slot; SLOT_NONE: over */
    uint32_t probe_tx;                /* of the question whose answer counts; SLOT_NONE: none */
    uint32_t next_free;
    uint16_t rtp_port, refusal, sdp_n;
    uint8_t first_codec; /* enum sip_codec: what the other side of a bridge speaks */
    enum sip_session_state session;
    enum leg_watch watch;
    uint8_t early_n; /* 183s that were sent */
    bool is_agent;   /* we called it: the strict rule of design §3.4 */
    bool is_up, is_told, is_fault, is_broken;
    bool is_test;                           /* of the house's own robot */
    bool is_dead;                           /* says nothing more, whatever comes */
    bool is_unacked;                        /* our 200 to a re-INVITE waits for its ACK */
    bool is_silent, is_lost, is_unanswered; /* of the watch */
    char key;                               /* of the last press; 0: none, or told both ways */
    enum leg_key_way key_way;
    ms_t key_at;
    uint32_t cut_list;  /* stopped by the second word for one press: to be begun anew; 0: none */
    uint32_t told_list; /* the app's number of a list that was begun anew; 0: the engine's */
    struct leg_timer timer;
    struct leg_dial dial;
    char sdp[LEG_SDP_MAX];
};

struct phone {
    struct phone_udp udp;
    struct phone_tcp tcp;
    struct phone_door door;
    struct phone_register reg;
    struct sip_txs txs;
    struct phone_leg *legs; /* borrowed from the arena */
    uint32_t legs_max, used, free, n;
    struct map ids, tags, streams;
    struct heap timers, refreshes; /* legs: their watch; their session timer */
    struct media_port media;
    struct os_log *log;
    phone_report_fn *report;
    phone_knows_fn *knows;
    void *report_arg;
    struct phone_watch *watch; /* borrowed; NULL: none */
    struct tape *trace;        /* borrowed; NULL: nothing is remembered */
    uint64_t next_id, branch_n, bindings_version;
    ms_t now_at;
    uint32_t request_tx; /* of the request in course; SLOT_NONE: it gets no answer from us */
    bool has_more;       /* the media engine has more to say */
    char self[64];       /* "192.0.2.1:5060" */
    uint16_t self_n;
    struct address self_address;
    struct {
        uint32_t trunk_id, n;
    } shed[PHONE_TRUNKS_MAX + 1]; /* and of calls without a trunk */
    struct trunk *trunks;         /* borrowed from the arena */
    uint32_t trunks_max, trunks_n;
    bool is_measuring;
    struct phone_totals totals;
    struct sip_read read; /* of the datagram in course */
    struct sip_peer from, reply_to;
    char bytes[PHONE_UDP_BYTES_MAX], out[2 * PHONE_UDP_BYTES_MAX];
    struct os_pages memory;
};

/* An impossible state of one leg: it alone ends, is counted and told to the app as our fault. */
#define LEG_CHECK(p, leg, condition)                                                               \
    ((condition) ? true : (leg_break(p, leg, __func__, #condition), false))
void leg_break(struct phone *p, struct phone_leg *leg, const char *where, const char *what);

/* wire.c: messages come and go. */
int phone_wire_open(struct phone *p, const struct phone_args *args);
void phone_wire_drop(struct phone *p);
void phone_wire_turn(struct phone *p);
/* To a peer; over a new connection when its own has ended: it is noted there. What cannot be sent
 * is counted, and its transaction hears of it at the next turn. */
void phone_transmit(struct phone *p, struct sip_peer *to, struct text message);
/* phone.c: a whole message, at the door. */
void phone_take(struct phone *p, const struct phone_datagram *datagram);
/* response.c: a question of ours that could not be sent. */
void phone_tx_failed(struct phone *p, uint32_t tx);

/* legs.c: the pool. new: NULL when full; drop gives slot, stream and maps back. */
struct phone_leg *leg_new(struct phone *p, uint64_t tag);
void leg_drop(struct phone *p, struct phone_leg *leg);
struct phone_leg *leg_by_id(struct phone *p, uint64_t id);
struct phone_leg *leg_by_tag(struct phone *p, struct text tag);
struct phone_leg *leg_by_stream(struct phone *p, struct media_ref ref);
void leg_set_timer(struct phone *p, struct phone_leg *leg, ms_t at);
/* A report, unless the app has heard the end of this leg. */
void leg_tell(struct phone *p, struct phone_leg *leg, struct phone_report *report);
void leg_tell_end(struct phone *p, struct phone_leg *leg, bool is_fault);

/* act.c: what the tables of sip/ ask for. The leg may be gone afterwards. */
void leg_happens(struct phone *p, struct phone_leg *leg, enum sip_session_event event);
/* Gives it back when nothing can come for it any more; NULL is fine. */
void leg_settle(struct phone *p, struct phone_leg *leg);
void phone_send(struct phone *p, uint32_t tx);
/* A final or provisional answer to a leg's INVITE, by the transaction that holds it. */
void leg_say(struct phone *p, struct phone_leg *leg, const struct sip_answer *answer);
void leg_say_description(struct phone *p, struct phone_leg *leg, uint16_t status);
void leg_up(struct phone *p, struct phone_leg *leg); /* media may flow; the app hears so */
/* A request of ours, by a transaction; body: a description. SLOT_NONE: no room. */
uint32_t leg_ask(struct phone *p, struct phone_leg *leg, enum sip_method method, struct text body);
/* The same with further header lines, where the request may move the target. */
struct leg_asking {
    enum sip_method method;
    struct text headers, body;
};
uint32_t leg_ask_with(struct phone *p, struct phone_leg *leg, const struct leg_asking *asking);
/* A request of ours outside of a dialog: Via, and Contact unless it has one, are added. SLOT_NONE:
 * no room. */
uint32_t phone_ask(struct phone *p, struct sip_ask *ask, const struct sip_peer *to, uint64_t user);
/* The ACK of a refusal, which belongs to the INVITE's transaction (§17.1.1.3). */
void leg_acknowledge_failure(struct phone *p, struct phone_leg *leg, uint32_t tx, struct text to);
/* A second 2xx of another branch is acknowledged and ended (§13.2.2.4). */
void leg_end_fork(struct phone *p, const struct phone_leg *leg, const struct sip_in *in);

/* request.c, invite.c, response.c: the message in p->read, which has passed the door. */
void phone_take_request(struct phone *p, const struct sip_peer *from);
void phone_take_invite(struct phone *p, const struct sip_peer *from);
void phone_take_again(struct phone *p, struct phone_leg *leg);
void phone_take_response(struct phone *p);
void phone_timers(struct phone *p);
/* The server transaction of the request in course; SLOT_NONE: no room. */
uint32_t phone_begin(struct phone *p, enum sip_tx_kind kind, uint64_t user);
/* Answers the request in course: by its transaction when it has one. */
void phone_answer_request(struct phone *p, uint16_t status);

/* A tag that nobody can guess, never drawn before. */
uint64_t phone_draw_tag(struct phone *p);
/* Whom a quoted string and a user part may name without being escaped. */
void phone_put_plain(struct text_out *out, struct text t);
/* Who calls whom: values of From and To, and where to. */
struct leg_parties {
    struct text local, remote, target;
};
/* The dialog of a call of ours, named after the leg's tag. False: something is too long. */
bool leg_begin_dialog(struct phone *p, struct phone_leg *leg, const struct leg_parties *parties);
/* Our offer and the INVITE; false: no room. */
bool leg_invite(struct phone *p, struct phone_leg *leg, struct text headers);

/* sound.c: the stream of a leg. */
bool leg_open_stream(struct phone *p, struct phone_leg *leg, uint64_t near_id);
struct sip_offer_wish leg_wish(const struct phone *p, const struct phone_leg *leg);
/* What was agreed becomes what the stream does. */
void leg_set_media(struct phone *p, struct phone_leg *leg);
void leg_watch_due(struct phone *p, struct phone_leg *leg);
void phone_media_reports(struct phone *p);
/* False: the other side takes no keys, or these are none. */
bool leg_press(struct phone *p, struct phone_leg *leg, struct text keys);
uint32_t leg_sound(struct phone *p, struct phone_leg *leg, const struct phone_sound *sound);

#endif
