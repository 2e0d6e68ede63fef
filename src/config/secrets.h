/* secrets.h — secrets.yaml into struct config_secrets: passwords of telephones, codes of agents,
 * the key of the interface. Called by cli/check and by main.c at start and on reload. A file is
 * refused whole; nothing of what it holds is ever said. */
#ifndef CONFIG_SECRETS_H
#define CONFIG_SECRETS_H

#include "config/yaml.h"
#include "directory/directory.h"

#define CONFIG_TOKEN_MIN 16
#define CONFIG_TOKEN_MAX 128
#define CONFIG_SECRET_MIN 8
#define CONFIG_SECRET_MAX 64
#define CONFIG_CODE_MIN 4
#define CONFIG_CODE_MAX 8

/* Of one agent. Two may have the same code: the line they call from is known too. */
struct config_secret {
    uint32_t agent;                     /* index in the directory */
    char secret[CONFIG_SECRET_MAX + 1]; /* of the line behind "sip:" in their phone; else empty */
    char code[CONFIG_CODE_MAX + 1];     /* digits, to sign in from a telephone; empty: none */
};

/* Of one access to an operator. */
struct config_trunk_secret {
    uint32_t trunk; /* index in the directory */
    char secret[CONFIG_SECRET_MAX + 1];
};

struct config_secrets {
    char api_token[CONFIG_TOKEN_MAX + 1];
    struct config_secret *agents; /* owned; in the order of the file */
    uint32_t n;
    struct config_trunk_secret trunks[DIRECTORY_TRUNKS_MAX];
    uint32_t trunks_n;
    char sms_secret[CONFIG_TOKEN_MAX + 1];    /* of the gateway of text messages; empty: none */
    char oidc_secret[CONFIG_TOKEN_MAX + 1];   /* ours at the identity provider; empty: none */
    char sms_signature[CONFIG_TOKEN_MAX + 1]; /* signs what it tells us; empty: nothing is taken */
};

/* 0 and *out to drop; or errno (EINVAL: the file is wrong, or others may read or write it, which
 * only a demonstration allows) with every error in the list, in the order of its lines. */
MUST_CHECK int config_secrets_load(struct config_secrets *out, const char *path,
                                   const struct directory *directory, struct config_errors *errors);

/* The same from memory: a NUL-terminated text; errors->file is the caller's. */
MUST_CHECK int config_secrets_read(struct config_secrets *out, const char *text,
                                   const struct directory *directory, struct config_errors *errors);

/* What is known of an agent (index in the directory), or NULL. Cost: O(n). */
const struct config_secret *config_secrets_find(const struct config_secrets *s, uint32_t agent);

/* The password of an access (index in the directory); "": none. */
const char *config_secrets_trunk(const struct config_secrets *s, uint32_t trunk);

/* Wipes the memory before it gives it back. All zeros is fine. */
void config_secrets_drop(struct config_secrets *s);

#endif
