/* http.c — the gateway by HTTP: one request a message, its body after a template, JSON or form; the
 * id of the message as Idempotency-Key, the same at each try. libcurl's multi interface: nothing
 * blocks but the wait of the thread. Called by sms.c through struct sms_driver. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/json_read.h"
#include "sms/sender.h"

#define BODY_MAX 8192
#define HEADER_MAX 512
#define ANSWER_MAX 4096 /* what is longer is read and forgotten */
#define NUMBER_BYTES 24
#define WAY_PLACES_MAX 31

/* One request on its way. */
struct flight {
    struct sms_slot *slot;
    CURL *easy;
    struct curl_slist *headers;
    char body[BODY_MAX], answer[ANSWER_MAX];
    size_t answer_n;
};

struct line {
    CURLM *multi;
    unsigned flights_n;
    bool is_told; /* that it does not answer */
};

/* ---- the request -------------------------------------------------------------------------- */

static void put_form(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        char hex[3] = "%";
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
        text_hex(hex + 1, c, 2);
        text_put(out, is_plain ? (struct text){t.p + i, 1} : (struct text){hex, 3});
    }
}

static void put_json(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        char hex[7] = "\\u00";
        text_hex(hex + 4, c, 2);
        if (c == '"' || c == '\\')
            text_put(out, TEXT("\\"));
        text_put(out, c < ' ' ? (struct text){hex, 6} : (struct text){t.p + i, 1});
    }
}

/* The template with its values in braces; braces that name none of them stay. */
static void fill(struct text_out *out, const struct sms *s, const struct sms_slot *slot)
{
    char to[NUMBER_BYTES], id[16], words[GSM_UTF8_MAX];
    int to_n = snprintf(to, sizeof(to), "+%" PRIu64, slot->row.sms.e164);
    text_hex(id, slot->row.sms.id, 16);
    const struct {
        struct text name, value;
    } values[] = {{TEXT("{to}"), {to, (size_t)to_n}},
                  {TEXT("{from}"), text_of(s->settings.sender)},
                  {TEXT("{id}"), {id, sizeof(id)}},
                  {TEXT("{text}"), sender_text(words, slot)}};
    struct text rest = text_of(s->settings.body);
    while (rest.n) {
        unsigned i = 0;
        while (i < ARRAY_LEN(values) && !text_starts_fold(rest, values[i].name))
            i++;
        if (i == ARRAY_LEN(values))
            text_put(out, (struct text){rest.p, 1});
        else if (s->settings.format == SETTINGS_SMS_FORMAT_FORM)
            put_form(out, values[i].value);
        else
            put_json(out, values[i].value);
        rest = text_after(rest, i == ARRAY_LEN(values) ? 1 : values[i].name.n);
    }
}

static size_t keep_answer(char *bytes, size_t size, size_t n, void *arg)
{
    struct flight *f = arg;
    size_t room = sizeof(f->answer) - f->answer_n, k = n * size;
    memcpy(f->answer + f->answer_n, bytes, k < room ? k : room);
    f->answer_n += k < room ? k : room;
    return k;
}

static bool add_header(struct flight *f, const char *text)
{
    struct curl_slist *more = curl_slist_append(f->headers, text);
    if (more)
        f->headers = more;
    return more != NULL;
}

static bool add_headers(struct flight *f, const struct sms *s)
{
    char header[HEADER_MAX], key[] = "Idempotency-Key: 0123456789abcdef";
    struct text_out out = {.p = header, .max = sizeof(header) - 1};
    struct text rest = text_of(s->settings.header);
    text_hex(key + sizeof(key) - 17, f->slot->row.sms.id, 16);
    while (rest.n) {
        bool is_secret = text_starts_fold(rest, TEXT("{secret}"));
        text_put(&out, is_secret ? text_of(s->secret) : (struct text){rest.p, 1});
        rest = text_after(rest, is_secret ? sizeof("{secret}") - 1 : 1);
    }
    header[out.n] = '\0';
    bool is_form = s->settings.format == SETTINGS_SMS_FORMAT_FORM;
    bool is_added = add_header(f, key) &&
                    add_header(f, is_form ? "Content-Type: application/x-www-form-urlencoded"
                                          : "Content-Type: application/json; charset=utf-8") &&
                    add_header(f, "Expect:") && (!out.n || add_header(f, header));
    explicit_bzero(header, sizeof(header));
    return is_added && !out.is_cut;
}

static void set_options(struct flight *f, const struct sms *s)
{
    curl_easy_setopt(f->easy, CURLOPT_URL, s->settings.address);
    curl_easy_setopt(f->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(f->easy, CURLOPT_POSTFIELDS, f->body);
    curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->headers);
    curl_easy_setopt(f->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, (long)s->settings.answer_ms);
    curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, keep_answer);
    curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(f->easy, CURLOPT_PRIVATE, f);
    curl_easy_setopt(f->easy, CURLOPT_USERAGENT, "decroche/" DECROCHE_VERSION);
}

static void drop_flight(struct flight *f)
{
    if (!f)
        return;
    curl_easy_cleanup(f->easy);
    curl_slist_free_all(f->headers);
    free(f);
}

