#!/usr/bin/env bash
# Runs every fuzz test for a while, and plays random orders: scripts/fuzz.sh [TIME [ORDERS [SEED]]]
set -euo pipefail
cd "$(dirname "$0")/.."
for_time=${1:-20s}
orders=${2:-1000000}
seed=${3:-$(date +%s)}
echo "== $orders random orders from seed $seed (a failure names the seed that repeats it)"
go test -count=1 -timeout 2h -run '^TestRandomOrders$' -v ./finance/refund -args -baskets "$orders" -seed "$seed" | grep -v '^=== RUN'
git ls-files '*_test.go' | xargs grep -lE '^func Fuzz' | while read -r file; do
	grep -oE '^func Fuzz\w+' "$file" | cut -c6- | while read -r name; do
		echo "== $name in $(dirname "$file"), $for_time"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$for_time" "./$(dirname "$file")"
	done
done
