/* console_note.c — a note of who is on the line, and those that were written before. What others
 * wrote is shown with an open card alone (app/pages_note.c). Called by console_call.c. */
#include "port/note.h"
#include "view/console_parts.h"
#include "view/parts.h"

static void put_row(struct html *h, const struct view_house *house, const struct view_note *note)
{
    char room[32];
    struct text_out at = {.p = room, .max = sizeof(room)};
    view_put_time(&at, house, note->at);
    html_put(h, "<li><p class=\"from\">%.*s · %s</p>\n<p class=\"words\">%s</p></li>\n", (int)at.n,
             at.p, note->by[0] ? note->by : html_say(h, "compte fermé", "closed account"),
             note->words);
}

void console_notes(struct html *h, const struct view_house *house,
                   const struct view_console *console)
{
    if (!console->notes_n)
        return;
    html_put(h,
             "<h3 id=\"notes-t\">%s</h3>\n<ol id=\"notes\" class=\"thread\" "
             "aria-labelledby=\"notes-t\">\n",
             console->card.is_open ? html_say(h, "Notes", "Notes")
                                   : html_say(h, "Notes de cet appel", "Notes of this call"));
    for (unsigned i = 0; i < console->notes_n; i++)
        put_row(h, house, &console->notes[i]);
    html_put(h, "</ol>\n");
}

void console_note(struct html *h, const struct view_house *house,
                  const struct view_console *console, uint64_t contact_id)
{
    console_form(h, house, DEED_NOTE);
    html_put(h,
             "<input type=\"hidden\" name=\"demande\" value=\"%llu\">"
             "<label for=\"note\">%s <kbd>I</kbd></label>\n"
             "<textarea id=\"note\" name=\"note\" rows=\"2\" maxlength=\"%u\" data-key=\"I\" "
             "aria-keyshortcuts=\"I\" aria-describedby=\"note-d\" required>\n%.*s</textarea>\n"
             "<p id=\"note-d\" class=\"empty\">%s</p>\n"
             "<button type=\"submit\" class=\"second\">%s</button></form>\n",
             (unsigned long long)contact_id, html_say(h, "Une note", "A note"), NOTE_LETTERS_MAX,
             (int)console->note_draft.n, console->note_draft.p,
             html_say(h,
                      "Lue par qui ouvrira le dossier de cette personne" HTML_HARD
                      ": rien que vous ne lui diriez.",
                      "Read by who opens this person’s file: nothing that you would not say to "
                      "them."),
             html_say(h, "Noter", "Keep the note"));
}
