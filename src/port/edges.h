/* edges.h — where the app's effects go: phone/ and media/ in life, plan/world in simulation.
 * An effect is a plain value; what its answer is comes back later as a command. */
#ifndef PORT_EDGES_H
#define PORT_EDGES_H

#include "event/effect.h"

struct edges_port {
    void *arg;
    void (*emit)(void *arg, const struct effect *effect);
};

#endif
