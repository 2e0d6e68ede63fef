/* trace.c — see trace.h.
 * Called by app/pages_trace.c. Cost: a walk over each message. What a stranger wrote reaches a
 * terminal as printable ASCII alone, and JSON through base/json.c. */
#include "base/civil.h"
#include "sip/replaces.h"
#include "sip/sdp.h"
#include "view/api.h"
#include "view/sip_mask.h"
#include "view/trace_parts.h"

#define HARD "\u00a0"
#define THIN "\u202f"
#define SECOND_WIDTH 10 /* with its unit */
#define PEER_WIDTH 26
#define LINE_BYTES 512
#define LABEL_BYTES 96

/* ---- reading a message -------------------------------------------------------------------- */

static struct text first_line(struct text message)
{
    struct text line = text_cut(&message, '\n');
    line.n -= line.n && line.p[line.n - 1] == '\r';
    return line;
}

struct text view_trace_header(struct text message, struct text name, struct text compact)
{
    struct text rest = message, line = text_cut(&rest, '\n');
    while (rest.n) {
        line = text_cut(&rest, '\n');
        line.n -= line.n && line.p[line.n - 1] == '\r';
        if (!line.n)
            break;
        struct text key = text_trim(text_cut(&line, ':'));
        if (text_equal_fold(key, name) || text_equal_fold(key, compact))
            return text_trim(line);
    }
    return TEXT_NONE;
}

static struct text body_of(struct text message)
{
    for (struct text rest = message; rest.n;) {
        struct text line = text_cut(&rest, '\n');
        if (!line.n || (line.n == 1 && line.p[0] == '\r'))
            return rest;
    }
    return TEXT_NONE;
}

/* ---- parts of a row ----------------------------------------------------------------------- */

static void pad(struct text_out *out, struct text t, unsigned to)
{
    for (unsigned n = view_width(t); n < to; n++)
        view_say(out, " ");
}

/* A stranger's bytes: nothing that a terminal would obey. */
static void put_plain(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        text_put(out, t.p[i] >= ' ' && t.p[i] < 127 ? (struct text){t.p + i, 1} : TEXT("?"));
}

void trace_put_title(struct text_out *out, struct text message)
{
    char plain[LINE_BYTES];
    struct text_out line = {.p = plain, .max = sizeof(plain)};
    struct text rest = first_line(message), version = TEXT("SIP/2.0 ");
    if (text_starts_fold(rest, version))
        rest = text_after(rest, version.n);
    else if (rest.n > version.n) /* a request ends with its version */
        rest.n -= version.n;
    put_plain(&line, (struct text){rest.p, rest.n < sizeof(plain) ? rest.n : sizeof(plain)});
    view_mask_numbers(out, (struct text){line.p, line.n});
}

static void put_media(struct text_out *out, const struct sip_sdp *sdp, unsigned i)
{
    const struct sip_sdp_media *m = &sdp->media[i];
    struct address at = sip_sdp_address_of(sdp, i);
    enum sip_sdp_direction direction = sip_sdp_direction_of(sdp, i);
    if (!m->port) {
        view_say(out, "refusé");
        return;
    }
    for (unsigned f = 0; f < m->formats_n; f++) {
        view_say(out, f ? "/" : "");
        put_plain(out, (struct text){m->formats[f].name, m->formats[f].name_n});
    }
    view_say(out, at.family == 4   ? ", IPv4, "
                  : at.family == 6 ? ", IPv6, "
                                   : ", sans adresse IP, ");
    if (m->crypto_n) { /* of an answer, what was agreed; of an offer, what is liked best */
        view_say(out, "chiffré ");
        text_put(out, sip_crypto_name((enum sip_suite)m->crypto[0].suite));
        view_say(out, ", ");
    }
    text_put(out,
             direction == SIP_SDP_UNSAID ? TEXT("sendrecv") : sip_sdp_direction_name(direction));
}

