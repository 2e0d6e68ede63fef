/* pages_notice.c — see pages_notice.h. A message is a row and a line of the log of accounts in one
 * append; the page answers when both are on the disk. Called on the reader thread. */
#include <errno.h>
#include <string.h>

#include "app/pages_notice.h"
#include "base/json_read.h"
#include "base/wav.h"
#include "view/cursor.h"

#define TYPE_WAV "audio/wav"
#define WORDS_BYTES 1024 /* as they come, before they are judged */

/* ---- what stands ---------------------------------------------------------------------------- */

static enum view_notice_state state_of(const struct notice_sound *sound, const struct notice *n)
{
    if (!sound || sound->id != n->id)
        return VIEW_NOTICE_SPEAKING;
    if (!sound->err)
        return VIEW_NOTICE_SAID;
    return sound->err == EFBIG ? VIEW_NOTICE_LONG : VIEW_NOTICE_UNSAID;
}

static const struct notice_sound *sound_of(const struct pages *pages)
{
    const struct notice_port *port = &pages->notice_sound;
    return port->sound ? port->sound(port->arg) : NULL;
}

const struct view_notice *pages_notice_now(const struct pages *pages, ms_t now_at,
                                           struct pages_notice_room *room)
{
    const struct accounts_port *port = pages->accounts ? pages->accounts->args.port : NULL;
    const struct notice_sound *sound = sound_of(pages);
    struct notice *n = &room->notice;
    if (!port || !port->notice || port->notice(port->arg, n) || !n->words[0] ||
        n->until_at <= now_at)
        return NULL;
    room->view = (struct view_notice){.words = n->words,
                                      .at = n->at,
                                      .until_at = n->until_at,
                                      .by_id = n->by_id,
                                      .state = state_of(sound, n)};
    if (room->view.state == VIEW_NOTICE_SAID)
        room->view.sound_ms = (ms_t)(sound->n * 1000 / WAV_RATE_HZ);
    return &room->view;
}

/* ---- an order ------------------------------------------------------------------------------- */

static const struct page_words no_words = {400, "the message has no words", "write some",
                                           "le message n’a pas de texte"};
static const struct page_words long_words = {
    400, "a message has 200 letters at most", "shorten it",
    "200\u00a0lettres au plus\u00a0: le raccourcir, douze secondes passent vite"};
static const struct page_words broken_words = {400, "the message is no plain text", "write UTF-8",
                                               "le texte n’est pas lisible"};
static const struct page_words nobody = {503, "no message is kept here",
                                         "ask the service that takes calls",
                                         "le service ne garde pas de message ici"};

static bool is_continued(char c)
{
    return ((uint8_t)c & 0xC0) == 0x80; /* a further byte of a letter in UTF-8 */
}

/* As one line; a new line is a blank. False: some other byte is no text. */
static bool put_line(struct text_out *out, struct text words)
{
    for (size_t i = 0; i < words.n; i++) {
        uint8_t c = (uint8_t)words.p[i];
        bool is_blank = c == '\r' || c == '\n' || c == '\t';
        bool is_double = is_blank && (!out->n || out->p[out->n - 1] == ' ');
        if (!is_blank && (c < ' ' || c == 127))
            return false;
        if (!is_double)
            text_put(out, is_blank ? TEXT(" ") : (struct text){&words.p[i], 1});
    }
    return true;
}

static struct page_words read_words(struct notice *n, struct text words)
{
    struct text_out out = {.p = n->words, .max = NOTICE_BYTES - 1};
    unsigned letters = 0;
    words = text_trim(words);
    for (size_t i = 0; i < words.n; i++)
        letters += !is_continued(words.p[i]);
    if (!put_line(&out, words))
        return broken_words;
    while (out.n && out.p[out.n - 1] == ' ')
        out.p[--out.n] = '\0';
    if (!out.n)
        return no_words;
    return letters > NOTICE_LETTERS_MAX || out.is_cut ? long_words : (struct page_words){0};
}

static struct page_words read_notice(const struct pages_notice_args *args, struct notice *n)
{
    const struct view_house *h = args->house;
    n->at = args->request->now_at;
    n->until_at = calendar_instant(h->zone, h->today + 1, 0);
    n->by_id = h->rights ? h->rights->account_id : 0;
    if (args->is_end)
        return (struct page_words){0};
    struct page_words words = read_words(n, args->words);
    if (!words.status && args->until.n)
        words = page_instant(h, args->until, &n->until_at);
    return words;
}

