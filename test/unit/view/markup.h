/* markup.h — is a page whole? For tests of screens. */
#ifndef TEST_UNIT_VIEW_MARKUP_H
#define TEST_UNIT_VIEW_MARKUP_H

/* Each element that was begun is ended, in its order; void ones aside. */
static inline void must_be_whole(const char *page)
{
    static const char *const voids[] = {"meta", "link", "br", "input", "rect", "path", "!DOCTYPE"};
    char open[64][16];
    unsigned n = 0;
    for (const char *p = strchr(page, '<'); p; p = strchr(p + 1, '<')) {
        char name[16] = "";
        bool is_end = p[1] == '/', is_void = false;
        size_t length = strcspn(p + 1 + is_end, " />\n");
        assert_in_range(length, 1, sizeof(name) - 1);
        memcpy(name, p + 1 + is_end, length);
        for (unsigned i = 0; i < ARRAY_LEN(voids); i++)
            is_void |= !strcmp(name, voids[i]);
        if (is_end) {
            assert_true(n > 0);
            assert_string_equal(open[n - 1], name);
            n--;
        } else if (!is_void) {
            assert_true(n < ARRAY_LEN(open));
            memcpy(open[n++], name, sizeof(name));
        }
    }
    assert_int_equal(n, 0);
}

#endif
