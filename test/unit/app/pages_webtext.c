/* pages_webtext.c — the pages on which people write: what is said to be kept is on the disk, what
 * is typed is text and stays typed when it was refused, an unknown secret looks as an erased one,
 * and the state is said in the words of the script. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/pages_webtext.h"
#include "app/webtext.h"
#include "gsm/coding.h"
#include "say/reference.h"
#include "test/unit/acd/house.h"

#define BODY_BYTES 65536
#define NOW_MS ((ms_t)90000000)
#define SECRET "00112233445566778899aabbccddeeff"
#define KEY "cle=" SECRET "&service=accueil"
#define HOST "accueil.example"

struct desk {
    struct house *acd;
    struct directory *directory;
    struct view_house house;
    struct pages pages;
    struct orders_port orders;
    struct texts_port texts;
    struct texts_post post;
    struct command given;
    enum texts_post_state post_state;
    struct texts_post_told post_told;
    struct order_told told;
    struct texts_page page; /* contact_id 0: none */
    const char *words[2];
    uint64_t stored_id;
    unsigned given_n, looks_n;
    bool is_foreign; /* sent by another site */
    struct pages_answer answer;
    char body[BODY_BYTES];
};

static uint64_t give(void *arg, const struct texts_post *post, ms_t now_ms)
{
    struct desk *d = arg;
    d->post = *post;
    d->post_told = (struct texts_post_told){.given_ms = now_ms};
    d->post_state = TEXTS_POST_GIVEN;
    return ++d->given_n;
}

static enum texts_post_state look(void *arg, uint64_t number, struct texts_post_told *told)
{
    struct desk *d = arg;
    assert_int_equal(number, d->given_n);
    *told = d->post_told;
    return d->post_state;
}

static void forget(void *arg, uint64_t number)
{
    const struct desk *d = arg;
    assert_int_equal(number, d->given_n);
}

static bool has(void *arg, uint64_t id)
{
    const struct desk *d = arg;
    return id == d->stored_id;
}

/* tidy: parameters — dictated by port/texts.h */
static int thread(void *arg, uint64_t contact_id, texts_shown_fn *fn, void *fn_arg)
{
    const struct desk *d = arg;
    for (unsigned i = 0; i < 2 && d->words[i]; i++) {
        size_t n;
        struct texts_shown shown = {.id = i + 1,
                                    .is_received = !i,
                                    .kind = i ? TEXTS_KIND_ANSWER : 0,
                                    .coding = GSM_CODING_UCS2};
        assert_true(gsm_wide(shown.octets, sizeof(shown.octets), &n, text_of(d->words[i])));
        shown.n = (uint16_t)n;
        fn(&shown, fn_arg);
    }
    return contact_id ? 0 : ENOENT;
}

static bool draw(void *arg, char to[2 * TEXTS_SECRET_BYTES + 1])
{
    (void)arg;
    memcpy(to, SECRET, sizeof(SECRET));
    return true;
}

static void hash(void *arg, uint8_t to[JOURNAL_WEB_HASH], struct text secret)
{
    (void)arg;
    memset(to, 0, JOURNAL_WEB_HASH);
    memcpy(to, secret.p, secret.n < JOURNAL_WEB_HASH ? secret.n : JOURNAL_WEB_HASH);
}

static int find_page(void *arg, const uint8_t of[JOURNAL_WEB_HASH], struct texts_page *out)
{
    struct desk *d = arg;
    d->looks_n++;
    *out = d->page;
    return d->page.contact_id && !memcmp(of, SECRET, JOURNAL_WEB_HASH) ? 0 : ENOENT;
}

static uint64_t give_order(void *arg, const struct command *cmd, ms_t now_ms)
{
    struct desk *d = arg;
    d->given = *cmd;
    d->told = (struct order_told){.given_ms = now_ms};
    return ++d->given_n;
}

static enum order_state look_order(void *arg, uint64_t order_id, struct order_told *told)
{
    const struct desk *d = arg;
    (void)order_id;
    *told = d->told;
    return ORDER_DONE;
}

static void forget_order(void *arg, uint64_t order_id)
{
    (void)arg;
    (void)order_id;
}

