#!/bin/sh
# Ends all that a cluster is made of: reap.sh <directory> <link> <namespace>…
# It waits until its standard input closes, which happens when the cluster is disposed of and also when the process of the tests
# dies, however that dies. Every process of the cluster is in one of its namespaces, except HAProxy, which left its process id.
cat >/dev/null
directory=$1
link=$2
shift 2

remaining() { for namespace in "$@"; do ip netns pids "$namespace" 2>/dev/null; done; }

proxy=$(cat "$directory/haproxy.pid" 2>/dev/null)
# Its id may be another's by now.
if [ -n "$proxy" ] && tr '\0' ' ' <"/proc/$proxy/cmdline" 2>/dev/null | grep -qF "$directory/"; then
  kill -9 "$proxy" 2>/dev/null
fi

tries=0
while [ -n "$(remaining "$@")" ] && [ $tries -lt 200 ]; do
  # What a process starts while it is killed is found the next time round.
  kill -9 $(remaining "$@") 2>/dev/null
  tries=$((tries + 1))
  sleep 0.05
done

ip link delete "$link" 2>/dev/null
for namespace in "$@"; do ip netns delete "$namespace" 2>/dev/null; done
rm -rf "$directory"

[ ! -e "$directory" ] && [ -z "$(remaining "$@")" ] && ! ip link show "$link" >/dev/null 2>&1
