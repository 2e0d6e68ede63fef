/* file.h — one recording in one file, encrypted from its first byte of sound (libsodium
 * secretstream: XChaCha20-Poly1305), its format in docs/recordings.md. Written by record.c, read by
 * cli/recording. Cost: one write a second of sound. Invariant: whoever has not the key learns when,
 * how long, which queue and which agent by number, and nothing that was said; a byte that was
 * changed, moved or cut off is noticed. */
#ifndef RECORD_FILE_H
#define RECORD_FILE_H

#include <stdio.h>

#include <sodium.h>

#include "os/file.h"
#include "port/tap.h"

#define RECORD_KEY_BYTES crypto_secretstream_xchacha20poly1305_KEYBYTES
#define RECORD_HEAD_BYTES 48
#define RECORD_CHUNK_PAIRS 8000 /* a second */
#define RECORD_CHUNK_BYTES ((size_t)RECORD_CHUNK_PAIRS * TAP_SIDES)
#define RECORD_SEALED_BYTES (RECORD_CHUNK_BYTES + crypto_secretstream_xchacha20poly1305_ABYTES)
#define RECORD_SUFFIX ".rec"

/* In clear, and bound to the sound. */
struct record_head {
    uint64_t id, call_id;
    ms_t begun_at; /* the wall's */
    uint32_t queue_id, agent_id;
};

struct record_out {
    int fd; /* owned; -1: none */
    uint32_t pairs_n;
    uint64_t bytes_n;
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t head[RECORD_HEAD_BYTES];
    uint8_t pairs[RECORD_CHUNK_PAIRS][TAP_SIDES];
    uint8_t sealed[4 + RECORD_SEALED_BYTES];
};

/* FOLDER/ID.rec. EEXIST: never opens what is there. */
int record_path(char to[OS_PATH_MAX], const char *folder, uint64_t id);
MUST_CHECK int record_out_open(struct record_out *out, const char *folder,
                               const struct record_head *head, const uint8_t key[RECORD_KEY_BYTES]);
/* The next pairs may be put into pairs[pairs_n]; when they are full they go to the disk. */
MUST_CHECK int record_out_add(struct record_out *out, size_t n);
/* The last pairs, and that they are the last; on the disk when it returns. */
MUST_CHECK int record_out_end(struct record_out *out, const char *folder);
/* Closes what there is, as it is. */
void record_out_drop(struct record_out *out);

struct record_in {
    FILE *file; /* owned */
    bool is_over;
    struct record_head head;
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t bytes[RECORD_HEAD_BYTES]; /* of the head */
    uint8_t sealed[RECORD_SEALED_BYTES];
};

/* The head alone, in clear: no key proves it. EBADMSG: no recording. */
MUST_CHECK int record_head_read(struct record_head *head, const char *path);
/* EBADMSG: no recording, or not with this key. */
MUST_CHECK int record_in_open(struct record_in *in, const char *path,
                              const uint8_t key[RECORD_KEY_BYTES]);
/* The next pairs, at most RECORD_CHUNK_PAIRS; *n 0: its end, which it says itself. EBADMSG:
 * changed. ENODATA: it was cut off here, before its end. */
MUST_CHECK int record_in_next(struct record_in *in, uint8_t (*pairs)[TAP_SIDES], size_t *n);
void record_in_drop(struct record_in *in);

#endif
