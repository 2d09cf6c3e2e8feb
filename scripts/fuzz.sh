#!/usr/bin/env bash
# Runs every fuzz test for a while: scripts/fuzz.sh [TIME]
set -euo pipefail
cd "$(dirname "$0")/.."
for_time=${1:-20s}
git ls-files '*_test.go' | xargs grep -lE '^func Fuzz' | while read -r file; do
	grep -oE '^func Fuzz\w+' "$file" | cut -c6- | while read -r name; do
		echo "== $name in $(dirname "$file"), $for_time"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$for_time" "./$(dirname "$file")"
	done
done
