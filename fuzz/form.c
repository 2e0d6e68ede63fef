/* form.c — any bytes as what a browser says: a cookie header, a form, where it comes from, a
 * proxy's word, a login and a password. What is found lies within what came; a field that was
 * decoded holds no NUL and is found again when it is written as a form does. Input: what it is (1
 * byte), then it; where two are wanted, a NUL between them. */
#include <stdlib.h>
#include <string.h>

#include "access/form.h"
#include "access/rights.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define VALUE_MAX 256

static void must(bool is_true)
{
    if (!is_true)
        abort();
}

static void fuzz_cookie(struct text header)
{
    struct text value;
    if (!form_cookie(&value, header, TEXT("__Host-decroche")))
        return;
    must(value.n == 0 || (value.p >= header.p && value.p + value.n <= header.p + header.n));
    must(value.n == 0 || !memchr(value.p, ';', value.n));
}

static void fuzz_form(struct text body)
{
    char value[VALUE_MAX], again[2 + 3 * VALUE_MAX] = "a=", second[VALUE_MAX];
    struct text_out out = {.p = value, .max = sizeof(value)};
    struct text_out form = {.p = again, .n = 2, .max = sizeof(again)};
    struct text_out twice = {.p = second, .max = sizeof(second)};
    if (!form_field(&out, body, "a"))
        return;
    must(!out.is_cut && !memchr(value, '\0', out.n));
    for (size_t i = 0; i < out.n; i++) {
        char hex[3] = "%";
        text_hex(hex + 1, (uint8_t)value[i], 2);
        text_put(&form, (struct text){hex, 3});
    }
    must(form_field(&twice, (struct text){again, form.n}, "a"));
    must(twice.n == out.n && !memcmp(second, value, out.n));
}

static void fuzz_source(struct text first, struct text second)
{
    struct address address;
    const struct form_source source = {TEXT_NONE, first, second};
    const struct form_source crossed = {TEXT("cross-site"), first, second};
    must(!form_is_ours(&crossed));
    must(first.n || !form_is_ours(&source)); /* nothing says so */
    if (form_is_ours(&source))
        must(second.n > 0 && first.n > second.n);
    (void)form_is_loopback(second);
    if (form_client(&address, first))
        must(address.family != 0 && address.port == 0);
}

static void fuzz_words(struct text first, struct text second)
{
    uint8_t bytes[32];
    if (rights_is_login(first))
        must(first.n <= 40 && !memchr(first.p, '/', first.n));
    if (!rights_password_fault(second, first))
        must(second.n >= 12 && second.n <= 128);
    if (form_hex(bytes, sizeof(bytes), first))
        must(first.n == 2 * sizeof(bytes));
    (void)rights_role(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    struct text second = {(const char *)data + 1, n - 1}, first = text_cut(&second, '\0');
    struct text whole = {(const char *)data + 1, n - 1};
    switch (data[0] % 4) {
    case 0:
        fuzz_cookie(whole);
        break;
    case 1:
        fuzz_form(whole);
        break;
    case 2:
        fuzz_source(first, second);
        break;
    default:
        fuzz_words(first, second);
    }
    return 0;
}