/* "audio PCMA/telephone-event, IPv4, sendrecv" for each media; false: no description. */
static bool put_sdp(struct text_out *out, struct text message)
{
    struct sip_sdp sdp;
    struct text body = body_of(message);
    if (!text_starts_fold(body, TEXT("v=0")) || sip_sdp_read(&sdp, body) != SIP_SDP_OK)
        return false;
    for (unsigned i = 0; i < sdp.media_n; i++) {
        view_say(out, i ? "; " : "");
        put_plain(out, (struct text){sdp.media[i].type, sdp.media[i].type_n});
        view_say(out, " ");
        put_media(out, &sdp, i);
    }
    return true;
}

void trace_put_peer(struct text_out *out, const struct view_house *h,
                    const struct view_trace_message *m)
{
    const struct directory_agent *agent = m->aor ? view_agent_entry(h, (uint32_t)m->aor) : NULL;
    uint32_t i = m->trunk_id && h->directory ? directory_trunk_find(h->directory, m->trunk_id)
                                             : DIRECTORY_NONE;
    view_say(out, m->is_agent ? "agent, " : m->is_test ? "robot, " : "usager, ");
    if (agent && directory_agent_line(agent).n) {
        view_say(out, "poste ");
        text_put(out, directory_agent_line(agent));
    } else if (i != DIRECTORY_NONE) {
        view_say(out, "accès ");
        view_say(out, h->directory->trunks[i].id);
    } else {
        view_say(out, "ligne directe");
    }
}

/* ---- text --------------------------------------------------------------------------------- */

void trace_put_seconds(struct text_out *out, const struct view_trace *t, ms_t at)
{
    uint64_t ms = at > t->begin_at ? (uint64_t)(at - t->begin_at) : 0;
    text_put_number(out, ms / 1000);
    view_say(out, ms % 1000 < 10 ? ",00" : ms % 1000 < 100 ? ",0" : ",");
    text_put_number(out, ms % 1000);
    view_say(out, HARD "s");
}

/* "   1,204 s  " */
static void put_instant(const struct view_trace *t, ms_t at)
{
    char bytes[32];
    struct text_out word = {.p = bytes, .max = sizeof(bytes)};
    trace_put_seconds(&word, t, at);
    for (unsigned n = view_width((struct text){word.p, word.n}); n < SECOND_WIDTH; n++)
        view_say(t->out, " ");
    text_put(t->out, (struct text){word.p, word.n});
    view_say(t->out, "  ");
}

static void text_message(const struct view_trace *t, const struct view_trace_message *m)
{
    char label[LABEL_BYTES];
    struct text_out peer = {.p = label, .max = sizeof(label)};
    trace_put_peer(&peer, t->house, m);
    put_instant(t, m->at);
    text_put(t->out, (struct text){peer.p, peer.n});
    pad(t->out, (struct text){peer.p, peer.n}, PEER_WIDTH);
    view_say(t->out, m->has_come ? " → " : " ← ");
    trace_put_title(t->out, m->bytes);
    view_say(t->out, m->is_tls ? "  [TLS, CSeq " : m->is_tcp ? "  [TCP, CSeq " : "  [UDP, CSeq ");
    put_plain(t->out, view_trace_header(m->bytes, TEXT("CSeq"), TEXT("CSeq")));
    size_t before_n = t->out->n;
    view_say(t->out, ", Reason ");
    if (!sip_reason_title(t->out, view_trace_header(m->bytes, TEXT("Reason"), TEXT("Reason"))) &&
        !t->out->is_cut)
        t->out->n = before_n;
    before_n = t->out->n;
    view_say(t->out, ", SDP ");
    if (!put_sdp(t->out, m->bytes) && !t->out->is_cut)
        t->out->n = before_n;
    view_say(t->out, "]\n");
}

