#!/usr/bin/env python3
"""Our table of numbers against libphonenumber (Debian: python3-phonenumbers): every ABPQ of the
French plan, the ten digits of overseas, every short number of two to six digits that can be one, and
a number of every country.

    numbers.py PROGRAM    (exit 77: python3-phonenumbers is not here)

What may differ, and why, is DIFFERENCES: a row that matches nothing any more is a mistake too
(of TRIED; another version knows other numbers, and is held to the dear ones).
A number that they call dear and that we would let pass is never one of them.
"""
import collections
import re
import subprocess
import sys

try:
    sys.path.append("/usr/lib/python3/dist-packages")   # another python3 may come first
    import phonenumbers as lib
    from phonenumbers import PhoneNumberType as Type
    from phonenumbers import shortnumberinfo as short
except ImportError:
    print("skipped: python3-phonenumbers is not here (apt install python3-phonenumbers)")
    sys.exit(77)

TRIED = "8.12.57"   # of Debian 12: another version is held to the dear numbers alone
TAIL = "01234"      # behind 0ABPQ; in no block of fiction
OURS = {"RE", "YT", "GP", "GF", "MQ", "BL", "MF"}
DEAR = {"premium", "shared"}
PASSES = {"fixed", "mobile", "overseas", "free"}        # where the gate may let somebody call
TYPES = {Type.FIXED_LINE: "fixed", Type.VOIP: "fixed", Type.UAN: "fixed", Type.MOBILE: "mobile",
         Type.FIXED_LINE_OR_MOBILE: "mobile", Type.PERSONAL_NUMBER: "mobile",
         Type.PAGER: "mobile", Type.TOLL_FREE: "free", Type.PREMIUM_RATE: "premium",
         Type.SHARED_COST: "shared"}

# (what was typed, ours, theirs, why they may differ)
DIFFERENCES = [
    (r"0700.*", "special", "mobile",
     "0700 is for machines that talk to machines (ARCEP 2018-0881, 14 digits)"),
    (r"0199001234", "fiction", "fixed", "one of the six blocks of fiction, which they do not know"),
    (r"114|115|119|191|196|197|3114|3919|3977|116000|116111", "emergency", "short",
     "we count all numbers of help among those that a person must always reach"),
    (r"116006|116117", "emergency", "none",
     "help for victims, and the doctor on call (EU 2007/116); they do not know them here"),
    (r"\+(290|683|690).*", "unreadable", "abroad",
     "fewer than eight digits in all: nobody is called there anyway"),
]


def typed():
    """Everything that is compared."""
    for abpq in range(1000, 10000):
        yield f"0{abpq}{TAIL}"
    for code in (262, 590, 594, 596):
        for abp in range(100, 1000):
            yield f"+{code}{abp}{TAIL}0"
    for digits in (2, 3, 4):
        for n in range(10 ** (digits - 1), 10 ** digits):
            yield str(n)
    for n in [*range(116000, 116200), *range(118000, 119000), *range(36000, 36200)]:
        yield str(n)
    for region in sorted(lib.SUPPORTED_REGIONS - {"FR"} - OURS):
        for kind in (Type.FIXED_LINE, Type.MOBILE, Type.PREMIUM_RATE):
            example = lib.example_number_for_type(region, kind)
            if example:
                yield lib.format_number(example, lib.PhoneNumberFormat.E164)
    for code in lib.COUNTRY_CODES_FOR_NON_GEO_REGIONS:
        example = lib.example_number_for_non_geo_entity(code)
        if example:
            yield lib.format_number(example, lib.PhoneNumberFormat.E164)


def theirs_short(text):
    """Emergency, free or dear, as far as they know it; "none": it is no number of France."""
    number = lib.PhoneNumber(country_code=33, national_number=int(text))
    if short.is_emergency_number(text, "FR"):
        return "emergency"
    if not short.is_valid_short_number_for_region(number, "FR"):
        return "none"
    return "short"


def theirs(text, e164):
    """What they make of it."""
    if len(text) <= 6:
        return theirs_short(text)
    number = lib.parse("+" + e164 if e164 != "0" else text, "FR")
    region = lib.region_code_for_number(number)
    if not lib.is_valid_number(number):
        return "none"
    kind = TYPES.get(lib.number_type(number), "other")
    if region == "FR" or kind in DEAR:
        return kind
    if region in OURS:
        return "overseas"
    return "satellite" if number.country_code in (870, 881, 882, 883) else "abroad"


def agrees(ours, other):
    """A number that is none to them has no class; a dear one is refused, under whatever name."""
    if other == "none":
        return ours != "emergency"
    if other in DEAR:
        return ours not in PASSES
    return ours == other


def main():
    lines = list(typed())
    said = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", check=True,
                          capture_output=True, text=True).stdout.splitlines()
    used, wrong, dear = collections.Counter(), collections.Counter(), 0
    for line in said:
        text, e164, ours = line.split()
        other = theirs(text, e164)
        if agrees(ours, other):
            continue
        row = next((i for i, (pattern, mine, they, _) in enumerate(DIFFERENCES)
                    if re.fullmatch(pattern, text) and mine == ours and they == other), None)
        if row is None:
            wrong[(text[:5], ours, other)] += 1
        used[row] += 1
        if other in DEAR:
            print(f"{text}: ours {ours}, and they call it dear: it may never be excused")
            dear += 1
    for (text, ours, other), n in sorted(wrong.items()):
        print(f"{text}…: ours {ours}, theirs {other} ({n})")
    stale = [d for i, d in enumerate(DIFFERENCES) if not used[i]]
    for pattern, ours, other, _ in stale:
        print(f"{pattern}: differs no more (ours {ours}, theirs {other}): take the row out")
    print(f"{len(said)} numbers, {sum(used.values())} differ as they may, "
          f"{sum(wrong.values())} otherwise (phonenumbers {lib.__version__})")
    is_tried = lib.__version__ == TRIED
    return 1 if dear or len(said) != len(lines) or is_tried and (wrong or stale) else 0


if __name__ == "__main__":
    sys.exit(main())
