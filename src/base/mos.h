/* mos.h — how good a conversation over G.711 sounds, estimated from what was lost and how late it
 * came: the E-model (ITU-T G.107) with all of its other values at their defaults, its delay as
 * Cole and Rosenbluth made it simple, Ie and Bpl of G.711 from G.113 appendix I.
 * Called by phone/ (counts of accesses), view/ (words). Pure, whole numbers only: the same answer
 * on every machine. An estimate: nobody has listened. Cost: a few divisions. */
#ifndef BASE_MOS_H
#define BASE_MOS_H

#include "base/types.h"

/* What one side received of the other. */
struct mos_way {
    uint64_t wanted_n; /* packets that were sent to it */
    uint64_t lost_n;   /* of these, that did not come; more than wanted_n counts as all */
    uint32_t round_trip_ms, jitter_ms; /* 0: not known, taken for none */
};

/* Does the listener's telephone fill gaps with what was heard before (G.711 appendix I)? */
enum mos_filling { MOS_GAPS, MOS_FILLED };

/* Thousandths. A score is 1.000 (nobody understands) to 4.500; people call for help below 3.600:
 * "many users dissatisfied" (G.107 annex B). */
#define MOS_ONE 1000u
#define MOS_BAD 3600u

/* R, thousandths: 0 to 93,200. */
uint32_t mos_rating(const struct mos_way *way, enum mos_filling filling);
/* MOS-CQE of a rating, thousandths. */
uint32_t mos_of_rating(uint32_t rating);
uint32_t mos_score(const struct mos_way *way, enum mos_filling filling);

#endif
