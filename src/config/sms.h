/* sms.h — what the settings of text messages, the directory and the secrets say together. Called by
 * config/set and cli/check. */
#ifndef CONFIG_SMS_H
#define CONFIG_SMS_H

#include "config/secrets.h"
#include "config/settings.h"

/* 0, or EINVAL with every error in the list: the name does not fit into one segment; a secret is
 * needed and is not there. errors->file is the caller's: that of the settings. */
MUST_CHECK int config_sms_check(const struct settings_sms *s, const struct directory *directory,
                                const struct config_secrets *secrets, struct config_errors *errors);
/* The password and every message go over the Internet in clear: a sentence about it. NULL: they do
 * not. */
const char *config_sms_naked(const struct settings_sms *s);
/* What the settings say of written contacts, into the directory. 0, or EINVAL: no service has the
 * id of sms.service. Driver or none: agents have the same capacity. */
MUST_CHECK int config_sms_desk(const struct settings_sms *s, struct directory *directory,
                               struct config_errors *errors);
/* Answers reach us, and no agent of their service writes. NULL: one does. After config_sms_desk().
 */
const char *config_sms_unread(const struct settings_sms *s, const struct directory *directory);
/* What the settings say of the page where people write, into the directory; and what is wrong with
 * it: nobody answers, or one address may have more than all. NULL: nothing. */
void config_webtext_desk(const struct settings *s, struct directory *directory);
const char *config_webtext_unread(const struct settings_webtext *s,
                                  const struct directory *directory);
/* Gateway set, and its sender cannot receive an answer: what is not said then. NULL: it can. */
const char *config_sms_mute(const struct settings_sms *s);

#endif
