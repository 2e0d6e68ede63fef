/* tls.c — see tls.h. Cost: the files, once for each reading; a wrong one has the YAML read once
 * more, for its line. Invariant: a book is whole, or empty and its mistakes told. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/tls.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

/* One context that is being made. */
struct task {
    const struct config_tls_from *from;
    struct config_errors *errors;
    uint32_t trunk;     /* index; DIRECTORY_NONE: of the folder */
    const char *folder; /* of the settings */
    char certificate[CONFIG_PATH_BYTES], key[CONFIG_PATH_BYTES], authority[CONFIG_PATH_BYTES];
    struct tls_args args;
};

/* ---- telling ------------------------------------------------------------------------------ */

static const struct config_node *item_of(const struct config_node *root, uint32_t trunk)
{
    const struct config_node *list = config_get(root, "trunks");
    const struct config_node *e = list ? list->first : NULL;
    for (uint32_t i = 0; e && i < trunk; i++)
        e = e->next;
    return e;
}

static void wrong(struct task *t, const char *key, const char *what, const char *cure)
{
    char name[32];
    bool is_house = t->trunk == DIRECTORY_NONE;
    const char *file = is_house ? t->from->settings_file : t->from->directory_file;
    struct config_doc *doc = NULL;
    struct config_errors unsaid = {.instead = t->errors->instead};
    int err = config_load(&doc, file, &unsaid);
    const struct config_node *root = err ? NULL : config_root(doc);
    const struct config_node *at = NULL;
    snprintf(name, sizeof(name), "tls_%s", key);
    if (root)
        at = is_house ? config_get(root, t->folder) : item_of(root, t->trunk);
    const struct config_node *value = at ? config_get(at, name) : NULL;
    t->errors->file = file;
    config_wrong(t->errors, value ? value : at, "%s", what);
    config_cure(t->errors, "%s", cure);
    config_drop(doc);
}

static void tell(struct task *t, enum tls_verdict verdict)
{
    static const struct {
        const char *key, *what, *cure;
    } said[] = {
        [TLS_NO_MEMORY] = {"certificate", "la mémoire manque", "libérez-en, puis recommencez"},
        [TLS_CERTIFICATE_UNREADABLE] = {"certificate",
                                        "ce fichier de certificat n’est pas là, ou ne se lit pas",
                                        "vérifiez le chemin, et que decroche peut le lire"},
        [TLS_CERTIFICATE_BAD] = {"certificate", "il n’y a pas de certificat PEM dans ce fichier",
                                 "il commence par -----BEGIN CERTIFICATE-----, le nôtre d’abord"},
        [TLS_KEY_UNREADABLE] = {"key", "le fichier de la clé n’est pas là, ou ne se lit pas",
                                "vérifiez le chemin, et que decroche peut le lire"},
        [TLS_KEY_BAD] = {"key", "il n’y a pas de clé PEM sans mot de passe dans ce fichier",
                         "enlevez-le" COLON "openssl pkey -in CLÉ -out NOUVELLE"},
        [TLS_KEY_OF_ANOTHER] = {"key", "cette clé n’est pas celle du certificat",
                                "donnez la clé avec laquelle ce certificat a été demandé"},
        [TLS_KEY_WEAK] = {"certificate", "ce certificat est trop faible",
                          "demandez-en un autre" COLON "RSA d’au moins 2048 bits, ou P-256"},
        [TLS_AUTHORITY_UNREADABLE] = {"authority",
                                      "ce fichier d’autorité n’est pas là, ou ne se lit pas",
                                      "vérifiez le chemin, et que decroche peut le lire"},
        [TLS_AUTHORITY_BAD] = {"authority", "il n’y a pas de certificat PEM dans ce fichier",
                               "c’est l’autorité de l’opérateur, telle qu’il la donne"},
    };
    wrong(t, said[verdict].key, said[verdict].what, said[verdict].cure);
}

/* A key that others read is nobody's any more; a group for certificates may. */
static bool is_open_to_all(const struct task *t)
{
    struct stat st;
    const char *key = t->args.key ? t->args.key : t->args.certificate;
    return key && !t->from->directory->is_demo && !stat(key, &st) &&
           (st.st_mode & (S_IROTH | S_IWOTH));
}

/* ---- making ------------------------------------------------------------------------------- */

/* NULL: nothing was named, or too much was. */
static const char *beside(const char *file, const char *path, char to[CONFIG_PATH_BYTES])
{
    return path[0] && config_path_beside(to, file, path) ? to : NULL;
}

