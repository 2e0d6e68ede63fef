/* fetch.c — see fetch.h. */
#include <string.h>

#include <curl/curl.h>

#include "oidc/fetch.h"

#define HEADER_BYTES 8192

static size_t keep(char *bytes, size_t size, size_t n, void *arg)
{
    struct oidc_fetch *f = arg;
    size_t k = n * size;
    if (k > sizeof(f->body) - f->body_n) {
        f->is_long = true;
        return 0; /* and the transfer is over */
    }
    memcpy(f->body + f->body_n, bytes, k);
    f->body_n += k;
    return k;
}

/* tidy: parameters — as CURLOPT_XFERINFOFUNCTION has it */
static int go_on(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    const struct oidc_fetch *f = arg;
    (void)down_all, (void)down, (void)up_all, (void)up;
    return atomic_load(f->is_ending);
}

bool oidc_fetch_open(struct oidc_fetch *f)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return false;
    f->easy = curl_easy_init();
    return f->easy != NULL;
}

void oidc_fetch_drop(struct oidc_fetch *f)
{
    curl_easy_cleanup(f->easy);
    f->easy = NULL;
}

static void set_options(struct oidc_fetch *f, const char *url, const char *form)
{
    CURL *easy = f->easy;
    curl_easy_reset(easy); /* connections stay */
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)OIDC_ANSWER_MS);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, f);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "decroche/" DECROCHE_VERSION);
    if (f->authority[0])
        curl_easy_setopt(easy, CURLOPT_CAINFO, f->authority);
    if (form)
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, form);
}

static bool add(struct curl_slist **headers, const char *line)
{
    struct curl_slist *more = curl_slist_append(*headers, line);
    if (more)
        *headers = more;
    return more != NULL;
}

static bool add_bearer(struct curl_slist **headers, const char *bearer)
{
    char line[HEADER_BYTES];
    struct text_out out = {.p = line, .max = sizeof(line) - 1};
    text_put(&out, TEXT("Authorization: Bearer "));
    text_put(&out, text_of(bearer));
    line[out.n] = '\0';
    bool is_added = !out.is_cut && add(headers, line);
    explicit_bzero(line, sizeof(line));
    return is_added;
}

bool oidc_fetch(struct oidc_fetch *f, const char *url, const char *form, const char *bearer)
{
    struct curl_slist *headers = NULL;
    char *type = NULL;
    f->body_n = 0;
    f->is_long = f->is_jwt = false;
    f->status = 0;
    set_options(f, url, form);
    bool is_good = add(&headers, "Accept: application/json, application/jwt") &&
                   add(&headers, "Expect:") && (!bearer || add_bearer(&headers, bearer));
    curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, headers);
    is_good = is_good && curl_easy_perform(f->easy) == CURLE_OK;
    curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    if (!is_good || curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &f->status) != CURLE_OK)
        return false;
    if (curl_easy_getinfo(f->easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type)
        f->is_jwt = text_starts_fold(text_of(type), TEXT("application/jwt"));
    return true;
}

struct text oidc_fetch_body(const struct oidc_fetch *f)
{
    return (struct text){f->body, f->body_n};
}
