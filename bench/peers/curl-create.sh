#!/bin/sh
# What people use instead of `customers import`: xargs and curl, eight at a time.
# Usage: curl-create.sh FILE.csv, with ORAFI_BASE_URL and ORAFI_API_KEY.
tail -n +2 "$1" | sed 's/\([^,]*\),\([^,]*\),\(.*\)/{"firstname":"\1","lastname":"\2","email":"\3"}/' | tr '\n' '\0' |
  xargs -0 -P8 -I{} curl -s -o /dev/null -H "x-api-key: $ORAFI_API_KEY" -H 'content-type: application/json' \
    -d '{}' "$ORAFI_BASE_URL/customers/create"
