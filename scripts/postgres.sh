#!/usr/bin/env bash
# A throw-away PostgreSQL for tests and benchmarks, from Debian's packages.
#
#   scripts/postgres.sh start DIR [PORT]   installs it if missing, starts it, prints its URL
#   scripts/postgres.sh stop DIR           stops it and removes DIR
#
# DURABLE=1 keeps fsync on (benchmarks); tests do not need it.
set -euo pipefail

verb=${1:?start or stop} dir=${2:?folder} port=${3:-}

as_postgres() { # the server refuses to run as root
	if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

binaries() {
	local found
	found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
	if [ -z "$found" ] && command -v initdb >/dev/null; then found=$(dirname "$(command -v initdb)"); fi
	echo "$found"
}

bin=$(binaries)
if [ -z "$bin" ]; then
	echo "installing PostgreSQL" >&2
	sudo=$([ "$(id -u)" = 0 ] || echo sudo)
	$sudo apt-get update -qq >&2
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends postgresql postgresql-client >&2
	bin=$(binaries)
fi

case $verb in
start)
	mkdir -p "$dir"
	[ "$(id -u)" = 0 ] && chown postgres "$dir" && chmod 755 "$dir"
	[ -n "$port" ] || port=$((20000 + RANDOM % 20000))
	as_postgres "$bin/initdb" -D "$dir/data" -U aftercare -A trust -E UTF8 --locale=C.UTF-8 >"$dir/init.log" 2>&1
	[ "${DURABLE:-0}" = 1 ] || echo "fsync = off" | as_postgres tee -a "$dir/data/postgresql.conf" >/dev/null
	as_postgres tee -a "$dir/data/postgresql.conf" >/dev/null <<-CONF
		port = $port
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$dir'
		max_connections = 300
		shared_buffers = 256MB
	CONF
	as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start >/dev/null
	echo "postgres://aftercare@127.0.0.1:$port/postgres?sslmode=disable"
	;;
stop)
	as_postgres "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$dir"
	;;
*)
	echo "unknown verb $verb" >&2
	exit 2
	;;
esac
