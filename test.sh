#!/usr/bin/env bash
# Installs what the tests need (Debian packages, when it may) and runs them all. Options are passed on to `dotnet test`.
# Last line: N passed, N failed, N skipped. Exit status 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "$0")"

# libssl3: SHA3-224, which .NET does not offer; util-linux: setpriv, to run a program as another user; procps, passwd: users and processes;
# iproute2: network namespaces and the links between them; bind9: a DNS server.
packages=(libssl3 util-linux procps iproute2 bind9)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
  else
    echo "not installed, and this user may not install them: ${missing[*]}; tests that need them will fail" >&2
  fi
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

dotnet build Ouroboros.Actors.sln -c Release "$@" | { grep -vE ' -> |^$' || true; }
status=0
# One project after another: the tests of one are not to take the processors from those of another.
for project in Tests/*/Ouroboros.Tests.*.csproj; do
  name=$(basename "$project" .csproj)
  [[ $name == Ouroboros.Tests.Benchmarks ]] && continue
  dotnet test "$project" -c Release --no-build "$@" --logger "trx;LogFileName=$name.trx" --results-directory "$results" || status=1
  [[ -f $results/$name.trx ]] || { echo "$name wrote no results" >&2; status=1; }
done

count() { grep -ho "<Counters[^>]*" "$results"/*.trx | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count passed) failed=$(count failed) total=$(count total)
((failed == 0)) || status=1
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
