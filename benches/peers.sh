#!/usr/bin/env bash
# Compares `smsctl check` with tools that read a similar heap of Markdown: CPU seconds and peak memory at 1,000 and 10,000 documents.
#
#   benches/peers.sh --install   # once: the others, in the versions below, to target/peers
#   benches/peers.sh [SMSCTL]    # measures and writes docs/peers.svg and the table in docs/performance.md; needs no network
#
# SMSCTL is the binary to measure; without it the release build of this tree is made. ROUNDS (5) says how often each is run.
set -euo pipefail
cd "$(dirname "$0")/.."

peers=$PWD/target/peers
if [ "${1:-}" = --install ]; then
  cargo install --quiet --locked --root "$peers" requirements-manager@0.1.1
  cargo install --quiet --locked --root "$peers" decided@0.31.2
  python3 -m pip install --quiet --upgrade --target "$peers/python" rumdl==0.3.0
  ln -sf "$peers/python/bin/rumdl" "$peers/bin/rumdl"
  exit
fi
for peer in req decided rumdl; do
  [ -x "$peers/bin/$peer" ] || { echo "$peer is not installed: run benches/peers.sh --install first (it needs the network)" >&2; exit 2; }
done

smsctl=${1:-target/release/smsctl}
if [ $# = 0 ]; then cargo build --quiet --release --locked; fi
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
for documents in 1000 10000; do
  for shape in smsctl requiem decided; do
    # The quick build will do for the generator.
    cargo bench --quiet --profile dev --bench check -- generate "$documents" "$corpus/$shape/$documents" "$shape" >/dev/null
  done
done
python3 benches/peers.py "$smsctl" "$peers/bin" "$corpus" "${ROUNDS:-5}"
