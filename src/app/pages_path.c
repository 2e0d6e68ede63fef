/* pages_path.c — see pages_path.h. Called by pages.c. */
#include "app/pages_path.h"
#include "port/pages.h"

static const struct pages_methods methods[] = {
    [0] = {"GET, HEAD", "", ""},
    [1 << PAGES_GET] = {"GET, HEAD", "this page can only be read", "use GET or HEAD"},
    [1 << PAGES_POST] = {"POST", "this page takes orders", "use POST"},
    [1 << PAGES_GET | 1 << PAGES_POST] = {"GET, HEAD, POST", "this page does not know that method",
                                          "use POST to order, GET for the last result"},
    [1 << PAGES_GET | 1 << PAGES_PATCH] = {"GET, HEAD, PATCH",
                                           "this page does not know that method",
                                           "use PATCH to change"},
    [1 << PAGES_GET | 1 << PAGES_DELETE] = {"GET, HEAD, DELETE",
                                            "this page does not know that method",
                                            "use DELETE to end"},
    [1 << PAGES_POST | 1 << PAGES_DELETE] = {"POST, DELETE", "this page takes orders",
                                             "use POST to ask for it, DELETE to end it"},
    [1 << PAGES_GET | 1 << PAGES_PATCH | 1 <<
        PAGES_DELETE] = {"GET, HEAD, PATCH, DELETE", "this page does not know that method",
                         "use PATCH to change, DELETE to cancel"},
    [1 << PAGES_GET | 1 << PAGES_POST | 1 << PAGES_DELETE] = {"GET, HEAD, POST, DELETE",
                                                              "this page does not know that method",
                                                              "use POST to add, DELETE to remove"},
};

const struct pages_methods *pages_path_methods(unsigned bits)
{
    static const struct pages_methods others = {"GET, HEAD, POST, PATCH, DELETE",
                                                "this page does not know that method",
                                                "see /api/v1/openapi.json"};
    return bits < ARRAY_LEN(methods) && methods[bits].allow ? &methods[bits] : &others;
}

bool pages_path_is(struct text pattern, struct text path, struct text *id)
{
    struct text tail = pattern, head = text_cut(&tail, '{');
    if (head.n == pattern.n)
        return text_equal(pattern, path);
    text_cut(&tail, '}');
    if (path.n <= head.n + tail.n || !text_equal((struct text){path.p, head.n}, head))
        return false;
    struct text word = {path.p + head.n, path.n - head.n - tail.n}, rest = word;
    if (!text_equal(text_after(path, head.n + word.n), tail) || text_cut(&rest, '/').n != word.n)
        return false;
    *id = word;
    return true;
}

bool pages_path_has_word(struct text pattern)
{
    struct text tail = pattern;
    return text_cut(&tail, '{').n != pattern.n;
}

size_t pages_path_body_max(void *arg, struct text path)
{
    (void)arg;
    return text_equal(path, TEXT("/administration/enregistrement")) ? PAGES_SOUND_MAX : 0;
}
