#!/usr/bin/env bash
# Looks for inputs of which a property does not hold: `tests/fuzz.sh [TARGET] [SECONDS]`. Without a target it takes all of them,
# one after the other. What it finds is in the target directory, as `fuzzing/found/TARGET-…`; docs/fuzzing.md says what to do
# with it.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-} seconds=${2:-60}
host=$(rustc -vV | sed -n 's/^host: //p')
folder=${CARGO_TARGET_DIR:-target}/fuzzing

# Coverage as libFuzzer wants it; the stable compiler has all of it.
flags="--cfg fuzzing -Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do
  flags="$flags -Cllvm-args=-sanitizer-coverage-$option"
done
# With a target triple the flags are for the program, and not for what builds it.
RUSTFLAGS=$flags cargo build --quiet --profile fuzz --target "$host" --no-default-features
program=${CARGO_TARGET_DIR:-target}/$host/fuzz/optra

mkdir -p "$folder/found"
broken=()
for name in ${target:-$(ls tests/fuzz)}; do
  echo "$name"
  mkdir -p "$folder/corpus/$name"
  OPTRA_FUZZ=$name "$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$folder/found/$name-" "$folder/corpus/$name" "tests/fuzz/$name" || broken+=("$name")
done
if [ ${#broken[@]} -gt 0 ]; then
  echo "These do not hold of every input: ${broken[*]}" >&2
  exit 1
fi
