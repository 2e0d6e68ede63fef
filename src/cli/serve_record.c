/* serve_record.c — the recorder and what the media threads copy for it: opened when the settings
 * name a folder, told of in the log and to the pages. Called by serve_open.c, serve.c and
 * serve_vitals.c. Cost: nothing while nothing is recorded. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"

int house_open_record(struct house *h)
{
    const struct config_recording *files = &h->set->files->recording;
    unsigned n = h->settings.media.threads ? h->settings.media.threads : 1;
    size_t bytes = ring_bytes(TAP_RING_N, sizeof(struct tap_frame));
    h->is_record_wrong = files->is_wrong;
    if (files->is_wrong)
        os_log_line(
            &h->log, OS_LOG_ALARM,
            "recording: nothing is recorded, calls go on: the folder or the key is not as it "
            "must be; `decroche check` says what");
    if (!files->is_on)
        return 0;
    int err = os_pages_open(&h->taps_room, n * bytes);
    h->taps = calloc(n, sizeof(*h->taps));
    if (err || !h->taps)
        return cli_cannot(h->args, "recording", err ? err : ENOMEM, "free some memory");
    for (unsigned i = 0; i < n; i++)
        ring_open(&h->taps[i].ring, (char *)h->taps_room.p + i * bytes, TAP_RING_N,
                  sizeof(struct tap_frame));
    struct record_args args = {.folder = files->folder,
                               .calls_max = h->settings.recording.calls_max,
                               .retention_days = h->settings.recording.retention_days,
                               .taps = h->taps,
                               .taps_n = n};
    memcpy(args.key, files->key, sizeof(args.key));
    err = record_open(&h->record, &args);
    explicit_bzero(args.key, sizeof(args.key));
    if (err)
        return cli_cannot(h->args, files->folder, err,
                          "allow more threads and memory, or make recording.calls_max smaller");
    h->record_port = record_port(h->record);
    return 0;
}

/* The media threads have ended: nobody puts anything into the rings. */
void house_drop_record(struct house *h)
{
    record_drop(h->record);
    h->record = NULL;
    free(h->taps);
    h->taps = NULL;
    os_pages_drop(&h->taps_room);
}

static void tell(struct house *h, const struct record_totals *t)
{
    char why[128];
    int err = t->err ? t->err : t->purge_err;
    if (err == h->record_told_err)
        return;
    h->record_told_err = err;
    if (err)
        os_log_line(&h->log, OS_LOG_ALARM, "recording: %s, calls go on: %s",
                    t->err ? "nothing can be recorded" : "what is too old cannot be purged",
                    strerror_r(err, why, sizeof(why)));
    else
        os_log_line(&h->log, OS_LOG_INFO, "recording: works again");
}

void house_record_vitals(struct house *h, struct vitals *v)
{
    v->recording_errno = h->is_record_wrong ? ENOENT : 0;
    if (!h->record)
        return;
    struct record_totals t = record_totals(h->record);
    tell(h, &t);
    v->recordings_n = t.open_n;
    v->recording_errno = t.err ? t.err : t.purge_err;
    v->recordings_made_n = t.made_n;
    v->recordings_failed_n = t.failed_n;
    v->recordings_refused_n = t.refused_n;
    v->recordings_purged_n = t.purged_n;
    v->recording_packets_lost_n = t.left_out_n;
}
