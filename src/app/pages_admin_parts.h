/* pages_admin_parts.h — what the forms of the administration have in common: what they bring, and
 * how a change of a file is waited for. Included by app/pages_admin*.c only. */
#ifndef APP_PAGES_ADMIN_PARTS_H
#define APP_PAGES_ADMIN_PARTS_H

#include "app/pages_admin.h"

#define PAGES_ADMIN_WORD_MAX 128

/* A field of a form, NUL-terminated; false, and "": it is not there, or too long. */
bool pages_admin_field(char *to, size_t max, struct text body, const char *name);
/* Of the form, or of the address of a GET; 0 and "": none. */
uint32_t pages_admin_number(const struct pages_request *r, const char *name);
void pages_admin_word(char to[PAGES_ADMIN_WORD_MAX], const struct pages_request *r,
                      const char *name);
/* The account that asks; 0: the owner, or a program. */
uint64_t pages_admin_who(const struct pages_admin_args *args);
/* What all pages show. told: of a change that was refused or tried; NULL: none. */
struct view_admin pages_admin_shown(const struct pages_admin_args *args,
                                    const struct files_told *told);
/* Which of the buttons was pressed. */
void pages_admin_deed(const struct pages_request *r, struct files_change *c);
/* True: *told says what became of it. False: the answer waits. */
bool pages_admin_is_told(const struct pages_admin_args *args, const struct files_change *change,
                         struct pages_answer *answer, struct files_told *told);
void pages_admin_go(const struct pages_admin_args *args, struct pages_answer *answer,
                    const char *page, const struct files_told *told);
/* A line of the log: this file is another by now. */
void pages_admin_note(const struct pages_admin_args *args, const char *what, uint32_t version);

/* Pages of their own; false: there is no such page. */
bool pages_admin_account(const struct pages_admin_args *args, struct pages_answer *answer);
bool pages_admin_phrases(const struct pages_admin_args *args, struct pages_answer *answer);
bool pages_admin_sound(const struct pages_admin_args *args, struct pages_answer *answer);
bool pages_admin_record(const struct pages_admin_args *args, struct pages_answer *answer);
bool pages_admin_trial(const struct pages_admin_args *args, struct pages_answer *answer);
bool pages_admin_sheet(const struct pages_admin_args *args, struct pages_answer *answer);

#endif
