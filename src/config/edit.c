/* edit.c — see edit.h. A thing that is changed is written on one line, { key: value, … }, with the
 * comment that stood behind it. */
#include <string.h>

#include "config/edit.h"

#define INDENT_MAX 32

/* ---- values ---- */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_plain_text(const char *s)
{
    static const char *const meant[] = {"null", "true", "false", "yes", "no", "on", "off", NULL};
    if (!is_plain(s[0]))
        return false;
    for (const char *p = s; *p; p++)
        if (!is_plain(*p) && !(*p >= '0' && *p <= '9') && *p != '-')
            return false;
    for (unsigned i = 0; meant[i]; i++)
        if (text_equal_fold(text_of(s), text_of(meant[i])))
            return i == 1 || i == 2;
    return true;
}

/* YAML 1.1 §5.7: what a double-quoted text must escape. */
static void put_quoted(struct text_out *out, const char *s)
{
    text_put(out, TEXT("\""));
    for (; *s; s++) {
        char hex[2];
        if (*s == '"' || *s == '\\')
            text_put(out, TEXT("\\"));
        if ((unsigned char)*s >= 0x20 && *s != 0x7f) {
            text_put(out, (struct text){s, 1});
            continue;
        }
        text_hex(hex, (unsigned char)*s, 2);
        text_put(out, TEXT("\\x"));
        text_put(out, (struct text){hex, 2});
    }
    text_put(out, TEXT("\""));
}

static void put_scalar(struct text_out *out, const char *s)
{
    if (is_plain_text(s))
        text_put(out, text_of(s));
    else
        put_quoted(out, s);
}

static void put_node(struct text_out *out, const struct config_node *node)
{
    const char *open = node->kind == CONFIG_MAPPING ? "{ " : "[";
    if (node->kind == CONFIG_NOTHING)
        text_put(out, TEXT("~"));
    if (node->kind == CONFIG_SCALAR)
        put_scalar(out, node->text);
    if (node->kind < CONFIG_SEQUENCE)
        return;
    text_put(out, text_of(open));
    for (const struct config_node *e = node->first; e; e = e->next) {
        if (e != node->first)
            text_put(out, TEXT(", "));
        if (e->key) {
            put_scalar(out, e->key->text);
            text_put(out, TEXT(": "));
        }
        put_node(out, e);
    }
    text_put(out, node->kind == CONFIG_MAPPING ? TEXT(" }") : TEXT("]"));
}

/* "a, b" → [a, b]; what is empty between commas is left out. */
static void put_list(struct text_out *out, const char *value)
{
    struct text rest = text_of(value);
    bool is_first = true;
    text_put(out, TEXT("["));
    while (rest.n) {
        char word[FILES_VALUE_BYTES];
        struct text one = text_trim(text_cut(&rest, ','));
        if (!one.n)
            continue;
        memcpy(word, one.p, one.n);
        word[one.n] = 0;
        text_put(out, is_first ? TEXT("") : TEXT(", "));
        put_scalar(out, word);
        is_first = false;
    }
    text_put(out, TEXT("]"));
}

/* ---- a thing as fields ---- */

/* False: it is more than a list of words. */
static bool flatten(struct text_out *out, const struct config_node *list)
{
    for (const struct config_node *e = list->first; e; e = e->next) {
        if (e->kind != CONFIG_SCALAR || strchr(e->text, ','))
            return false;
        text_put(out, e == list->first ? TEXT("") : TEXT(", "));
        text_put(out, text_of(e->text));
    }
    return true;
}

static void fill_field(struct files_field *f, const struct config_node *node)
{
    struct text_out key = {.p = f->key, .max = sizeof(f->key) - 1};
    struct text_out out = {.p = f->value, .max = sizeof(f->value) - 1};
    *f = (struct files_field){.form = FILES_TEXT};
    text_put(&key, text_of(node->key->text));
    if (node->kind == CONFIG_SCALAR)
        text_put(&out, text_of(node->text));
    else if (node->kind == CONFIG_SEQUENCE)
        f->form = FILES_LIST;
    if (f->form == FILES_LIST && flatten(&out, node) && !out.is_cut)
        return;
    if (node->kind < CONFIG_SEQUENCE && !out.is_cut && !key.is_cut)
        return;
    f->form = FILES_DEEP;
    memset(f->value, 0, sizeof(f->value));
    out = (struct text_out){.p = f->value, .max = sizeof(f->value) - 1};
    put_node(&out, node);
}

