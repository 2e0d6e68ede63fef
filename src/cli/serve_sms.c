/* serve_sms.c — text messages of the house: their memory, what earlier lives know of STOP, the
 * sender, and what comes from it and from pages. Called by serve_open.c, serve.c and
 * serve_vitals.c. Cost: a look a turn. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "cli/house.h"

/* What was queued is on the disk within this, or the sender finds it by itself later. */
#define WAKE_MS ((ms_t)3000)
#define PURGE_MS ((ms_t)3600000)
#define NEWS_PER_TURN 64

static struct texts_args args_of(const struct house *h)
{
    return (struct texts_args){
        .app = h->app, .gate = h->gate, .directory = h->directory, .settings = &h->settings.sms};
}

/* ANNULER: the callback that was promised, else what was written and is open. */
static bool cancel(uint64_t e164, void *arg)
{
    const struct house *h = arg;
    return lines_cancel(e164, h->lines) || written_cancel(e164, h->written);
}

static int open_written(struct house *h)
{
    struct written_args args = {.app = h->app,
                                .acd = h->acd,
                                .texts = h->texts,
                                .directory = h->directory,
                                .node = (uint16_t)h->settings.node.number};
    int err = getrandom(&args.seed, sizeof(args.seed), 0) == sizeof(args.seed) ? 0 : ENOMEM;
    if (!err)
        err = os_pages_open(&h->written_room, written_bytes());
    if (err)
        return err;
    h->written = written_open(h->written_room.p, &args);
    texts_on_words(h->texts, written_words, h->written);
    texts_on_stop(h->texts, written_stop, h->written);
    return 0;
}

static int open_webtext(struct house *h)
{
    struct webtext_args args = {.app = h->app,
                                .acd = h->acd,
                                .directory = h->directory,
                                .node = (uint16_t)h->settings.node.number};
    int err = getrandom(&args.seed, sizeof(args.seed), 0) == sizeof(args.seed) ? 0 : ENOMEM;
    if (!err)
        err = os_pages_open(&h->webtext_room, webtext_bytes());
    if (!err)
        h->webtext = webtext_open(h->webtext_room.p, &args);
    return err;
}

int house_open_texts(struct house *h)
{
    struct texts_args args = args_of(h);
    int err = getrandom(&args.seed, sizeof(args.seed), 0) == sizeof(args.seed) ? 0 : ENOMEM;
    if (!err)
        err = os_pages_open(&h->texts_room, texts_bytes());
    if (err)
        return cli_cannot(h->args, "serve", err, "free some memory");
    h->texts = texts_open(h->texts_room.p, &args);
    texts_on_cancel(h->texts, cancel, h);
    err = open_written(h);
    err = err ? err : open_webtext(h);
    return err ? cli_cannot(h->args, "serve", err, "free some memory") : 0;
}

void house_follow_texts(struct house *h)
{
    const struct texts_args args = args_of(h);
    texts_follow(h->texts, &args);
    written_follow(h->written, h->directory);
    webtext_follow(h->webtext, h->directory);
}

/* ---- who said STOP ------------------------------------------------------------------------ */

struct restoring {
    struct house *h;
    struct store_sms_stops stops;
};

static void restore(uint64_t hash, void *arg)
{
    struct restoring *r = arg;
    texts_use_key(r->h->texts, (struct siphash_key){r->stops.k0, r->stops.k1});
    texts_restore_stop(r->h->texts, hash);
}

/* Without it nobody may be written to: the sender is not opened then. */
void house_read_texts(struct house *h)
{
    struct restoring r = {.h = h, .stops = {.fn = restore, .arg = &r}};
    const struct sql_args sql = {.path = h->journal_path};
    int err = h->is_blind ? ENODATA : store_sms_read_stops(&r.stops, &sql);
    if (!err)
        texts_use_key(h->texts, (struct siphash_key){r.stops.k0, r.stops.k1});
    h->knows_stops = !err;
    if (err && h->settings.sms.driver != SETTINGS_SMS_DRIVER_NONE)
        os_log_line(&h->log, OS_LOG_ALARM,
                    "sms: who said STOP is not known (errno %d): no text message goes out", err);
}

/* ---- what was written --------------------------------------------------------------------- */

static void restore_thread(const struct journal_row *row, void *arg)
{
    const struct house *h = arg;
    written_restore(h->written, row);
}

static void restore_answer(const struct journal_row *row, void *arg)
{
    const struct house *h = arg;
    written_restore_answer(h->written, row);
}

static void restore_web(const struct journal_row *row, void *arg)
{
    const struct house *h = arg;
    webtext_restore(h->webtext, row);
}

static void restore_seen(uint64_t id, void *arg)
{
    const struct house *h = arg;
    texts_restore_seen(h->texts, id);
}

