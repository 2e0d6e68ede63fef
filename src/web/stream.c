/* stream.c — events as they come (server-sent events): bytes are asked for when the socket can take
 * some, so a slow client holds WEB_STREAM_BYTES at most; without news the connection sleeps.
 * Called by answer.c and MHD. */
#include <stdlib.h>
#include <string.h>

#include "web/server.h"

static const char beat[] = ":\n\n";

/* More to send, or nothing. */
static void fill(struct web_stream *s)
{
    struct web *web = s->web;
    ms_t now_ms = web->boot_ms();
    s->taken_n = 0;
    s->at.now_at = web_now_at(web);
    s->n = web->pages->more(web->pages->arg, &s->at, s->bytes, sizeof(s->bytes));
    if (s->n == 0 && now_ms - s->beat_ms >= WEB_BEAT_MS) {
        s->n = sizeof(beat) - 1;
        memcpy(s->bytes, beat, s->n);
    }
    if (s->n)
        s->beat_ms = now_ms;
}

static ssize_t give(void *cls, uint64_t pos, char *to, size_t max)
{
    struct web_stream *s = cls;
    (void)pos;
    s->pulled_ms = s->web->boot_ms();
    if (!s->connection || s->connection->has_left)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (s->taken_n == s->n)
        fill(s);
    if (s->at.is_over)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t left = s->n - s->taken_n, n = left < max ? left : max;
    if (n == 0) { /* returning 0 without this would turn in circles */
        s->is_asleep = true;
        MHD_suspend_connection(s->connection->mhd);
        return 0;
    }
    memcpy(to, s->bytes + s->taken_n, n);
    s->taken_n += n;
    return (ssize_t)n;
}

static void end(void *cls)
{
    struct web_stream *s = cls;
    s->web->streams_n--;
    if (s->connection)
        s->connection->stream = NULL;
    free(s);
}

struct MHD_Response *web_stream_open(struct web_connection *c, const struct pages_stream *at)
{
    struct web *web = c->web;
    struct web_stream *s = calloc(1, sizeof(*s));
    if (!s)
        return NULL;
    s->web = web;
    s->at = *at;
    s->pulled_ms = s->beat_ms = web->boot_ms();
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, WEB_STREAM_BYTES, give, s, end);
    if (!response) {
        free(s);
        return NULL;
    }
    web->streams_n++;
    s->connection = c;
    c->stream = s;
    return response;
}

void web_stream_wake(struct web_stream *s)
{
    if (!s->is_asleep)
        return;
    s->is_asleep = false;
    s->pulled_ms = s->web->boot_ms();
    MHD_resume_connection(s->connection->mhd);
}

void web_stream_news(struct web_stream *s, ms_t now_ms)
{
    ms_t next_ms = s->beat_ms + s->at.pace_ms;
    s->is_due = now_ms < next_ms;
    if (!s->is_due)
        web_stream_wake(s);
    else if (s->web->sweep_ms > next_ms)
        s->web->sweep_ms = next_ms;
}

void web_stream_leave(struct web_stream *s)
{
    s->connection->stream = NULL;
    s->connection = NULL;
}
