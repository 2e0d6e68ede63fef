/* init_ask.c — the six questions of `decroche init`, and those that follow from their answers.
 * Called by init.c. Each answer is judged at once; a wrong one is told with its cure and asked
 * again. Invariant: ends with the input. */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/init.h"

#define CTRL_C 3
#define QUESTIONS_N 6

/* ---- a line ---- */

/* On a terminal a secret is not shown. Ctrl-C then ends the line, so that the terminal is never
 * left mute. */
static bool hide(struct termios *before)
{
    if (tcgetattr(STDIN_FILENO, before))
        return false;
    struct termios mute = *before;
    mute.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    mute.c_cc[VEOL2] = CTRL_C;
    return !tcsetattr(STDIN_FILENO, TCSAFLUSH, &mute);
}

/* False: input has ended. What is longer than the line is read and left out, and told by judging:
 * nothing that fits an answer is as long. */
static bool read_line(char line[INIT_LINE_BYTES], bool is_secret)
{
    struct termios before;
    bool is_hidden = is_secret && hide(&before), is_read = fgets(line, INIT_LINE_BYTES, stdin);
    if (is_hidden) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        putchar('\n');
    }
    if (!is_read || strchr(line, CTRL_C))
        return false;
    size_t n = strcspn(line, "\r\n");
    for (int c = line[n]; c != '\n' && c != EOF && c != '\r';)
        c = getchar();
    line[n] = '\0';
    return true;
}

/* ---- a question ---- */

static void put_question(const struct init_row *row, const char *offer)
{
    if (row->number)
        printf("\n%u/%d  %s\n", row->number, QUESTIONS_N, row->question);
    else
        printf("     %s\n", row->question);
    if (row->hint)
        printf("     (%s)\n", row->hint);
    if (offer[0])
        printf("     [%s]", offer);
    printf("%s> ", offer[0] ? " " : "     ");
    fflush(stdout);
}

static void put_mistakes(const struct config_errors *errors)
{
    for (unsigned i = 0; i < errors->n; i++)
        printf("     non\u00a0: %s\n       → %s\n", errors->list[i].what, errors->list[i].cure);
}

static bool take(struct init_answers *a, enum init_key key, const char *line)
{
    struct config_errors *errors = calloc(1, sizeof(*errors));
    bool is_right =
        errors && init_key_take(a, key, text_of(line), errors) && init_judge(a, key, errors);
    if (errors)
        put_mistakes(errors);
    a->is_given[key] = is_right;
    free(errors);
    return is_right;
}

static enum init_asked ask_one(struct init_answers *a, enum init_key key)
{
    char line[INIT_LINE_BYTES], offer[INIT_ANSWER_BYTES];
    init_machine_offer(offer, a, key);
    do {
        put_question(&init_rows[key], offer);
        if (!read_line(line, init_rows[key].is_secret))
            return INIT_ASKED_STOPPED;
        if (!text_trim(text_of(line)).n)
            memcpy(line, offer, sizeof(offer));
    } while (!take(a, key, line));
    return INIT_ASKED_ALL;
}

enum init_asked init_ask(struct init_answers *a)
{
    enum init_asked asked = INIT_ASKED_ALL;
    for (unsigned key = 0; key < INIT_KEYS && asked == INIT_ASKED_ALL; key++)
        if (!a->is_given[key] && init_rows[key].question &&
            init_key_is_asked(a, (enum init_key)key))
            asked = ask_one(a, (enum init_key)key);
    return asked;
}
