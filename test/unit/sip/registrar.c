/* registrar.c — bindings (RFC 3261 §10.3): order, times, wildcard, bounds, all or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/registrar.h"

#define MAX 6u

struct fixture {
    struct sip_registrar r;
    void *memory;
    ms_t now_at;
};

static void fixture_open(struct fixture *f, bool replaces_oldest)
{
    const struct sip_registrar_limits limits = {.bindings_max = MAX,
                                                .expires_s_min = 60,
                                                .expires_s_default = 3600,
                                                .expires_s_max = 7200,
                                                .replaces_oldest = replaces_oldest};
    struct arena arena = {0};
    sip_registrar_open(&f->r, &arena, &limits);
    arena = (struct arena){.base = aligned_alloc(ARENA_ALIGN, arena.used), .size = arena.used};
    f->memory = arena.base;
    sip_registrar_open(&f->r, &arena, &limits);
    f->now_at = 1000000;
}

static struct sip_registrar_request request(uint64_t aor, uint32_t cseq, const char *uri)
{
    return (struct sip_registrar_request){.aor = aor,
                                          .call_id = TEXT("c1"),
                                          .cseq = cseq,
                                          .source = {.at = {.port = (uint16_t)cseq}},
                                          .contacts_n = 1,
                                          .contacts = {{.uri = text_of(uri)}}};
}

static int take(struct fixture *f, const struct sip_registrar_request *q)
{
    return (int)sip_registrar_take(&f->r, q, f->now_at).verdict;
}

static int put(struct fixture *f, uint64_t aor, uint32_t cseq, const char *uri)
{
    const struct sip_registrar_request q = request(aor, cseq, uri);
    return take(f, &q);
}

static unsigned count(const struct fixture *f, uint64_t aor)
{
    unsigned n = 0;
    for (const struct sip_binding *b = NULL; (b = sip_registrar_next(&f->r, aor, b));)
        n++;
    return n;
}

static void a_binding_keeps_where_it_came_from_and_is_listed_with_its_time(void **state)
{
    (void)state;
    struct fixture f;
    char room[256];
    struct text_out out = {.p = room, .max = sizeof(room) - 1};
    fixture_open(&f, false);
    assert_int_equal(put(&f, 7, 3, "sip:a@10.0.0.1"), SIP_REGISTRAR_OK);
    assert_int_equal(sip_registrar_next(&f.r, 7, NULL)->source.at.port, 3);
    f.now_at += 1500;
    assert_true(sip_registrar_put_contacts(&out, &f.r, 7, f.now_at));
    room[out.n] = 0;
    assert_string_equal(room, "Contact: <sip:a@10.0.0.1>;expires=3599\r\n");
    out = (struct text_out){.p = room, .max = out.n - 1};
    assert_false(sip_registrar_put_contacts(&out, &f.r, 7, f.now_at));
    assert_int_equal(count(&f, 8), 0);
    free(f.memory);
}

static void a_binding_expires_at_its_time_and_is_told_once(void **state)
{
    (void)state;
    struct fixture f;
    struct sip_binding gone;
    fixture_open(&f, false);
    struct sip_registrar_request q = request(7, 1, "sip:a@h");
    q.has_expires = true;
    q.expires_s = 60;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_OK);
    assert_int_equal(sip_registrar_next_at(&f.r), f.now_at + 60000);
    assert_false(sip_registrar_due(&f.r, f.now_at + 59999, &gone));
    assert_true(sip_registrar_due(&f.r, f.now_at + 60000, &gone));
    assert_int_equal(gone.aor, 7);
    assert_false(sip_registrar_due(&f.r, f.now_at + 60000, &gone));
    assert_true(sip_registrar_next_at(&f.r) == MS_NEVER);
    free(f.memory);
}

static void times_are_granted_within_their_bounds(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    struct sip_registrar_request q = request(7, 1, "sip:a@h");
    q.contacts[0].has_expires = q.has_expires = true;
    q.contacts[0].expires_s = 59;
    q.expires_s = 600;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_TOO_BRIEF);
    assert_int_equal(count(&f, 7), 0);
    q.contacts[0].expires_s = UINT32_MAX;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_OK);
    assert_int_equal(sip_registrar_next_at(&f.r), f.now_at + 7200000);
    q.contacts[0].has_expires = false; /* that of the header then */
    q.cseq++;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_OK);
    assert_int_equal(sip_registrar_next_at(&f.r), f.now_at + 600000);
    free(f.memory);
}