static uint32_t first_line(const struct config_node *e)
{
    return e->key ? e->key->line : e->line;
}

/* Is nothing of another thing on its lines? */
static bool is_alone(const struct config_node *list, const struct config_node *e)
{
    const struct config_node *before = NULL;
    for (const struct config_node *o = list->first; o != e; o = o->next)
        before = o;
    bool is_behind = before ? before->end_line < first_line(e) : list->key->line < first_line(e);
    bool is_before = !e->next || first_line(e->next) > e->end_line;
    return !list->is_flow && is_behind && is_before && e->kind == CONFIG_MAPPING;
}

static const struct config_node *item_at(const struct config_node *list, unsigned i)
{
    const struct config_node *e = list ? list->first : NULL;
    while (e && i--)
        e = e->next;
    return e;
}

bool config_edit_item(struct files_item *item, const struct config_node *root, const char *list,
                      unsigned i)
{
    const struct config_node *all = config_get(root, list);
    const struct config_node *e = item_at(all, i);
    if (!e)
        return false;
    struct text_out name = {.p = item->name, .max = sizeof(item->name) - 1};
    *item = (struct files_item){.first = first_line(e), .last = e->end_line};
    text_put(&name, text_of(e->key ? e->key->text : ""));
    item->is_locked = !is_alone(all, e) || name.is_cut;
    if (e->kind != CONFIG_MAPPING) {
        put_node(&name, e);
        return true;
    }
    for (const struct config_node *f = e->first; f; f = f->next) {
        if (item->n == FILES_FIELDS_MAX) {
            item->is_locked = true;
            break;
        }
        fill_field(&item->fields[item->n++], f);
    }
    return true;
}

/* ---- the file with a change ---- */

static struct text slice(struct text text, size_t from, size_t to)
{
    return (struct text){text.p + from, to - from};
}

/* The comment behind the end of a thing, on its last line, with the blanks before it. */
static struct text comment_behind(struct text text, const struct config_node *e)
{
    size_t from = text_line_at(text, e->end_line), to = text_line_at(text, e->end_line + 1);
    struct text line = slice(text, from, to);
    while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
        line.n--;
    /* columns count characters: a byte that goes on with one is none */
    size_t at = 0;
    for (uint32_t column = 1; at < line.n && column < e->end_column; column++)
        for (at++; at < line.n && ((unsigned char)line.p[at] & 0xc0) == 0x80;)
            at++;
    struct text rest = text_after(line, at);
    struct text trimmed = text_trim(rest);
    return trimmed.n && trimmed.p[0] == '#' ? rest : TEXT_NONE;
}

static const struct files_field *named(const struct config_edit *edit, const char *key)
{
    for (unsigned i = 0; i < edit->n; i++)
        if (!strcmp(edit->fields[i].key, key))
            return &edit->fields[i];
    return NULL;
}

static void put_field(struct text_out *out, const struct files_field *f, bool *is_first)
{
    if (!f->value[0])
        return;
    text_put(out, *is_first ? TEXT("") : TEXT(", "));
    *is_first = false;
    put_scalar(out, f->key);
    text_put(out, TEXT(": "));
    if (f->form == FILES_LIST)
        put_list(out, f->value);
    else
        put_scalar(out, f->value);
}

