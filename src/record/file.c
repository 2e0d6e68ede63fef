/* file.c — see file.h. Head (48 bytes) · header of the stream (24) · chunks, each its length in
 * four bytes and so many sealed bytes. The head is additional data of the first chunk; each chunk
 * is bound to those before it, the last one says so. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "record/file.h"

#define MAGIC "DCRREC1\n"
#define MAGIC_BYTES 8
#define STREAM_HEAD_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define TAG_MORE crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
#define TAG_LAST crypto_secretstream_xchacha20poly1305_TAG_FINAL
#define FILE_MODE 0600

static void put_le(uint8_t *to, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        to[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t get_le(const uint8_t *from, unsigned n)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < n; i++)
        v |= (uint64_t)from[i] << (8 * i);
    return v;
}

static void put_head(uint8_t to[RECORD_HEAD_BYTES], const struct record_head *h)
{
    memset(to, 0, RECORD_HEAD_BYTES);
    memcpy(to, MAGIC, MAGIC_BYTES);
    put_le(to + 8, h->id, 8);
    put_le(to + 16, h->call_id, 8);
    put_le(to + 24, (uint64_t)h->begun_at, 8);
    put_le(to + 32, h->queue_id, 4);
    put_le(to + 36, h->agent_id, 4);
}

static bool get_head(struct record_head *h, const uint8_t from[RECORD_HEAD_BYTES])
{
    *h = (struct record_head){.id = get_le(from + 8, 8),
                              .call_id = get_le(from + 16, 8),
                              .begun_at = (ms_t)get_le(from + 24, 8),
                              .queue_id = (uint32_t)get_le(from + 32, 4),
                              .agent_id = (uint32_t)get_le(from + 36, 4)};
    return memcmp(from, MAGIC, MAGIC_BYTES) == 0;
}

int record_path(char to[OS_PATH_MAX], const char *folder, uint64_t id)
{
    struct text_out out = {.p = to, .max = OS_PATH_MAX - 1};
    text_put(&out, text_of(folder));
    text_put(&out, TEXT("/"));
    text_put_number(&out, id);
    text_put(&out, TEXT(RECORD_SUFFIX));
    to[out.n] = '\0';
    return out.is_cut ? ENAMETOOLONG : 0;
}

/* ---- writing ---- */

static int write_all(struct record_out *out, const uint8_t *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t k = write(out->fd, bytes + done, n - done);
        if (k < 0 && errno != EINTR)
            return errno;
        done += k > 0 ? (size_t)k : 0;
    }
    out->bytes_n += n;
    return 0;
}

int record_out_open(struct record_out *out, const char *folder, const struct record_head *head,
                    const uint8_t key[RECORD_KEY_BYTES])
{
    char path[OS_PATH_MAX];
    uint8_t stream[STREAM_HEAD_BYTES];
    out->fd = -1;
    out->pairs_n = 0;
    out->bytes_n = 0;
    int err = record_path(path, folder, head->id);
    if (err)
        return err;
    out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (out->fd < 0)
        return errno;
    put_head(out->head, head);
    crypto_secretstream_xchacha20poly1305_init_push(&out->state, stream, key);
    err = write_all(out, out->head, sizeof(out->head));
    return err ? err : write_all(out, stream, sizeof(stream));
}

static int seal(struct record_out *out, uint8_t tag)
{
    bool is_first = out->bytes_n == RECORD_HEAD_BYTES + STREAM_HEAD_BYTES;
    unsigned long long n = 0;
    crypto_secretstream_xchacha20poly1305_push(
        &out->state, out->sealed + 4, &n, &out->pairs[0][0], out->pairs_n * (size_t)TAP_SIDES,
        is_first ? out->head : NULL, is_first ? sizeof(out->head) : 0, tag);
    put_le(out->sealed, n, 4);
    out->pairs_n = 0;
    return write_all(out, out->sealed, 4 + (size_t)n);
}

int record_out_add(struct record_out *out, size_t n)
{
    out->pairs_n += (uint32_t)n;
    return out->pairs_n == RECORD_CHUNK_PAIRS ? seal(out, TAG_MORE) : 0;
}

int record_out_end(struct record_out *out, const char *folder)
{
    char path[OS_PATH_MAX];
    int err = seal(out, TAG_LAST);
    if (!err && fsync(out->fd))
        err = errno;
    record_out_drop(out);
    err = err ? err : record_path(path, folder, 0);
    return err ? err : os_file_sync_folder(path);
}

void record_out_drop(struct record_out *out)
{
    if (out->fd >= 0)
        close(out->fd);
    out->fd = -1;
    explicit_bzero(&out->state, sizeof(out->state));
    explicit_bzero(out->pairs, sizeof(out->pairs));
}

/* ---- reading ---- */

int record_head_read(struct record_head *head, const char *path)
{
    uint8_t bytes[RECORD_HEAD_BYTES];
    size_t n = 0;
    int err = os_file_read(path, bytes, sizeof(bytes), &n);
    if (err)
        return err;
    return n == sizeof(bytes) && get_head(head, bytes) ? 0 : EBADMSG;
}

int record_in_open(struct record_in *in, const char *path, const uint8_t key[RECORD_KEY_BYTES])
{
    uint8_t stream[STREAM_HEAD_BYTES];
    in->is_over = false;
    in->file = fopen(path, "re");
    if (!in->file)
        return errno;
    if (fread(in->bytes, sizeof(in->bytes), 1, in->file) == 1 && get_head(&in->head, in->bytes) &&
        fread(stream, sizeof(stream), 1, in->file) == 1 &&
        !crypto_secretstream_xchacha20poly1305_init_pull(&in->state, stream, key))
        return 0;
    record_in_drop(in);
    return EBADMSG;
}

/* ENODATA: the file ends here. EBADMSG: a length that no chunk has. */
static int read_sealed(struct record_in *in, size_t *n)
{
    uint8_t length[4];
    if (fread(length, sizeof(length), 1, in->file) != 1)
        return ENODATA;
    *n = get_le(length, 4);
    if (*n > sizeof(in->sealed) || *n < crypto_secretstream_xchacha20poly1305_ABYTES)
        return EBADMSG;
    return fread(in->sealed, *n, 1, in->file) == 1 ? 0 : ENODATA;
}

int record_in_next(struct record_in *in, uint8_t (*pairs)[TAP_SIDES], size_t *n)
{
    bool is_first = ftell(in->file) == (long)(RECORD_HEAD_BYTES + STREAM_HEAD_BYTES);
    unsigned long long got = 0;
    unsigned char tag = 0;
    size_t sealed_n = 0;
    *n = 0;
    if (in->is_over)
        return fgetc(in->file) == EOF ? 0 : EBADMSG;
    int err = read_sealed(in, &sealed_n);
    if (err)
        return err;
    if (crypto_secretstream_xchacha20poly1305_pull(&in->state, &pairs[0][0], &got, &tag, in->sealed,
                                                   sealed_n, is_first ? in->bytes : NULL,
                                                   is_first ? sizeof(in->bytes) : 0))
        return EBADMSG;
    *n = (size_t)got / TAP_SIDES;
    in->is_over = tag == TAG_LAST;
    return in->is_over && !*n ? record_in_next(in, pairs, n) : 0;
}

void record_in_drop(struct record_in *in)
{
    if (in->file)
        fclose(in->file);
    explicit_bzero(in, sizeof(*in));
}
