/* pages_texts.c — see pages_texts.h. A page answers 200 when the disk has what was told: then the
 * gateway need not tell it again. Called by pages.c. */
#include <string.h>

#include "app/awaited.h"
#include "app/pages_texts.h"
#include "app/texts.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/siphash.h"
#include "gate/gate.h"
#include "view/api.h"
#include "view/cursor.h"

#define NUMBER_MAX 32

static void refuse(struct pages_answer *a, unsigned status, const char *error, const char *cure)
{
    a->status = status;
    view_api_error(&a->body, error, cure);
}

static bool read_number(uint64_t *e164, struct text typed)
{
    return gate_read(e164, typed) == GATE_PASSES && *e164;
}

/* Ours, as we gave it ("reference", 16 hexadecimal digits), or the gateway's ("id"). */
static uint64_t find_message(const struct texts_port *texts, struct text body)
{
    char remote[JOURNAL_SMS_REMOTE] = "";
    struct text word;
    uint64_t id = 0;
    if (json_find_plain(&word, body, "reference") && text_hex_read(&id, word) && id &&
        texts->has(texts->arg, id))
        return id;
    if (!json_find(&word, body, "id") || !word.n)
        return 0;
    if (word.p[0] == '"')
        word = (struct text){word.p + 1, word.n - 2};
    if (!word.n || word.n >= sizeof(remote))
        return 0;
    memcpy(remote, word.p, word.n);
    return texts->find(texts->arg, remote);
}

/* 0, or a status with *error. */
static unsigned read_receipt(struct texts_post *post, const struct texts_port *texts,
                             struct text body, const char **error)
{
    struct text status;
    uint64_t code = 0;
    *error = "status is delivered or failed";
    if (!json_find_plain(&status, body, "status"))
        return 400;
    post->is_delivered = text_equal_fold(status, TEXT("delivered"));
    if (!post->is_delivered && !text_equal_fold(status, TEXT("failed")))
        return 400;
    post->code = json_find_number(&code, body, "code") && code <= UINT32_MAX ? (uint32_t)code : 0;
    post->id = find_message(texts, body);
    *error = "no message of this house has this reference or id";
    return post->id ? 0 : 404;
}

/* What fits of it, by whole letters; "…" behind what does not. */
static void keep_text(struct texts_post *post, struct text utf8)
{
    static const char more[] = "…";
    size_t n = utf8.n, max = TEXTS_RECEIVED_MAX - (sizeof(more) - 1);
    bool is_cut = n > TEXTS_RECEIVED_MAX;
    for (n = is_cut ? max : n; is_cut && n && ((uint8_t)utf8.p[n] & 0xC0) == 0x80;)
        n--;
    memcpy(post->text, utf8.p, n);
    if (is_cut)
        memcpy(post->text + n, more, sizeof(more) - 1);
    post->text_n = (uint16_t)(is_cut ? n + sizeof(more) - 1 : n);
}

static unsigned read_received(struct texts_post *post, const struct pages_request *r,
                              const char **error)
{
    struct text from, text, id = TEXT_NONE;
    char room[TEXTS_LONG_BYTES];
    struct text_out out = {.p = room, .max = sizeof(room)};
    *error = "from is no number";
    if (!json_find_plain(&from, r->body, "from") || from.n > NUMBER_MAX ||
        !read_number(&post->e164, from))
        return 400;
    *error = "text is no text, or longer than 8192 bytes";
    if (!json_find(&text, r->body, "text") || !json_unescape(&out, text))
        return 400;
    keep_text(post, (struct text){room, out.n});
    if (!json_find(&id, r->body, "id"))
        id = r->signature_text; /* the same request is the same message */
    post->id = siphash(&(struct siphash_key){post->e164, out.n}, id) >> 1 | 1;
    return 0;
}

static unsigned read_test(struct texts_post *post, const struct pages_request *r,
                          const char **error)
{
    struct text to;
    *error = "to is no number that can be written to";
    bool has_to = view_query_find(&to, r->query, TEXT("to"));
    return has_to && to.n <= NUMBER_MAX && read_number(&post->e164, to) ? 0 : 400;
}

static unsigned read_post(struct texts_post *post, const struct texts_port *texts,
                          const struct pages_request *r, const char **error)
{
    switch (post->kind) {
    case TEXTS_POST_RECEIPT:
        return read_receipt(post, texts, r->body, error);
    case TEXTS_POST_RECEIVED:
        return read_received(post, r, error);
    default:
        return read_test(post, r, error);
    }
}

static void put_kept(struct pages_answer *a, const struct texts_post_told *told)
{
    char id[16];
    struct json j = {.out = &a->body};
    text_hex(id, told->id, sizeof(id));
    json_object(&j, NULL);
    json_text(&j, "reference", (struct text){id, sizeof(id)});
    json_object_end(&j);
    text_put(&a->body, TEXT("\n"));
}

static void look(const struct texts_port *texts, const struct pages_request *r,
                 struct pages_answer *a)
{
    struct texts_post_told told;
    enum texts_post_state state = awaited_post_look(texts, r, a, &told);
    if (state == TEXTS_POST_GIVEN)
        return;
    if (state == TEXTS_POST_STORED && told.id)
        put_kept(a, &told);
    else if (state == TEXTS_POST_STORED)
        refuse(a, 409, told.why, told.say);
    else
        refuse(a, 503, "not on disk yet", "come again: twice is as good as once");
}

void pages_texts(const struct texts_port *texts, enum texts_post_kind kind,
                 const struct pages_request *r, struct pages_answer *a)
{
    struct texts_post post = {.kind = kind};
    const char *error = "";
    bool is_told = kind != TEXTS_POST_TEST;
    if (is_told && r->signature == PAGES_UNSIGNED)
        refuse(a, 401, "not signed, or not well, or too long ago",
               "X-Decroche-Signature: t=SECONDS,v1=HMAC-SHA256 of \"SECONDS.BODY\"");
    else if (is_told && r->signature == PAGES_REPEATED)
        refuse(a, 409, "this very request was carried out before", "nothing is to be done");
    else if (!texts || !texts->has_gateway)
        refuse(a, 503, "no gateway is set", "set sms.driver");
    else if (r->order_id)
        look(texts, r, a);
    else {
        unsigned status = read_post(&post, texts, r, &error);
        if (status)
            refuse(a, status, error, "docs/sms.md has the form of each message");
        else if (!awaited_post_give(texts, r, a, &post))
            refuse(a, 503, "too many at once", "come again in a moment");
    }
}
