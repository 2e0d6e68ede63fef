/* rtc.c — our answers to offers of real browsers: FOLDER/NAME.offer as the browser wrote it,
 * NAME.answer what we say to it, once with our order of codecs and once with Opus first; or why we
 * refuse. Captured from Chromium 156 and Firefox 153. A decided change: run with
 * DECROCHE_GOLDEN=write, read the difference, say why in the commit. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rtc/offer.h"

#define FILE_BYTES_MAX 65536
#define PATH_BYTES_MAX 1024
#define OFFERS_MIN 10 /* a folder that was not found is no success */

static char offer[FILE_BYTES_MAX], wanted[FILE_BYTES_MAX], said[FILE_BYTES_MAX];

static size_t read_file(char *to, const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(to, 1, FILE_BYTES_MAX - 1, f) : 0;
    if (f)
        (void)fclose(f);
    to[n] = '\0';
    return n;
}

static void say_answer(struct text_out *out, struct text body, const struct rtc_wish *wish)
{
    struct rtc_offer o;
    struct address_pair self;
    struct rtc_answer a = {.self = &self, .port = 20100, .session_id = 1, .version = 1};
    char sdp[RTC_ANSWER_MAX];
    struct text_out written = {.p = sdp, .max = sizeof(sdp)};
    if (!address_pair_read(&self, TEXT("192.0.2.1, 2001:db8::1")))
        abort();
    memcpy(a.ufrag, "ourufrag", sizeof(a.ufrag));
    memcpy(a.password, "ourpasswordof24letters00", sizeof(a.password));
    enum rtc_verdict v = rtc_offer_read(&o, body, wish);
    if (v != RTC_GOOD) {
        text_put(out, TEXT("refused: "));
        text_put(out, text_of(rtc_why(v)));
        text_put(out, TEXT("\n"));
        return;
    }
    a.is_active = o.setup == RTC_PASSIVE;
    if (!rtc_answer_write(&written, &o, &a))
        abort();
    for (size_t i = 0; i < written.n; i++)
        if (sdp[i] != '\r')
            text_put(out, (struct text){sdp + i, 1});
}

static bool is_good(const char *folder, const char *name)
{
    static const struct rtc_wish ours = {{SIP_CODEC_PCMA, SIP_CODEC_PCMU, SIP_CODEC_OPUS}, 3};
    static const struct rtc_wish opus = {{SIP_CODEC_OPUS}, 1};
    char path[PATH_BYTES_MAX];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    struct text body = {offer, read_file(offer, path)};
    struct text_out out = {.p = said, .max = sizeof(said) - 1};
    say_answer(&out, body, &ours);
    text_put(&out, TEXT("--- Opus alone\n"));
    say_answer(&out, body, &opus);
    memcpy(path + strlen(path) - strlen("offer"), "answer", sizeof("answer"));
    if (getenv("DECROCHE_GOLDEN")) {
        FILE *f = fopen(path, "wb");
        bool is_written = f && fwrite(said, 1, out.n, f) == out.n;
        return f && !fclose(f) && is_written;
    }
    size_t n = read_file(wanted, path);
    if (n == out.n && !memcmp(wanted, said, n))
        return true;
    printf("%s differs; it would be:\n%.*s\n", path, (int)out.n, said);
    return false;
}

int main(int argc, char **argv)
{
    unsigned n = 0, bad_n = 0;
    DIR *d = argc == 2 ? opendir(argv[1]) : NULL;
    for (const struct dirent *e; d && (e = readdir(d));) {
        const char *dot = strrchr(e->d_name, '.');
        if (!dot || strcmp(dot, ".offer") != 0)
            continue;
        n++;
        bad_n += !is_good(argv[1], e->d_name);
    }
    if (d)
        closedir(d);
    printf("%u offers, %u differ\n", n, bad_n);
    return bad_n || n < OFFERS_MIN;
}
