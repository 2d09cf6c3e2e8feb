#!/usr/bin/env bash
# All measurements, one after the other: see bench/README.md.
#
#   bench/run.sh [DATA]     DATA (or $DATA) is a folder that holds the Olist tables
#                           and the CSV of UCI Online Retail somewhere in it
#
# DURATION=20s, CLIENTS=1,8,32 and KIND=all change the lifecycle; BINARY the program. Uses
# bin/aftercare ("make build"), and a throw-away PostgreSQL that syncs its log.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:-${DATA:-}}
binary=${BINARY:-bin/aftercare}
[ -x "$binary" ] || make --no-print-directory build
work=$(mktemp -d)
chmod 755 "$work"
cleanup() {
	[ ! -d "$work/postgres" ] || scripts/postgres.sh stop "$work/postgres"
	rm -rf "$work"
}
trap cleanup EXIT
export CGO_ENABLED=0
mkdir "$work/bin"
go build -o "$work/bin/" ./bench/lifecycle ./bench/caselist ./bench/probes ./bench/import ./bench/replay ./bench/backtest
step() { printf '\n== %s\n' "$*"; }
schema() { # an empty schema of its own for each run
	psql "$postgres" -qc "create schema $1" >/dev/null
	echo "$postgres&search_path=$1"
}

step "machine"
printf '%s, %s cores, load %s, %s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$(date -u +%F)"
"$binary" version

step "PostgreSQL with fsync"
postgres=$(DURABLE=1 scripts/postgres.sh start "$work/postgres")
echo "$postgres"

step "lifecycle on SQLite"
"$work/bin/lifecycle" -binary "$binary" -kind "${KIND:-return_refund}" -duration "${DURATION:-20s}" -clients "${CLIENTS:-1,8,32}"
step "lifecycle on PostgreSQL"
"$work/bin/lifecycle" -binary "$binary" -kind "${KIND:-return_refund}" -duration "${DURATION:-20s}" -clients "${CLIENTS:-1,8,32}" -database "$(schema lifecycle)"

step "probes"
"$work/bin/probes" -binary "$binary"
step "list of a million cases on SQLite"
"$work/bin/caselist" -binary "$binary" -cases "${CASES:-1000000}"
step "list of a million cases on PostgreSQL"
"$work/bin/caselist" -binary "$binary" -cases "${CASES:-1000000}" -database "$(schema caselist)"

if [ -z "$data" ]; then
	step "import and replay need a DATA folder"
	exit 0
fi
olist=$(find -L "$data" -name 'olist_orders_dataset.csv*' -print -quit | xargs -r dirname)
retail=$(find -L "$data" -iname 'online*retail*.csv*' -size +1M -print -quit)
for database in "" "$postgres"; do
	step "import on ${database:-SQLite}"
	"$work/bin/import" -binary "$binary" ${database:+-database "$database"} ${olist:+"$olist"} ${retail:+"$retail"}
done
[ -n "$retail" ] || exit 0
step "back-test on SQLite"
"$work/bin/backtest" -binary "$binary" "$retail"
step "replay on SQLite"
"$work/bin/replay" -binary "$binary" -file "$retail"
step "replay on PostgreSQL"
"$work/bin/replay" -binary "$binary" -file "$retail" -database "$(schema replay)" -limit "${LIMIT:-2000}"