static void text_sound(const struct view_trace *t, const struct view_trace_message *whose,
                       const struct view_trace_sound *sound)
{
    char label[LABEL_BYTES];
    struct text_out peer = {.p = label, .max = sizeof(label)};
    trace_put_peer(&peer, t->house, whose);
    put_instant(t, whose->at);
    text_put(t->out, (struct text){peer.p, peer.n});
    pad(t->out, (struct text){peer.p, peer.n}, PEER_WIDTH);
    view_say(t->out, " ≈ ");
    trace_put_sound(t->out, sound);
    view_say(t->out, "\n");
}

static void text_event(const struct view_trace *t, const struct event *ev)
{
    put_instant(t, ev->at);
    view_say(t->out, "· ");
    view_trace_words(t->out, t->house, ev);
    view_say(t->out, "  (événement" HARD);
    text_put_number(t->out, ev->id);
    view_say(t->out, ")\n");
}

/* What is left of the messages, when it is not all. */
static const char *sip_notice(enum view_trace_sip sip)
{
    switch (sip) {
    case VIEW_SIP_PARTIAL:
        return "Les messages SIP du début ne sont plus en mémoire (phone.trace_bytes).\n";
    case VIEW_SIP_GONE:
        return "Les messages SIP ne sont plus en mémoire (phone.trace_bytes)" HARD
               ": événements seuls.\n";
    case VIEW_SIP_OFF:
        return "Les messages SIP ne sont pas gardés (phone.trace_bytes est à 0)" HARD
               ": événements seuls.\n";
    case VIEW_SIP_WHOLE:
        break;
    }
    return "";
}

static void put_name(struct text_out *out, const struct view_trace *t)
{
    char at[CIVIL_TEXT_BYTES];
    civil_text(at, t->begin_at);
    view_say(out, "Demande ");
    text_put_number(out, t->contact_id);
    view_say(out, ", depuis ");
    view_say(out, at);
}

