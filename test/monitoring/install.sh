#!/bin/sh
# Fetches promtool on a Debian machine, which test/monitoring runs with, out of Debian's package of Prometheus. The package is unpacked and
# not installed, for that would start a server. Run again, it does nothing.
set -eu

DIRECTORY="${SYMBOLON_PROMTOOL_DIR:-$HOME/.cache/symbolon-promtool}"

if ! command -v promtool >/dev/null 2>&1 && ! [ -x "$DIRECTORY/usr/bin/promtool" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work"
  apt-get update -q
  (cd "$work" && apt-get download -q prometheus && dpkg -x prometheus_*.deb unpacked)
  mkdir -p "$DIRECTORY/usr/bin"
  cp "$work/unpacked/usr/bin/promtool" "$DIRECTORY/usr/bin/promtool"
fi