static void an_older_request_of_the_same_call_changes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    assert_int_equal(put(&f, 7, 5, "sip:a@h"), SIP_REGISTRAR_OK);
    assert_int_equal(put(&f, 7, 5, "sip:a@h"), SIP_REGISTRAR_LATE);
    assert_int_equal(put(&f, 7, 4, "sip:a@H"), SIP_REGISTRAR_LATE); /* hosts have no case */
    assert_int_equal(put(&f, 7, 4, "sip:A@h"), SIP_REGISTRAR_OK);   /* users have one */
    struct sip_registrar_request q = request(7, 1, "sip:a@h");
    q.call_id = TEXT("after a restart");
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_OK);
    assert_int_equal(count(&f, 7), 2);
    free(f.memory);
}

static void an_update_is_whole_or_not_at_all(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    assert_int_equal(put(&f, 7, 5, "sip:a@h"), SIP_REGISTRAR_OK);
    struct sip_registrar_request q = request(7, 4, "sip:b@h");
    q.contacts_n = 2;
    q.contacts[1].uri = TEXT("sip:a@h");
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_LATE);
    assert_int_equal(count(&f, 7), 1);
    q.cseq = 6;
    q.contacts[1].has_expires = true; /* one comes, one goes */
    struct sip_registrar_done done = sip_registrar_take(&f.r, &q, f.now_at);
    assert_int_equal(done.verdict, SIP_REGISTRAR_OK);
    assert_int_equal(done.added_n, 1);
    assert_int_equal(done.removed_n, 1);
    assert_int_equal(count(&f, 7), 1);
    free(f.memory);
}

static void a_contact_said_twice_counts_once_by_its_last_word(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    struct sip_registrar_request q = request(7, 1, "sip:a@h");
    q.contacts_n = 2;
    q.contacts[1].uri = TEXT("sip:a@h");
    struct sip_registrar_done done = sip_registrar_take(&f.r, &q, f.now_at);
    assert_int_equal(done.added_n, 1);
    q.cseq = 2;
    q.contacts[1].has_expires = true;
    done = sip_registrar_take(&f.r, &q, f.now_at);
    assert_int_equal(done.removed_n, 1);
    assert_int_equal(count(&f, 7), 0);
    free(f.memory);
}

static void a_wildcard_removes_all_and_stands_alone(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    assert_int_equal(put(&f, 7, 5, "sip:a@h"), SIP_REGISTRAR_OK);
    assert_int_equal(put(&f, 7, 6, "sip:b@h"), SIP_REGISTRAR_OK);
    assert_int_equal(put(&f, 8, 6, "sip:b@h"), SIP_REGISTRAR_OK);
    struct sip_registrar_request q = request(7, 7, "sip:a@h");
    q.is_wildcard = q.has_expires = true;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_BAD); /* with a contact beside it */
    q.contacts_n = 0;
    q.expires_s = 60;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_BAD); /* not to remove */
    q.expires_s = 0;
    q.cseq = 6;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_LATE);
    assert_int_equal(count(&f, 7), 2);
    q.cseq = 7;
    assert_int_equal(sip_registrar_take(&f.r, &q, f.now_at).removed_n, 2);
    assert_int_equal(count(&f, 7), 0);
    assert_int_equal(count(&f, 8), 1);
    free(f.memory);
}

static void one_address_has_four_contacts_and_a_fifth_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    static const char *const uris[] = {"sip:1@h", "sip:2@h", "sip:3@h", "sip:4@h"};
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(put(&f, 7, i + 1, uris[i]), SIP_REGISTRAR_OK);
    assert_int_equal(put(&f, 7, 5, "sip:5@h"), SIP_REGISTRAR_TOO_MANY);
    assert_int_equal(put(&f, 7, 6, "sip:1@h"), SIP_REGISTRAR_OK);
    struct sip_registrar_request q = request(7, 7, "sip:1@h");
    q.contacts_n = SIP_REGISTRAR_CONTACTS_MAX + 1;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_TOO_MANY);
    assert_int_equal(count(&f, 7), 4);
    free(f.memory);
}

