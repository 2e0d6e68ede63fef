/* trunk.h — lines to an operator, as the directory has them. Included by directory.h. */
#ifndef DIRECTORY_TRUNK_H
#define DIRECTORY_TRUNK_H

#include "base/address.h"
#include "directory/week.h"

/* Bytes of a name, and of the path of a file, with their NUL. */
#define DIRECTORY_NAME_BYTES 96
#define DIRECTORY_FILE_BYTES 256

enum directory_transport { DIRECTORY_UDP, DIRECTORY_TCP, DIRECTORY_TLS };

/* May sound be encrypted (SRTP)? Refuse: never; require: nothing else. */
enum directory_srtp { DIRECTORY_SRTP_REFUSE, DIRECTORY_SRTP_ALLOW, DIRECTORY_SRTP_REQUIRE };

/* How an operator is spoken with over TLS; files: empty: none. */
struct directory_tls {
    char name[DIRECTORY_NAME_BYTES]; /* what its certificate must say; empty: host */
    char authority[DIRECTORY_FILE_BYTES];
    char pin[DIRECTORY_NAME_BYTES + 1]; /* SHA-256 of its certificate, instead of both */
    char certificate[DIRECTORY_FILE_BYTES],
        key[DIRECTORY_FILE_BYTES]; /* ours; empty: the house's */
    bool is_mutual;                /* it proves itself, too, when it comes to us */
};

/* Bytes of the number that a test call goes to. */
#define DIRECTORY_TEST_BYTES 24

struct directory_trunk {
    char id[DIRECTORY_ID_BYTES];
    char host[DIRECTORY_NAME_BYTES]; /* as in the file, without port: of URIs, and to be resolved */
    char user[DIRECTORY_NAME_BYTES]; /* our name there; empty: no credentials */
    struct address at;               /* its port is never 0; family 0: host is a name */
    bool has_port; /* said in the file: then no SRV record is asked for (RFC 3263 §4.2) */
    uint32_t number;
    uint32_t channels, outbound; /* calls at once, 0: not told; those kept for calls out */
    uint8_t priority;            /* 1: first */
    bool registers;              /* it wants a REGISTER */
    bool is_probed;              /* asked by OPTIONS whether it is there */
    bool is_early;               /* carries sound before an answer (183) */
    unsigned transport;          /* enum directory_transport */
    unsigned srtp;               /* enum directory_srtp */
    unsigned redirects;          /* 1: its 3xx is followed */
    struct directory_tls tls;
    char test_number[DIRECTORY_TEST_BYTES]; /* called after a change, to see; empty: none */
};

#endif
