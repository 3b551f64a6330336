#!/bin/sh
# build.sh DIR: builds deploy/container/Containerfile without a registry of images, and prints where the root of a container of it is.
# The image to build in is made of Debian's packages, this Node and this npm. DIR holds all that is made, clean.sh DIR takes it down.
set -eu
dir=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
export BUILDAH_ISOLATION=chroot
b() { buildah --storage-driver vfs --root "$dir/store" --runroot "$dir/run" "$@"; }

packages=dash,bash,coreutils,libc-bin,grep,sed,libstdc++6,ca-certificates,base-files
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# shellcheck disable=SC2016 # $1 is the hook's own.
mmdebstrap --quiet --variant=extract --include=$packages --customize-hook='ln -sf dash "$1/bin/sh" && mkdir -p "$1/root" "$1/tmp"' \
  "$release" "$dir/base.tar" >&2
container=$(b from scratch)
b add --quiet "$container" "$dir/base.tar" / >&2
b copy --quiet "$container" "$root/node_modules/node/bin/node" /usr/local/bin/node >&2
b copy --quiet "$container" "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" /usr/local/lib/node_modules/npm >&2
b run "$container" ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm >&2
b commit --quiet "$container" localhost/node:24 >&2
b rm "$container" >&2

# Whatever this machine's npm needs to reach its registry.
printf 'registry=%s\ncafile=/etc/ssl/certs/ca-certificates.crt\n' "$(npm config get registry)" >"$dir/npmrc"
b bud --quiet --build-arg NODE_IMAGE=localhost/node:24 --secret "id=npmrc,src=$dir/npmrc" --volume /etc/ssl/certs:/etc/ssl/certs:ro \
  --format docker --file "$root/deploy/container/Containerfile" --tag localhost/symbolon "$root" >&2
b inspect --type image localhost/symbolon >"$dir/image.json"
b mount "$(b from localhost/symbolon)"
