/* pages_admin_phrases.c — the sentences of the house: all of them, one with its sound, its words
 * changed. Words are a line of a file: the change of it is one as others, and who reads the files
 * again has them spoken. Called by pages_admin.c. */
#include <string.h>

#include "app/pages_admin_parts.h"
#include "app/pages_screens.h"
#include "view/cursor.h"

#define TYPE_WAV "audio/wav"

/* Of the form, or of the address: « en », else French. */
static enum phrases_lang lang_of(const struct pages_request *r)
{
    char word[PAGES_ADMIN_WORD_MAX];
    pages_admin_word(word, r, "voix");
    return !strcmp(word, "en") ? PHRASES_EN : PHRASES_FR;
}

static const char *file_of(enum phrases_lang lang)
{
    return lang == PHRASES_EN ? FILES_PHRASES "en" : FILES_PHRASES "fr";
}

static void show(const struct pages_admin_args *args, struct pages_answer *answer,
                 const struct view_phrase *given, const struct files_told *told)
{
    const struct phrases_port *port = args->files->phrases;
    struct phrases_measure measure;
    struct view_phrase shown = *given;
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, told);
    shown.has_own = port->has_own(port->arg);
    if (port->measure(port->arg, given->lang, given->phrase->name, &measure))
        shown.measure = &measure;
    view_admin_phrase(&h, args->house, &a, &shown);
}

/* The last line of this sentence: that one counts. 0: none. */
static uint32_t line_of(struct text text, const char *name)
{
    uint32_t line = 0, found = 0;
    while (text.n) {
        struct text rest = text_cut(&text, '\n');
        line++;
        if (text_equal(text_cut(&rest, '\t'), text_of(name)))
            found = line;
    }
    return found;
}

static uint32_t lines_n(struct text text)
{
    uint32_t n = 0;
    while (text.n) {
        text_cut(&text, '\n');
        n++;
    }
    return n;
}

/* A line of text.tsv, which cuts at tabs and ends of lines; no words: no line. */
static struct text put_line(const struct pages_admin_args *args, struct text before,
                            const char *name, const char *words)
{
    struct text_out out = {.p = args->room->text, .max = sizeof(args->room->text)};
    if (!words[0])
        return TEXT_NONE;
    if (before.n && before.p[before.n - 1] != '\n')
        text_put(&out, TEXT("\n"));
    text_put(&out, text_of(name));
    text_put(&out, TEXT("\t\t"));
    text_put(&out, text_of(words));
    text_put(&out, TEXT("\n"));
    return (struct text){args->room->text, out.n};
}

/* Blanks of any kind become one. False: it is not there, or too long. */
static bool read_words(char to[PHRASES_WORDS_BYTES], const struct pages_request *r)
{
    size_t n = 0;
    if (!pages_admin_field(to, PHRASES_WORDS_BYTES, r->body, "mots"))
        return false;
    for (size_t i = 0; to[i]; i++) {
        bool is_blank = (unsigned char)to[i] <= ' ';
        if (!is_blank || (n && to[n - 1] != ' '))
            to[n++] = is_blank ? ' ' : to[i];
    }
    to[n && to[n - 1] == ' ' ? n - 1 : n] = 0;
    return true;
}