/* Once the journal was read: the heart says which of them are open. */
void house_read_written(struct house *h)
{
    const struct store_thread_start start = {.seen_max = TEXTS_SEEN_MAX,
                                             .thread = restore_thread,
                                             .answer = restore_answer,
                                             .seen = restore_seen,
                                             .arg = h};
    const struct sql_args sql = {.path = h->journal_path};
    written_turn(h->written, h->now_at, h->wall_at);
    webtext_turn(h->webtext, h->now_at, h->wall_at);
    int err = h->is_blind ? 0 : store_thread_read(&start, &sql);
    if (!err && !h->is_blind)
        err = store_web_read(&sql, restore_web, h);
    if (err)
        os_log_line(&h->log, OS_LOG_ALARM, "sms: who wrote to us and waits is not known (errno %d)",
                    err);
}

/* ---- the sender --------------------------------------------------------------------------- */

/* What pages say of messages: those of the page /ecrire need no gateway. */
static int open_mailbox(struct house *h, const struct sql_args *sql)
{
    int err = h->is_blind ? 0 : mailbox_open(&h->mailbox, sql);
    h->texts_port = mailbox_port(&h->mailbox);
    h->texts_port.has_gateway = h->settings.sms.driver != SETTINGS_SMS_DRIVER_NONE;
    return err;
}

int house_open_sms(struct house *h)
{
    const struct sql_args sql = {.path = h->journal_path};
    h->mailbox.bell.fd = -1;
    if (!h->knows_stops)
        h->settings.sms.driver = SETTINGS_SMS_DRIVER_NONE;
    int err = open_mailbox(h, &sql);
    if (!err && h->texts_port.has_gateway)
        err = store_outbox_open(&h->outbox, &sql);
    if (err)
        return cli_cannot(h->args, h->journal_path, err, "`decroche verify` says what is wrong");
    if (!h->texts_port.has_gateway)
        return 0;
    h->outbox_port = store_outbox_port(&h->outbox);
    char authority[CONFIG_PATH_BYTES] = "";
    const char *named = h->settings.sms.tls_authority;
    if (*named && !config_path_beside(authority, h->args->settings, named))
        return cli_cannot(h->args, named, ENAMETOOLONG, "shorten sms.tls_authority");
    const struct sms_args args = {.settings = &h->settings.sms,
                                  .authority = authority,
                                  .secret = h->set->files->secrets.sms_secret,
                                  .outbox = &h->outbox_port,
                                  .log = &h->log};
    err = sms_open(&h->sms, &args);
    return err ? cli_cannot(h->args, "sms", err, "allow more memory, threads or open files") : 0;
}

void house_drop_sms(struct house *h)
{
    sms_drop(h->sms);
    h->sms = NULL;
    store_outbox_drop(&h->outbox);
    mailbox_drop(&h->mailbox);
}

void house_sms_committed(struct house *h)
{
    if (h->sms && (sms_wants(h->sms) || h->now_at < h->texts_wake_at))
        sms_wake(h->sms);
    if (h->reader && mailbox_waits(&h->mailbox))
        reader_wake(h->reader);
}

/* The state of a message, and what an agent's answer becomes by it. */
static bool note(struct house *h, const struct journal_row *row)
{
    if (!texts_note(h->texts, row))
        return false;
    written_became(h->written, row->sms.id, row->sms.state);
    return true;
}

static bool take_news(struct house *h, const struct sms_news *news)
{
    const struct texts_received received = {
        news->id, news->e164, {news->text, news->text_n}, news->person_id};
    return news->kind == SMS_NEWS_STATE ? note(h, &news->row) : texts_take(h->texts, &received);
}

/* ---- what pages say ----------------------------------------------------------------------- */

static bool take_receipt(struct house *h, const struct texts_post *post)
{
    enum gsm_event event = post->is_delivered ? GSM_ARRIVED : GSM_LOST;
    struct journal_row row = {.kind = JOURNAL_ROW_SMS_STATE};
    row.sms.id = post->id;
    row.sms.state = (uint8_t)gsm_next(GSM_SENT, event);
    row.sms.why = (uint8_t)gsm_why_of(event);
    row.sms.code = post->code;
    row.sms.changed_at = row.sms.next_at = h->wall_at;
    return note(h, &row);
}

static bool take_web(struct house *h, const struct texts_post *post, struct texts_post_told *to)
{
    enum webtext_verdict verdict;
    if (!webtext_post(h->webtext, post, &verdict))
        return false;
    to->id = verdict == WEBTEXT_KEPT ? post->id : 0;
    to->verdict = (int)verdict;
    to->why = webtext_verdict_name(verdict);
    to->say = webtext_verdict_words(verdict);
    return true;
}

static void answer_web(struct house *h, const struct texts_post *post, struct texts_post_told *to)
{
    enum acd_verdict refused;
    enum webtext_verdict verdict;
    to->id = webtext_reply(h->webtext, post, &refused, &verdict);
    to->verdict = (int)refused;
    to->why = webtext_verdict_name(verdict);
    to->say = webtext_verdict_words(verdict);
}

