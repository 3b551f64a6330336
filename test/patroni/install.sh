#!/bin/sh
# Installs what test/patroni needs on a Debian machine, as root: the servers of PostgreSQL, etcd and HAProxy from Debian, Patroni
# from PyPI. It starts no service. Run again, it does nothing.
set -eu

VENV="${SYMBOLON_PATRONI_VENV:-$HOME/.cache/symbolon-patroni}"

# With its etcd v3 client, Debian 12's Patroni 3.0 may take the leader's key back after a partition, and lose acknowledged writes.
WANTED='patroni[etcd3]>=4.1'

have() { command -v "$1" >/dev/null 2>&1; }

have_postgres() { ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }

have_patroni() {
  "$VENV/bin/python" - >/dev/null 2>&1 <<'PYTHON'
import patroni.version, psycopg, etcd  # noqa: F401
major, minor = patroni.version.__version__.split(".")[:2]
raise SystemExit((int(major), int(minor)) < (4, 1))
PYTHON
}

install_servers() {
  # The cluster that Debian's package would make and start is in nobody's interest here.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  apt-get update
  # At run level 1, Debian's scripts start no services.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    postgresql etcd-server etcd-client haproxy iproute2 util-linux python3 python3-venv
}

if ! { have_postgres && have etcd && have etcdctl && have haproxy && have ip && have setpriv && have python3; }; then
  install_servers
fi
if ! have_patroni; then
  # Debian's Python has the module and not what it needs.
  python3 -m venv "$VENV" 2>/dev/null || { install_servers && python3 -m venv "$VENV"; }
  "$VENV/bin/pip" install --quiet "$WANTED" 'psycopg[binary]'
fi
"$VENV/bin/patroni" --version
