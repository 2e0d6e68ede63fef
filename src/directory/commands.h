/* commands.h — a directory as commands of the heart. Called by app at start, on reload, and when
 * the hours of a queue change. Pure. */
#ifndef DIRECTORY_COMMANDS_H
#define DIRECTORY_COMMANDS_H

#include "directory/directory.h"
#include "event/command.h"
#include "settings/settings.h"

/* The queue in which agents practise: of the heart alone, no service of a directory. */
#define DIRECTORY_PRACTICE UINT32_C(0xffffff76)
#define DIRECTORY_PRACTICE_NAME "Entraînement"

/* Where one is in the list: zeros at first, with the instant. */
struct directory_walk {
    ms_t now_at;
    uint32_t part, i;
};

/* The next command: priorities, then queues, their hours, then agents, so that nothing is named
 * before it is known. False: that was all. */
bool directory_next_command(struct directory_walk *walk, const struct directory *d,
                            const struct settings *s, struct command *out);

/* What the heart is told of the i-th agent. */
struct command directory_agent_command(const struct directory *d, uint32_t i);

/* The hours of one queue at an instant; returns when they must be said again (MS_NEVER: never). */
ms_t directory_queue_hours(const struct directory *d, uint32_t service, ms_t now_at,
                           struct command *out);

#endif
