/* choice.c — see choice.h. Cost: a walk over the choices of all flows, for a page or a line. */
#include "directory/choice.h"

const char *directory_choice_words(const struct directory *d, uint32_t flow, uint32_t step)
{
    for (uint32_t i = 0; d && d->choices && i < d->choices->n; i++)
        if (d->choices->list[i].flow == flow && d->choices->list[i].step == step)
            return d->choices->list[i].words;
    return NULL;
}
