#!/usr/bin/env bash
# The tests, as "make test", "make test-short" and "make lint" run them.
#
#   scripts/test.sh all|short|lint
#
# Needs Go, Node and make; installs the rest. The Go tests come last, so that
# the output ends with their summary.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:?all, short or lint}
started=$SECONDS
work=$(mktemp -d)
chmod 755 "$work"
cleanup() {
	[ ! -d "$work/postgres" ] || scripts/postgres.sh stop "$work/postgres"
	rm -rf "$work"
}
trap cleanup EXIT
step() { printf '\n== %s (%d s)\n' "$*" "$((SECONDS - started))"; }

check_format() {
	local wrong
	wrong=$(git ls-files '*.go' | xargs gofmt -l)
	if [ -n "$wrong" ]; then
		printf 'not formatted (run make fmt):\n%s\n' "$wrong"
		return 1
	fi
}

check_documents() { # generated documents are those that this source generates
	go run ./cmd/aftercare docs all "$work/docs"
	local wrong=0 file
	while IFS= read -r file; do
		if ! cmp -s "$work/docs/$file" "docs/$file"; then
			echo "docs/$file is out of date (run make docs)"
			diff -u "docs/$file" "$work/docs/$file" 2>&1 | head -n 20 || true
			wrong=1
		fi
	done < <(cd "$work/docs" && find . -type f | sed 's|^\./||')
	return $wrong
}

lint() {
	step format
	check_format
	step vet
	go vet ./...
	step staticcheck
	go tool staticcheck ./...
}

case $mode in
lint)
	lint
	;;
short)
	step format and vet
	check_format
	go vet ./...
	step "Go tests on SQLite"
	go test -short ./...
	;;
all)
	step "build: pages, font, program"
	make --no-print-directory build
	lint
	step "pages: types, rules, unit tests"
	(cd web && npm run check && npm test)
	step "generated documents"
	check_documents
	step "tools that the tests use"
	scripts/tools.sh node chromium pdf codes
	step PostgreSQL
	AFTERCARE_TEST_POSTGRES=$(scripts/postgres.sh start "$work/postgres")
	export AFTERCARE_TEST_POSTGRES
	export AFTERCARE_TEST_BINARY=$PWD/bin/aftercare
	export CI=true # a missing tool is a failure, not a skipped test
	failed=0
	step "Go tests on both databases"
	go list ./... | grep -v '/e2e' | xargs go test || failed=1
	step "the program from outside, in a browser" # alone: a browser and a server fill two cores
	go test -p 1 -timeout 75m ./e2e/... || failed=1
	exit $failed
	;;
*)
	echo "unknown mode $mode" >&2
	exit 2
	;;
esac