/* e: what it was; NULL: a new one. */
static void put_mapping(struct text_out *out, const struct config_node *e,
                        const struct config_edit *edit)
{
    bool is_first = true;
    text_put(out, TEXT("{ "));
    for (const struct config_node *f = e ? e->first : NULL; f; f = f->next) {
        const struct files_field *other = named(edit, f->key->text);
        if (other && other->form != FILES_DEEP) {
            put_field(out, other, &is_first);
            continue;
        }
        text_put(out, is_first ? TEXT("") : TEXT(", "));
        is_first = false;
        put_scalar(out, f->key->text);
        text_put(out, TEXT(": "));
        put_node(out, f);
    }
    for (unsigned i = 0; i < edit->n; i++)
        if (edit->fields[i].form != FILES_DEEP && !(e && config_get(e, edit->fields[i].key)))
            put_field(out, &edit->fields[i], &is_first);
    text_put(out, TEXT(" }"));
}

static void put_head(struct text_out *out, uint32_t indent, const char *name)
{
    for (uint32_t i = 1; i < indent && i < INDENT_MAX; i++)
        text_put(out, TEXT(" "));
    if (name)
        put_scalar(out, name);
    text_put(out, name ? TEXT(": ") : TEXT("- "));
}

/* Of the things of a list: that of their dash, or of their key. */
static uint32_t indent_of(const struct config_node *list)
{
    return list->kind == CONFIG_MAPPING ? list->first->key->column : list->column;
}

static void put_new(struct text_out *out, struct text text, const struct config_node *list,
                    const struct config_edit *edit)
{
    bool has_some = list && list->first;
    const struct config_node *last = has_some ? list->first : NULL;
    while (last && last->next)
        last = last->next;
    uint32_t line = last ? last->end_line : list ? list->key->line : 0;
    size_t at = line ? text_line_at(text, line + 1) : text.n;
    text_put(out, slice(text, 0, at));
    if (at && text.p[at - 1] != '\n')
        text_put(out, TEXT("\n"));
    if (!list) {
        put_scalar(out, edit->list);
        text_put(out, TEXT(":\n"));
    }
    put_head(out, has_some ? indent_of(list) : 3, edit->name);
    put_mapping(out, NULL, edit);
    text_put(out, TEXT("\n"));
    text_put(out, slice(text, at, text.n));
}

/* Does it say already what it shall say? Then its line stays as it was written. */
static bool is_same(const struct config_node *e, const struct config_edit *edit)
{
    struct files_field now;
    for (unsigned i = 0; i < edit->n; i++) {
        const struct config_node *f = config_get(e, edit->fields[i].key);
        if (f)
            fill_field(&now, f);
        if (strcmp(f ? now.value : "", edit->fields[i].value) != 0)
            return false;
    }
    return !edit->is_removed;
}

static const struct config_node *item_of_line(const struct config_node *list, uint32_t line)
{
    const struct config_node *e = list ? list->first : NULL;
    while (e && first_line(e) != line)
        e = e->next;
    return e;
}

enum config_edit_verdict config_edit_put(struct text_out *out, struct text text,
                                         const struct config_node *root,
                                         const struct config_edit *edit)
{
    const struct config_node *list = config_get(root, edit->list);
    const struct config_node *e = item_of_line(list, edit->line);
    if (edit->line && !e)
        return CONFIG_EDIT_GONE;
    if (e ? !is_alone(list, e) : list && (list->is_flow || list->kind == CONFIG_SCALAR))
        return CONFIG_EDIT_LOCKED;
    if (!e) {
        put_new(out, text, list, edit);
        return out->is_cut ? CONFIG_EDIT_FULL : CONFIG_EDITED;
    }
    if (is_same(e, edit)) {
        text_put(out, text);
        return out->is_cut ? CONFIG_EDIT_FULL : CONFIG_EDITED;
    }
    text_put(out, slice(text, 0, text_line_at(text, first_line(e))));
    if (!edit->is_removed) {
        put_head(out, indent_of(list), e->key ? e->key->text : NULL);
        put_mapping(out, e, edit);
        text_put(out, comment_behind(text, e));
        text_put(out, TEXT("\n"));
    }
    text_put(out, slice(text, text_line_at(text, e->end_line + 1), text.n));
    return out->is_cut ? CONFIG_EDIT_FULL : CONFIG_EDITED;
}
