/* coding.c — see coding.h. Invariants: nothing is read or written past its end; what was coded
 * without a refusal comes back as it was. */
#include "gsm/coding.h"

#define ESCAPE 0x1Bu
#define NO_LETTER UINT32_MAX
#define WIDE_FIRST 0x10000u /* above it UTF-16 takes two */

/* The default alphabet; 0x1B is the escape to the table below. */
static const uint16_t alphabet[128] = {
    '@',    0xA3,   '$',    0xA5,   0xE8,   0xE9, 0xF9,   0xEC,   0xF2,   0xC7,   '\n',   0xD8,
    0xF8,   '\r',   0xC5,   0xE5,   0x0394, '_',  0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8,
    0x03A3, 0x0398, 0x039E, 0xFFFF, 0xC6,   0xE6, 0xDF,   0xC9,   ' ',    '!',    '"',    '#',
    0xA4,   '%',    '&',    '\'',   '(',    ')',  '*',    '+',    ',',    '-',    '.',    '/',
    '0',    '1',    '2',    '3',    '4',    '5',  '6',    '7',    '8',    '9',    ':',    ';',
    '<',    '=',    '>',    '?',    0xA1,   'A',  'B',    'C',    'D',    'E',    'F',    'G',
    'H',    'I',    'J',    'K',    'L',    'M',  'N',    'O',    'P',    'Q',    'R',    'S',
    'T',    'U',    'V',    'W',    'X',    'Y',  'Z',    0xC4,   0xD6,   0xD1,   0xDC,   0xA7,
    0xBF,   'a',    'b',    'c',    'd',    'e',  'f',    'g',    'h',    'i',    'j',    'k',
    'l',    'm',    'n',    'o',    'p',    'q',  'r',    's',    't',    'u',    'v',    'w',
    'x',    'y',    'z',    0xE4,   0xF6,   0xF1, 0xFC,   0xE0};

static const struct {
    uint8_t septet;
    uint16_t letter;
} extension[] = {{0x0A, 0x0C}, {0x14, '^'}, {0x28, '{'}, {0x29, '}'}, {0x2F, '\\'},
                 {0x3C, '['},  {0x3D, '~'}, {0x3E, ']'}, {0x40, '|'}, {0x65, 0x20AC}};

/* ---- UTF-8 ---- */

/* Takes the next letter off *rest; NO_LETTER: it is no UTF-8, one byte is taken. */
static uint32_t take_letter(struct text *rest)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint8_t first = (uint8_t)rest->p[0];
    unsigned more = first < 0x80 ? 0 : first < 0xC2 ? 4 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t letter = !more ? first : first & (0x3Fu >> more);
    *rest = text_after(*rest, 1);
    if (more == 4 || rest->n < more)
        return NO_LETTER;
    for (unsigned i = 0; i < more; i++) {
        uint8_t next = (uint8_t)rest->p[i];
        if ((next & 0xC0) != 0x80)
            return NO_LETTER;
        letter = letter << 6 | (next & 0x3Fu);
    }
    if (letter < least[more] || letter > 0x10FFFF || (letter >= 0xD800 && letter < 0xE000))
        return NO_LETTER;
    *rest = text_after(*rest, more);
    return letter;
}

static void put_letter(struct text_out *out, uint32_t letter)
{
    static const uint8_t marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    unsigned n = letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < WIDE_FIRST ? 3 : 4;
    char bytes[4];
    for (unsigned i = n; i-- > 1; letter >>= 6)
        bytes[i] = (char)(0x80 | (letter & 0x3F));
    bytes[0] = (char)(marks[n] | letter);
    text_put(out, (struct text){bytes, n});
}

/* ---- seven bits ---- */

/* How many septets, 0: none has it. */
static unsigned find_septets(uint8_t septets[2], uint32_t letter)
{
    for (unsigned i = 0; i < ARRAY_LEN(alphabet); i++)
        if (alphabet[i] == letter && i != ESCAPE) {
            septets[0] = (uint8_t)i;
            return 1;
        }
    for (unsigned i = 0; i < ARRAY_LEN(extension); i++)
        if (extension[i].letter == letter) {
            septets[0] = ESCAPE;
            septets[1] = extension[i].septet;
            return 2;
        }
    return 0;
}

bool gsm_septets(uint8_t *to, size_t max, size_t *n, struct text utf8)
{
    uint8_t septets[2];
    *n = 0;
    while (utf8.n) {
        unsigned k = find_septets(septets, take_letter(&utf8));
        if (!k || max - *n < k)
            return false;
        for (unsigned i = 0; i < k; i++)
            to[(*n)++] = septets[i];
    }
    return true;
}

static uint32_t extended(uint8_t septet)
{
    for (unsigned i = 0; i < ARRAY_LEN(extension); i++)
        if (extension[i].septet == septet)
            return extension[i].letter;
    return septet < ARRAY_LEN(alphabet) && septet != ESCAPE ? alphabet[septet] : '?';
}

void gsm_septets_text(struct text_out *out, const uint8_t *septets, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool is_escape = septets[i] == ESCAPE;
        if (is_escape && i + 1 < n)
            put_letter(out, extended(septets[++i]));
        else if (is_escape || septets[i] >= ARRAY_LEN(alphabet))
            put_letter(out, is_escape ? ' ' : '?');
        else
            put_letter(out, alphabet[septets[i]]);
    }
}

