/* pages_accounts_link.c — who an account is at the identity provider, as an order says it (ADR 44).
 * Called by pages_accounts.c. Invariant: one person has one account; whose mail links it is awaited
 * by one, and by none that is linked. */
#include <string.h>

#include "app/pages_accounts.h"
#include "app/pages_oidc_flow.h"
#include "base/json_read.h"

static const struct page_words fits = {0};
static const struct page_words no_provider = {
    409, "there is no identity provider", "set oidc.issuer, and start anew",
    "aucun fournisseur d’identité n’est déclaré\u00a0: oidc.issuer"};
static const struct page_words no_subject = {
    422, "the subject is no text of 1 to 255 printable ASCII characters",
    "take the one that the page showed to this person",
    "l’identifiant chez le fournisseur a de 1 à 255\u00a0caractères, sans accent ni espace\u00a0: "
    "celui que la page de retour a montré"};
static const struct page_words no_mail = {
    422, "this is no mail address", "lower or upper case, ASCII, one @",
    "ce n’est pas une adresse électronique\u00a0: sans accent ni espace, un seul @"};
static const struct page_words taken = {409, "another account has it",
                                        "GET /api/v1/accounts shows which are linked",
                                        "un autre compte l’a déjà\u00a0: decroche user list"};
static const struct page_words linked = {
    409, "this account is linked already", "unlink it first",
    "ce compte est déjà lié\u00a0: d’abord decroche user unlink"};

/* A string into an array, every letter printable ASCII; false: it is not so. */
static bool read_word(char *to, size_t bytes, struct text value)
{
    struct text_out out = {.p = to, .max = bytes - 1};
    memset(to, 0, bytes);
    if (!json_unescape(&out, value) || out.is_cut)
        return false;
    for (size_t i = 0; i < out.n; i++)
        if ((uint8_t)to[i] <= ' ' || (uint8_t)to[i] > '~')
            return false;
    return true;
}

static bool read_mail(char to[ACCOUNT_MAIL_BYTES], struct text value)
{
    unsigned at_n = 0;
    if (!read_word(to, ACCOUNT_MAIL_BYTES, value))
        return false;
    for (char *p = to; *p; p++) {
        at_n += *p == '@';
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    return !to[0] || (at_n == 1 && to[0] != '@' && to[strlen(to) - 1] != '@');
}

/* Is another account about to get it? */
static bool is_on_its_way(const struct accounts *a, const struct account_provider *to)
{
    for (unsigned i = 0; i < ACCOUNTS_PENDING_MAX; i++) {
        const struct accounts_pending *p = &a->pending[i];
        for (unsigned k = 0; p->order_id && k < p->rows_n; k++) {
            const struct account_provider *other = &p->rows[k].provider;
            if (p->rows[k].kind != JOURNAL_ROW_PROVIDER || other->account_id == to->account_id)
                continue;
            if ((to->mail[0] && !strcmp(to->mail, other->mail)) ||
                (to->is_linked && other->is_linked &&
                 !memcmp(to->subject, other->subject, sizeof(to->subject))))
                return true;
        }
    }
    return false;
}

static bool is_taken(const struct accounts *a, const struct account_provider *to)
{
    const struct accounts_port *port = a->args.port;
    struct account other;
    if (to->is_linked && !port->by_subject(port->arg, to->subject, &other) &&
        other.id != to->account_id)
        return true;
    if (to->mail[0] && !port->by_mail(port->arg, to->mail, &other) && other.id != to->account_id)
        return true;
    return is_on_its_way(a, to);
}

static struct page_words read_subject(const struct accounts *a, struct account_provider *to,
                                      struct text value)
{
    char subject[OIDC_SUBJECT_BYTES];
    bool is_null = text_equal(value, TEXT("null"));
    if (!is_null && (!read_word(subject, sizeof(subject), value) || !subject[0]))
        return no_subject;
    if (!is_null && !a->args.oidc)
        return no_provider; /* whose subject it is is not known */
    *to = (struct account_provider){.account_id = to->account_id, .is_linked = !is_null};
    if (!is_null)
        flow_subject(to->subject, a, subject);
    return fits;
}

struct page_words pages_accounts_link(const struct accounts *a, struct account_provider *to,
                                      bool *has, struct text body)
{
    struct text subject, mail;
    const uint64_t account_id = to->account_id;
    bool has_subject = json_find(&subject, body, "subject");
    bool has_mail = json_find(&mail, body, "mail");
    *has = has_subject || has_mail;
    if (!*has)
        return fits;
    if (!a->args.port->provider || a->args.port->provider(a->args.port->arg, account_id, to))
        *to = (struct account_provider){.account_id = account_id};
    struct page_words words = has_subject ? read_subject(a, to, subject) : fits;
    if (!words.status && has_mail && !read_mail(to->mail, mail))
        words = no_mail;
    if (!words.status && to->is_linked && to->mail[0])
        words = linked;
    return !words.status && is_taken(a, to) ? taken : words;
}
