#!/bin/sh
# size.sh FOLDER — are the packages in it small enough for a slow line? Called by build.sh.
set -eu
BYTES_MAX=60000000               # of all together
bytes=$(cat "$1"/*.deb | wc -c)
[ "$bytes" -le $BYTES_MAX ] || {
    echo "package: $bytes bytes of packages, $BYTES_MAX at most — what was added to prompts?" >&2
    exit 1
}