static void text_begin(struct view_trace *t, enum view_trace_sip sip)
{
    put_name(t->out, t);
    view_say(t->out,
             " — « → » vers la maison, « ← » d’elle" THIN "; numéros et secrets masqués.\n");
    view_say(t->out, sip_notice(sip));
    view_say(t->out, "\n");
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void json_scratch(struct view_trace *t, const char *name)
{
    if (t->scratch.is_cut)
        json_null(&t->json, name);
    else
        json_text(&t->json, name, (struct text){t->scratch.p, t->scratch.n});
    t->scratch.n = 0;
    t->scratch.is_cut = false;
}

static void json_message(struct view_trace *t, const struct view_trace_message *m)
{
    struct json *j = &t->json;
    json_object(j, NULL);
    json_signed(j, "at", m->at);
    json_string(j, "direction", m->has_come ? "in" : "out");
    json_string(j, "transport", m->is_tls ? "tls" : m->is_tcp ? "tcp" : "udp");
    json_number(j, "leg_id", m->leg_id);
    json_string(j, "side", m->is_agent ? "agent" : "caller");
    trace_put_peer(&t->scratch, t->house, m);
    json_scratch(t, "peer");
    trace_put_title(&t->scratch, m->bytes);
    json_scratch(t, "line");
    json_text(j, "cseq", view_trace_header(m->bytes, TEXT("CSeq"), TEXT("CSeq")));
    if (put_sdp(&t->scratch, m->bytes))
        json_scratch(t, "sdp");
    else
        json_null(j, "sdp");
    t->scratch.n = 0;
    view_mask_message(&t->scratch, m->bytes);
    json_scratch(t, "message");
    json_number(j, "bytes", m->whole_n);
    json_object_end(j);
}

static void json_sound(struct view_trace *t, const struct view_trace_message *whose,
                       const struct view_trace_sound *sound)
{
    json_object(&t->json, NULL);
    json_signed(&t->json, "at", whose->at);
    json_number(&t->json, "leg_id", whose->leg_id);
    json_string(&t->json, "side", whose->is_agent ? "agent" : "caller");
    trace_put_peer(&t->scratch, t->house, whose);
    json_scratch(t, "peer");
    trace_json_sound(&t->json, sound);
    trace_put_sound(&t->scratch, sound);
    json_scratch(t, "words");
    json_object_end(&t->json);
}

static void json_event(struct view_trace *t, const struct event *ev)
{
    char bytes[VIEW_MESSAGE_MAX];
    struct text_out raw = {.p = bytes, .max = sizeof(bytes)};
    json_object(&t->json, NULL);
    json_signed(&t->json, "at", ev->at);
    view_api_event(&raw, ev);
    json_raw(&t->json, "event", (struct text){raw.p, raw.n});
    view_trace_words(&t->scratch, t->house, ev);
    json_scratch(t, "words");
    json_object_end(&t->json);
}

/* ---- rows --------------------------------------------------------------------------------- */

static void svg_begin(struct view_trace *t, enum view_trace_sip sip)
{
    char bytes[LABEL_BYTES];
    struct text_out name = {.p = bytes, .max = sizeof(bytes)};
    put_name(&name, t);
    view_say(&name, THIN "; numéros masqués.");
    trace_svg_begin(t, (struct text){name.p, name.n}, sip_notice(sip));
}

static void json_begin(struct view_trace *t, enum view_trace_sip sip)
{
    static const char *const names[] = {"whole", "partial", "gone", "off"};
    t->json = (struct json){.out = t->out};
    json_object(&t->json, NULL);
    json_number(&t->json, "contact_id", t->contact_id);
    json_signed(&t->json, "begin_at", t->begin_at);
    json_string(&t->json, "sip", names[sip]);
    json_array(&t->json, "rows");
}

static void pcap_begin(struct view_trace *t, enum view_trace_sip sip)
{
    (void)sip; /* the asker hears it otherwise: this form has no words */
    trace_pcap_begin(t);
}

void view_trace_begin(struct view_trace *t, enum view_trace_sip sip)
{
    static void (*const begin[])(struct view_trace *,
                                 enum view_trace_sip) = {[VIEW_TRACE_JSON] = json_begin,
                                                         [VIEW_TRACE_TEXT] = text_begin,
                                                         [VIEW_TRACE_SVG] = svg_begin,
                                                         [VIEW_TRACE_PCAP] = pcap_begin};
    begin[t->form](t, sip);
}

void view_trace_message(struct view_trace *t, const struct view_trace_message *m)
{
    if (t->form == VIEW_TRACE_JSON)
        json_message(t, m);
    else if (t->form == VIEW_TRACE_SVG)
        trace_svg_message(t, m);
    else if (t->form == VIEW_TRACE_PCAP)
        trace_pcap_message(t, m);
    else
        text_message(t, m);
}

void view_trace_sound(struct view_trace *t, const struct view_trace_message *whose,
                      const struct view_trace_sound *sound)
{
    if (t->form == VIEW_TRACE_JSON)
        json_sound(t, whose, sound);
    else if (t->form == VIEW_TRACE_SVG)
        trace_svg_sound(t, whose, sound);
    else if (t->form == VIEW_TRACE_TEXT)
        text_sound(t, whose, sound);
}

void view_trace_event(struct view_trace *t, const struct event *ev)
{
    if (t->form == VIEW_TRACE_JSON)
        json_event(t, ev);
    else if (t->form == VIEW_TRACE_SVG)
        trace_svg_event(t, ev);
    else if (t->form == VIEW_TRACE_TEXT)
        text_event(t, ev);
}

void view_trace_end(struct view_trace *t, bool is_cut)
{
    static const char full[] = "La suite n’est pas montrée" HARD ": la page est pleine.";
    if (t->form == VIEW_TRACE_JSON) {
        json_array_end(&t->json);
        json_bool(&t->json, "is_cut", is_cut);
        json_object_end(&t->json);
        view_say(t->out, "\n");
    } else if (t->form == VIEW_TRACE_SVG) {
        trace_svg_end(t, is_cut ? full : NULL);
    } else if (t->form == VIEW_TRACE_TEXT && is_cut) {
        view_say(t->out, full);
        view_say(t->out, "\n");
    }
}
