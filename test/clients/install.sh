#!/bin/sh
# Gets what the clients in Go and Java are built of: tests that run at the same time would otherwise fill one repository of Maven side by
# side, which it does not bear. A download that failed is tried again: registries have bad moments.
set -eu
cd "$(dirname "$0")"

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
(cd go && go mod download)
get() { mvn -q -B -f java "-Dclients.target=$built/\${project.artifactId}" compile </dev/null; }
get || get || get
