#!/bin/sh
# clean.sh DIR: takes down what build.sh DIR has made.
buildah --storage-driver vfs --root "$1/store" --runroot "$1/run" umount --all >/dev/null
rm -rf "$1"
