#!/bin/sh
# build.sh — decroche_VERSION_ARCH.deb and decroche-prompts_VERSION_all.deb for the Debian on which
# it runs, into build/package. Called by `./dev package`, which has installed what it needs.
# The sources are copied first: nothing is written beside them. The version is meson.build's with
# ~deb12 or ~deb13 behind it, so that the package of the newer Debian is the newer package.
set -eu
cd "$(dirname "$0")/.."
out=build/package

die() {
    printf 'package: %s\n' "$*" >&2
    exit 1
}

. /etc/os-release
[ "${ID-}" = debian ] || die "this is not Debian: build on the Debian that is to be served"
version=$(sed -n "s/^ *version: '\([^']*\)'.*/\1/p" meson.build | head -n 1)
told=$(sed -n '1s/^decroche (\(.*\)) .*/\1/p' packaging/debian/changelog)
[ "$version" = "$told" ] ||
    die "meson.build says $version, packaging/debian/changelog $told — add an entry there"
full="$version~deb$VERSION_ID"

tree=$out/tree/decroche-$version
rm -rf "$out"
mkdir -p "$tree"
if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard |
        tar -c --null --ignore-failed-read --files-from=- 2>/dev/null | tar -x -C "$tree"
else
    tar -c --exclude='./build*' --exclude=./.git . | tar -x -C "$tree"
fi

cp -r packaging/debian "$tree/debian"
cp packaging/decroche.service "$tree/debian/decroche.service"
sed -i "1s/($version) [a-z]*/($full) ${VERSION_CODENAME-unstable}/" "$tree/debian/changelog"
{
    cat packaging/debian/copyright.in
    sed 's/^$/./; s/^/ /' LICENSE
} >"$tree/debian/copyright"
rm "$tree/debian/copyright.in"
chmod +x "$tree/debian/rules"

(cd "$tree" && DEB_BUILD_OPTIONS="noautodbgsym parallel=$(nproc)" \
    dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes)
mv "$out"/tree/*.deb "$out/"
rm -rf "$out/tree"

sh packaging/size.sh "$out"
if command -v lintian >/dev/null; then
    lintian --fail-on error --allow-root --tag-display-limit 0 "$out"/*.deb
fi