static void a_fifth_takes_the_place_of_the_oldest_where_that_is_wanted(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, true);
    static const char *const uris[] = {"sip:1@h", "sip:2@h", "sip:3@h", "sip:4@h"};
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(put(&f, 7, i + 1, uris[i]), SIP_REGISTRAR_OK);
        f.now_at += 1000;
    }
    assert_int_equal(put(&f, 7, 5, "sip:1@h"), SIP_REGISTRAR_OK); /* no longer the oldest */
    struct sip_registrar_request q = request(7, 6, "sip:5@h");
    struct sip_registrar_done done = sip_registrar_take(&f.r, &q, f.now_at);
    assert_int_equal(done.added_n, 1);
    assert_int_equal(done.removed_n, 1);
    assert_int_equal(count(&f, 7), 4);
    for (const struct sip_binding *b = NULL; (b = sip_registrar_next(&f.r, 7, b));)
        assert_memory_not_equal(b->uri, "sip:2@h", 7);
    free(f.memory);
}

static void at_the_bound_of_all_another_address_is_refused_until_one_leaves(void **state)
{
    (void)state;
    struct fixture f;
    struct sip_binding gone;
    fixture_open(&f, false);
    for (uint32_t i = 0; i < MAX; i++)
        assert_int_equal(put(&f, 10 + i, 1, "sip:a@h"), SIP_REGISTRAR_OK);
    assert_int_equal(put(&f, 99, 1, "sip:a@h"), SIP_REGISTRAR_FULL);
    assert_int_equal(put(&f, 10, 2, "sip:a@h"), SIP_REGISTRAR_OK); /* a refresh needs no room */
    f.now_at += 3600000;
    for (uint32_t i = 0; i < MAX; i++)
        assert_true(sip_registrar_due(&f.r, f.now_at, &gone));
    for (uint32_t i = 0; i < MAX; i++)
        assert_int_equal(put(&f, 20 + i, 1, "sip:a@h"), SIP_REGISTRAR_OK);
    sip_registrar_forget(&f.r, 20);
    sip_registrar_forget(&f.r, 20);
    assert_int_equal(count(&f, 20), 0);
    assert_int_equal(f.r.n, MAX - 1);
    free(f.memory);
}

static void what_cannot_be_written_back_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    static char big[SIP_TARGET_MAX + 1];
    fixture_open(&f, false);
    memset(big, 'x', sizeof(big));
    struct sip_registrar_request q = request(7, 1, "sip:a@h");
    q.contacts[0].uri = (struct text){big, SIP_TARGET_MAX + 1};
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_TOO_LONG);
    q.contacts[0].uri.n = SIP_TARGET_MAX;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_OK);
    q.call_id = (struct text){big, SIP_CALL_ID_MAX + 1};
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_TOO_LONG);
    assert_int_equal(put(&f, 7, 2, ""), SIP_REGISTRAR_BAD);
    assert_int_equal(put(&f, 7, 2, "sip:a>\r\nX: y"), SIP_REGISTRAR_BAD);
    assert_int_equal(sip_registrar_status(SIP_REGISTRAR_TOO_BRIEF), 423);
    free(f.memory);
}

static void without_contacts_it_asks_only(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    assert_int_equal(put(&f, 7, 1, "sip:a@h"), SIP_REGISTRAR_OK);
    struct sip_registrar_request q = request(7, 1, "");
    q.contacts_n = 0;
    assert_int_equal(take(&f, &q), SIP_REGISTRAR_OK);
    assert_int_equal(count(&f, 7), 1);
    free(f.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binding_keeps_where_it_came_from_and_is_listed_with_its_time),
        cmocka_unit_test(a_binding_expires_at_its_time_and_is_told_once),
        cmocka_unit_test(times_are_granted_within_their_bounds),
        cmocka_unit_test(an_older_request_of_the_same_call_changes_nothing),
        cmocka_unit_test(an_update_is_whole_or_not_at_all),
        cmocka_unit_test(a_contact_said_twice_counts_once_by_its_last_word),
        cmocka_unit_test(a_wildcard_removes_all_and_stands_alone),
        cmocka_unit_test(one_address_has_four_contacts_and_a_fifth_is_refused),
        cmocka_unit_test(a_fifth_takes_the_place_of_the_oldest_where_that_is_wanted),
        cmocka_unit_test(at_the_bound_of_all_another_address_is_refused_until_one_leaves),
        cmocka_unit_test(what_cannot_be_written_back_is_refused),
        cmocka_unit_test(without_contacts_it_asks_only),
    };
    return cmocka_run_group_tests_name("sip/registrar", tests, NULL, NULL);
}
