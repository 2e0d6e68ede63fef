/* error.c — what is wrong in a file, with its place and its cure, kept in the order of reading.
 * Called by all readers of config/. Cost: a sentence is formatted once.
 * Invariant: never more than CONFIG_ERRORS_MAX; the rest is counted, and the count is said. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/yaml.h"

static void keep_name(char to[CONFIG_ERROR_FILE_BYTES], const char *file)
{
    static const char cut[] = "…";
    size_t n = file ? strlen(file) : 0, room = CONFIG_ERROR_FILE_BYTES - 1;
    if (n <= room) {
        memcpy(to, file ? file : "", n + 1);
        return;
    }
    file += n - (room - strlen(cut));
    while ((*file & 0xc0) == 0x80) /* not within a letter */
        file++;
    snprintf(to, CONFIG_ERROR_FILE_BYTES, "%s%s", cut, file);
}

/* what is the format of ap. */
__attribute__((format(printf, 3, 0))) static void
keep(struct config_errors *errors, const struct config_node *where, const char *what, va_list ap)
{
    if (errors->n == CONFIG_ERRORS_MAX) {
        errors->more_n++;
        return;
    }
    struct config_error *e = &errors->list[errors->n++];
    e->line = where ? where->line : 0;
    e->column = where ? where->column : 0;
    e->cure[0] = 0;
    keep_name(e->file, errors->file);
    vsnprintf(e->what, sizeof(e->what), what, ap);
}

void config_wrong(struct config_errors *errors, const struct config_node *where, const char *what,
                  ...)
{
    va_list ap;
    va_start(ap, what);
    keep(errors, where, what, ap);
    va_end(ap);
}

void config_warn(struct config_errors *errors, const struct config_warning *w, const char *what,
                 ...)
{
    va_list ap;
    if (!errors->warnings)
        return;
    errors->warnings->file = errors->file;
    va_start(ap, what);
    keep(errors->warnings, w->where, what, ap);
    va_end(ap);
    config_cure(errors->warnings, "%s", w->cure);
}

void config_cure(struct config_errors *errors, const char *cure, ...)
{
    if (!errors->n || errors->more_n)
        return;
    struct config_error *e = &errors->list[errors->n - 1];
    va_list ap;
    va_start(ap, cure);
    vsnprintf(e->cure, sizeof(e->cure), cure, ap);
    va_end(ap);
}

static bool is_before(const struct config_error *a, const struct config_error *b)
{
    if (strcmp(a->file, b->file))
        return false;
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

void config_errors_sort(struct config_errors *errors)
{
    for (unsigned i = 1; i < errors->n; i++) {
        struct config_error e = errors->list[i];
        unsigned j = i;
        for (; j > 0 && is_before(&e, &errors->list[j - 1]); j--)
            errors->list[j] = errors->list[j - 1];
        errors->list[j] = e;
    }
}

static int error_text(char *to, size_t n, const struct config_error *e)
{
    char place[32] = "";
    if (e->line)
        snprintf(place, sizeof(place), ":%u:%u", e->line, e->column);
    return snprintf(to, n, "%s%s: %s\n%s%s%s", e->file[0] ? e->file : "?", place, e->what,
                    e->cure[0] ? "    → " : "", e->cure, e->cure[0] ? "\n" : "");
}

size_t config_errors_text(const struct config_errors *errors, char *to, size_t n)
{
    size_t used = 0;
    to[0] = 0;
    for (unsigned i = 0; i < errors->n; i++) {
        int k = error_text(to + used, n - used, &errors->list[i]);
        if (k < 0 || (size_t)k >= n - used) {
            to[used] = 0;
            return used;
        }
        used += (size_t)k;
    }
    if (!errors->more_n)
        return used;
    int k = snprintf(to + used, n - used, "%s: et %u autres erreurs, non affichées\n",
                     errors->file ? errors->file : "?", errors->more_n);
    if (k < 0 || (size_t)k >= n - used)
        to[used] = 0;
    else
        used += (size_t)k;
    return used;
}