static void open_house(struct desk *d)
{
    static const struct acd_limits limits = {
        .contacts_max = 64, .agents_max = 4, .queues_max = 2, .lanes_max = 64};
    const struct directory_room room = {.agents_n = 1, .services_n = 2};
    size_t n = (directory_bytes(&room) + 63) / 64 * 64;
    d->directory = directory_open(memset(aligned_alloc(64, n), 0, n), &room);
    d->directory->services_n = 2;
    memcpy(d->directory->organisation.name, "Haute-Lisière", 15);
    memcpy(d->directory->services[0].id, "accueil", 8);
    memcpy(d->directory->services[0].name, "Accueil", 8);
    memcpy(d->directory->services[1].id, "impots", 7);
    memcpy(d->directory->services[1].name, "Impôts", 8);
    d->directory->services[0].number = QUEUE;
    d->directory->services[1].number = QUEUE + 1;
    map_put(&d->directory->service_of, QUEUE, 0);
    d->directory->agents_n = 1;
    struct directory_agent *g = &d->directory->agents[0];
    memcpy(g->name, "Camille Roussel", 16);
    g->number = 77;
    g->writes = true;
    g->services_n = 1;
    map_put(&d->directory->agent_of, g->number, 0);
    d->directory->texts = (struct directory_texts){
        .has_page = true, .open_max = 9, .address_max = 9, .keep_ms = (ms_t)31 * 86400000};
    d->acd = house_open(&limits);
    house_staff(d->acd, g->number, 0);
}

static struct desk *open_desk(void)
{
    struct desk *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    open_house(d);
    d->texts = (struct texts_port){.arg = d,
                                   .give = give,
                                   .look = look,
                                   .forget = forget,
                                   .has = has,
                                   .thread = thread,
                                   .draw = draw,
                                   .hash = hash,
                                   .page = find_page};
    d->orders = (struct orders_port){
        .arg = d, .give = give_order, .look = look_order, .forget = forget_order};
    d->pages.texts = &d->texts;
    d->pages.orders = &d->orders;
    return d;
}

static void drop_desk(struct desk *d)
{
    house_drop(d->acd);
    free(d->directory);
    free(d);
}

typedef void page_fn(const struct pages_webtext_args *args, struct pages_answer *answer);

struct asking {
    page_fn *page;
    const char *body, *query, *secret;
    uint64_t order_id;
    ms_t by_ms;
};

/* The status; 0: later. */
static unsigned ask(struct desk *d, struct asking q)
{
    const struct pages_request r = {
        .method = q.body ? PAGES_POST : PAGES_GET,
        .form = PAGES_HTML,
        .query = q.query ? text_of(q.query) : TEXT_NONE,
        .body = q.body ? text_of(q.body) : TEXT_NONE,
        .order_id = q.order_id,
        .now_ms = NOW_MS + q.by_ms,
        .browser = {.host = TEXT(HOST),
                    .origin = d->is_foreign ? TEXT("https://evil.example") : TEXT("https://" HOST),
                    .peer = {.family = 4, .ip = {10, 1, 2, 3}}}};
    d->house = (struct view_house){.acd = d->acd->acd,
                                   .directory = d->directory,
                                   .is_ready = true,
                                   .now_at = d->acd->now_at,
                                   .last_id = acd_last_id(d->acd->acd)};
    const struct pages_webtext_args args = {&d->house, &d->pages, &r,
                                            text_of(q.secret ? q.secret : SECRET)};
    d->answer = (struct pages_answer){.status = 200, .body = {.p = d->body, .max = BODY_BYTES - 1}};
    q.page(&args, &d->answer);
    d->body[d->answer.body.n] = '\0';
    assert_false(d->answer.body.is_cut);
    return d->answer.is_later ? 0 : d->answer.status;
}

static bool says(const struct desk *d, const char *words)
{
    return strstr(d->body, words) != NULL;
}

#define FORM(...) ((struct asking){.page = pages_webtext_form, __VA_ARGS__})
#define OPEN(...) ((struct asking){.page = pages_webtext_open, __VA_ARGS__})
#define SHOW(...) ((struct asking){.page = pages_webtext_show, __VA_ARGS__})
#define MORE(...) ((struct asking){.page = pages_webtext_more, __VA_ARGS__})

