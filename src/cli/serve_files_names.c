/* serve_files_names.c — which files pages see, and where they are: see serve_files.h. Nothing of an
 * address becomes a path but a stem of plain signs. On any thread. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"
#include "config/sheets.h"
#include "directory/sheet.h"

#define YAML ".yaml"
#define SHEET ".md"

static bool ends(struct text t, struct text tail)
{
    return t.n > tail.n && text_equal(text_after(t, t.n - tail.n), tail);
}

static bool is_flow_stem(struct text stem)
{
    return stem.n && stem.n + sizeof(FILES_FLOW) <= FILES_NAME_BYTES && stem.p[0] != '.' &&
           !memchr(stem.p, '/', stem.n);
}

/* The text behind a prefix; n 0: it has another. */
static struct text behind(const char *name, struct text prefix)
{
    struct text t = text_of(name);
    bool is_it = t.n > prefix.n && !memcmp(t.p, prefix.p, prefix.n);
    return is_it ? text_after(t, prefix.n) : TEXT_NONE;
}

static bool is_sheet_name(const char *name)
{
    return directory_sheet_is_id(behind(name, TEXT(FILES_SHEET)));
}

static bool is_language(struct text t)
{
    return text_equal(t, TEXT("fr")) || text_equal(t, TEXT("en"));
}

/* « fr-greet.org »: a folder of voice.own, and a stem. */
static bool is_sound_name(const char *name, struct text *folder, struct text *stem)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    *stem = behind(name, TEXT(FILES_SOUND));
    *folder = text_cut(stem, '-');
    bool is_plain = stem->n && stem->p[0] != '.';
    for (size_t i = 0; i < stem->n; i++)
        is_plain &= memchr(signs, stem->p[i], sizeof(signs) - 1) != NULL;
    return is_plain && (is_language(*folder) || text_equal(*folder, TEXT("common")));
}

bool house_files_is_sound(const char *name)
{
    struct text folder, stem;
    return is_sound_name(name, &folder, &stem);
}

bool house_files_may_lack(const char *name)
{
    return is_sheet_name(name) || house_files_is_sound(name) ||
           is_language(behind(name, TEXT(FILES_PHRASES)));
}

bool house_files_path(const struct house_files *f, const char *name, char to[CONFIG_PATH_BYTES])
{
    struct text flow = behind(name, TEXT(FILES_FLOW)), sheet = behind(name, TEXT(FILES_SHEET));
    struct text lang = behind(name, TEXT(FILES_PHRASES)), folder, stem;
    size_t flows_n = strlen(f->flows);
    int n = 0;
    to[0] = 0;
    if (!strcmp(name, FILES_DIRECTORY) || !strcmp(name, FILES_SETTINGS))
        n = snprintf(to, CONFIG_PATH_BYTES, "%s",
                     !strcmp(name, FILES_DIRECTORY) ? f->directory : f->settings);
    else if (f->own[0] && is_language(lang))
        n = snprintf(to, CONFIG_PATH_BYTES, "%s/%.*s/text.tsv", f->own, (int)lang.n, lang.p);
    else if (f->own[0] && is_sound_name(name, &folder, &stem))
        n = snprintf(to, CONFIG_PATH_BYTES, "%s/%.*s/%.*s.wav", f->own, (int)folder.n, folder.p,
                     (int)stem.n, stem.p);
    else if (is_sheet_name(name))
        n = snprintf(to, CONFIG_PATH_BYTES, "%s/%.*s" SHEET, f->sheets, (int)sheet.n, sheet.p);
    else if (is_flow_stem(flow))
        n = snprintf(to, CONFIG_PATH_BYTES, "%s%s%.*s" YAML, f->flows,
                     flows_n && f->flows[flows_n - 1] == '/' ? "" : "/", (int)flow.n, flow.p);
    if (n > 0 && n < CONFIG_PATH_BYTES)
        return true;
    to[0] = 0;
    return false;
}

/* ---- the list -------------------------------------------------------------------------------- */

static int is_flow(const struct dirent *e)
{
    struct text name = text_of(e->d_name);
    return ends(name, TEXT(YAML)) && is_flow_stem((struct text){name.p, name.n - TEXT(YAML).n});
}

static int is_sheet(const struct dirent *e)
{
    struct text name = text_of(e->d_name);
    return ends(name, TEXT(SHEET)) &&
           directory_sheet_is_id((struct text){name.p, name.n - TEXT(SHEET).n});
}

static void add(struct house_files_names *names, const char *prefix, const char *stem)
{
    struct text_out out = {.p = names->list[names->n], .max = FILES_NAME_BYTES - 1};
    if (names->n == HOUSE_FILES_MAX)
        return;
    text_put(&out, text_of(prefix));
    text_put(&out, text_of(stem));
    out.p[out.n] = 0;
    names->n++;
}

/* Those of a folder, by their names; a folder that is not there has none. */
static void add_folder(struct house_files_names *names, const char *folder, const char *prefix,
                       int (*is_one)(const struct dirent *e))
{
    struct dirent **list = NULL;
    int n = scandir(folder, &list, is_one, alphasort);
    for (int i = 0; i < n; i++) {
        *strrchr(list[i]->d_name, '.') = 0;
        add(names, prefix, list[i]->d_name);
        free(list[i]);
    }
    free(list);
}

static void add_phrases(const struct house_files *f, struct house_files_names *names,
                        const char *name)
{
    char path[CONFIG_PATH_BYTES];
    if (house_files_path(f, name, path) && os_file_exists(path))
        add(names, name, "");
}

void house_files_list(const struct house_files *f, struct house_files_names *names)
{
    names->n = 0;
    add(names, FILES_DIRECTORY, "");
    add(names, FILES_SETTINGS, "");
    add_folder(names, f->flows, FILES_FLOW, is_flow);
    add_folder(names, f->sheets, FILES_SHEET, is_sheet);
    add_phrases(f, names, FILES_PHRASES "fr");
    add_phrases(f, names, FILES_PHRASES "en");
}