static void take_answer(struct house *h, const struct texts_post *post, struct texts_post_told *to)
{
    const struct written_answer answer = {
        post->contact_id, post->agent_id, {post->text, post->text_n}};
    struct written_told told;
    bool is_queued = written_reply(h->written, &told, &answer);
    bool is_gate = told.texts.verdict == TEXTS_GATE;
    to->id = is_queued ? told.texts.id : 0;
    to->verdict = (int)told.verdict;
    to->why = is_gate ? gate_name(told.texts.gate) : texts_verdict_name(told.texts.verdict);
    to->say = is_gate ? gate_why(told.texts.gate) : texts_verdict_words(told.texts.verdict);
}

static void take_test(struct house *h, const struct texts_post *post, struct texts_post_told *to)
{
    const struct texts_order order = {.kind = GSM_TEST, .e164 = post->e164};
    struct texts_told told;
    texts_queue(h->texts, &told, &order);
    bool is_gate = told.verdict == TEXTS_GATE;
    to->id = told.id;
    to->why = is_gate ? gate_name(told.gate) : texts_verdict_name(told.verdict);
    to->say = is_gate ? gate_why(told.gate) : texts_verdict_words(told.verdict);
}

static bool take_post(const struct texts_post *post, struct texts_post_told *to, void *arg)
{
    struct house *h = arg;
    const struct texts_received received = {
        post->id, post->e164, {post->text, post->text_n}, post->person_id};
    to->id = post->id;
    switch (post->kind) {
    case TEXTS_POST_RECEIPT:
        return take_receipt(h, post);
    case TEXTS_POST_RECEIVED:
        return texts_take(h->texts, &received);
    case TEXTS_POST_ANSWER:
        if (webtext_has(h->webtext, post->contact_id))
            answer_web(h, post, to);
        else
            take_answer(h, post, to);
        return true;
    case TEXTS_POST_WEB:
        return take_web(h, post, to);
    default:
        take_test(h, post, to);
        return true;
    }
}

/* ---- a turn ------------------------------------------------------------------------------- */

/* A message is forgotten so long after its end, one without a receipt not before that is told. */
static void purge(struct house *h)
{
    const struct settings_sms *s = &h->settings.sms;
    ms_t keep_ms = s->keep_ms > s->receipt_wait_ms ? s->keep_ms : s->receipt_wait_ms + PURGE_MS;
    struct journal_row row = {.kind = JOURNAL_ROW_SMS_PURGE};
    row.sms.changed_at = h->wall_at - keep_ms;
    if (texts_note(h->texts, &row))
        h->texts_purge_at = h->now_at + PURGE_MS;
}

static void take_all_news(struct house *h)
{
    const struct sms_news *news;
    for (unsigned i = 0; i < NEWS_PER_TURN && (news = sms_news(h->sms)); i++) {
        if (!take_news(h, news))
            break; /* the writer takes nothing: later */
        sms_done(h->sms);
        h->texts_wake_at = h->now_at + WAKE_MS;
    }
}

void house_sms_turn(struct house *h)
{
    texts_time(h->texts, h->wall_at);
    written_turn(h->written, h->now_at, h->wall_at);
    webtext_turn(h->webtext, h->now_at, h->wall_at);
    if (h->is_blind)
        return;
    if (h->sms)
        take_all_news(h);
    if (mailbox_take(&h->mailbox, take_post, h) && h->reader)
        reader_wake(h->reader);
    uint64_t queued_n = texts_totals(h->texts).queued_n;
    if (queued_n != h->texts_seen_n)
        h->texts_wake_at = h->now_at + WAKE_MS;
    h->texts_seen_n = queued_n;
    if (h->now_at >= h->texts_purge_at)
        purge(h);
}

void house_sms_vitals(const struct house *h, struct vitals *v)
{
    struct texts_totals t = texts_totals(h->texts);
    struct sms_totals s = h->sms ? sms_totals(h->sms) : (struct sms_totals){.sent_n = 0};
    v->sms = (struct vitals_sms){.is_on = h->sms != NULL,
                                 .is_up = s.is_up,
                                 .fault = (uint8_t)s.fault,
                                 .stops_n = t.stops_n,
                                 .queued_n = t.queued_n,
                                 .sent_n = s.sent_n,
                                 .delivered_n = t.ended_n[GSM_DELIVERED],
                                 .failed_n = t.ended_n[GSM_FAILED],
                                 .trouble_n = s.trouble_n};
    for (unsigned i = 0; i < TEXTS_VERDICTS; i++)
        v->sms.refused_n += t.refused_n[i];
    for (unsigned i = 0; i < GSM_ANSWERS; i++)
        v->sms.received_n += t.received_n[i];
}
