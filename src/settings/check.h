/* check.h — what the bounds of single keys cannot say: settings that contradict each other.
 * Called by config/ after reading and by tests. Pure. */
#ifndef SETTINGS_CHECK_H
#define SETTINGS_CHECK_H

#include "base/text.h"
#include "settings/settings.h"

#define SETTINGS_FINDINGS_MAX 54
#define SETTINGS_CODES_N 9
#define SETTINGS_OIDC_N 6

/* One contradiction: the key to blame, what is wrong and how to set it right (French, constant). */
struct settings_finding {
    const char *folder, *key, *what, *cure;
};

/* Returns how many were found, at most SETTINGS_FINDINGS_MAX. */
unsigned settings_check(const struct settings *s, struct settings_finding out[]);

/* Of the short codes alone: at most SETTINGS_CODES_N. */
unsigned settings_check_codes(const struct settings *s, struct settings_finding out[]);

/* Of the identity provider alone: at most SETTINGS_OIDC_N. */
unsigned settings_check_oidc(const struct settings *s, struct settings_finding out[]);

#endif
