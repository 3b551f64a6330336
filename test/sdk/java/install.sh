#!/bin/sh
# Gets everything that Maven needs for the SDK of Java, its driver and its example. Tests that run at the same time would otherwise fill one
# repository side by side, which Maven does not bear. A download that failed is tried again: registries have bad moments.
set -eu
cd "$(dirname "$0")/../../.."

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
# A test that there is not: what runs tests is got, and none runs.
get() {
  mvn -q -B -f examples/java/reactor "-Dsymbolon.root=$PWD" "-Dsymbolon.target=$built/\${project.artifactId}" \
    -Dtest=NoTest -Dsurefire.failIfNoSpecifiedTests=false verify -Prelease </dev/null &&
    mvn -q -B -f sdk/java "-Dsymbolon.target=$built/\${project.artifactId}" -pl symbolon-client spotless:check </dev/null
}
get || get || get
