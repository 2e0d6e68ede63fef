/* pages_board.c — forms of the board: what each field becomes in the order, what is refused before
 * it is given, and where the answer leads (ADR 37, ADR 41). */
#include "acd/acd.h"
#include "test/support/doorkeeper.h"

#define SANTE "/supervision/services/sante"
#define A1 "/supervision/agents/a1"
#define MINUTE ((ms_t)60000)

static struct command given;
static struct order_told told;
static struct order_talk given_talk;
static enum order_talked talked; /* what the lines answer */

static uint64_t give(void *arg, const struct command *cmd, ms_t now_ms)
{
    struct door *d = arg;
    given = *cmd;
    told = (struct order_told){.given_ms = now_ms};
    return UINT64_C(1) << 40 | ++d->orders_n;
}

static uint64_t give_talk(void *arg, const struct order_talk *talk, ms_t now_ms)
{
    struct door *d = arg;
    given_talk = *talk;
    told = (struct order_told){.given_ms = now_ms, .verdict = (int)talked};
    return UINT64_C(1) << 40 | ++d->orders_n;
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *to)
{
    (void)arg;
    (void)order_id;
    *to = told;
    return ORDER_DONE;
}

static void forget(void *arg, uint64_t order_id)
{
    (void)arg;
    (void)order_id;
}

/* The queue and the agents of the directory are known to the heart. */
static void make(struct door *d, struct acd *core, struct command cmd)
{
    static struct event_batch batch;
    uint64_t next_id = batch.next_id && cmd.kind != CMD_QUEUE_SET ? batch.next_id : 1;
    batch = (struct event_batch){.next_id = next_id};
    acd_step(core, &cmd, DOOR_AT - MINUTE, &batch);
    for (unsigned i = 0; i < batch.n; i++)
        assert_true(readmodel_take(&batch.ev[i], d->model));
}

static struct door *open_house(void)
{
    static const struct acd_limits limits = {64, 8, 4, 64};
    struct door *d = door_open();
    struct acd *core = acd_open(aligned_alloc(64, (acd_bytes(&limits) + 63) / 64 * 64), &limits);
    uint32_t queue = d->directory->services[0].number;
    make(d, core,
         (struct command){.kind = CMD_QUEUE_SET,
                          .queue_set = {.queue_id = queue, .offer_ms = 20000}});
    make(d, core,
         (struct command){.kind = CMD_AGENT_SET,
                          .agent_set = {.agent_id = d->directory->agents[0].number,
                                        .capacity = {1},
                                        .capacity_n = 1,
                                        .queue_ids = {queue},
                                        .queue_ids_n = 1}});
    free(core);
    d->orders = (struct orders_port){
        .arg = d, .give = give, .give_talk = give_talk, .look = look, .forget = forget};
    door_admit(d, RIGHTS_SUPERVISOR, true);
    given = (struct command){.kind = CMD_TICK};
    return d;
}

static unsigned post(struct door *d, const char *path, const char *body)
{
    struct pages_request r = door_request(PAGES_POST, path);
    r.browser.csrf = door_csrf();
    r.body = text_of(body);
    r.form = PAGES_HTML;
    return door_await(d, &r);
}

static void must_say(const struct door *d, const char *what)
{
    if (!strstr(d->page, what))
        fail_msg("it does not say: %s\n%s", what, d->page);
}