static void give(struct sms *s, struct sms_slot *slot, ms_t now_ms)
{
    struct line *line = s->line;
    struct flight *f = calloc(1, sizeof(*f));
    const struct sms_result trouble = {.event = GSM_TROUBLE}, wrong = {.event = GSM_REFUSED};
    (void)now_ms;
    if (f)
        f->easy = curl_easy_init();
    if (!f || !f->easy) {
        drop_flight(f);
        sender_result(s, slot, &trouble);
        return;
    }
    struct text_out body = {.p = f->body, .max = sizeof(f->body) - 1};
    f->slot = slot;
    fill(&body, s, slot);
    f->body[body.n] = '\0';
    if (body.is_cut || !add_headers(f, s)) {
        drop_flight(f);
        sender_result(s, slot, &wrong);
        return;
    }
    set_options(f, s);
    slot->flight = f;
    if (curl_multi_add_handle(line->multi, f->easy) != CURLM_OK) {
        drop_flight(f);
        sender_result(s, slot, &trouble);
        return;
    }
    line->flights_n++;
}

/* ---- the answer --------------------------------------------------------------------------- */

static bool find_place(struct text *value, struct text array, uint64_t place)
{
    for (uint64_t i = 0; i <= place; i++)
        if (!json_next(value, &array))
            return false;
    return true;
}

/* messages.0.id: keys of objects and places of arrays, with dots between. */
static struct text remote_of(const struct flight *f, const struct sms *s)
{
    struct text value = {f->answer, f->answer_n}, way = text_of(s->settings.answer_id);
    while (way.n) {
        struct text word = text_cut(&way, '.'), inner;
        uint64_t place;
        char key[80] = "";
        if (word.n >= sizeof(key))
            return TEXT_NONE;
        memcpy(key, word.p, word.n);
        bool is_found = text_number(word, WAY_PLACES_MAX, &place) ? find_place(&inner, value, place)
                                                                  : json_find(&inner, value, key);
        if (!is_found)
            return TEXT_NONE;
        value = inner;
    }
    if (!s->settings.answer_id[0] || !value.n || value.p[0] == '{' || value.p[0] == '[')
        return TEXT_NONE;
    return value.p[0] == '"' ? (struct text){value.p + 1, value.n - 2} : value;
}

/* Who we are was not believed: that is ours to mend, and the message waits. */
static enum gsm_event event_of(long status)
{
    if (status >= 200 && status < 300)
        return GSM_ACCEPTED;
    bool is_later = status == 0 || status == 401 || status == 403 || status == 408 ||
                    status == 409 || status == 425 || status == 429 || status >= 500;
    return is_later ? GSM_TROUBLE : GSM_REFUSED;
}

static void tell(struct sms *s, CURLcode code, long status)
{
    struct line *line = s->line;
    bool is_well = code == CURLE_OK && event_of(status) != GSM_TROUBLE;
    if (!is_well && !line->is_told)
        os_log_line(s->log, OS_LOG_ALARM,
                    "sms: the gateway takes nothing: %s; messages wait\tstatus=%ld",
                    code == CURLE_OK ? "it says so" : curl_easy_strerror(code), status);
    if (is_well && line->is_told)
        os_log_line(s->log, OS_LOG_INFO, "sms: the gateway takes messages again");
    line->is_told = !is_well;
    atomic_store(&s->is_up, is_well);
}

static void finish(struct sms *s, CURL *easy, CURLcode code)
{
    struct line *line = s->line;
    struct flight *f = NULL;
    long status = 0;
    curl_off_t retry_s = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &f);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_s);
    curl_multi_remove_handle(line->multi, easy);
    line->flights_n--;
    if (code != CURLE_OK)
        status = 0;
    const struct sms_result result = {.event = event_of(status),
                                      .code = (uint32_t)status,
                                      .wait_ms = retry_s < 3600 ? retry_s * 1000 : 3600000,
                                      .remote = event_of(status) == GSM_ACCEPTED ? remote_of(f, s)
                                                                                 : TEXT_NONE};
    tell(s, code, status);
    sender_result(s, f->slot, &result);
    drop_flight(f);
}

static void turn(struct sms *s, int wait_ms)
{
    struct line *line = s->line;
    struct curl_waitfd bell = {.fd = s->work.fd, .events = CURL_WAIT_POLLIN};
    int running_n = 0, left_n = 0;
    const CURLMsg *message;
    curl_multi_perform(line->multi, &running_n);
    if ((unsigned)running_n == line->flights_n)
        curl_multi_poll(line->multi, &bell, 1, wait_ms, NULL);
    curl_multi_perform(line->multi, &running_n);
    while ((message = curl_multi_info_read(line->multi, &left_n)))
        if (message->msg == CURLMSG_DONE)
            finish(s, message->easy_handle, message->data.result);
}

/* ---- open and drop ------------------------------------------------------------------------ */

static int open_line(struct sms *s)
{
    struct line *line = calloc(1, sizeof(*line));
    s->line = line;
    if (!line || curl_global_init(CURL_GLOBAL_DEFAULT))
        return ENOMEM;
    line->multi = curl_multi_init();
    return line->multi ? 0 : ENOMEM;
}

static void drop_line(struct sms *s)
{
    struct line *line = s->line;
    if (!line)
        return;
    for (unsigned i = 0; i < SMS_SLOTS; i++) {
        struct flight *f = s->slots[i].flight;
        if (f)
            curl_multi_remove_handle(line->multi, f->easy);
        drop_flight(f);
    }
    curl_multi_cleanup(line->multi);
    free(line);
    s->line = NULL;
}

static bool is_ready(struct sms *s, ms_t now_ms)
{
    const struct line *line = s->line;
    (void)now_ms;
    return line->flights_n < s->settings.window;
}

/* curl_multi_poll() knows its own time limits. */
static ms_t next_ms(struct sms *s)
{
    (void)s;
    return MS_NEVER;
}

const struct sms_driver sms_http = {open_line, drop_line, is_ready, give, turn, next_ms};