size_t gsm_pack(uint8_t *to, const uint8_t *septets, size_t n)
{
    size_t octets_n = (n * 7 + 7) / 8;
    for (size_t i = 0; i < octets_n; i++)
        to[i] = 0;
    for (size_t i = 0; i < n; i++) {
        size_t bit = i * 7;
        uint32_t wide = (uint32_t)(septets[i] & 0x7F) << (bit % 8);
        to[bit / 8] = (uint8_t)(to[bit / 8] | wide);
        if (wide >> 8)
            to[bit / 8 + 1] = (uint8_t)(to[bit / 8 + 1] | wide >> 8);
    }
    return octets_n;
}

void gsm_unpack(uint8_t *to, const uint8_t *octets, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t bit = i * 7, at = bit / 8;
        uint32_t wide = octets[at];
        if (bit % 8 > 1)
            wide |= (uint32_t)octets[at + 1] << 8;
        to[i] = (uint8_t)(wide >> (bit % 8) & 0x7F);
    }
}

/* ---- UCS-2 ---- */

static void put_wide(uint8_t *to, size_t *n, uint32_t unit)
{
    to[(*n)++] = (uint8_t)(unit >> 8);
    to[(*n)++] = (uint8_t)unit;
}

bool gsm_wide(uint8_t *to, size_t max, size_t *n, struct text utf8)
{
    *n = 0;
    while (utf8.n) {
        uint32_t letter = take_letter(&utf8);
        bool is_pair = letter >= WIDE_FIRST;
        if (letter == NO_LETTER || max - *n < (is_pair ? 4u : 2u))
            return false;
        if (is_pair)
            put_wide(to, n, 0xD800 | (letter - WIDE_FIRST) >> 10);
        put_wide(to, n, is_pair ? 0xDC00 | (letter & 0x3FF) : letter);
    }
    return true;
}

static uint32_t wide_at(const uint8_t *octets, size_t n, size_t i)
{
    return i + 1 < n ? (uint32_t)octets[i] << 8 | octets[i + 1] : 0;
}

void gsm_wide_text(struct text_out *out, const uint8_t *octets, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        uint32_t unit = wide_at(octets, n, i), next = wide_at(octets, n, i + 2);
        bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
        if (is_high && next >= 0xDC00 && next < 0xE000) {
            put_letter(out, WIDE_FIRST + ((unit & 0x3FF) << 10 | (next & 0x3FF)));
            i += 2;
        } else {
            put_letter(out, is_high || is_low || !unit ? '?' : unit);
        }
    }
}

/* ---- likeness ---- */

static const struct {
    uint16_t letter;
    char like[3];
} likenesses[] = {
    {0xA0, " "},   {0x202F, " "},  {0x2009, " "},  {0x2019, "'"}, {0x2018, "'"}, {0xAB, "\""},
    {0xBB, "\""},  {0x201C, "\""}, {0x201D, "\""}, {0x2013, "-"}, {0x2014, "-"}, {0x2010, "-"},
    {0x2011, "-"}, {0x2022, "-"},  {0x153, "oe"},  {0x152, "OE"}, {0xE7, "c"},   {0xE2, "a"},
    {0xE1, "a"},   {0xE3, "a"},    {0xEA, "e"},    {0xEB, "e"},   {0xEE, "i"},   {0xEF, "i"},
    {0xED, "i"},   {0xF4, "o"},    {0xF3, "o"},    {0xF5, "o"},   {0xFB, "u"},   {0xFA, "u"},
    {0xFF, "y"},   {0xFD, "y"},    {0xC0, "A"},    {0xC2, "A"},   {0xC1, "A"},   {0xC8, "E"},
    {0xCA, "E"},   {0xCB, "E"},    {0xCE, "I"},    {0xCF, "I"},   {0xCD, "I"},   {0xD4, "O"},
    {0xD3, "O"},   {0xD9, "U"},    {0xDB, "U"},    {0xDA, "U"},   {0x178, "Y"},  {'`', "'"},
};

void gsm_fold(struct text_out *out, struct text utf8)
{
    while (utf8.n) {
        uint32_t letter = take_letter(&utf8);
        const char *like = letter == 0x2026 ? "..." : letter == 0xB0 ? "o" : NULL;
        for (unsigned i = 0; !like && i < ARRAY_LEN(likenesses); i++)
            if (likenesses[i].letter == letter)
                like = likenesses[i].like;
        if (like)
            text_put(out, text_of(like));
        else
            put_letter(out, letter == NO_LETTER ? '?' : letter);
    }
}

bool gsm_measure(struct gsm_size *size, struct text utf8)
{
    uint32_t septets_n = 0, wide_n = 0;
    bool is_7bit = true;
    uint8_t septets[2];
    while (utf8.n) {
        uint32_t letter = take_letter(&utf8);
        if (letter == NO_LETTER)
            return false;
        unsigned k = find_septets(septets, letter);
        is_7bit = is_7bit && k;
        septets_n += k;
        wide_n += letter >= WIDE_FIRST ? 2 : 1;
    }
    uint32_t alone = is_7bit ? GSM_SEPTETS_MAX : GSM_WIDE_MAX;
    uint32_t part = is_7bit ? GSM_SEPTETS_PART : GSM_WIDE_PART;
    size->coding = is_7bit ? GSM_CODING_7BIT : GSM_CODING_UCS2;
    size->units = is_7bit ? septets_n : wide_n;
    size->segments = size->units <= alone ? 1 : (size->units + part - 1) / part;
    return true;
}
