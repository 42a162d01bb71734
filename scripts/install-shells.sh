#!/usr/bin/env bash
# Installs what is missing of the shells that `npm run test:shells` presses TAB in (Debian and its kin).
set -euo pipefail
missing=()
for shell in bash zsh fish; do
  command -v "$shell" > /dev/null || missing+=("$shell")
done
if ((${#missing[@]} == 0)); then exit 0; fi
as_root=()
if ((EUID != 0)); then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
