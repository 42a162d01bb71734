#!/bin/sh
# What people use instead of `customers export`: curl and jq, page after page.
# Usage: curl-list.sh FILE.ndjson, with ORAFI_BASE_URL and ORAFI_API_KEY.
cursor=
: >"$1"
while :; do
  page=$(curl -s -H "x-api-key: $ORAFI_API_KEY" "$ORAFI_BASE_URL/customers?limit=100${cursor:+&cursor=$cursor}")
  printf '%s' "$page" | jq -c '.data.customers[]' >>"$1"
  cursor=$(printf '%s' "$page" | jq -r '.data.nextCursor // empty')
  [ -n "$cursor" ] || break
done
