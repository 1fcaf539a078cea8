#!/usr/bin/env bash
# Counts the instructions of `smsctl check` with callgrind: for the sample, and for 1,000 and 10,000 synthetic documents. Unlike seconds
# they come out the same on a busy machine. Fails when ten times the documents cost more than eleven times the instructions.
#
#   benches/instructions.sh [--gate] [SMSCTL]   # --gate: fails as well when the sample costs a tenth more than instructions.txt says
#   benches/instructions.sh --set [SMSCTL]      # writes instructions.txt anew; say in the commit why
#
# SMSCTL is the binary to measure; without it the release build of this tree is made. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=
case "${1:-}" in --gate | --set) mode=$1; shift ;; esac
smsctl=${1:-target/release/smsctl}
if [ $# = 0 ]; then cargo build --quiet --release --locked; fi
command -v valgrind >/dev/null || { echo "valgrind is not installed (Debian: apt-get install valgrind)" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One thread, so that waiting is not counted. Status 1 means findings, which the synthetic documents have.
count() {
  local status=0
  env -i PATH="$PATH" HOME="$work" NO_COLOR=1 RAYON_NUM_THREADS=1 \
    valgrind --tool=callgrind --callgrind-out-file="$work/out" "$smsctl" check --format concise "$1" >/dev/null 2>"$work/said" || status=$?
  [ "$status" -le 1 ] || { cat "$work/said" >&2; return "$status"; }
  sed -n 's/^summary: //p; s/^totals: //p' "$work/out" | head -n 1
}
row() { printf '%-24s %15s instructions\n' "$1" "$2"; }

sample=$(count examples/toolkit)
row "the sample" "$sample"
for documents in 1000 10000; do
  cargo bench --quiet --profile dev --bench check -- generate "$documents" "$work/$documents" >/dev/null
done
small=$(count "$work/1000")
row "1,000 documents" "$small"
large=$(count "$work/10000")
row "10,000 documents" "$large"
echo "ten times the documents: $((large * 100 / small)) % of the instructions; at most 1100 %"
failed=0
if [ $((large * 100)) -gt $((small * 1100)) ]; then failed=1; echo "FAILED: check does not grow in proportion to the documents"; fi

record=benches/instructions.txt
if [ "$mode" = --set ]; then
  { sed -n '/^#/p' "$record"; echo "$sample"; } > "$work/record"
  cp "$work/record" "$record"
elif [ "$mode" = --gate ]; then
  before=$(sed '/^#/d' "$record")
  echo "the sample: $((sample * 100 / before)) % of the $before instructions in $record; at most 110 %"
  if [ $((sample * 100)) -gt $((before * 110)) ]; then
    failed=1
    echo "FAILED: check of the sample became slower. When that is meant, say why in the commit and run benches/instructions.sh --set."
  fi
fi
exit "$failed"
