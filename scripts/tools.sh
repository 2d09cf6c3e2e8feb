#!/usr/bin/env bash
# Installs what is missing of the machine's own packages (Debian, Ubuntu).
#
#   scripts/tools.sh node|chromium|postgres|pdf…
#
# Does nothing and asks for nothing when all is there.
set -euo pipefail

declare -A program=([node]=npm [chromium]=chromium [postgres]=psql [pdf]=pdftotext [codes]=zbarimg)
declare -A packages=([node]="nodejs npm" [chromium]="chromium fonts-noto-cjk" [postgres]="postgresql postgresql-client" [pdf]=poppler-utils [codes]=zbar-tools)

if [[ " $* " == *" node "* ]] && command -v node >/dev/null; then
	major=$(node -p 'process.versions.node.split(".")[0]')
	if [ "$major" -lt 20 ]; then
		echo "Node $major is too old for the pages: install Node 20 or later (https://nodejs.org)" >&2
		exit 1
	fi
fi

missing=()
for tool in "$@"; do
	if [ -z "${program[$tool]:-}" ]; then
		echo "tools.sh: unknown tool $tool (known: ${!program[*]})" >&2
		exit 2
	fi
	command -v "${program[$tool]}" >/dev/null || missing+=("$tool")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "install ${missing[*]} with this machine's package manager, then try again" >&2
	exit 1
fi
names=()
for tool in "${missing[@]}"; do
	read -ra some <<<"${packages[$tool]}"
	names+=("${some[@]}")
done
echo "installing ${names[*]}" >&2
sudo=$([ "$(id -u)" = 0 ] || echo sudo)
$sudo apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${names[@]}" >&2
