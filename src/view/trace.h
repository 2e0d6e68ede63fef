/* trace.h — the ladder of `decroche trace`: a contact's SIP messages and events in one order of
 * time, as text for people (French), as a picture (SVG), as JSON, or the messages alone as a
 * capture file. Called by app/pages_trace.c, row by row. Pure. Invariant: a message is shown
 * through view/sip_mask.h alone. */
#ifndef VIEW_TRACE_H
#define VIEW_TRACE_H

#include "base/address.h"
#include "base/json.h"
#include "view/house.h"

/* What is left of the messages. */
enum view_trace_form { VIEW_TRACE_JSON, VIEW_TRACE_TEXT, VIEW_TRACE_SVG, VIEW_TRACE_PCAP };

enum view_trace_sip { VIEW_SIP_WHOLE, VIEW_SIP_PARTIAL, VIEW_SIP_GONE, VIEW_SIP_OFF };

struct view_trace {
    const struct view_house *house;
    struct text_out *out;
    struct text_out scratch; /* room for a masked message */
    struct json json;
    enum view_trace_form form;
    uint64_t contact_id;
    ms_t begin_at;       /* of the first row */
    uint32_t y;          /* of the picture: where the last row stands */
    size_t height_at[2]; /* where its height is to be written */
};

/* One message. peer_*: whose leg it is. */
struct view_trace_message {
    ms_t at;
    bool has_come, is_tcp, is_tls, is_agent,
        is_test;       /* is_agent: a leg that was rung for the contact */
    uint32_t trunk_id; /* 0: none */
    uint64_t aor;      /* the agent's number; 0: none */
    uint64_t leg_id;
    struct text bytes; /* as they were on the wire, or their beginning */
    uint32_t whole_n;
    struct address peer, self; /* as far as they are known */
};

/* How the leg of a message's shape sounded, from its beginning to its end: packets of RTP, and what
 * the other side reported of ours (has_peer). round_trip_ms 0: not known. */
struct view_trace_sound {
    uint64_t received_n, lost_n, sent_n, peer_lost_n;
    uint32_t jitter_ms, peer_jitter_ms, round_trip_ms;
    bool has_jitter, has_peer;
};

void view_trace_begin(struct view_trace *t, enum view_trace_sip sip);
void view_trace_message(struct view_trace *t, const struct view_trace_message *m);
/* whose: a message of that leg, without its bytes. */
void view_trace_sound(struct view_trace *t, const struct view_trace_message *whose,
                      const struct view_trace_sound *sound);
void view_trace_event(struct view_trace *t, const struct event *ev);
/* is_cut: there was more than a page holds. */
void view_trace_end(struct view_trace *t, bool is_cut);

/* The value of the first header of this name, or of its compact form; empty: it has none. */
struct text view_trace_header(struct text message, struct text name, struct text compact);

/* trace_words.c: an event of a contact in French. */
void view_trace_words(struct text_out *out, const struct view_house *h, const struct event *ev);

#endif