static bool change(const struct pages_admin_args *args, struct pages_answer *answer,
                   const struct phrases_phrase *phrase)
{
    static const struct files_mistake
        not_ours = {.what = "cette phrase est la même partout, ou n’a pas de mots à elle",
                    .cure = "on peut l’enregistrer par une autre voix, pas en changer les mots"},
        too_long = {.what = "cette phrase est trop longue", .cure = "1\u00a0000 octets au plus"};
    enum phrases_lang lang = lang_of(args->request);
    char base[PAGES_ADMIN_WORD_MAX], why[PAGES_ADMIN_WORD_MAX], hash[FILES_HASH_BYTES];
    char words[PHRASES_WORDS_BYTES] = "";
    struct text text = TEXT_NONE;
    struct files_told told = {.state = FILES_REFUSED, .n = 1};
    pages_admin_word(base, args->request, "base");
    pages_admin_word(why, args->request, "note");
    bool is_read = read_words(words, args->request);
    if (!phrase->may_type)
        told.mistakes = &not_ours;
    else if (!is_read)
        told.mistakes = &too_long;
    else if (args->files->text(args->files->arg, file_of(lang), &text, hash))
        return false;
    uint32_t line = line_of(text, phrase->name);
    struct files_change c = {.kind = FILES_LINES,
                             .file = file_of(lang),
                             .base = base,
                             .by_id = pages_admin_who(args),
                             .note = why[0] ? why : phrase->name,
                             .first = line ? line : lines_n(text) + 1,
                             .last = line,
                             .text = put_line(args, line ? TEXT_NONE : text, phrase->name, words)};
    pages_admin_deed(args->request, &c);
    c.is_removed = false;
    if (!told.mistakes && !pages_admin_is_told(args, &c, answer, &told))
        return true;
    if (told.state == FILES_DONE)
        pages_admin_note(args, phrase->name, told.version);
    if (told.state == FILES_DONE || told.state == FILES_SAME) {
        pages_admin_go(args, answer, lang == PHRASES_EN ? "phrases-en" : "phrases", &told);
        return true;
    }
    answer->status = told.state == FILES_TRIED ? 200 : 422;
    const struct view_phrase shown = {
        .phrase = phrase, .lang = lang, .base = base, .note = why, .typed = words};
    show(args, answer, &shown, &told);
    return true;
}

static bool give_one(const struct pages_admin_args *args, struct pages_answer *answer)
{
    const struct phrases_port *port = args->files->phrases;
    enum phrases_lang lang = lang_of(args->request);
    char name[PAGES_ADMIN_WORD_MAX], hash[FILES_HASH_BYTES] = "";
    struct phrases_phrase phrase;
    struct text text;
    pages_admin_word(name, args->request, "nom");
    if (!port->read(port->arg) || !port->find(port->arg, lang, name, &phrase))
        return false;
    if (args->request->method == PAGES_POST)
        return change(args, answer, &phrase);
    if (port->has_own(port->arg) && args->files->text(args->files->arg, file_of(lang), &text, hash))
        return false;
    const struct view_phrase shown = {
        .phrase = &phrase, .lang = lang, .base = hash, .note = "", .typed = phrase.words};
    show(args, answer, &shown, NULL);
    return true;
}

bool pages_admin_phrases(const struct pages_admin_args *args, struct pages_answer *answer)
{
    const struct phrases_port *port = args->files->phrases;
    char wanted[PAGES_ADMIN_WORD_MAX];
    if (!port)
        return false;
    if (text_equal(args->page, TEXT("phrase")))
        return give_one(args, answer);
    bool is_english = text_equal(args->page, TEXT("phrases-en"));
    if (args->request->method != PAGES_GET ||
        !(is_english || text_equal(args->page, TEXT("phrases"))))
        return false;
    pages_admin_word(wanted, args->request, "cherche");
    const struct view_phrases p = {.port = port,
                                   .lang = is_english ? PHRASES_EN : PHRASES_FR,
                                   .wanted = wanted,
                                   .is_wrong = !port->read(port->arg)};
    struct html h = pages_screen_open(args->request, answer);
    const struct view_admin a = pages_admin_shown(args, NULL);
    view_admin_phrases(&h, args->house, &a, &p);
    return true;
}

bool pages_admin_sound(const struct pages_admin_args *args, struct pages_answer *answer)
{
    const struct phrases_port *port = args->files->phrases;
    char name[PAGES_ADMIN_WORD_MAX];
    struct text wav;
    pages_admin_word(name, args->request, "nom");
    if (!port || args->request->method != PAGES_GET || !port->read(port->arg) ||
        !port->sound(port->arg, lang_of(args->request), name, &wav))
        return false;
    answer->type = TYPE_WAV;
    text_put(&answer->body, wav);
    return true;
}
