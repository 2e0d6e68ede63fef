/* pages_reload.c — see pages_reload.h. The page answers when the files were read, and what they say
 * is in force or was refused; until then the request waits. Called by pages.c. */
#include "app/pages_reload.h"
#include "view/api.h"

#define NEVER_JSON "{\"accepted\":null}\n"
#define NEVER_TEXT "les fichiers n’ont pas été relus depuis le démarrage\n"

static void tell(const struct reload_told *told, const struct pages_request *r,
                 struct pages_answer *answer)
{
    answer->status = told->state == RELOAD_REFUSED ? 422 : 200;
    if (r->form == PAGES_TEXT) {
        answer->type = "text/plain; charset=utf-8";
        text_put(&answer->body, told->text);
    } else {
        text_put(&answer->body, told->json);
    }
}

void pages_reload(const struct reload_port *reload, const struct pages_request *r,
                  struct pages_answer *answer)
{
    static const struct reload_told never = {
        .json = {NEVER_JSON, sizeof(NEVER_JSON) - 1},
        .text = {NEVER_TEXT, sizeof(NEVER_TEXT) - 1},
    };
    bool is_late = false, is_post = r->method == PAGES_POST;
    uint64_t number = is_post ? r->order_id : 0;
    if (is_post && !number)
        number = reload->ask(reload->arg, r->now_ms);
    struct reload_told told = reload->look(reload->arg, number, r->now_ms, &is_late);
    if (told.state == RELOAD_NONE) {
        tell(&never, r, answer);
    } else if (told.state != RELOAD_READING) {
        tell(&told, r, answer);
    } else if (is_post && !is_late) {
        answer->is_later = true;
        answer->order_id = number;
    } else {
        answer->status = 503;
        answer->retry_after_s = 1;
        view_api_error(&answer->body, "the files are still being read",
                       "GET /api/v1/reload says what became of it");
    }
}