static void a_form_is_the_order_that_it_says(void **state)
{
    (void)state;
    struct door *d = open_house();
    uint32_t queue = d->directory->services[0].number;
    assert_int_equal(post(d, SANTE, "geste=aide&lieu=sud&minutes=15"), 303);
    assert_string_equal(d->answer.location, SANTE);
    assert_int_equal(given.kind, CMD_HELP_ASK);
    assert_int_equal(given.help_ask.queue_id, queue);
    assert_int_equal(given.help_ask.site_id, d->directory->sites[1].number);
    assert_int_equal(given.help_ask.for_ms, 15 * MINUTE);
    assert_int_equal(given.help_ask.by_id, 9);
    assert_int_equal(post(d, SANTE, "geste=fin&lieu="), 303);
    assert_int_equal(given.kind, CMD_HELP_END);
    assert_int_equal(given.help_end.site_id, 0);
    assert_int_equal(post(d, SANTE, "geste=fermer&jusqua=&confirme=oui"), 303);
    assert_int_equal(given.kind, CMD_QUEUE_SHUT);
    assert_int_equal(given.queue_shut.until_at, 0);
    assert_int_equal(given.queue_shut.by_id, 9);
    assert_int_equal(post(d, SANTE, "geste=rouvrir"), 303);
    assert_int_equal(given.kind, CMD_QUEUE_REOPEN);
    assert_int_equal(post(d, A1, "geste=deplacer&vers_sante=oui"), 303);
    assert_string_equal(d->answer.location, A1);
    assert_int_equal(given.kind, CMD_AGENT_MOVE);
    assert_int_equal(given.agent_move.queue_ids_n, 1);
    assert_int_equal(given.agent_move.queue_ids[0], queue);
    assert_int_equal(post(d, A1, "geste=retour"), 303);
    assert_int_equal(given.kind, CMD_AGENT_MOVE_BACK);
    assert_int_equal(d->orders_n, 6);
    door_drop(d);
}

static void what_is_wrong_is_told_by_the_page_and_never_ordered(void **state)
{
    static const struct {
        const char *path, *body, *says;
    } wrong[] = {
        {SANTE, "", "ce bouton n’existe pas"},
        {SANTE, "geste=deplacer", "ce bouton n’existe pas"},
        {SANTE, "geste=aide&minutes=241", "de 1 à 240 minutes"},
        {SANTE, "geste=aide&minutes=0", "de 1 à 240 minutes"},
        {SANTE, "geste=fermer", "cocher la case"},
        {SANTE, "geste=fermer&confirme=non", "cocher la case"},
        {SANTE, "geste=fermer&confirme=oui&jusqua=25%3A00", "écrire une heure"},
        {SANTE, "geste=fermer&confirme=oui&jusqua=1%26x%3D2", "écrire une heure"},
        {A1, "geste=deplacer", "dire les services"},
        {A1, "geste=fermer", "ce bouton n’existe pas"},
    };
    (void)state;
    struct door *d = open_house();
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(post(d, wrong[i].path, wrong[i].body), 400);
        must_say(d, wrong[i].says);
        must_say(d, "role=\"alert\"");
    }
    assert_int_equal(post(d, SANTE, "geste=aide&lieu=%3Cscript%3E"), 404); /* no such site */
    assert_null(strstr(d->page, "<script>"));
    assert_int_equal(d->orders_n, 0);
    assert_int_equal(given.kind, CMD_TICK);
    door_drop(d);
}

static void what_the_heart_refuses_is_told_in_words(void **state)
{
    (void)state;
    struct door *d = open_house();
    struct pages_request r = door_request(PAGES_POST, SANTE);
    r.browser.csrf = door_csrf();
    r.body = TEXT("geste=aide&minutes=15");
    r.form = PAGES_HTML;
    assert_int_equal(door_ask(d, &r), 200);
    assert_true(d->answer.is_later);
    told.verdict = ACD_REFUSED_FULL;
    r.order_id = d->answer.order_id;
    assert_int_equal(door_ask(d, &r), 409);
    must_say(d, "huit lieux demandent déjà de l’aide");
    door_drop(d);
}

static void the_language_of_a_form_is_that_of_its_answer(void **state)
{
    (void)state;
    struct door *d = open_house();
    struct pages_request r = door_request(PAGES_POST, SANTE);
    r.browser.csrf = door_csrf();
    r.query = TEXT("langue=en");
    r.body = TEXT("geste=rouvrir");
    r.form = PAGES_HTML;
    assert_int_equal(door_await(d, &r), 303);
    assert_string_equal(d->answer.location, SANTE "?langue=en");
    r.order_id = 0;
    r.body = TEXT("geste=fermer");
    assert_int_equal(door_await(d, &r), 400);
    must_say(d, "Refused: tick the box");
    door_drop(d);
}

static void who_may_only_look_is_given_no_form(void **state)
{
    (void)state;
    struct door *d = open_house();
    door_admit(d, RIGHTS_AUDITOR, true);
    struct pages_request r = door_request(PAGES_GET, SANTE);
    r.form = PAGES_HTML;
    assert_int_equal(door_ask(d, &r), 200);
    assert_null(strstr(d->page, "name=\"geste\""));
    door_admit(d, RIGHTS_SUPERVISOR, true);
    assert_int_equal(door_ask(d, &r), 200);
    must_say(d, "name=\"geste\" value=\"aide\"");
    door_drop(d);
}

