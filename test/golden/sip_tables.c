/* sip_tables.c — the tables of sip/ as a reader of the RFCs would draw them, made from the code and
 * compared with docs/sip-tables.md: a changed cell shows in the review, and the page is never old.
 * Argument: the page. A decided change: run with DECROCHE_GOLDEN=write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sip/session.h"
#include "sip/transaction.h"

#define PAGE_MAX 65536

static const char *const session_states[] = {
    "none",    "ringing", "early",         "sounded",   "picked up", "answered", "leaving",
    "calling", "heard",   "cancel wanted", "cancelled", "talking",   "closing",  "ended"};
static const char *const session_events[] = {
    "we answer", "we sound", "we sound surely", "we refuse",   "we hang up", "CANCEL",
    "ACK",       "BYE",      "no ACK",          "PRACK",       "no PRACK",   "1xx",
    "2xx",       "3xx–6xx",  "no answer",       "BYE answered"};
static const char *const session_actions[] = {
    "send 2xx",     "send refusal", "send 487", "send 200", "send 481",
    "send ACK",     "send CANCEL",  "send BYE", "up",       "heard",
    "tell the end", "stop the 2xx", "send 183"};
static const char *const kinds[] = {"INVITE client", "INVITE server", "other client",
                                    "other server"};
static const char *const tx_states[] = {"gone",      "trying",    "proceeding",
                                        "completed", "confirmed", "accepted"};
static const char *const tx_events[] = {"request",    "ACK",     "1xx",         "2xx",
                                        "3xx–6xx",    "say 1xx", "say 2xx",     "say 3xx–6xx",
                                        "repetition", "end",     "CANCEL sent", "unsendable"};

_Static_assert(ARRAY_LEN(session_states) == SIP_SESSION_STATES, "a name for each state");
_Static_assert(ARRAY_LEN(session_events) == SIP_SESSION_EVENTS, "a name for each event");
_Static_assert(ARRAY_LEN(tx_states) == SIP_TX_STATES, "a name for each state");
_Static_assert(ARRAY_LEN(tx_events) == SIP_TX_EVENTS, "a name for each event");

static void say(struct text_out *out, const char *s)
{
    text_put(out, text_of(s));
}

static void say_actions(struct text_out *out, unsigned actions)
{
    const char *before = ": ";
    for (unsigned i = 0; i < ARRAY_LEN(session_actions); i++) {
        if (!(actions >> i & 1))
            continue;
        say(out, before);
        say(out, session_actions[i]);
        before = ", ";
    }
}

static void say_session(struct text_out *out)
{
    say(out, "\n## The life of a call\n\n| state | event | next: what is done |\n|---|---|---|\n");
    for (unsigned s = 0; s < SIP_SESSION_STATES; s++)
        for (unsigned e = 0; e < SIP_SESSION_EVENTS; e++) {
            enum sip_session_state state = (enum sip_session_state)s;
            unsigned actions = sip_session_happens(&state, (enum sip_session_event)e);
            if (state == s && !actions)
                continue;
            say(out, "| ");
            say(out, session_states[s]);
            say(out, " | ");
            say(out, session_events[e]);
            say(out, " | ");
            say(out, session_states[state]);
            say_actions(out, actions);
            say(out, " |\n");
        }
}

static void say_transactions(struct text_out *out, enum sip_tx_kind kind)
{
    say(out, "\n## Transaction: ");
    say(out, kinds[kind]);
    say(out, "\n\n| state | event | next |\n|---|---|---|\n");
    for (unsigned s = 0; s < SIP_TX_STATES; s++)
        for (unsigned e = 0; e < SIP_TX_EVENTS; e++) {
            enum sip_tx_state next;
            if (!sip_tx_allows(kind, (enum sip_tx_state)s, (enum sip_tx_event)e, &next))
                continue;
            say(out, "| ");
            say(out, tx_states[s]);
            say(out, " | ");
            say(out, tx_events[e]);
            say(out, " | ");
            say(out, tx_states[next]);
            say(out, " |\n");
        }
}

int main(int argc, char **argv)
{
    static char page[PAGE_MAX], kept[PAGE_MAX];
    struct text_out out = {.p = page, .max = sizeof(page)};
    assert(argc == 2);
    say(&out, "# The tables of SIP\n\nMade from the code by test/golden/sip_tables.c; what a table "
              "does not name changes nothing.\n");
    say_session(&out);
    for (unsigned kind = 0; kind < SIP_TX_KINDS; kind++)
        say_transactions(&out, (enum sip_tx_kind)kind);
    FILE *f = fopen(argv[1], "rb");
    size_t n = f ? fread(kept, 1, sizeof(kept), f) : 0;
    if (f)
        fclose(f);
    if (!out.is_cut && text_equal((struct text){kept, n}, (struct text){page, out.n}))
        return 0;
    const char *mode = getenv("DECROCHE_GOLDEN");
    bool is_writing = mode && !strcmp(mode, "write") && !out.is_cut;
    f = is_writing ? fopen(argv[1], "wb") : NULL;
    bool is_written = f && fwrite(page, 1, out.n, f) == out.n;
    if (f && fclose(f))
        is_written = false;
    if (!is_written)
        printf("FAILED: %s is not what the tables say; DECROCHE_GOLDEN=write makes it anew\n",
               argv[1]);
    return is_written ? 0 : 1;
}