static void arrives(struct desk *d)
{
    assert_int_equal(house_do(d->acd, (struct command){.kind = CMD_TEXT_ARRIVE,
                                                       .text_arrive = {.queue_id = QUEUE,
                                                                       .reference = 4711,
                                                                       .is_web = true}}),
                     ACD_DONE);
    d->page = (struct texts_page){.contact_id =
                                      house_last(d->acd, EV_TEXT_OPENED)->text_opened.contact_id,
                                  .queue_id = QUEUE,
                                  .reference = 4711};
}

static void the_form_offers_what_somebody_reads_and_nothing_else(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    assert_int_equal(ask(d, FORM()), 200);
    assert_true(says(d, "À quel service") && says(d, "value=\"accueil\"") && says(d, SECRET));
    assert_false(says(d, "impots"));
    assert_true(says(d, "Bonjour. Haute-Lisière. Écrivez votre demande, nous lisons."));
    assert_false(says(d, "noindex"));
    assert_int_equal(ask(d, FORM(.query = "langue=en&service=accueil")), 200);
    assert_true(says(d, "Write your request, we are reading.") && says(d, " checked"));
    d->directory->texts.has_page = false;
    assert_int_equal(ask(d, FORM()), 404);
    assert_true(says(d, "téléphoner") && !says(d, "<form class"));
    d->directory->texts.has_page = true;
    d->directory->agents[0].writes = false;
    assert_int_equal(ask(d, FORM()), 404);
    drop_desk(d);
}

static void it_goes_on_once_it_is_on_the_disk_and_says_when_it_is_not(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    const char *body = KEY "&texte=Bonjour%0D%0AKarim&prenom=+Karim+&numero=05+36+49+12+34";
    assert_int_equal(ask(d, OPEN(.body = body)), 0);
    assert_int_equal(d->post.kind, TEXTS_POST_WEB);
    assert_true(text_equal((struct text){d->post.text, d->post.text_n}, TEXT("Bonjour\nKarim")));
    assert_string_equal(d->post.name, "Karim");
    assert_true(d->post.e164 == 33536491234 && d->post.queue_id == QUEUE && d->post.id);
    uint64_t address = d->post.address, id = d->post.id;
    assert_true(address != 0);
    assert_int_equal(ask(d, OPEN(.body = body, .order_id = 1)), 0);
    d->post_state = TEXTS_POST_DONE; /* main has it, the disk has not */
    assert_int_equal(ask(d, OPEN(.body = body, .order_id = 1, .by_ms = 1999)), 0);
    assert_int_equal(ask(d, OPEN(.body = body, .order_id = 1, .by_ms = 2000)), 503);
    assert_true(says(d, "n’est pas gardé pour l’instant") && says(d, "Bonjour\nKarim"));
    assert_true(says(d, SECRET)); /* the same key: sent again it is the same message */
    assert_int_equal(ask(d, OPEN(.body = body)), 0);
    assert_true(d->post.id == id);
    d->post_state = TEXTS_POST_STORED;
    d->post_told.id = id;
    assert_int_equal(ask(d, OPEN(.body = body, .order_id = 2)), 303);
    assert_string_equal(d->answer.location, "/ecrire/" SECRET);
    d->stored_id = id;
    assert_int_equal(ask(d, OPEN(.body = body, .query = "langue=en")), 303); /* no second post */
    assert_int_equal(d->given_n, 2);
    assert_string_equal(d->answer.location, "/ecrire/" SECRET "?langue=en");
    drop_desk(d);
}

