#!/bin/sh
# format.sh — clang-format over our C, in place or with --check. Another version than the pinned one
# formats otherwise, so then nothing is done (exit 77: skipped).
set -eu
cd "$(dirname "$0")/.."
tool=''
for t in clang-format-14 clang-format; do
    if "$t" --version 2>/dev/null | grep -q 'version 14\.'; then tool=$t && break; fi
done
if [ -z "$tool" ]; then
    echo 'format: skipped, clang-format 14 is not here'
    exit 77
fi
files=$(for d in src sim test bench fuzz; do
    [ ! -d $d ] || find $d \( -name '*.c' -o -name '*.h' \) -print
done | sort)
[ -n "$files" ] || exit 0
if [ "${1-}" != --check ]; then
    # shellcheck disable=SC2086
    exec "$tool" -i --style=file $files
fi
# shellcheck disable=SC2086
wrong=$("$tool" --dry-run --Werror --style=file $files 2>&1 |
    sed -n 's/^\([^ :]*:[0-9]*\):.* code should be .*/\1/p' | sort -t: -u -k1,1)
[ -n "$wrong" ] || exit 0
printf '%s\n' "$wrong" | sed 's/$/: not formatted — .\/dev fmt/'
exit 1
