#!/usr/bin/env bash
# Installs what is missing of the programs that tests run (Debian and its kin): jq for the examples of help and README,
# and the shells that `npm run test:shells` presses TAB in.
set -euo pipefail
missing=()
for program in jq bash zsh fish; do
  command -v "$program" > /dev/null || missing+=("$program")
done
if ((${#missing[@]} == 0)); then exit 0; fi
as_root=()
if ((EUID != 0)); then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
