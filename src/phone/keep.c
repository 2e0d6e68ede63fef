/* keep.c — see keep.h. Cost: one copy of the bindings. Invariant: bytes of another layout, cut or
 * changed, give nothing: telephones register by themselves within minutes. Nor does the row of a
 * line that the house no longer has: who left takes no calls until their registration runs out. */
#include <string.h>

#include "base/hash.h"
#include "phone/keep.h"
#include "phone/leg.h"

#define LAYOUT UINT64_C(0x31736e6f6870) /* "phons1" */

struct head {
    uint64_t layout, sum;
    uint32_t row_bytes, n;
};

uint64_t phone_keep_version(const struct phone *p)
{
    return p->bindings_version;
}

size_t phone_keep_max(const struct phone *p)
{
    return sizeof(struct head) + p->reg.registrar.limits.bindings_max * sizeof(struct sip_binding);
}

size_t phone_keep_save(const struct phone *p, uint8_t *to)
{
    const struct sip_registrar *r = &p->reg.registrar;
    struct head head = {.layout = LAYOUT, .row_bytes = sizeof(struct sip_binding)};
    uint8_t *rows = to + sizeof(head);
    for (uint32_t i = 0; i < r->used; i++) /* a connection does not outlive us */
        if (r->bindings[i].is_used && r->bindings[i].source.transport == SIP_OVER_UDP)
            memcpy(rows + head.n++ * sizeof(struct sip_binding), &r->bindings[i],
                   sizeof(struct sip_binding));
    head.sum = hash_bytes(rows, head.n * sizeof(struct sip_binding));
    memcpy(to, &head, sizeof(head));
    return sizeof(head) + head.n * sizeof(struct sip_binding);
}

uint32_t phone_keep_load(struct phone *p, const uint8_t *bytes, size_t n, ms_t now_at)
{
    struct head head;
    struct sip_binding row;
    uint32_t taken_n = 0;
    if (n < sizeof(head))
        return 0;
    memcpy(&head, bytes, sizeof(head));
    const uint8_t *rows = bytes + sizeof(head);
    size_t rows_bytes = n - sizeof(head);
    if (head.layout != LAYOUT || head.row_bytes != sizeof(row) ||
        rows_bytes != (size_t)head.n * sizeof(row) || head.sum != hash_bytes(rows, rows_bytes))
        return 0;
    for (uint32_t i = 0; i < head.n; i++) {
        memcpy(&row, rows + i * sizeof(row), sizeof(row));
        bool is_ours = row.expires_at > now_at && phone_register_has(&p->reg, row.aor);
        taken_n += is_ours && sip_registrar_restore(&p->reg.registrar, &row);
    }
    return taken_n;
}
