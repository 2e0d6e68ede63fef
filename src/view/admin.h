/* admin.h — the pages of who administers (ADR 42): what the files of the settings say, thing by
 * thing or as they stand, changes with every mistake told, and the history of them. Called by
 * app/pages_admin.c. What was typed and refused is shown again: nothing is lost. */
#ifndef VIEW_ADMIN_H
#define VIEW_ADMIN_H

#include "directory/sheet.h"
#include "port/account.h"
#include "port/files.h"
#include "port/phrases.h"
#include "view/house.h"
#include "view/html.h"

/* Versions, and lines of the log, on one page. */
#define VIEW_VERSIONS_MAX 50
#define VIEW_AUDIT_MAX 100
/* Fields of one form beside those that say which thing it is. */
#define VIEW_FIELDS_MAX 22

enum view_field_kind {
    VIEW_FIELD_WORD,
    VIEW_FIELD_WORDS,  /* a list with commas */
    VIEW_FIELD_BOOL,   /* oui, non */
    VIEW_FIELD_CHOICE, /* one of `words` */
    VIEW_FIELD_OF_LIST /* the id of a thing of the list `words[0]` */
};

struct view_field {
    const char *key, *french, *english;
    enum view_field_kind kind;
    bool is_required;
    const char *const *words; /* ended by NULL */
};

/* A list of the directory that has a page. */
struct view_list {
    const char *list, *page; /* as the file, and as the address has it */
    const char *french, *english, *empty_french, *empty_english, *add_french, *add_english;
    bool is_mapping;   /* each thing has a name of its own before the colon */
    const char *title; /* the key of the name that people know it by; NULL: its own name */
    const struct view_field *fields;
    unsigned fields_n;
};

extern const struct view_list view_lists[];
extern const unsigned view_lists_n;

/* Of one request. */
struct view_admin {
    const struct files_port *files;
    const struct accounts_port *accounts; /* NULL: none */
    const struct files_told *told;        /* of a change that was refused or tried; NULL: none */
    uint32_t done;                        /* the version that was just put in force; 0: none */
    bool is_same;                         /* a change that changes nothing */
};

void view_admin_overview(struct html *h, const struct view_house *house,
                         const struct view_admin *a);
void view_admin_list(struct html *h, const struct view_house *house, const struct view_admin *a,
                     const struct view_list *list);

/* The form of a thing; typed: what stood in it when it was refused. */
struct view_thing {
    const struct view_list *list;
    const struct files_item *item; /* NULL: a new one */
    const char *base, *note;
    const char *name; /* typed for a new thing of a mapping */
};
void view_admin_thing(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_thing *thing);

/* The test call of an access: its number in the directory in force, 0: it is in none yet. */
struct view_trial_form {
    const char *id, *number; /* as the file has them */
    uint32_t trunk_id;
};
void view_admin_trial(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_trial_form *form);

/* Lines of a file, to be typed over. */
struct view_lines {
    const char *file, *base, *note;
    struct text text;
    uint32_t first, last; /* 0, 0: the whole file */
    bool is_long;         /* too long for a form: shown alone */
};
void view_admin_lines(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_lines *lines);

/* An answer sheet as text, and as agents see it. */
struct view_sheet_form {
    const char *id, *base, *note;
    struct text text;
    bool is_new;
    const struct directory_sheet *sheet; /* NULL: what is wrong must be mended first */
};
void view_admin_sheets(struct html *h, const struct view_house *house, const struct view_admin *a);
void view_admin_sheet(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_sheet_form *form);

/* The sentences of a language; found: those whose name or words hold it (empty: all). */
struct view_phrases {
    const struct phrases_port *port;
    enum phrases_lang lang;
    const char *wanted;
    bool is_wrong; /* the files on the disk have mistakes */
};
void view_admin_phrases(struct html *h, const struct view_house *house, const struct view_admin *a,
                        const struct view_phrases *p);
struct view_phrase {
    const struct phrases_phrase *phrase;
    const struct phrases_measure *measure; /* NULL: it has no sound yet */
    enum phrases_lang lang;
    const char *base, *note, *typed; /* typed: what was typed and refused, or its words */
    bool has_own;
};
void view_admin_phrase(struct html *h, const struct view_house *house, const struct view_admin *a,
                       const struct view_phrase *p);

/* What was wrong with a recording. */
void view_admin_recorded(struct html *h, const struct view_house *house,
                         const struct view_admin *a);

/* Text messages as they leave; how long things are kept. */
void view_admin_texts(struct html *h, const struct view_house *house, const struct view_admin *a);
void view_admin_kept(struct html *h, const struct view_house *house, const struct view_admin *a);

void view_admin_files(struct html *h, const struct view_house *house, const struct view_admin *a);
void view_admin_versions(struct html *h, const struct view_house *house,
                         const struct view_admin *a);
/* Lines of a difference that are compared each with each; longer ones are shown whole. */
#define VIEW_COMPARED_MAX 300
struct view_compared {
    struct view_compared_lines {
        struct text at[VIEW_COMPARED_MAX];
        unsigned n;
        bool is_long; /* there are more */
    } old, fresh;
    uint16_t best[VIEW_COMPARED_MAX + 1][VIEW_COMPARED_MAX + 1];
};
struct view_version {
    const struct files_version *version;
    struct text now, before;
    struct view_compared *room;
};
void view_admin_version(struct html *h, const struct view_house *house, const struct view_admin *a,
                        const struct view_version *v);

struct view_trial {
    const char *flow;
    struct text keys; /* so far */
    const struct files_trial *trial;
};
void view_admin_try(struct html *h, const struct view_house *house, const struct view_admin *a,
                    const struct view_trial *t);

void view_admin_accounts(struct html *h, const struct view_house *house,
                         const struct view_admin *a);

/* One account, or a new one. */
#define VIEW_ACCOUNT_IDS_MAX 60 /* ids of services that a form lists */
#define VIEW_ACCOUNT_PARTS_BYTES 1200
struct view_account_form {
    struct account account; /* as it is, or as it was typed and refused */
    char sites[VIEW_ACCOUNT_PARTS_BYTES], services[VIEW_ACCOUNT_PARTS_BYTES]; /* ids, with ", " */
    bool is_new, is_done;
    unsigned sessions_n;
    const char *say, *error; /* why it was refused, in French and in English; NULL: it was not */
    const char *password;    /* one that was just drawn; NULL: none */
};
void view_admin_account(struct html *h, const struct view_house *house,
                        const struct view_account_form *f);

/* view/admin_parts.c: what these pages share. */
void view_admin_begin(struct html *h, const struct view_house *house, const char *title,
                      const char *page);
void view_admin_end(struct html *h, const struct view_house *house);
/* What became of a change: mistakes with their places, or that it stands. */
void view_admin_told(struct html *h, const struct view_admin *a);
/* The buttons under a form, and why. */
void view_admin_buttons(struct html *h, const char *note, bool may_remove);
/* « 23/11/2026 à 14 h 05 » */
void view_admin_instant(struct html *h, const struct view_house *house, ms_t at);
/* Who has this account, or that nobody has. room: of the name. */
const char *view_admin_who(struct html *h, const struct view_admin *a, uint64_t account_id,
                           struct account *room);

#endif
