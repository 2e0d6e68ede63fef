/* lane.h — lanes: groups of waiting contacts with the same eligibility.
 * Included by the files of acd/ only. */
#ifndef ACD_LANE_H
#define ACD_LANE_H

#include "acd/state.h"

/* Who may be in a lane, and who may take from it. */
struct lane_key {
    uint64_t needs;
    uint32_t queue, scope_id;
    uint8_t scope, medium;
    bool is_soft, is_dialled;
};

/* The key of a contact's lane of this scope (that of its ring, or SCOPE_ADVISOR_TOO). */
struct lane_key lane_key_of(const struct contact *c, unsigned scope);
/* The key of the widest lane that it may ever come to: of the network, its needs lifted when they
 * may be. */
struct lane_key lane_key_widest(const struct contact *c);
/* The slot of that lane, or SLOT_NONE. */
uint32_t lane_find(const struct acd *a, const struct lane_key *key);
/* First lane of (queue, scope, scope_id); follow chain_next. */
uint32_t lane_chain(const struct acd *a, uint32_t queue, unsigned scope, uint32_t scope_id);
/* The scope_id that a pool has in each scope; 0: none, but network has always 0. */
uint32_t lane_scope_id(const struct pool *pool, unsigned scope);
/* Agents signed in who may take from that lane, whether it exists or not. */
uint32_t lane_eligible(const struct acd *a, const struct lane_key *key);
/* Puts a lane into its chain; when loading an image, for every lane. */
void lane_chain_in(struct acd *a, uint32_t lane);
/* Room for n more lanes? */
bool lane_has_room(const struct acd *a, uint32_t n);

/* Names a lane, making it if need be; lane_release() when the contact no longer names it. */
uint32_t lane_keep(struct acd *a, const struct lane_key *key);
void lane_release(struct acd *a, uint32_t lane);

/* A node of a contact begins or ceases to wait in lane. */
void lane_push(struct acd *a, uint32_t lane, uint32_t node);
void lane_pull(struct acd *a, uint32_t lane, uint32_t node);

/* n_by (+1, −1) more eligible agents, by the event id. */
void lane_count(struct acd *a, uint32_t lane, int n_by, uint64_t id);
/* Stands in the list of lanes whose contacts must move on, if and only if they must. */
void lane_refresh_orphan(struct acd *a, uint32_t lane);
/* May an agent of this pool take a contact of this lane? */
bool lane_admits(const struct lane *lane, const struct pool *pool);

#endif