static void what_is_wrong_is_said_and_what_was_typed_stays(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        unsigned status;
        const char *words;
    } wrongs[] = {
        {KEY "&texte=%20%0A", 0, NULL}, /* main says that it is empty */
        {KEY "&texte=", 0, NULL},
        {"cle=" SECRET "&service=impots&texte=Bonjour", 422, "Choisissez le service"},
        {"cle=" SECRET "&texte=Bonjour", 422, "Choisissez le service"},
        {KEY "&texte=Bonjour&numero=12ab", 422, "numéro de téléphone n’en est pas un"},
        {KEY "&texte=Bonjour&prenom=a%0Ab", 422, "prénom est trop long"},
        {"service=accueil&texte=Bonjour", 403, "ne vient pas de cette page"},
        {"cle=court&service=accueil&texte=Bonjour", 403, "ne vient pas de cette page"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(wrongs); i++) {
        struct desk *d = open_desk();
        assert_int_equal(ask(d, OPEN(.body = wrongs[i].body)), wrongs[i].status);
        assert_true(!wrongs[i].words || says(d, wrongs[i].words));
        assert_true(!wrongs[i].words || says(d, ">\nBonjour</textarea>"));
        assert_int_equal(d->given_n, wrongs[i].status ? 0 : 1);
        drop_desk(d);
    }
    struct desk *d = open_desk();
    d->is_foreign = true;
    assert_int_equal(ask(d, OPEN(.body = KEY "&texte=Bonjour")), 403);
    assert_int_equal(d->given_n, 0);
    drop_desk(d);
}

static void each_bound_has_its_words_and_its_cure(void **state)
{
    (void)state;
    static const struct {
        enum webtext_verdict verdict;
        unsigned status;
        const char *words, *english;
    } bounds[] = {
        {WEBTEXT_OFF, 422, "Choisissez le service", "Choose the service"},
        {WEBTEXT_EMPTY, 422, "Rien n’est écrit", "Nothing is written"},
        {WEBTEXT_LONG, 422, "500 signes au plus", "500 signs at most"},
        {WEBTEXT_FULL, 503, "Trop de messages attendent", "Too many messages wait"},
        {WEBTEXT_ADDRESS, 429, "viennent de cette connexion", "come from this connection"},
        {WEBTEXT_MINUTE, 429, "Renvoyez-le dans une minute", "Send it again in a minute"},
        {WEBTEXT_OVER, 409, "Écrivez une autre demande", "Write another request"},
    };
    struct desk *d = open_desk();
    for (unsigned i = 0; i < ARRAY_LEN(bounds); i++)
        for (unsigned english = 0; english < 2; english++) {
            const char *query = english ? "langue=en" : "langue=fr";
            const char *body = KEY "&texte=Bonjour%20%3Cb%3E";
            d->post_state = TEXTS_POST_STORED;
            d->post_told = (struct texts_post_told){.verdict = (int)bounds[i].verdict};
            d->given_n = 1;
            assert_int_equal(ask(d, OPEN(.body = body, .query = query, .order_id = 1)),
                             bounds[i].status);
            assert_true(says(d, english ? bounds[i].english : bounds[i].words));
            assert_true(says(d, "Bonjour &lt;b&gt;</textarea>"));
        }
    drop_desk(d);
}

static void an_unknown_secret_looks_as_an_erased_one(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    char first[BODY_BYTES];
    d->page.contact_id = 9;
    assert_int_equal(ask(d, SHOW(.secret = "ffeeddccbbaa99887766554433221100")), 404);
    memcpy(first, d->body, BODY_BYTES);
    assert_true(says(d, "Aucune demande à cette adresse") && says(d, "noindex"));
    d->page.contact_id = 0; /* erased */
    static const char *const secrets[] = {SECRET, "x", "00112233445566778899aabbccddeef"};
    for (unsigned i = 0; i < ARRAY_LEN(secrets); i++) {
        unsigned looks_n = d->looks_n;
        assert_int_equal(ask(d, SHOW(.secret = secrets[i])), 404);
        assert_string_equal(d->body, first);
        assert_int_equal(ask(d, MORE(.secret = secrets[i], .body = "texte=Bonjour")), 404);
        assert_string_equal(d->body, first);
        assert_int_equal(d->looks_n, looks_n + 2); /* the same work */
    }
    assert_int_equal(d->given_n, 0);
    drop_desk(d);
}

