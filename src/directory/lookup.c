/* lookup.c — memory of a directory, and finding things in it by number.
 * Called by config/directory.c (filling) and by all who ask. Cost: one or two cache lines. */
#include <string.h>

#include "directory/directory.h"
#include "directory/number.h"

/* One code for counting and for handing out. */
static void lay_out(struct directory *d, struct arena *arena, const struct directory_room *room)
{
    assert(room->weeks_n <= DIRECTORY_WEEKS_MAX && room->agents_n <= DIRECTORY_AGENTS_MAX);
    assert(room->exceptions_n <= 2 * DIRECTORY_EXCEPTIONS_MAX); /* one that was published late */
    assert(room->services_n <= DIRECTORY_SERVICES_MAX && room->sites_n <= DIRECTORY_SITES_MAX);
    assert(room->numbers_n <= DIRECTORY_NUMBERS_MAX && room->trunks_n <= DIRECTORY_TRUNKS_MAX);
    assert(room->places_n <= DIRECTORY_PLACES_MAX && room->communes_n <= DIRECTORY_COMMUNES_MAX);
    assert(room->shared_n <= DIRECTORY_SHARED_MAX);
    assert(room->interpreters_n <= DIRECTORY_INTERPRETERS_MAX);
    d->weeks = arena_take(arena, room->weeks_n, sizeof(*d->weeks));
    d->exceptions = arena_take(arena, room->exceptions_n, sizeof(*d->exceptions));
    d->services = arena_take(arena, room->services_n, sizeof(*d->services));
    d->sites = arena_take(arena, room->sites_n, sizeof(*d->sites));
    d->agents = arena_take(arena, room->agents_n, sizeof(*d->agents));
    d->numbers = arena_take(arena, room->numbers_n, sizeof(*d->numbers));
    d->trunks = arena_take(arena, room->trunks_n, sizeof(*d->trunks));
    d->places = arena_take(arena, room->places_n, sizeof(*d->places));
    d->communes = arena_take(arena, room->communes_n, sizeof(*d->communes));
    d->shared = arena_take(arena, room->shared_n, sizeof(*d->shared));
    d->interpreters = arena_take(arena, room->interpreters_n, sizeof(*d->interpreters));
    map_open(&d->week_of, arena, room->weeks_n + 1);
    map_open(&d->service_of, arena, room->services_n + 1);
    map_open(&d->site_of, arena, room->sites_n + 1);
    map_open(&d->agent_of, arena, room->agents_n + 1);
    map_open(&d->line_of, arena, room->agents_n + 1);
    map_open(&d->trunk_of, arena, room->trunks_n + 1);
    map_open(&d->number_of, arena, room->numbers_n + 1);
    map_open(&d->shared_of, arena, room->shared_n + 1);
    map_open(&d->commune_of, arena, room->communes_n + 1);
}

size_t directory_bytes(const struct directory_room *room)
{
    struct arena arena = {0};
    struct directory probe;
    arena_take(&arena, 1, sizeof(struct directory));
    lay_out(&probe, &arena, room);
    return arena.used;
}

struct directory *directory_open(void *memory, const struct directory_room *room)
{
    struct arena arena = {.base = memory, .size = directory_bytes(room)};
    struct directory *d = arena_take(&arena, 1, sizeof(*d));
    lay_out(d, &arena, room);
    return d;
}

/* FNV-1a of 64 bits, its halves folded: written out here, because journals hold what it gives. */
static uint32_t number_of(struct text id)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < id.n; i++)
        h = (h ^ (unsigned char)id.p[i]) * UINT64_C(0x100000001b3);
    uint32_t number = (uint32_t)(h ^ h >> 32);
    return number ? number : 1;
}

uint32_t directory_number_of(const char *id)
{
    return number_of(text_of(id));
}

uint32_t directory_service_find(const struct directory *d, uint32_t number)
{
    return map_get(&d->service_of, number);
}

uint32_t directory_site_find(const struct directory *d, uint32_t number)
{
    return map_get(&d->site_of, number);
}

uint32_t directory_service_coded(const struct directory *d, struct text code)
{
    for (uint32_t i = 0; code.n && i < d->services_n; i++)
        if (text_equal(code, text_of(d->services[i].code)))
            return i;
    return DIRECTORY_NONE;
}

uint32_t directory_agent_find(const struct directory *d, uint32_t number)
{
    return map_get(&d->agent_of, number);
}

uint32_t directory_trunk_find(const struct directory *d, uint32_t number)
{
    return map_get(&d->trunk_of, number);
}

bool directory_agent_works(const struct directory_agent *agent)
{
    return agent->role == ROLE_AGENT || (agent->role == ROLE_SUPERVISOR && agent->phone[0]);
}