static unsigned audited(const struct door *d)
{
    return d->rows_n && d->rows[0].kind == JOURNAL_ROW_AUDIT ? d->rows[0].audit.deed
                                                             : (unsigned)ACCOUNT_DEEDS;
}

static void who_listens_is_who_signed_in_and_stands_in_the_log(void **state)
{
    static const struct {
        const char *body;
        enum order_talk_deed deed;
    } forms[] = {{"geste=ecouter&demande=5", ORDER_TALK_LISTEN},
                 {"geste=souffler&demande=5", ORDER_TALK_WHISPER},
                 {"geste=rejoindre&demande=5", ORDER_TALK_JOIN},
                 {"geste=quitter&demande=5", ORDER_TALK_UNLISTEN}};
    (void)state;
    struct door *d = open_house();
    talked = ORDER_TALKED;
    assert_int_equal(post(d, A1, "geste=ecouter&demande=5"), 409); /* nobody of the directory */
    must_say(d, "réservée aux responsables");
    assert_int_equal(d->orders_n, 0);
    memcpy(d->account.agent, "a2", 3);
    assert_int_equal(post(d, A1, "geste=ecouter"), 400);
    assert_int_equal(post(d, A1, "geste=ecouter&demande=a2"), 400);
    for (unsigned i = 0; i < ARRAY_LEN(forms); i++) {
        d->rows_n = 0;
        assert_int_equal(post(d, A1, forms[i].body), 303);
        assert_string_equal(d->answer.location, A1);
        assert_int_equal(given_talk.deed, forms[i].deed);
        assert_int_equal(given_talk.agent_id, d->directory->agents[1].number);
        assert_int_equal(given_talk.whom_id, d->directory->agents[0].number);
        assert_int_equal(given_talk.contact_id, 5);
        bool is_end = forms[i].deed == ORDER_TALK_UNLISTEN;
        assert_int_equal(audited(d), is_end ? ACCOUNT_DEEDS : ACCOUNT_LISTENED);
    }
    door_drop(d);
}

static void what_the_lines_refuse_is_told_in_words_and_not_logged(void **state)
{
    static const struct {
        enum order_talked talked;
        const char *says;
    } refused[] = {{ORDER_TALKED_ALONE, "cette conversation est terminée"},
                   {ORDER_TALKED_UNTOLD, "n’a pas été prévenue ou a refusé"},
                   {ORDER_TALKED_AWAY, "mettez-vous en poste"},
                   {ORDER_TALKED_NOT_YOURS, "réservée aux responsables"},
                   {ORDER_TALKED_SELF, "votre propre poste"},
                   {ORDER_TALKED_HELD, "vous n’écoutez pas"}};
    (void)state;
    struct door *d = open_house();
    memcpy(d->account.agent, "a2", 3);
    for (unsigned i = 0; i < ARRAY_LEN(refused); i++) {
        talked = refused[i].talked;
        d->rows_n = 0;
        assert_int_equal(post(d, A1, "geste=ecouter&demande=5"), 409);
        must_say(d, refused[i].says);
        assert_int_equal(audited(d), ACCOUNT_DEEDS);
    }
    talked = ORDER_TALKED;
    door_admit(d, RIGHTS_SUPERVISOR, false); /* sees nobody: as good as not there */
    assert_int_equal(post(d, A1, "geste=ecouter&demande=5"), 404);
    assert_int_equal(post(d, "/supervision/agents/a9", "geste=ecouter&demande=5"), 404);
    door_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_the_order_that_it_says),
        cmocka_unit_test(what_is_wrong_is_told_by_the_page_and_never_ordered),
        cmocka_unit_test(what_the_heart_refuses_is_told_in_words),
        cmocka_unit_test(the_language_of_a_form_is_that_of_its_answer),
        cmocka_unit_test(who_may_only_look_is_given_no_form),
        cmocka_unit_test(who_listens_is_who_signed_in_and_stands_in_the_log),
        cmocka_unit_test(what_the_lines_refuse_is_told_in_words_and_not_logged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