static void the_state_is_said_in_the_words_of_the_script(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    d->words[0] = "<script>alert(1)</script>";
    arrives(d);
    struct texts_page first = d->page;
    assert_int_equal(ask(d, SHOW()), 200);
    assert_true(says(d, "Vous êtes dans la file. Vous gardez votre place même si la page se ferme. "
                        "Vous êtes la prochaine personne."));
    assert_true(says(d, "&lt;script&gt;alert(1)&lt;/script&gt;") && !says(d, "<script>"));
    assert_true(says(d, "noindex") && says(d, "Votre demande "));
    arrives(d);
    assert_int_equal(ask(d, SHOW()), 200);
    assert_true(says(d, "1\u00a0personne avant vous."));
    arrives(d);
    assert_int_equal(ask(d, SHOW(.query = "langue=en")), 200);
    assert_true(says(d, "2\u00a0people before you."));
    const struct command take = {.kind = CMD_TEXT_TAKE, .text_take = {77}};
    assert_int_equal(house_do(d->acd, take), ACD_DONE);
    assert_int_equal(ask(d, SHOW()), 200); /* not answered yet: still before */
    assert_true(says(d, "2\u00a0personnes avant vous."));
    d->page = first;
    d->words[1] = "Votre carte est prête.";
    assert_int_equal(ask(d, SHOW()), 200);
    assert_true(says(d, "Camille vous répond.") && says(d, "Votre carte est prête."));
    assert_int_equal(ask(d, SHOW(.query = "langue=en")), 200);
    assert_true(says(d, "Camille is here."));
    assert_int_equal(house_do(d->acd, (struct command){.kind = CMD_TEXT_END,
                                                       .text_end = {.contact_id = first.contact_id,
                                                                    .how = TEXT_END_CANCELLED}}),
                     ACD_DONE);
    assert_int_equal(ask(d, SHOW()), 200);
    assert_true(says(d, "C’est terminé.") && says(d, "31 jours") && !says(d, "<textarea"));
    drop_desk(d);
}

/* Between the disk and the figures, and while these are computed anew: kept is all that is known.
 */
static void what_the_figures_do_not_have_yet_is_kept_and_not_over(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    arrives(d);
    d->page.contact_id += 1000;
    assert_int_equal(ask(d, SHOW()), 200);
    assert_true(says(d, "Votre message est gardé.") && !says(d, "C’est terminé"));
    drop_desk(d);
}

static void more_words_and_the_end_are_of_this_page(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    arrives(d);
    assert_int_equal(ask(d, MORE(.body = "n=1&texte=Encore")), 0);
    uint64_t id = d->post.id;
    assert_int_equal(ask(d, MORE(.body = "n=2&texte=Encore")), 0); /* the same words, later */
    assert_true(d->post.id != id);
    d->post_state = TEXTS_POST_STORED;
    d->post_told.verdict = WEBTEXT_MINUTE;
    assert_int_equal(ask(d, MORE(.body = "n=2&texte=Encore", .order_id = 2)), 429);
    assert_true(says(d, ">\nEncore</textarea>"));
    assert_int_equal(ask(d, MORE(.body = "fin=oui")), 0);
    assert_true(d->given.kind == CMD_TEXT_END &&
                d->given.text_end.contact_id == d->page.contact_id &&
                d->given.text_end.how == TEXT_END_CANCELLED);
    assert_int_equal(ask(d, MORE(.body = "fin=oui", .order_id = d->given_n)), 303);
    d->is_foreign = true;
    unsigned given_n = d->given_n;
    assert_int_equal(ask(d, MORE(.body = "fin=oui")), 403);
    assert_int_equal(ask(d, MORE(.body = "texte=Bonjour")), 403);
    assert_int_equal(d->given_n, given_n);
    drop_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_offers_what_somebody_reads_and_nothing_else),
        cmocka_unit_test(it_goes_on_once_it_is_on_the_disk_and_says_when_it_is_not),
        cmocka_unit_test(what_is_wrong_is_said_and_what_was_typed_stays),
        cmocka_unit_test(each_bound_has_its_words_and_its_cure),
        cmocka_unit_test(an_unknown_secret_looks_as_an_erased_one),
        cmocka_unit_test(the_state_is_said_in_the_words_of_the_script),
        cmocka_unit_test(what_the_figures_do_not_have_yet_is_kept_and_not_over),
        cmocka_unit_test(more_words_and_the_end_are_of_this_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