bool directory_agent_listens(const struct directory_agent *agent)
{
    return agent->role == ROLE_SUPERVISOR && directory_agent_line(agent).n;
}

uint64_t directory_agent_number(const struct directory_agent *agent)
{
    uint64_t e164;
    return number_e164(&e164, agent->phone) ? e164 : 0;
}

struct text directory_agent_line(const struct directory_agent *agent)
{
    struct text phone = text_of(agent->phone), mark = TEXT("sip:");
    return text_starts_fold(phone, mark) ? text_after(phone, mark.n) : TEXT_NONE;
}

uint32_t directory_line_find(const struct directory *d, struct text name)
{
    uint32_t i = name.n ? map_get(&d->line_of, number_of(name)) : SLOT_NONE;
    bool is_its = i != SLOT_NONE && text_equal(directory_agent_line(&d->agents[i]), name);
    return is_its ? i : DIRECTORY_NONE;
}

uint32_t directory_dialled_find(const struct directory *d, uint64_t e164)
{
    return e164 ? map_get(&d->number_of, e164) : DIRECTORY_NONE;
}

bool directory_is_shared(const struct directory *d, uint64_t e164)
{
    return e164 && map_get(&d->shared_of, e164) != SLOT_NONE;
}

uint32_t directory_interpreter_find(const struct directory *d, uint64_t languages)
{
    for (uint32_t i = 0; i < d->interpreters_n; i++)
        if (d->interpreters[i].languages & languages)
            return i;
    return DIRECTORY_NONE;
}

uint32_t directory_communes_of(const struct directory *d, uint32_t postcode, uint32_t *first)
{
    uint32_t from = 0, to = d->communes_n, n = 0;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (d->communes[middle].postcode < postcode)
            from = middle + 1;
        else
            to = middle;
    }
    while (from + n < d->communes_n && d->communes[from + n].postcode == postcode)
        n++;
    *first = from;
    return n;
}

uint32_t directory_commune_find(const struct directory *d, struct text name)
{
    uint32_t i = map_get(&d->commune_of, number_of(name));
    if (i == SLOT_NONE || text_equal(text_of(d->communes[i].name), name))
        return i;
    for (i = 0; i < d->communes_n; i++) /* two names with one number: rare, so slowly */
        if (text_equal(text_of(d->communes[i].name), name))
            return i;
    return DIRECTORY_NONE;
}

/* ISO 639-1, and the languages of the deaf: lsf (French sign language), lpc (cued speech). The
 * place in this list is the bit in events: never moved, new ones at the end, 64 at most. */
static const char *const languages[] = {
    "en", "ar", "pt", "es", "de", "it", "tr", "ru", "uk", "pl",  "ro",  "zh",
    "vi", "ti", "fa", "ps", "so", "bn", "ta", "ur", "hi", "sq",  "sr",  "ka",
    "hy", "ku", "am", "ln", "ff", "bm", "wo", "sw", "nl", "el",  "bg",  "th",
    "km", "ja", "ko", "he", "br", "oc", "eu", "co", "ca", "lsf", "lpc",
};
static_assert(ARRAY_LEN(languages) <= 64, "one bit each");

unsigned directory_language_bit(const char *language)
{
    size_t n = strlen(language);
    for (unsigned i = 0; i < ARRAY_LEN(languages); i++)
        if (strlen(languages[i]) == n && !memcmp(languages[i], language, n))
            return i;
    return 64;
}

const char *directory_language_name(unsigned bit)
{
    return bit < ARRAY_LEN(languages) ? languages[bit] : NULL;
}

const char *directory_trunk_name(const struct directory_trunk *trunk, char to[DIRECTORY_HOST_BYTES])
{
    struct text_out out = {.p = to, .max = DIRECTORY_HOST_BYTES - 1};
    bool is_service = !trunk->has_port && !text_equal(text_of(trunk->host), TEXT("localhost"));
    if (trunk->at.family)
        return NULL;
    if (is_service)
        text_put(&out, trunk->transport == DIRECTORY_TLS   ? TEXT("_sips._tcp.")
                       : trunk->transport == DIRECTORY_TCP ? TEXT("_sip._tcp.")
                                                           : TEXT("_sip._udp."));
    text_put(&out, text_of(trunk->host));
    to[out.n] = '\0';
    return to;
}

bool directory_is_written(const struct directory *d, uint32_t service)
{
    for (uint32_t i = 0; i < d->agents_n; i++) {
        const struct directory_agent *g = &d->agents[i];
        for (unsigned k = 0; g->writes && !g->is_robot && k < g->services_n; k++)
            if (g->services[k] == service)
                return true;
    }
    return false;
}
