/* sheet.c — Markdown of answer sheets: what each line becomes; markup that is whole and nothing of
 * the file that is markup, whatever the file holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/prng.h"
#include "test/unit/view/markup.h"
#include "view/sheet.h"

#define PAGE_BYTES (1u << 20)

static char page[PAGE_BYTES];

static const char *sheet_of(struct text markdown)
{
    struct text_out out = {.p = page, .max = sizeof(page) - 1};
    struct html h = {.out = &out};
    view_sheet_body(&h, markdown);
    assert_false(out.is_cut);
    page[out.n] = '\0';
    must_be_whole(page);
    return page;
}

static void becomes(const char *markdown, const char *html)
{
    assert_string_equal(sheet_of(text_of(markdown)), html);
}

static void each_line_is_what_it_looks_like(void **state)
{
    (void)state;
    becomes("# Dire\n\nUne ligne\nune autre\n\nEt",
            "<h3>Dire</h3>\n<p>Une ligne\nune autre</p>\n<p>Et</p>\n");
    becomes("- un\n- deux\n", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n");
    becomes("1. un\n2. deux", "<ol>\n<li>un</li>\n<li>deux</li>\n</ol>\n");
    becomes("- [ ] \n", "<ul>\n<li></li>\n</ul>\n");
    becomes("- [ ] dire\n",
            "<ul>\n<li><label><input type=\"checkbox\"> <span>dire</span></label></li>\n"
            "</ul>\n");
    becomes("- a\n  - b\n- c\n", "<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>\n");
    becomes("- a\n1. b\n", "<ul>\n<li>a</li>\n</ul>\n<ol>\n<li>b</li>\n</ol>\n");
    becomes("mot **gras** fin", "<p>mot <strong>gras</strong> fin</p>\n");
    becomes("> SMS : Bonjour\nreste", "<p>reste</p>\n");
    becomes("#sans espace\n1.5 euro\n-non", "<p>#sans espace\n1.5 euro\n-non</p>\n");
    becomes("", "");
}

static void only_links_to_https_are_links(void **state)
{
    (void)state;
    char url[VIEW_SHEET_LINK_MAX + 8], line[sizeof(url) + 8];
    becomes(
        "[ici](https://a.fr/b?c=1&d)",
        "<p><a href=\"https://a.fr/b?c=1&amp;d\" target=\"_blank\" rel=\"noopener noreferrer\">ici"
        "</a></p>\n");
    static const char *const none[] = {"[x](http://a.fr)",
                                       "[x](javascript:alert(1))",
                                       "[x](https://)",
                                       "[x](https://a b)",
                                       "[x](https://a\"onclick=)",
                                       "[x](https://a'b)",
                                       "[](https://a.fr)",
                                       "[x](https://a.fr",
                                       "[x] (https://a.fr)",
                                       "[x](data:text/html,x)",
                                       "[x](//a.fr)",
                                       "[x](https://a<b)"};
    for (unsigned i = 0; i < ARRAY_LEN(none); i++)
        assert_null(strstr(sheet_of(text_of(none[i])), "<a "));
    memset(url, 'a', sizeof(url));
    memcpy(url, "https://", 8);
    snprintf(line, sizeof(line), "[x](%.*s)", (int)VIEW_SHEET_LINK_MAX, url);
    assert_non_null(strstr(sheet_of(text_of(line)), "<a "));
    snprintf(line, sizeof(line), "[x](%.*s)", (int)VIEW_SHEET_LINK_MAX + 1, url);
    assert_null(strstr(sheet_of(text_of(line)), "<a "));
}

static void what_the_file_holds_is_text(void **state)
{
    (void)state;
    becomes("<script>alert('1')</script>",
            "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</p>\n");
    becomes("# <b>\"x\"</b> & **<i>**",
            "<h3>&lt;b&gt;&quot;x&quot;&lt;/b&gt; &amp; <strong>&lt;i&gt;</strong></h3>\n");
    becomes(
        "[<img src=x onerror=y>](https://a.fr)",
        "<p><a href=\"https://a.fr\" target=\"_blank\" rel=\"noopener noreferrer\">&lt;img src=x "
        "onerror=y&gt;</a></p>\n");
    becomes("****\n**sans fin\n*[", "<p>****\n**sans fin\n*[</p>\n");
    becomes("- </li></ul>", "<ul>\n<li>&lt;/li&gt;&lt;/ul&gt;</li>\n</ul>\n");
}

static void lists_are_three_deep_at_most(void **state)
{
    (void)state;
    char deep[64 * 130];
    size_t n = 0;
    for (unsigned i = 0; i < 64; i++)
        n += (size_t)snprintf(deep + n, sizeof(deep) - n, "%*s- x\n", (int)(2 * i), "");
    const char *html = sheet_of((struct text){deep, n});
    unsigned depth = 0, deepest = 0, items = 0;
    for (const char *p = html; (p = strchr(p, '<')) != NULL; p++) {
        depth += !strncmp(p, "<ul>", 4);
        depth -= !strncmp(p, "</ul>", 5);
        items += !strncmp(p, "<li>", 4);
        deepest = depth > deepest ? depth : deepest;
    }
    assert_int_equal(deepest, VIEW_SHEET_DEPTH_MAX);
    assert_int_equal(items, 64);
    becomes("      - x", "<ul>\n<li>x</li>\n</ul>\n"); /* nothing above it */
}

/* Whatever is put together of what has a meaning: the markup is whole, and no tag is another's. */
static void torture(void **state)
{
    (void)state;
    static const char *const bits[] = {"\n",       "\n\n",        "- ",         "  ",
                                       "* ",       "1. ",         "12. ",       "# ",
                                       "### ",     "**",          "[",          "](",
                                       ")",        "]",           "https://a",  "javascript:",
                                       "<script>", "</p>",        "\"",         "'",
                                       "&",        ">",           "[ ]",        "> SMS :",
                                       "mot",      "\xc3\xa9",    "\xff",       "\r\n",
                                       "\t",       "<",           "</details>", "[x](https://a.fr)",
                                       "é**",      "    - [ ] z", "999. n",     "\x01a",
                                       "`code`"};
    static const char *const ours[] = {"p",      "h3", "ul",    "ol",    "li",
                                       "strong", "a",  "label", "input", "span"};
    struct prng random;
    char text[4096];
    prng_seed(&random, 20261123);
    for (unsigned life = 0; life < 20000; life++) {
        size_t n = 0;
        for (uint64_t i = prng_below(&random, 60); i; i--) {
            const char *bit = bits[prng_below(&random, ARRAY_LEN(bits))];
            memcpy(text + n, bit, strlen(bit));
            n += strlen(bit);
        }
        const char *html = sheet_of((struct text){text, n});
        for (const char *p = html; (p = strchr(p, '<')) != NULL; p++) {
            const char *name = p + 1 + (p[1] == '/');
            size_t length = strcspn(name, " >\n");
            bool is_ours = false;
            for (unsigned i = 0; i < ARRAY_LEN(ours); i++)
                is_ours |= strlen(ours[i]) == length && !strncmp(ours[i], name, length);
            if (!is_ours)
                fail_msg("life %u: %.*s", life, (int)n, text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_is_what_it_looks_like),
        cmocka_unit_test(only_links_to_https_are_links),
        cmocka_unit_test(what_the_file_holds_is_text),
        cmocka_unit_test(lists_are_three_deep_at_most),
        cmocka_unit_test(torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
