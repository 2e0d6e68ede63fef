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

/* A terminal on which a secret is typed. */
struct mute {
    struct termios before;
    bool is_on;
};

/* What is typed is not shown. Ctrl-C then ends the line, so that no terminal is left mute. */
static void hide(struct mute *m, bool is_secret)
{
    m->is_on = is_secret && !tcgetattr(STDIN_FILENO, &m->before);
    if (!m->is_on)
        return;
    struct termios mute = m->before;
    mute.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    mute.c_cc[VEOL2] = CTRL_C;
    m->is_on = !tcsetattr(STDIN_FILENO, TCSANOW, &mute);
}

static void show(const struct mute *m)
{
    if (!m->is_on)
        return;
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &m->before);
    putchar('\n');
}

/* Until a line's end or Ctrl-C, which standard input would keep for itself. False: input has ended,
 * or Ctrl-C. What is longer than the line is left out: nothing that fits an answer is as long. */
static bool read_line(char line[INIT_LINE_BYTES])
{
    size_t n = 0;
    int c = getchar();
    for (; c != EOF && c != '\n' && c != CTRL_C; c = getchar())
        if (n < INIT_LINE_BYTES - 1)
            line[n++] = (char)c;
    n -= n && line[n - 1] == '\r';
    line[n] = '\0';
    return c != CTRL_C && (c != EOF || n);
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
    struct mute mute;
    init_machine_offer(offer, a, key);
    do {
        hide(&mute, init_rows[key].is_secret);
        put_question(&init_rows[key], offer);
        bool is_read = read_line(line);
        show(&mute);
        if (!is_read)
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