static struct page_words begin(const struct pages_notice_args *args, struct pages_answer *answer)
{
    struct accounts *a = args->pages->accounts;
    const struct accounts_port *port = a->args.port;
    struct notice notice = {.id = 0};
    struct page_words words = read_notice(args, &notice);
    if (words.status)
        return words;
    struct accounts_pending *p = accounts_take(a, args->request, ACCOUNTS_CHANGE);
    if (!p)
        return awaited_too_many;
    bool is_made = port->random(port->arg, &notice.id, sizeof(notice.id));
    notice.id |= 1; /* never 0 */
    accounts_row(p, JOURNAL_ROW_NOTICE)->notice = notice;
    const struct account_audit line = {.at = notice.at,
                                       .who = notice.by_id,
                                       .about = notice.id,
                                       .deed = args->is_end ? ACCOUNT_NOTICE_ENDED
                                                            : ACCOUNT_NOTICE_SET};
    answer->order_id = p->order_id;
    if (is_made && accounts_post(a, p, &line))
        return (struct page_words){0};
    accounts_drop(a, p);
    return awaited_silent;
}

struct page_words pages_notice_stored(struct accounts *a, const struct pages_request *request)
{
    struct accounts_pending *p = accounts_find(a, request->order_id);
    enum accounts_told told = p ? accounts_look(a, p, request->now_ms) : ACCOUNTS_SILENT;
    if (told == ACCOUNTS_LATER)
        return (struct page_words){0};
    if (p)
        accounts_drop(a, p);
    return told == ACCOUNTS_STORED ? (struct page_words){.status = 200} : awaited_silent;
}

struct page_words pages_notice_order(const struct pages_notice_args *args,
                                     struct pages_answer *answer)
{
    if (!args->pages->accounts)
        return nobody;
    struct page_words words = args->request->order_id
                                  ? pages_notice_stored(args->pages->accounts, args->request)
                                  : begin(args, answer);
    if (!words.status) {
        answer->is_later = true;
        if (args->request->order_id)
            answer->order_id = args->request->order_id;
    }
    return words;
}

/* ---- for programs --------------------------------------------------------------------------- */

static struct text find_text(struct text body, const char *key, char *room)
{
    struct text value;
    struct text_out out = {.p = room, .max = WORDS_BYTES};
    bool is_read = json_find(&value, body, key) && json_unescape(&out, value) && !out.is_cut;
    return is_read ? (struct text){room, out.n} : TEXT_NONE;
}

void pages_notice(const struct pages_notice_args *args, struct pages_answer *answer)
{
    char words_room[WORDS_BYTES], until_room[WORDS_BYTES];
    struct pages_notice_args full = *args;
    struct pages_notice_room room;
    struct page_words words = {.status = 200};
    full.is_end = args->request->method == PAGES_DELETE;
    full.words = find_text(args->request->body, "words", words_room);
    full.until = find_text(args->request->body, "until", until_room);
    if (args->request->method != PAGES_GET)
        words = pages_notice_order(&full, answer);
    if (!words.status)
        return;
    if (words.status != 200) {
        page_refuse(args->request, answer, &words);
        return;
    }
    const struct view_notice *now = pages_notice_now(args->pages, args->house->now_at, &room);
    if (args->request->form != PAGES_TEXT) {
        view_notice_json(&answer->body, args->house, now);
        return;
    }
    answer->type = "text/plain; charset=utf-8";
    view_notice_text(&answer->body, args->house, now);
}

bool pages_notice_sound(const struct pages_notice_args *args, struct pages_answer *answer)
{
    struct pages_notice_room room;
    uint8_t head[WAV_HEAD_BYTES];
    const struct view_notice *now = pages_notice_now(args->pages, args->house->now_at, &room);
    const struct notice_sound *sound = sound_of(args->pages);
    if (!now || now->state != VIEW_NOTICE_SAID)
        return false;
    wav_write_head(head, (uint32_t)sound->n);
    answer->type = TYPE_WAV;
    text_put(&answer->body, (struct text){(const char *)head, sizeof(head)});
    text_put(&answer->body,
             (struct text){(const char *)sound->samples, sound->n * sizeof(sound->samples[0])});
    return true;
}
