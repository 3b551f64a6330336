#!/bin/sh
# Installs what test/stubs needs on a Debian machine, as root. Run again, it does nothing. Libraries and generators are not installed
# here: each language's own tool gets those that its file pins.
set -eu

missing=''
want() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }

want protoc 'protobuf-compiler libprotobuf-dev'
[ -e /usr/include/google/protobuf/timestamp.proto ] || missing="$missing libprotobuf-dev"
want g++ g++
want javac default-jdk-headless
want mvn maven
want python3 'python3 python3-venv'
want go 'golang-go ca-certificates'
if [ -n "$missing" ]; then
  apt-get update -q
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing
fi

# Debian 12 has neither a Go that fetches the one that go.mod names (1.21), nor a Rust that tonic takes.
go_minor=$(go version | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
if [ "${go_minor:-0}" -lt 21 ]; then
  echo 'test/stubs needs Go 1.21 or later on the PATH; Debian backports have one' >&2
  exit 1
fi
if ! command -v cargo >/dev/null 2>&1; then
  echo 'test/stubs needs cargo 1.88 or later on the PATH; rustup installs it' >&2
  exit 1
fi