/* Reading stops at the first that is wrong: those that are not there are told as well. */
static void tell_missing(struct task *t, enum tls_verdict told)
{
    const struct {
        const char *file;
        enum tls_verdict verdict;
    } files[] = {{t->args.certificate, TLS_CERTIFICATE_UNREADABLE},
                 {t->args.key, TLS_KEY_UNREADABLE},
                 {t->args.authority, TLS_AUTHORITY_UNREADABLE}};
    for (unsigned i = 0; i < ARRAY_LEN(files); i++)
        if (files[i].file && files[i].verdict != told && access(files[i].file, R_OK))
            tell(t, files[i].verdict);
}

static void open_one(struct task *t, struct tls_context **out)
{
    unsigned before_n = t->errors->n;
    if (is_open_to_all(t))
        wrong(t, t->args.key ? "key" : "certificate", "d’autres peuvent lire cette clé",
              "chmod 640, et au groupe du service" COLON "chgrp decroche");
    enum tls_verdict v = tls_context_open(out, &t->args);
    if (v == TLS_GOOD)
        return;
    if (t->errors->n == before_n)
        tell(t, v);
    tell_missing(t, v);
}

static void set_own(struct task *t)
{
    const struct settings_phone *s = &t->from->settings->phone;
    t->args.certificate = beside(t->from->settings_file, s->tls_certificate, t->certificate);
    t->args.key = beside(t->from->settings_file, s->tls_key, t->key);
}

static void open_house(struct tls_book *book, struct task *t)
{
    t->trunk = DIRECTORY_NONE;
    t->folder = "phone";
    t->args = (struct tls_args){0};
    set_own(t);
    if (t->args.certificate)
        open_one(t, &book->house);
}

static void open_pages(struct tls_book *book, struct task *t)
{
    const struct settings_web *s = &t->from->settings->web;
    t->folder = "web";
    t->args = (struct tls_args){0};
    t->args.certificate = beside(t->from->settings_file, s->tls_certificate, t->certificate);
    t->args.key = beside(t->from->settings_file, s->tls_key, t->key);
    if (t->args.certificate)
        open_one(t, &book->pages);
}

/* Ours is shown to an operator that asks for it, unless another one is given for it. */
static void open_trunk(struct tls_book *book, struct task *t, uint32_t i)
{
    const struct directory_trunk *trunk = &t->from->directory->trunks[i];
    const struct directory_tls *tls = &trunk->tls;
    uint8_t pin[TLS_PIN_BYTES];
    t->trunk = i;
    t->args = (struct tls_args){.name = tls->name[0] ? tls->name : trunk->host};
    set_own(t);
    if (tls->certificate[0]) {
        t->args.certificate = beside(t->from->directory_file, tls->certificate, t->certificate);
        t->args.key = beside(t->from->directory_file, tls->key, t->key);
    } else if (!book->house) {
        t->args.certificate = t->args.key = NULL; /* told already, or there is none */
    }
    t->args.authority = beside(t->from->directory_file, tls->authority, t->authority);
    if (tls->pin[0] && tls_pin_read(pin, tls->pin))
        t->args.pin = pin;
    book->trunks[book->trunks_n].number = trunk->number;
    book->trunks[book->trunks_n].is_mutual = tls->is_mutual;
    open_one(t, &book->trunks[book->trunks_n++].context);
}

/* The gateway of text messages opens its own, for each connection: here it is only tried. */
static void try_gateway(struct task *t)
{
    const struct settings_sms *s = &t->from->settings->sms;
    struct tls_context *c = NULL;
    uint8_t pin[TLS_PIN_BYTES];
    if (s->driver != SETTINGS_SMS_DRIVER_SMPP || !s->tls)
        return;
    t->trunk = DIRECTORY_NONE;
    t->folder = "sms";
    t->args = (struct tls_args){0};
    t->args.authority = beside(t->from->settings_file, s->tls_authority, t->authority);
    if (s->tls_pin[0] && !tls_pin_read(pin, s->tls_pin))
        wrong(t, "pin", "cette empreinte SHA-256 ne se lit pas",
              "openssl x509 -in CERTIFICAT -noout -fingerprint -sha256 la donne");
    open_one(t, &c);
    tls_context_drop(c);
}

static_assert(TLS_BOOK_MAX >= DIRECTORY_TRUNKS_MAX, "a place for each operator");

int config_tls_load(struct tls_book *book, const struct config_tls_from *from,
                    struct config_errors *errors)
{
    struct task task = {.from = from, .errors = errors};
    unsigned before_n = errors->n;
    *book = (struct tls_book){0};
    open_house(book, &task);
    open_pages(book, &task);
    for (uint32_t i = 0; i < from->directory->trunks_n; i++)
        if (from->directory->trunks[i].transport == DIRECTORY_TLS)
            open_trunk(book, &task, i);
    try_gateway(&task);
    if (errors->n == before_n && !errors->more_n)
        return 0;
    tls_book_drop(book);
    return EINVAL;
}
