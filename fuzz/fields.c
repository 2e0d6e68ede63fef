/* fields.c — fuzz target of the rows that outlive a process: bytes of a file that another version
 * may have written, or a disk has damaged. The first half is a memory of rows, the second the
 * fields of one. What is taken holds together, and is the same once it was put and taken again. */
#include <string.h>

#include "base/fields.h"
#include "base/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define ROW_BYTES 64
#define ROWS_MAX 4

struct thing {
    uint64_t wide;
    uint32_t number;
    uint16_t shorter, name_n;
    uint8_t byte;
    bool is_so;
    char name[12];
};
static const struct field thing_fields[] = {
    FIELD_NUMBER(1, struct thing, wide),    FIELD_NUMBER(2, struct thing, number),
    FIELD_NUMBER(3, struct thing, shorter), FIELD_NUMBER(4, struct thing, byte),
    FIELD_NUMBER(5, struct thing, is_so),   FIELD_BYTES(6, struct thing, name),
};
static const struct fields thing_form = {thing_fields, ARRAY_LEN(thing_fields), 0};

static void fuzz_fields(struct text bytes)
{
    struct thing first = {.wide = 0}, second = {.wide = 0};
    char again[256];
    struct text_out out = {.p = again, .max = sizeof(again)};
    if (!fields_take(&thing_form, &first, bytes))
        return;
    assert(first.name_n <= sizeof(first.name) && (int)first.is_so <= 1);
    fields_put(&out, &thing_form, &first);
    assert(!out.is_cut);
    bool is_taken = fields_take(&thing_form, &second, (struct text){again, out.n});
    assert(is_taken && second.wide == first.wide && second.number == first.number);
    assert(second.shorter == first.shorter && second.byte == first.byte);
    assert(second.name_n == first.name_n && !memcmp(second.name, first.name, first.name_n));
}

static void fuzz_rows(const uint8_t *data, size_t n)
{
    uint8_t memory[ROWS_MAX * ROW_BYTES] = {0};
    const uint8_t *p = NULL;
    memcpy(memory, data, n < sizeof(memory) ? n : sizeof(memory));
    struct rows rows = {memory, ROW_BYTES, ROW_BYTES, ROWS_MAX};
    for (uint32_t i = 0; i < ROWS_MAX; i++) {
        size_t row_n = rows_get(&rows, i, &p);
        assert(row_n <= rows_max(&rows));
        if (row_n)
            fuzz_fields((struct text){(const char *)p, row_n});
        rows_clear(&rows, i);
    }
    size_t put_n = n < rows_max(&rows) ? n : rows_max(&rows);
    bool is_put = rows_put(&rows, 0, data, put_n);
    assert(is_put == (put_n > 0) && rows_get(&rows, 0, &p) == put_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fuzz_rows(data, n);
    fuzz_fields((struct text){(const char *)data, n});
    return 0;
}
