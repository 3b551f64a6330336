#!/bin/sh
# Installs what test/stubs needs on a Debian machine, as root. Run again, it does nothing. Libraries and generators are not installed
# here: each language's own tool gets those that its file pins.
set -eu

# The version in go/go.mod, or a later one.
GO=1.26.0
MIN_CARGO_MINOR=88

missing=''
want() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
# The 26 of `go version go1.26.0`, or nothing.
minor_of() { "$@" 2>/dev/null | sed -n 's/^[a-z ]*1\.\([0-9]*\).*/\1/p'; }

want protoc protobuf-compiler
[ -e /usr/include/google/protobuf/timestamp.proto ] || missing="$missing libprotobuf-dev"
want g++ g++
want pkg-config pkg-config
want grpc_cpp_plugin protobuf-compiler-grpc
[ -e /usr/include/grpcpp/grpcpp.h ] || missing="$missing libgrpc++-dev"
want javac default-jdk-headless
want mvn maven
want python3 'python3 python3-venv'
want go 'golang-go ca-certificates'
# Debian 12's own Rust is too old for tonic; that for its browsers is not.
cargo_minor=$(minor_of cargo --version)
[ "${cargo_minor:-0}" -ge $MIN_CARGO_MINOR ] || missing="$missing rustc-web cargo-web"
if [ -n "$missing" ]; then
  apt-get update -q
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing
fi

# From 1.21 on, Go gets the version that go.mod names by itself. Debian 12's can get it as a module, which has no executable files.
go_minor=$(minor_of go version)
if [ "${go_minor:-0}" -lt 21 ]; then
  platform=$(go env GOOS)-$(go env GOARCH)
  root=$(cd / && go mod download -json "golang.org/toolchain@v0.0.1-go$GO.$platform" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  chmod u+x "$root"/bin/* "$root"/pkg/tool/*/*
  ln -sfn "$root/bin/go" /usr/local/bin/go
  ln -sfn "$root/bin/gofmt" /usr/local/bin/gofmt
fi
